"""Sections of the library, links by hand, what rules look at, all items of a form, and comments on them."""

import json

import pytest
from django.urls import reverse

from careplan_forms.models import FormSection, QuestionComment, SectionPin
from careplan_forms.presenters.designing import choosing_page
from careplan_forms.selectors import form_drafts, form_items
from careplan_forms.services import definitions, library
from careplan_forms.services import question_comments as comments
from core.exceptions import Refused
from governance.models import Notification
from tests.integration.careplan_forms.designer.conftest import document
from tests.integration.careplan_forms.designer.posting import section_form
from tests.integration.careplan_forms.designer.test_doors import address, browser  # noqa: F401
from tests.integration.careplan_forms.designer.test_editors import editor, granted, nurse, other  # noqa: F401
from tests.worlds import shared

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@shared
def home(definition):
    return FormSection.objects.get(key="home")


def linked(definition, *sections):
    """What the page of a form posts with these sections in it."""
    draft = form_drafts.draft_of(form_drafts.fresh(definition))
    data = {key: getattr(draft, key) for key in ("title", "key", "url", "purpose", "language")}
    places = {link.section_id: link for link in draft.section_links.all()}
    sections = sorted(sections, key=lambda each: each.pk not in places)
    data |= {"section_links-TOTAL_FORMS": len(sections), "section_links-INITIAL_FORMS": len(places)}
    data |= {"section_links-MIN_NUM_FORMS": 0, "section_links-MAX_NUM_FORMS": 1000}
    for index, section in enumerate(sections):
        at = f"section_links-{index}"
        data |= {f"{at}-section": section.pk, f"{at}-ORDER": index + 1, f"{at}-DELETE": ""}
        data[f"{at}-id"] = places[section.pk].pk if section.pk in places else ""
        data[f"{at}-uid"] = f"00000000-0000-4000-8000-{index:012d}"
    return data


def keys_of(definition):
    return [each.key for each in form_drafts.sections_of(definition)]


def test_an_editor_by_grant_links_no_section_of_another_form(editor, definition, other, lead):  # noqa: F811
    mine, theirs = form_drafts.sections_of(definition), form_drafts.sections_of(other)[0]
    answer = editor.post(address(definition), linked(definition, *mine, theirs))
    assert answer.status_code == 200 and keys_of(definition) == ["home", "people"]
    assert editor.post(address(definition), linked(definition, mine[1], mine[0])).status_code == 302
    assert keys_of(definition) == ["people", "home"]
    assert editor.get(address(theirs)).status_code == 403


def test_a_library_section_may_be_linked_by_an_editor_and_not_edited(editor, definition, other, lead):  # noqa: F811
    shared = form_drafts.sections_of(other)[0]
    library.share(section=shared, by=lead)
    mine = form_drafts.sections_of(definition)
    FormSection.objects.filter(pk=shared.pk).update(key="warmth")
    shared.refresh_from_db()
    assert editor.post(address(definition), linked(definition, *mine, shared)).status_code == 302
    assert SectionPin.objects.filter(definition=definition, section=shared).exists()
    assert editor.get(address(shared)).status_code == 403
    assert editor.post(reverse("forms_section_uses", args=[shared.pk]), {"shared": "0"}).status_code == 403


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", True),
        ("urn:oid:2.16.840.1", True),
        ("https://example.org/forms/winter", True),
        ("javascript:alert(1)", False),
        ("urn:a b", False),
        ("winter", False),
    ],
)
def test_a_form_is_named_by_a_web_address_or_a_urn(editor, definition, named, kept):  # noqa: F811
    said = linked(definition, *form_drafts.sections_of(definition)) | {"url": named}
    answer = editor.post(address(definition), said)
    assert (answer.status_code == 302) is kept
    assert kept or "Enter an address that begins with https:// or urn:" in answer.content.decode()
    assert (form_drafts.document_of(form_drafts.fresh(definition))["url"] == named) is kept


def reworded(section, lead, text="Is it warm at night?"):
    draft = form_drafts.draft_of(FormSection.objects.select_related("latest_revision").get(pk=section.pk))
    items = form_drafts.section_in(draft)["items"]
    items[0]["label"] = text
    draft.items = json.dumps(definitions_stream(items))
    draft.save()
    draft.save_revision(clean=False)


def definitions_stream(items):
    from careplan_forms.block_items import stream_of

    return stream_of(items)


def first_label(definition):
    return definitions.compile_definition(definition=definition)["sections"][0]["items"][0]["label"]


def test_a_newer_text_reaches_a_form_when_its_lead_takes_it_over(browser, lead, definition, home):  # noqa: F811
    client = browser(lead)
    assert client.post(reverse("forms_section_uses", args=[home.pk]), {"shared": "1"}).status_code == 302
    reworded(home, lead)
    assert first_label(definition) == "Is it warm?"
    shown = client.get(reverse("forms_items", args=[definition.public_id])).content.decode()
    assert "A newer text of the library section" in shown and "Is it warm at night?" in shown
    assert "older text" in client.get(reverse("forms_section_uses", args=[home.pk])).content.decode()
    taken = client.post(reverse("forms_take_over", args=[definition.public_id, home.pk]))
    assert taken.status_code == 302 and first_label(definition) == "Is it warm at night?"
    assert client.post(reverse("forms_take_over", args=[definition.public_id, 999_999])).status_code == 404
    library.unshare(section=FormSection.objects.get(pk=home.pk), by=lead)
    assert not SectionPin.objects.exists()


def test_a_section_leaves_the_library_only_when_nobody_has_an_older_text(lead, definition, home):
    library.share(section=home, by=lead)
    reworded(home, lead)
    with pytest.raises(Refused, match="older one"):
        library.unshare(section=FormSection.objects.select_related("latest_revision").get(pk=home.pk), by=lead)


def test_deleting_what_a_rule_looks_at_is_refused_with_the_place(browser, lead, home):  # noqa: F811
    answer = browser(lead).post(address(home), section_form(home, **{"items-0-deleted": "1"}))
    page = answer.content.decode()
    assert answer.status_code == 200 and "is shown if" in page and "#block-u-why-section" in page
    assert len(form_drafts.section_in(form_drafts.draft_of(home))["items"]) == 2
    both = section_form(home, **{"items-0-deleted": "1", "items-1-value-show_if": ""})
    assert browser(lead).post(address(home), both).status_code == 302


def test_a_question_of_another_type_is_refused_while_a_rule_looks_at_it(browser, lead, home):  # noqa: F811
    answer = browser(lead).post(address(home), section_form(home, **{"items-0-type": "yes_no"}))
    assert answer.status_code == 200 and "another type of question" in answer.content.decode()


def test_a_save_that_keeps_every_question_reads_no_form_around(home, django_assert_num_queries):
    items = form_drafts.section_in(form_drafts.draft_of(home))["items"]
    reworded = [each | {"label": "In other words?"} for each in items]
    with django_assert_num_queries(1):
        assert form_items.broken_by(home, reworded) == []
    assert [each.asked for each in form_items.broken_by(home, items[1:])] == [items[0]["uid"]]


def test_all_items_are_found_by_words_types_and_rules(browser, lead):  # noqa: F811
    sections = document()["sections"]
    sections[0]["items"][1]["label"] = f"Why not? {HOSTILE}"
    definition = definitions.create_from_document(document=document(sections=sections), by=lead)
    client = browser(lead)
    here = reverse("forms_items", args=[definition.public_id])
    page = client.get(here).content.decode()
    assert "Shown if “Is it warm?” is “Too cold”." in page and "4 items" in page
    assert HOSTILE not in page and "&lt;script&gt;" in page
    assert "1 item<" in client.get(here, {"kind": "rules"}).content.decode()
    assert "1 item<" in client.get(here, {"kind": "repeat"}).content.decode()
    assert "0 items" in client.get(here, {"q": "nothing like it", "kind": "hologram"}).content.decode()


def test_comments_are_said_told_and_settled(browser, lead, other_lead, definition):  # noqa: F811
    here = reverse("forms_comments", args=[definition.public_id]) + "?uid=u-warm"
    client, second = browser(lead), browser(other_lead)
    assert client.post(here, {"text": f"Clear? {HOSTILE}"}).status_code == 302
    assert second.post(here, {"text": "Yes"}).status_code == 302
    page = client.get(here).content.decode()
    assert HOSTILE not in page and "&lt;script&gt;" in page
    notice = Notification.objects.get(channel="in_app", topic="form.comment")
    assert notice.user_id == lead.user_id and "Yes" not in notice.text
    first = QuestionComment.objects.order_by("pk").first()
    assert client.post(here, {"settle": first.pk}).status_code == 302
    first.refresh_from_db()
    assert first.resolved_by_id == lead.user_id
    assert client.post(here, {"text": " "}).status_code == 400
    assert client.post(here, {"settle": "999999"}).status_code == 404
    assert client.get(reverse("forms_comments", args=[definition.public_id]) + "?uid=nowhere").status_code == 404


def test_the_editor_counts_the_open_comments_of_each_question(browser, lead, definition, home):  # noqa: F811
    assert json.loads(choosing_page(home))["comments"] == {}
    for text in ("Clear?", "Still?"):
        said = comments.comment(definition=definition, uid="u-warm", text=text, by=lead)
    comments.settle(comment=said, by=lead)
    comments.comment(definition=definition, uid="an odd & uid", text="Old", by=lead)
    here = reverse("forms_comments", args=[definition.public_id])
    told = json.loads(choosing_page(home))["comments"]
    assert told["u-warm"] == [{"count": 1, "link": f"{here}?uid=u-warm"}]
    assert told["an odd & uid"][0]["link"] == f"{here}?uid=an+odd+%26+uid"
    assert f"{here}?uid=u-warm" in browser(lead).get(address(home)).content.decode()


def test_a_section_s_page_asks_little_of_the_database(browser, lead, home, django_assert_max_num_queries):  # noqa: F811
    client = browser(lead)
    client.get(address(home))
    with django_assert_max_num_queries(90):
        client.get(address(home))


def test_a_text_of_several_lines_is_saved_as_it_was(browser, lead):  # noqa: F811
    sections = document()["sections"]
    told = {"uid": "u-told", "link_id": "told", "type": "guidance", "label": "One line\nand another"}
    sections[0]["items"].append(told)
    made = definitions.create_from_document(document=document(sections=sections), by=lead)
    row = form_drafts.sections_of(made)[0]
    posted = section_form(row, **{"items-2-value-label": "One line\r\nand another"})
    assert browser(lead).post(address(row), posted).status_code == 302
    document_now = definitions.compile_definition(definition=made)
    assert document_now["sections"][0]["items"][2]["label"] == told["label"]


def test_a_thousand_comments_are_one_page(browser, lead, definition):  # noqa: F811
    moment = definition.latest_revision.created_at
    rows = [
        QuestionComment(definition=definition, uid="u-warm", text=f"Said {n}", author_id=lead.user_id, at=moment)
        for n in range(1000)
    ]
    QuestionComment.objects.bulk_create(rows)
    here = reverse("forms_comments", args=[definition.public_id]) + "?uid=u-warm"
    page = browser(lead).get(here).content.decode()
    assert "Said 999" in page and "800 older comments are not shown" in page
    assert browser(lead).post(here, {"text": "One more"}).status_code == 400


def test_an_editor_of_another_form_reads_and_says_nothing(editor, other):  # noqa: F811
    for name in ("forms_items", "forms_comments"):
        here = reverse(name, args=[other.public_id]) + "?uid=u-warm"
        assert editor.get(here).status_code == 403 and editor.post(here, {"text": "x"}).status_code in (403, 405)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"parts": 5, "items": []}', '{"parts": [], "items": ' + "[" * 9000])
def test_a_rule_nobody_can_read_out_is_refused(browser, lead, definition, body):  # noqa: F811
    answer = browser(lead).post(reverse("forms_in_words"), body, content_type="application/json")
    assert answer.status_code == 400
