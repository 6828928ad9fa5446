"""Files in a plan over HTTP: brought, kept, given out, and everything that must not get in or out."""

import datetime
import html
import json
import re
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from careplan_forms import file_store
from careplan_forms.models import CarePlan, PlanDraft, PlanFile
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import drafts, plan_files, withholding
from core import clock
from core.exceptions import Refused
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.factories import files as brought
from tests.factories import governance as people
from tests.factories import portal

pytestmark = pytest.mark.django_db

PAPER = brought.paper()


def form_with_files():
    """The small form with papers for everybody, papers for doctors, and papers in entries."""
    document = make.document()
    document["sections"][0]["items"] += [
        {
            "uid": "papers",
            "type": "attachment",
            "label": "Signed papers",
            "max_size": 200_000,
            "patient_label": "Papers",
        },
        {"uid": "private", "type": "attachment", "label": "Private papers", "roles": {"see": ["doctor"]}},
        {
            "uid": "letters",
            "type": "repeat",
            "label": "Letters",
            "items": [
                {"uid": "letter-about", "type": "text", "label": "About"},
                {"uid": "letter", "type": "attachment", "label": "Letter", "file_kinds": ["pdf"], "max_items": 1},
            ],
        },
    ]
    return document


@pytest.fixture(autouse=True)
def _empty_store():
    for public_id, _ in list(file_store.stored()):
        file_store.remove(public_id)


@pytest.fixture
def plan(nurse, flows):
    make.form_version(form_with_files())
    return make.plan(nurse)


@pytest.fixture
def browser(nurse):
    return people.client_of(nurse)


def address(name, plan, *args):
    return reverse(f"careplan_forms:{name}", args=[plan.public_id, *args])


def hidden_of(page):
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    found.pop("csrfmiddlewaretoken", None)
    return found


def upload(name="ADRT signed.pdf", content=PAPER):
    return SimpleUploadedFile(name, content, content_type="text/html")


def send(browser, plan, hidden=None, **typed):
    """The page as a browser sends it: what stood on it, and what was typed or chosen."""
    hidden = hidden_of(browser.get(address("plan-section", plan, "about"))) if hidden is None else hidden
    return browser.post(address("plan-section", plan, "about"), hidden | {"_then": "tasks"} | typed)


def papers(plan, uid="papers"):
    return selectors.working_view(plan).answers.get(uid) or []


def text_of(page):
    return html.unescape(page.content.decode())


# Bringing files


def test_a_file_is_kept_encrypted_and_stands_in_the_answer_without_its_bytes(browser, plan):
    assert send(browser, plan, **{"q-papers__upload": upload()}).status_code == 302
    [facts] = papers(plan)
    assert facts["name"] == "ADRT signed.pdf" and facts["kind"] == "pdf" and facts["size"] == len(PAPER)
    with storages["plan-files"].open(file_store.path_of(UUID(facts["id"]))) as stored:
        assert b"PDF" not in stored.read()
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


# Giving files out


@pytest.fixture
def approved(plan, browser, nurse, doctor, other_doctor):
    """A version with a paper for everybody and one for doctors."""
    send(people.client_of(doctor), plan, **{"q-private__upload": upload("private.pdf", brought.paper(2))})
    send(browser, plan, **{"q-papers__upload": upload('Papier "é" <b>.pdf')})
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    make.approve(other_doctor, make.submission(nurse, plan))
    return CarePlan.objects.get(pk=plan.pk)


def in_version(plan, uid="papers"):
    return plan.current_version.answers[uid][0]["id"]


def test_a_file_is_saved_never_shown_and_the_look_is_recorded(browser, approved):
    answer = browser.get(address("plan-file", approved, in_version(approved)))
    assert answer.content == PAPER and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "%C3%A9" in answer["Content-Disposition"] and "<b>" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    event = AuditEvent.objects.get(action="plan.file_read")
    assert event.detail == {"file": in_version(approved)}
    assert "Opened a file of the plan" in text_of(browser.get(address("plan-viewers", approved)))


def test_every_page_that_shows_the_answer_links_to_the_file(browser, approved, nurse):
    link = address("plan-file", approved, in_version(approved))
    for page in (address("plan", approved), address("plan-version", approved, 1), address("plan-check", approved)):
        assert link in text_of(browser.get(page)), page
    section = text_of(browser.get(address("plan-section", approved, "about")))
    assert f'href="../../files/{in_version(approved)}/"' in section


def test_an_old_version_keeps_its_file_when_the_next_one_drops_it(browser, approved, nurse, other_doctor):
    dropped = in_version(approved)
    make.save(nurse, approved, "about", papers=None)
    make.approve(other_doctor, make.submission(nurse, approved))
    newer = CarePlan.objects.get(pk=approved.pk)
    assert "papers" not in newer.current_version.answers
    assert browser.get(address("plan-file", newer, dropped)).status_code == 200
    compared = text_of(browser.get(f"{address('plan-compare', newer)}?from=1&to=2"))
    assert ".pdf (PDF, " in compared


def same_as_absent(browser, plan, file_id, view="plan-file"):
    """Whether the answer is, byte for byte, that for a file that never was."""

    def body(answer):
        assert answer.status_code == 404
        return re.sub(rb'value="[A-Za-z0-9]{64}"', b"", answer.content).replace(str(file_id).encode(), b"")

    never = uuid4()
    left = body(browser.get(address(view, plan, file_id)))
    right = re.sub(str(never).encode(), b"", body(browser.get(address(view, plan, never))))
    return left == right


def test_for_another_organisation_another_plan_or_another_role_there_is_no_such_file(
    approved, browser, outsider, doctor
):
    file_id, private = in_version(approved), in_version(approved, "private")
    assert same_as_absent(people.client_of(outsider), approved, file_id)
    assert same_as_absent(browser, make.plan(doctor), file_id)
    assert same_as_absent(browser, approved, private)
    assert people.client_of(doctor).get(address("plan-file", approved, private)).status_code == 200
    assert not AuditEvent.objects.filter(action="plan.file_read", detail={"file": file_id}).exists()


def test_a_file_in_work_is_for_those_who_work_and_an_unsaved_one_for_its_author(plan, browser, doctor):
    wrong = {"q-born__day": "31", "q-born__month": "2", "q-born__year": "2026"}
    send(browser, plan, **wrong, **{"q-papers__upload": upload()})
    file_id = PlanFile.objects.get().public_id
    assert browser.get(address("plan-file", plan, file_id)).status_code == 200
    assert same_as_absent(people.client_of(doctor), plan, file_id)


def test_urgent_care_opens_the_files_of_the_version_they_read_and_no_others(approved, paramedic):
    crew, file_id = people.client_of(paramedic), in_version(approved)
    at = address("emergency-file", approved, file_id)
    assert crew.get(at).status_code == 302
    crew.post(address("emergency-reason", approved), {"reason": "caring_now"})
    assert at in text_of(crew.get(address("emergency-full", approved)))
    answer = crew.get(at)
    assert answer.content == PAPER and answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.get(action="emergency.read_file").purpose.startswith("caring_now")
    assert same_as_absent(crew, approved, in_version(approved, "private"), "emergency-file")
    assert crew.get(address("plan-file", approved, file_id)).status_code in (403, 404)


def test_the_person_opens_what_stands_on_their_page_until_it_is_withheld(approved, nurse):
    patient, file_id = portal.browser_of(portal.account(nurse, approved).user), in_version(approved)
    at = address("my-plan-file", approved, file_id)
    assert at in text_of(patient.get(address("my-plan", approved)))
    assert patient.get(at).content == PAPER
    assert "opened a file of your plan" in text_of(patient.get(address("my-plan", approved)))
    assert same_as_absent(patient, approved, in_version(approved, "private"), "my-plan-file")
    withholding.withhold_answer(
        by=nurse,
        plan=approved,
        uid="papers",
        from_person=True,
        from_delegates=True,
        reason="not_discussed",
        explanation="Not yet",
        review_on=clock.today() + datetime.timedelta(days=7),
        now=clock.now(),
    )
    assert ".pdf" not in text_of(patient.get(address("my-plan", approved)))
    assert same_as_absent(patient, approved, file_id, "my-plan-file")


@pytest.mark.parametrize("harm", ["changed", "swapped", "gone"])
def test_a_file_that_is_not_what_was_approved_is_never_given_out(browser, approved, harm):
    file_id = in_version(approved)
    path, storage = file_store.path_of(UUID(file_id)), storages["plan-files"]
    with storage.open(path) as stored:
        content = bytearray(stored.read())
    file_store.remove(UUID(file_id))
    if harm == "changed":
        content[len(content) // 2] ^= 1
        with storage.open(path, "wb") as stored:
            stored.write(bytes(content))
    elif harm == "swapped":
        file_store.put(UUID(file_id), brought.paper(9))
    answer = browser.get(address("plan-file", approved, file_id))
    assert answer.status_code == 503 and "changed or lost after it was saved" in text_of(answer)
    assert AuditEvent.objects.filter(action="plan.file_damaged").count() == 1


def test_an_unsaved_file_can_be_forgotten_and_is_in_no_answer(browser, plan):
    wrong = {"q-born__day": "31", "q-born__month": "2", "q-born__year": "2026"}
    send(browser, plan, **wrong, **{"q-papers__upload": upload()})
    browser.post(address("plan-discard", plan, "about"))
    assert "ADRT signed.pdf" not in text_of(browser.get(address("plan-section", plan, "about")))
    assert not drafts.shown_fingerprints(selectors.working_view(plan).answers, ["papers"])["papers"]
