import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.diff import diff_documents
from careplan_forms.schema.document import DocumentError, sha256_of
from careplan_forms.schema.findings import CODES
from careplan_forms.schema.linter import errors, lint
from careplan_forms.schema.verhoeff import is_snomed_id
from tests.unit.careplan_forms.schema.documents import document, item, option, shown_if
from tests.unit.careplan_forms.schema.test_document import json_values

SCT = "http://snomed.info/sct"
X = [option("x"), option("y")]
RULE_ON_X = shown_if("a", "x")


def choice(uid="a", **more):
    return item(uid, "choice", options=more.pop("options", X), **more)


def deep(levels):
    inner = item("q")
    for level in range(levels):
        inner = item(f"g{level}", "group", items=[inner])
    return inner


CASES = [
    ("document-unreadable", []),
    ("document-unreadable", {"schema_version": 7}),
    ("document-untitled", {"title": " ", "sections": []}),
    ("document-empty", {"title": "F"}),
    ("shape-wrong", {"title": "F", "sections": {"a": 1}}),
    ("shape-wrong", {"title": "F", "sections": ["s"]}),
    ("shape-wrong", document("not an item")),
    ("shape-wrong", document(item("a", label=["x"]))),
    ("shape-wrong", document(item("a", slot_values=[]))),
    ("shape-wrong", document(item("a"), value_sets=[])),
    ("shape-wrong", document(choice(options=["x"]))),
    ("key-unknown", document(item("a", requird="publish"))),
    ("section-key-missing", {"title": "F", "sections": [{"title": "S", "items": [item("a")]}]}),
    ("section-key-duplicate", {"title": "F", "sections": [{"key": "s", "title": "S"}, {"key": "s", "title": "T"}]}),
    ("section-untitled", {"title": "F", "sections": [{"key": "s", "items": [item("a")]}]}),
    ("section-empty", document()),
    ("section-too-long", document(*(item(f"i{n}") for n in range(41)))),
    ("uid-missing", document({"type": "text", "label": "A"})),
    ("uid-duplicate", document(item("a"), item("g", "group", items=[item("a")]))),
    ("link-id-duplicate", document(item("a", link_id="1"), item("b", link_id="1"))),
    ("type-unknown", document(item("a", "teleport"))),
    ("label-empty", document(item("a", label=" "))),
    ("nested-too-deep", document(deep(7))),
    ("items-ignored", document(item("a", items=[item("b")]))),
    ("group-empty", document(item("a", "group"))),
    ("choice-without-options", document(item("a", "choices"))),
    ("choice-without-options", document(item("a", "choice", value_set="v"), value_sets={"v": {"options": []}})),
    ("options-all-retired", document(choice(options=[option("x", status="retired")]))),
    ("option-duplicate", document(choice(options=[option("x"), option("x")]))),
    ("option-duplicate", document(choice(options=[option("x", id="1"), option("y", id="1")]))),
    ("option-display-duplicate", document(choice(options=[option("x"), option("y", display="X")]))),
    ("option-without-code", document(choice(options=[{"display": "X"}]))),
    ("option-without-display", document(choice(options=[{"code": "x"}]))),
    (
        "option-replacement-unknown",
        document(choice(options=[option("x", status="retired", replaced_by="z"), option("y")])),
    ),
    ("value-set-unknown", document(item("a", "choice", value_set="v"))),
    ("value-set-unused", document(item("a"), value_sets={"v": {"options": X}})),
    ("snomed-check-digit", document(choice(options=[option("450476009", system=SCT)]))),
    ("snomed-check-digit", document(item("a", code=[{"system": SCT, "code": "1"}]))),
    ("rule-malformed", document(item("a", show_if={"item": "b", "op": "~"}))),
    ("rule-malformed", document(item("a", show_if="always"))),
    ("rule-dangling", document(item("a", show_if=shown_if("gone", "x")))),
    ("rule-loop", document(item("a", show_if=shown_if("b", "1")), item("b", show_if=shown_if("a", "1")))),
    ("rule-loop", document(item("g", "group", show_if=shown_if("a", "1"), items=[item("a")]))),
    ("rule-later", document(item("b", show_if=RULE_ON_X), choice())),
    ("rule-unanswerable", document(item("a", "guidance"), item("b", show_if=shown_if("a", True, "exists")))),
    ("rule-mismatch", document(choice(), item("b", show_if=shown_if("a", "gone")))),
    ("rule-mismatch", document(item("a", "yes_no"), item("b", show_if=shown_if("a", "yes")))),
    ("rule-mismatch", document(item("a"), item("b", show_if=shown_if("a", 5, "<")))),
    ("rule-mismatch", document(choice(), item("b", show_if=shown_if("a", {"absent": "not-known"})))),
    ("rule-unreachable", document(item("a", show_if={"any": []}))),
    ("rule-unreachable", document(choice(), item("b", show_if={"all": [RULE_ON_X, shown_if("a", "y")]}))),
    ("rule-unreachable", document(choice(), item("b", show_if={"all": [RULE_ON_X, shown_if("a", False, "exists")]}))),
    ("rule-unreachable", document(choice(), item("b", show_if=shown_if("a", [], "in")))),
    (
        "rule-unreachable",
        document(choice(), item("g", "group", show_if=RULE_ON_X, items=[item("b", show_if=shown_if("a", "y"))])),
    ),
    ("limits-crossed", document(item("a", "number", min=5, max="4.9"))),
    ("limits-crossed", document(item("a", "date", min="2026", max="2025-12"))),
    ("limits-crossed", document(item("a", "repeat", min_items=3, max_items=2, items=[item("b")]))),
    ("limit-wrong", document(item("a", "number", min="few"))),
    ("limit-wrong", document(item("a", min=3))),
    ("limit-wrong", document(item("a", max_length=0))),
    ("limit-wrong", document(item("a", "guidance", required="publish"))),
    ("required-unknown", document(item("a", required="yes"))),
    ("absent-unknown", document(item("a", absent=["not-sure"]))),
    ("precision-unknown", document(item("a", "date", precision=["W"]))),
    ("slot-unknown", document(item("a", slot="cpr"))),
    ("slot-twice", document(item("a", slot="access.location"), item("b", slot="access.location"))),
    ("slot-token-unknown", document(choice(slot="cpr.decision", slot_values={"x": "attempt", "y": "maybe"}))),
    ("slot-unmapped", document(choice(slot="cpr.decision", slot_values={"x": "attempt"}))),
    ("slot-unmapped", document(item("a", "yes_no", slot="medicines.state"))),
    ("slot-mapping-stray", document(choice(slot="cpr.decision", slot_values={"z": "attempt"}))),
    ("slot-outside-repeat", document(item("a", slot="contacts.name"))),
    ("slot-missing", document(item("a", slot="access.location"))),
    ("slot-not-required", document(item("a", slot="limits.focus"))),
    ("slot-none", document(item("a"))),
]


def codes(found):
    return {finding.code for finding in found}


@pytest.mark.parametrize(("code", "faulty"), CASES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(CASES)])
def test_each_fault_is_found_by_name_with_the_way_to_mend_it(code, faulty):
    found = [finding for finding in lint(faulty) if finding.code == code]
    assert found
    assert found[0].severity == CODES[code][0]
    assert found[0].message.endswith(".") and found[0].how_to_mend.endswith(".")


def test_every_code_has_a_case():
    assert {code for code, _ in CASES} == set(CODES)


@pytest.mark.parametrize(
    "sound",
    [
        document(choice(), item("b", show_if=RULE_ON_X)),
        document(choice(absent=["not-known"]), item("b", show_if=shown_if("a", {"absent": "not-known"}))),
        document(item("a", "choices", options=X), item("b", show_if={"all": [RULE_ON_X, shown_if("a", "y")]})),
        document(item("a", "number", min=1, max=1), item("b", show_if=shown_if("a", 1, ">="))),
        document(item("a", "date", min="2020", max="today"), item("b", show_if=shown_if("a", "2021", "<"))),
        document(choice(), item("b", show_if={"not": RULE_ON_X})),
        document(choice(), item("b", show_if={"any": [RULE_ON_X, shown_if("a", "y")]})),
        document(item("r", "repeat", items=[choice(), item("b", show_if=RULE_ON_X)])),
        document(
            item("a", "choice", value_set="v"),
            value_sets={"v": {"key": "v", "version": "1", "title": "V", "options": X}},
        ),
        document(item("g", "group", label="", items=[item("a")])),
    ],
)
def test_sound_documents_have_no_findings_but_the_missing_emergency_facts(sound):
    assert codes(lint(sound)) == {"slot-none"}


def test_findings_point_to_their_place():
    faulty = document(item("g", "group", items=[item("a"), item("b", "teleport")]))
    found = next(finding for finding in lint(faulty) if finding.code == "type-unknown")
    assert (found.path, found.section, found.uid) == ("/sections/0/items/0/items/1/type", "s", "b")


def test_errors_come_first_and_alone_when_asked_for():
    faulty = document(item("a", requird=1), item("a"))
    severities = [finding.severity for finding in lint(faulty)]
    assert severities == sorted(severities) and set(severities) == {"error", "warning"}
    assert {finding.severity for finding in errors(faulty)} == {"error"}


MUTANTS = document(
    choice(),
    item("g", "group", items=[item("n", "number", min=1)]),
    item("r", "repeat", items=[item("d", "date", show_if=RULE_ON_X)], slot="contacts"),
    value_sets={"v": {"options": X}},
)


@st.composite
def broken(draw):
    """A sound document with some parts exchanged for arbitrary JSON."""
    hurt = copy.deepcopy(MUTANTS)
    for _ in range(draw(st.integers(1, 3))):
        node = hurt
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and draw(st.booleans()):
                node = node[key]
                continue
            node[key] = draw(json_values)
            break
    return hurt


@settings(deadline=None)
@given(json_values | broken())
def test_no_shape_of_document_crashes_linting_compiling_or_comparing(hostile):
    found = lint(hostile)
    assert all(finding.message for finding in found)
    try:
        form = CompiledForm(hostile, sha256_of(hostile), "en", "clinician")
    except DocumentError:
        assert codes(found) == {"document-unreadable"}
        return
    for section in form.sections:
        form.render_section(section.key, {})
    form.validate({}, stage="publish")
    assert all(change.sentence for change in diff_documents(hostile, MUTANTS))
    assert all(change.sentence for change in diff_documents(MUTANTS, hostile))


def test_a_document_nested_without_end_is_a_finding():
    nested = json.loads('{"items":[' * 400 + "]}" * 400)
    assert lint(document(nested))
    endless: dict = {}
    for _ in range(5000):
        endless = {"items": [endless]}
    assert codes(lint(document(endless))) == {"document-unreadable"}


@pytest.mark.parametrize("code", ["450475007", "450476008", "876879006", "110481000000108", "1060941000000102"])
def test_snomed_codes_with_the_right_check_digit(code):
    assert is_snomed_id(code)
    assert not is_snomed_id(code[:-1] + str((int(code[-1]) + 1) % 10))
    assert not is_snomed_id(code[:-3] + code[-2] + code[-3] + code[-1]) or code[-2] == code[-3]


@pytest.mark.parametrize("code", ["", "12345", "0450475007", "45047500x", "٤٥٠٤٧٥٠٠٧", "1" * 19])
def test_what_is_no_snomed_identifier(code):
    assert not is_snomed_id(code)
