"""Moving an item to another section: it stays the same item, and nothing that looks at it breaks."""

import pytest
from django.urls import reverse

from careplan_forms.models import FormSection
from careplan_forms.schema.document import normalise
from careplan_forms.selectors import form_drafts, question_comments
from careplan_forms.services import definitions, item_moving, library
from careplan_forms.services import question_comments as comments
from careplan_forms.services.translations import lines_of, take_words
from core.exceptions import Absent, NotAllowed, Refused
from governance.models import AuditEvent
from tests.integration.careplan_forms.designer.conftest import document
from tests.integration.careplan_forms.designer.test_doors import browser  # noqa: F401
from tests.integration.careplan_forms.designer.test_editors import editor, granted, nurse, other  # noqa: F401
from tests.worlds import shared

pytestmark = pytest.mark.django_db


def item(uid, kind="text", **more):
    return {"uid": uid, "link_id": uid, "type": kind, "label": f"About {uid}"} | more


def sections():
    first = [
        item("asked", "yes_no"),
        item("asking", show_if={"item": "asked", "op": "=", "value": True}),
        item("box", "group", items=[item("inner", "number"), item("inner-2")]),
        item("free", translations={"cy": {"label": "Rhydd"}}, code=[{"system": "urn:x", "code": "1", "display": ""}]),
    ]
    second = [item("late"), item("rows", "repeat", items=[item("cell")])]
    return [
        {"key": "first", "title": "First", "items": first},
        {"key": "second", "title": "Second", "items": second},
        {"key": "third", "title": "Third", "items": []},
    ]


@shared
def definition(lead):
    return definitions.create_from_document(document=document(sections=sections(), value_sets={}), by=lead)


@pytest.fixture
def move(definition, lead):
    rows = {each.key: each.pk for each in form_drafts.sections_of(definition)}

    def carry(uid, to, after="", by=lead):
        return item_moving.move_item(definition=definition, uid=uid, section=rows[to], after=after, by=by)

    return carry


def shape(definition):
    made = definitions.compile_definition(definition=definition)["sections"]
    return {each["key"]: [row["uid"] for row in each["items"]] for each in made}


def found(definition, uid):
    made = definitions.compile_definition(definition=definition)["sections"]
    return next(row for each in made for row in each["items"] if row["uid"] == uid)


def test_a_moved_item_is_the_same_item(definition, lead, move):
    comments.comment(definition=definition, uid="free", text="Why?", by=lead)
    before = found(definition, "free")
    assert move("free", "second", "late").key == "second"
    assert shape(definition)["second"] == ["late", "free", "rows"] and "free" not in shape(definition)["first"]
    assert found(definition, "free") == before and before["translations"] == {"cy": {"label": "Rhydd"}}
    assert question_comments.open_counts(definition) == {"free": 1}
    assert AuditEvent.objects.filter(action="form.item_moved").exists()


def test_words_that_ask_for_another_look_still_ask(definition, lead, move):
    line = next(each for each in lines_of(definition, "cy") if each.words == "Rhydd")
    take_words(definition=definition, language="cy", given=[line._replace(words="Am ddim")], by=lead)
    row = form_drafts.sections_of(definition)[0]
    marks = form_drafts.draft_of(row).translations["cy"]["free/label"]
    move("free", "third")
    assert form_drafts.draft_of(form_drafts.sections_of(definition)[2]).translations == {"cy": {"free/label": marks}}
    assert form_drafts.draft_of(form_drafts.sections_of(definition)[0]).translations == {}


def test_a_group_goes_with_what_it_holds_and_an_item_leaves_its_group(definition, move):
    move("box", "third")
    assert [each["uid"] for each in found(definition, "box")["items"]] == ["inner", "inner-2"]
    move("inner", "second")
    assert shape(definition)["second"][0] == "inner"
    assert [each["uid"] for each in found(definition, "box")["items"]] == ["inner-2"]


def test_a_rule_that_would_look_ahead_is_named_and_nothing_moves(definition, move):
    before = shape(definition)
    with pytest.raises(Refused, match="“About asking” asks about “About asked”, which comes in a later section"):
        move("asked", "second")
    assert shape(definition) == before
    move("asking", "third")
    move("asked", "second")
    assert shape(definition) == {"first": ["box", "free"], "second": ["asked", "late", "rows"], "third": ["asking"]}


def test_what_belongs_to_the_entries_of_a_repeat_stays(move, definition):
    with pytest.raises(Refused, match="belongs to the entries of “About rows”"):
        move("cell", "first")


@pytest.mark.parametrize(("to", "after"), [("first", ""), ("second", "inner"), ("second", "nothing")])
def test_a_place_that_is_none_is_refused(move, definition, to, after):
    with pytest.raises(Refused, match="Choose where it goes"):
        move("free", to, after)


def test_an_item_nobody_has_is_absent(move, definition):
    for uid in ("nothing", ""):
        with pytest.raises(Absent):
            move(uid, "second")


def test_a_full_section_takes_no_more(lead):
    full = sections()
    full[2]["items"] = [item(f"q{number}") for number in range(39)]
    made = definitions.create_from_document(document=document(sections=full, value_sets={}), by=lead)
    third = form_drafts.sections_of(made)[2].pk
    with pytest.raises(Refused, match="“Third” would have 42 items, and 40 is the most"):
        item_moving.move_item(definition=made, uid="box", section=third, by=lead)
    item_moving.move_item(definition=made, uid="free", section=third, by=lead)


def test_a_library_section_gives_and_takes_nothing(definition, lead, move):
    library.share(section=form_drafts.sections_of(definition)[1], by=lead)
    with pytest.raises(Refused, match="in the library"):
        move("free", "second")
    with pytest.raises(Refused, match="in the library"):
        move("late", "first")


def test_another_form_that_has_one_of_the_sections_loses_nothing(definition, other, lead, move):  # noqa: F811
    draft = form_drafts.draft_of(form_drafts.fresh(other))
    draft.section_links.add(draft.section_links.model(section=form_drafts.sections_of(definition)[0], sort_order=9))
    draft.save()
    draft.save_revision(clean=False)
    with pytest.raises(Refused, match="“First” also stands in the form"):
        move("free", "second")


def test_a_section_a_colleague_locked_stays_as_it_is(definition, other_lead, move):
    FormSection.objects.filter(key="second").update(locked=True, locked_by_id=other_lead.user_id)
    with pytest.raises(Refused, match="“Second” is locked by a colleague"):
        move("free", "second")


def test_a_clinician_moves_nothing(definition, nurse, move):  # noqa: F811
    with pytest.raises(NotAllowed):
        move("free", "second", by=nurse)


def test_an_item_is_moved_on_a_plain_form(browser, lead, definition):  # noqa: F811
    client = browser(lead)
    listed = client.get(reverse("forms_items", args=[definition.public_id])).content.decode()
    here = reverse("forms_move", args=[definition.public_id]) + "?uid=free"
    assert here in listed
    told = client.get(here).content.decode()
    second = form_drafts.sections_of(definition)[1].pk
    assert f'value="{second}:late"' in told and "After “About late”" in told
    for wrong in ({}, {"to": "x"}, {"to": "99999999999999999999:"}):
        answer = client.post(here, wrong)
        assert answer.status_code == 400 and "Choose where it goes" in answer.content.decode()
    assert client.post(here, {"to": f"{second}:rows"}).status_code == 302
    assert shape(definition)["second"] == ["late", "rows", "free"]
    ahead = reverse("forms_move", args=[definition.public_id]) + "?uid=asked"
    answer = client.post(ahead, {"to": f"{second}:"})
    assert answer.status_code == 400 and "comes in a later section" in answer.content.decode()
    inside = client.get(reverse("forms_move", args=[definition.public_id]) + "?uid=cell").content.decode()
    assert "belongs to the entries" in inside and "<select" not in inside
    assert client.get(reverse("forms_move", args=[definition.public_id]) + "?uid=gone").status_code == 404


def test_an_editor_by_grant_moves_within_their_form_only(editor, definition, other):  # noqa: F811
    second = form_drafts.sections_of(definition)[1].pk
    here = reverse("forms_move", args=[definition.public_id]) + "?uid=free"
    assert editor.post(here, {"to": f"{second}:"}).status_code == 302
    assert editor.get(reverse("forms_move", args=[other.public_id]) + "?uid=u-warm").status_code == 403


def test_the_form_still_says_what_it_said(definition, move):
    before = definitions.compile_definition(definition=definition)
    move("free", "second")
    move("free", "first", "box")
    assert normalise(definitions.compile_definition(definition=definition)) == normalise(before)
