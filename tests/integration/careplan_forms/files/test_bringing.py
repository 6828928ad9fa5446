"""Bringing files to a plan: what is kept, what is refused, and that nothing typed or chosen is lost."""

import json
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import storages

from careplan_forms import file_store
from careplan_forms.models import PlanDraft, PlanFile
from careplan_forms.services import plan_files
from core import clock
from core.exceptions import Refused
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.factories import files as brought
from tests.factories import governance as people
from tests.integration.careplan_forms.files.filing import PAPER, address, hidden_of, papers, send, text_of, upload

pytestmark = pytest.mark.django_db


def test_a_file_is_kept_encrypted_and_stands_in_the_answer_without_its_bytes(browser, plan):
    assert send(browser, plan, **{"q-papers__upload": upload()}).status_code == 302
    [facts] = papers(plan)
    assert facts["name"] == "ADRT signed.pdf" and facts["kind"] == "pdf" and facts["size"] == len(PAPER)
    with storages["plan-files"].open(file_store.path_of(UUID(facts["id"]))) as stored:
        # What begins every PDF: its sign is none of those that are written for encrypted bytes.
        assert PAPER.startswith(b"%PDF-") and b"%PDF-" not in stored.read()
    assert file_store.get(facts) == PAPER
    page = text_of(browser.get(address("plan-section", plan, "about")))
    assert "ADRT signed.pdf" in page and 'enctype="multipart/form-data"' in page
    event = AuditEvent.objects.get(action="plan.file_added")
    assert "ADRT signed" not in json.dumps(event.detail)


def test_several_files_are_added_to_those_that_are_there_and_one_is_ticked_away(browser, plan):
    send(browser, plan, **{"q-papers__upload": upload("one.pdf")})
    first = papers(plan)[0]["id"]
    chosen = [upload("two.pdf", brought.paper(2)), upload("three.jpg", brought.picture())]
    send(browser, plan, **{"q-papers__upload": chosen})
    assert [each["name"] for each in papers(plan)] == ["one.pdf", "two.pdf", "three.jpg"]
    send(browser, plan, **{"q-papers__remove": first})
    assert [each["name"] for each in papers(plan)] == ["two.pdf", "three.jpg"]


def test_a_file_in_an_entry_is_its_entrys(browser, plan):
    send(browser, plan, **{"q-letters": "x1", "q-letters__x1__letter__upload": upload("letter.pdf")})
    [entry] = papers(plan, "letters")
    assert entry["letter"][0]["name"] == "letter.pdf"
    assert browser.get(address("plan-file", plan, entry["letter"][0]["id"])).status_code == 200


def test_a_file_is_not_lost_when_something_else_on_the_page_is_wrong(browser, plan):
    wrong = {"q-born__day": "31", "q-born__month": "2", "q-born__year": "2026"}
    page = send(browser, plan, **wrong, **{"q-papers__upload": upload()})
    assert page.status_code == 200 and "There is a problem" in text_of(page)
    assert not papers(plan)
    # It stands on the page that was drawn again, and on the one that is opened later.
    for again in (page, browser.get(address("plan-section", plan, "about"))):
        assert "ADRT signed.pdf" in text_of(again)
    mended = {"q-born__day": "1", "q-born__month": "2", "q-born__year": "2026"}
    send(browser, plan, hidden_of(page), **mended)
    assert [each["name"] for each in papers(plan)] == ["ADRT signed.pdf"]


def test_a_button_of_a_repeat_keeps_the_file_that_was_chosen_beside_it(browser, plan):
    page = send(browser, plan, **{"_add": "letters", "q-papers__upload": upload()})
    assert "ADRT signed.pdf" in text_of(page) and "There is a problem" not in text_of(page)


def test_the_same_page_sent_twice_keeps_one_file_and_is_saved_once(browser, plan):
    hidden = hidden_of(browser.get(address("plan-section", plan, "about")))
    for _ in range(2):
        assert send(browser, plan, hidden, **{"q-papers__upload": upload()}).status_code == 302
    assert PlanFile.objects.count() == 1 and len(papers(plan)) == 1
    assert AuditEvent.objects.filter(action="plan.section_saved").count() == 1


def test_two_people_adding_files_at_once_is_a_clash_that_loses_none(browser, plan, doctor):
    colleague = people.client_of(doctor)
    mine, theirs = (hidden_of(each.get(address("plan-section", plan, "about"))) for each in (browser, colleague))
    send(browser, plan, mine, **{"q-papers__upload": upload("mine.pdf")})
    answer = send(colleague, plan, theirs, **{"q-papers__upload": upload("theirs.pdf", brought.paper(2))})
    assert answer["Location"] == address("plan-clashes", plan)
    page = text_of(browser.get(address("plan-clashes", plan)))
    assert "mine.pdf" in page and "theirs.pdf" in page
    for row in PlanFile.objects.all():
        assert browser.get(address("plan-file", plan, row.public_id)).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.pdf", b"", "“empty.pdf” is empty"),
        ("big.pdf", PAPER + b" " * 200_000, "“big.pdf” is larger than 200 KB"),
        ("page.pdf", b"<!doctype html><script>x</script>", "“page.pdf” is none, whatever its name says"),
        ("letter.docx", b"PK\x03\x04" + b"0" * 500, "Choose a PDF, JPEG or PNG file"),
        ("shut.pdf", brought.paper_with_password(), "Save “shut.pdf” without a password"),
        ("alive.pdf", brought.paper_with_script(), "it holds scripts or other files"),
        ("bomb.png", brought.picture_bomb(), "more than 50 million pixels"),
        ("broken.jpg", brought.picture()[:150], "it could not be opened"),
        ("a\u202efdp.exe", b"MZ", "“afdp.exe” is none"),
        ("<b>x.pdf", b"MZ", "“<b>x.pdf” is none"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.endswith(("pdf", "png", "jpg", "docx")) else "",
)
def test_what_may_not_be_kept_is_said_at_its_field_and_nothing_of_it_stays(browser, plan, name, content, said):
    page = send(browser, plan, **{"q-papers__upload": upload(name, content), "q-matters": "Her roses"})
    text = text_of(page)
    assert page.status_code == 200 and said in text and "Her roses" in text
    assert 'href="#q-papers__upload"' in text and 'id="q-papers__upload"' in text
    assert not PlanFile.objects.exists() and not list(file_store.stored())


def test_the_good_one_of_two_files_is_kept_for_the_next_try(browser, plan):
    page = send(browser, plan, **{"q-papers__upload": [upload("bad.pdf", b"MZ"), upload("good.pdf")]})
    assert "“bad.pdf” is none" in text_of(page)
    send(browser, plan, hidden_of(page))
    assert [each["name"] for each in papers(plan)] == ["good.pdf"]


def test_more_files_than_a_question_takes_are_refused_and_can_be_ticked_away(browser, plan):
    entry = {"q-letters": "x1"}
    first = send(browser, plan, **entry, **{"q-letters__x1__letter__upload": [upload("1.pdf"), upload("2.pdf")]})
    assert "Keep at most 1 files" in text_of(first) and not PlanFile.objects.exists()
    send(browser, plan, **entry, **{"q-letters__x1__letter__upload": upload("1.pdf")})
    more = {"q-letters__x1__letter__upload": upload("2.pdf", brought.paper(2))}
    page = send(browser, plan, **more)
    assert "Keep at most 1 files" in text_of(page)
    kept = papers(plan, "letters")[0]["letter"][0]["id"]
    hidden = hidden_of(page)
    send(browser, plan, hidden, **{"q-letters__x1__letter__remove": kept})
    assert [each["name"] for each in papers(plan, "letters")[0]["letter"]] == ["2.pdf"]


def test_a_session_that_ended_keeps_the_text_and_says_that_the_file_is_not_kept(browser, plan, client):
    hidden = hidden_of(browser.get(address("plan-section", plan, "about")))
    answer = send(client, plan, hidden, **{"q-matters": "Her roses", "q-papers__upload": upload()})
    assert answer.status_code == 302 and "login" in answer["Location"]
    said = [str(each) for each in answer.wsgi_request._messages]
    assert "Choose your file again" in said[0]
    assert not PlanFile.objects.exists()
    assert "Her roses" in json.dumps(PlanDraft.objects.get(plan=plan).unsaved)


def test_nobody_adds_more_than_a_hundred_files_a_day(browser, plan, monkeypatch):
    monkeypatch.setattr(plan_files, "MOST_A_DAY", 1)
    send(browser, plan, **{"q-papers__upload": upload()})
    page = send(browser, plan, **{"q-papers__upload": upload("more.pdf", brought.paper(2))})
    assert "Go on tomorrow" in text_of(page)


# Naming files that are not one's own


def test_a_page_cannot_name_a_file_of_another_plan_another_question_or_with_other_facts(browser, plan, nurse, doctor):
    elsewhere = make.plan(doctor)
    send(people.client_of(doctor), elsewhere, **{"q-papers__upload": upload("theirs.pdf")})
    send(people.client_of(doctor), plan, **{"q-private__upload": upload("private.pdf", brought.paper(2))})
    send(browser, plan, **{"q-papers__upload": upload("mine.pdf", brought.paper(3))})
    mine = papers(plan)[0]
    for stranger in (
        papers(elsewhere)[0],
        papers(plan, "private")[0],
        mine | {"name": "other.pdf"},
        mine | {"sha256": "0" * 64},
        mine | {"id": str(uuid4())},
    ):
        with pytest.raises(Refused):
            make.save(nurse, plan, "about", papers=[stranger])
        hidden = hidden_of(browser.get(address("plan-section", plan, "about")))
        page = send(browser, plan, hidden | {"q-papers__file": [json.dumps(stranger)]})
        assert page.status_code in (200, 400) or papers(plan) == [mine]
        assert papers(plan) == [mine]


def test_somebody_who_may_not_see_a_question_neither_adds_to_it_nor_changes_it(browser, plan, nurse, doctor):
    send(people.client_of(doctor), plan, **{"q-private__upload": upload("private.pdf")})
    before = papers(plan, "private")
    page = browser.get(address("plan-section", plan, "about"))
    assert "Private papers" not in text_of(page) and "private.pdf" not in text_of(page)
    send(
        browser,
        plan,
        **{"q-private__upload": upload("planted.pdf", brought.paper(2)), "q-private__remove": before[0]["id"]},
    )
    assert papers(plan, "private") == before and PlanFile.objects.count() == 1
    make.save(nurse, plan, "about", private=None)
    assert papers(plan, "private") == before
    with pytest.raises(Refused):
        plan_files.add_file(by=nurse, plan=plan, uid="private", name="x.pdf", content=PAPER, now=clock.now())
