"""What one role has of a form: nothing of what is not for it, and nothing it may change that it may not."""

import json

import pytest

from careplan_forms.schema.audience import is_limited, sees_all, view_of
from careplan_forms.schema.document import sha256_of
from careplan_forms.schema.roles import OTHERS, READERS, Roles, in_words
from careplan_forms.schema.sealing import restored, sealed_part
from governance.enums import RoleKey
from tests.unit.careplan_forms.schema.documents import document, form, item, posted, shown_if

DOCTORS = {"see": ["doctor"]}
DOCTORS_CHANGE = {"edit": ["doctor"]}


def contacts(**more):
    inside = [item("name"), item("note", roles=DOCTORS), item("risk", roles=DOCTORS_CHANGE)]
    return item("contacts", "repeat", items=inside, **more)


def test_the_roles_of_the_form_language_are_those_of_the_service():
    assert {*READERS, *OTHERS} == {role.value for role in RoleKey}


def test_a_form_without_limits_is_its_own_view_and_hashes_as_if_roles_were_not_there():
    whole = form(item("a"))
    assert not is_limited(whole)
    assert view_of(whole, "clinician") is whole
    none = {"see": None, "edit": None, "require": None}
    assert sha256_of(document(item("a", roles=none))) == sha256_of(document(item("a")))


def test_a_view_is_made_once_for_each_role():
    whole = form(item("a", roles=DOCTORS), item("b"))
    assert view_of(whole, "clinician") is view_of(whole, "clinician")
    assert view_of(whole, "clinician") is not view_of(whole, "doctor")
    assert view_of(whole, None) is whole


def test_nothing_of_an_unseen_answer_is_in_anything_the_view_gives():
    whole = form(item("a", roles=DOCTORS, slot="limits.focus"), item("b"), contacts())
    answers = {"a": "SECRET", "b": "seen", "contacts": [{"id": "1", "name": "Ann", "note": "SECRET"}]}
    view = view_of(whole, "clinician")
    said = [view.rows(answers), view.complete(answers), view.suppressed(answers), view.slots(answers)]
    said += [str(view.render_section("s", answers)), view.display("contacts", answers["contacts"]), view.json_schema()]
    assert "SECRET" not in json.dumps(said, default=str)
    assert "a" not in view.items and "a" not in view.visible(answers)
    assert view_of(whole, "doctor").complete(answers) == whole.complete(answers)


@pytest.mark.parametrize("role", ["clinician", "care_home", "patient", "system", "nobody-knows"])
def test_a_role_that_is_not_named_sees_nothing_limited(role):
    assert "a" not in view_of(form(item("a", roles=DOCTORS), item("b")), role).items


def test_an_empty_list_is_nobody_and_a_list_that_cannot_be_read_too():
    for roles in ({"see": []}, {"see": "doctor"}, "doctor"):
        assert "a" not in view_of(form(item("a", roles=roles), item("b")), "doctor").items


def test_the_limits_of_a_group_bind_what_is_inside_and_an_empty_group_goes():
    group = item("g", "group", roles=DOCTORS, items=[item("a", roles={"see": ["doctor", "clinician"]})])
    other = item("h", "group", items=[item("b", roles=DOCTORS)])
    view = view_of(form(group, other, item("c")), "clinician")
    assert set(view.items) == {"c"}


def test_a_section_of_which_nothing_is_seen_is_not_there():
    sections = [
        {"key": "x", "title": "X", "items": [item("a", roles=DOCTORS)]},
        {"key": "y", "title": "Y", "items": [item("b")]},
    ]
    from careplan_forms.schema.compiler import compile_form

    view = view_of(compile_form({"title": "F", "sections": sections}), "clinician")
    assert [section.key for section in view.sections] == ["y"]


def test_rules_are_decided_on_answers_that_are_not_seen():
    whole = form(item("a", "yes_no", roles=DOCTORS), item("b", show_if=shown_if("a", True)))
    view = view_of(whole, "clinician")
    assert "B" in str(view.render_section("s", {"a": True}))
    assert view.complete({"a": True, "b": "x"}) == {"b": "x"}
    assert "B" not in str(view.render_section("s", {"a": False}))


def test_what_scripts_are_told_of_the_page_holds_no_unseen_answer():
    import datetime

    from careplan_forms.schema.compiler import compile_form

    sections = [
        {"key": "x", "title": "X", "items": [item("a", roles=DOCTORS), item("c")]},
        {
            "key": "y",
            "title": "Y",
            "items": [item("b", show_if=shown_if("a", "SECRET-B")), item("d", show_if=shown_if("c", "yes"))],
        },
    ]
    whole = compile_form({"title": "F", "sections": sections})
    today = datetime.date(2026, 11, 22)
    answers = {"a": "SECRET-A", "c": "yes"}
    assert "SECRET-A" in str(whole.render_section("y", answers, today=today))
    page = str(view_of(whole, "clinician").render_section("y", answers, today=today))
    assert "SECRET-A" not in page and "data-form-rules" in page


def test_what_may_be_read_and_not_changed_is_text_without_a_field_and_a_posting_of_it_is_not_read():
    view = view_of(form(item("a", roles=DOCTORS_CHANGE), item("b")), "clinician")
    page = str(view.render_section("s", {"a": "As it <is>"}))
    assert "As it &lt;is&gt;" in page and "Only doctors can change this." in page
    assert 'name="q-a"' not in page
    answers, problems = view.parse_section("s", posted(a="forged", b="x", _shown=["q-a q-b"]))
    assert answers == {"b": "x"} and not problems
    assert view.editable == {"b"}


def test_a_role_is_asked_only_for_what_it_must_answer():
    whole = form(
        item("a", required="publish", roles=DOCTORS_CHANGE),
        item("b", required="publish", roles={"require": ["doctor"]}),
        item("c", roles={"require": ["clinician"]}),
        item("d", required="publish", roles={"require": []}),
    )

    def asked(compiled):
        return {problem.uid for problem in compiled.validate({}, stage="publish")}

    assert asked(whole) == {"a", "b"}
    assert asked(view_of(whole, "clinician")) == {"c"}
    assert asked(view_of(whole, "doctor")) == {"a", "b"}


def test_saving_a_repeat_keeps_what_is_sealed_in_its_entries():
    view = view_of(form(contacts()), "clinician")
    repeat = view.items["contacts"]
    before = [{"id": "1", "name": "Ann", "note": "N", "risk": "R"}, {"id": "2", "name": "Bob", "note": "M"}]
    forged = [{"id": "1", "name": "Anne", "note": "forged", "risk": "forged"}]
    assert restored(repeat, forged, before) == [
        {"id": "1", "name": "Anne", "note": "N", "risk": "R"},
        {"id": "2", "note": "M"},
    ]
    assert restored(repeat, None, before) == [{"id": "1", "note": "N", "risk": "R"}, {"id": "2", "note": "M"}]
    assert restored(repeat, {"absent": "not-known"}, before) == sealed_part(repeat, before)
    assert restored(repeat, [{"id": "9", "note": "forged"}], None) == [{"id": "9"}]
    posting = posted(contacts=["1"], contacts__1__name="Anne", contacts__1__note="forged")
    answers, _ = view.parse_section("s", posting, {"contacts": before})
    assert answers["contacts"][0] == {"id": "1", "name": "Anne", "note": "N", "risk": "R"}
    assert {"id": "2", "note": "M"} in answers["contacts"]


def test_nested_repeats_are_sealed_too():
    inner = item("calls", "repeat", items=[item("when"), item("why", roles=DOCTORS)])
    view = view_of(form(item("contacts", "repeat", items=[item("name"), inner])), "clinician")
    before = [{"id": "1", "name": "Ann", "calls": [{"id": "a", "when": "noon", "why": "SECRET"}]}]
    repeat = view.items["contacts"]
    assert restored(repeat, [{"id": "1", "name": "Anne"}], before) == [
        {"id": "1", "name": "Anne", "calls": [{"id": "a", "why": "SECRET"}]}
    ]
    assert restored(repeat, None, before) == [{"id": "1", "calls": [{"id": "a", "why": "SECRET"}]}]


def test_withheld_answers_take_with_them_what_would_betray_them():
    whole = form(
        item("a", "yes_no"),
        item("b", show_if=shown_if("a", True)),
        item("c", "group", show_if=shown_if("b", "x"), items=[item("d")]),
        item("e"),
    )
    view = view_of(whole, "patient", {"a", "unknown"})
    assert set(view.items) == {"e"}
    assert not sees_all(view, whole, {"a": True, "e": "x"})
    assert sees_all(view, whole, {"e": "x"})


def test_limits_read_in_english():
    limits = Roles(see=frozenset({"doctor", "clinician"}), edit=frozenset({"doctor"}), require=frozenset())
    assert in_words(limits) == [
        "Only doctors and other clinicians may see this",
        "Only doctors may change this",
        "Nobody has to answer this",
    ]
