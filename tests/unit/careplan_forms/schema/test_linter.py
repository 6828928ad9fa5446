"""Each fault of a document is found by name; sound documents have none."""

import pytest

from careplan_forms.schema.findings import CODES
from careplan_forms.schema.linter import errors, lint
from tests.unit.careplan_forms.schema.documents import document, item, shown_if
from tests.unit.careplan_forms.schema.faulty_documents import (
    CASES,
    RULE_ON_X,
    TODAY,
    N,
    X,
    choice,
    scored,
    warning,
    worked_out,
)


def codes(found):
    return {finding.code for finding in found}


@pytest.mark.parametrize(("code", "faulty"), CASES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(CASES)])
def test_each_fault_is_found_by_name_with_the_way_to_mend_it(code, faulty):
    found = [finding for finding in lint(faulty, TODAY) if finding.code == code]
    assert found
    assert found[0].severity == CODES[code][0]
    assert found[0].message.endswith(".") and found[0].how_to_mend.endswith(".")


def test_a_circle_is_told_as_a_chain():
    looped = document(
        item("a", show_if=shown_if("b", "1")), item("b", show_if=shown_if("z", 1)), worked_out({"item": "a"})
    )
    found = [each for each in lint(looped) if each.code == "rule-loop"]
    assert found[0].message == (
        "“A” depends on itself: “A” depends on “B”, which depends on “Z”, which depends on “A”."
    )


def test_a_finding_says_which_of_the_rules_it_is_about():
    found = lint(document(item("a", required_if=shown_if("gone", 1), warnings=[warning(shown_if("gone", 1))])))
    assert {each.message for each in found if each.code == "rule-dangling"} == {
        "The condition of “A” (when it is needed) asks about a question that is not in the form.",
        "The condition of “A” (when it warns) asks about a question that is not in the form.",
    }


def test_a_condition_that_is_not_run_is_mended_by_any_other():
    kept = {"not_run": {"reason": "it uses xor", "show_if": None}}
    mended = document(item("a", residue=kept, show_if={"all": []}))
    assert "condition-not-run" not in codes(lint(mended))


def test_every_code_has_a_case():
    assert {code for code, _ in CASES} == set(CODES)


@pytest.mark.parametrize(
    "sound",
    [
        document(choice(), item("b", show_if=RULE_ON_X)),
        document(choice(roles={"see": ["doctor"]}), item("b", show_if=RULE_ON_X, roles={"see": ["doctor"]})),
        document(item("a", roles={"edit": ["doctor"], "require": ["doctor"]})),
        document(choice(absent=["not-known"]), item("b", show_if=shown_if("a", {"absent": "not-known"}))),
        document(item("a", "choices", options=X), item("b", show_if={"all": [RULE_ON_X, shown_if("a", "y")]})),
        document(item("a", "number", min=1, max=1), item("b", show_if=shown_if("a", 1, ">="))),
        document(scored(), worked_out({"sum": [{"score": "a"}]}), item("b", show_if=shown_if("z", 1, ">="))),
        document(scored(), scored("b", kind="choices"), worked_out({"add": [{"score": "a"}, {"score": "b"}]})),
        document(choice(), item("b", required_if=RULE_ON_X, warnings=[warning(shown_if("b", True, "exists"))])),
        document(item("r", "repeat", items=[N, worked_out({"add": [{"item": "n"}, {"value": 1}]})])),
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
    found = next(finding for finding in lint(faulty, TODAY) if finding.code == "type-unknown")
    assert (found.path, found.section, found.uid) == ("/sections/0/items/0/items/1/type", "s", "b")


def test_errors_come_first_and_alone_when_asked_for():
    faulty = document(item("a", requird=1), item("a"))
    severities = [finding.severity for finding in lint(faulty)]
    assert severities == sorted(severities) and set(severities) == {"error", "warning"}
    assert {finding.severity for finding in errors(faulty)} == {"error"}
