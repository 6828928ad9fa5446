"""FHIRPath that says no more than a rule or a calculation can becomes one; the rest is kept and stops publishing."""

from typing import Any

import pytest

from careplan_forms.schema.fhir.expressions import NotFHIRPath, parsed
from careplan_forms.schema.linter import errors
from careplan_forms.schema.rules import evaluate
from tests.unit.careplan_forms.fhir.making import SDC, coding, extension, item, line, options, question, read

ANSWER = "%resource.item.where(linkId='{}').answer.value"
YES, NUMBER, CODE = ANSWER.format("yes"), ANSWER.format("number"), ANSWER.format("code")
MANY = ANSWER.format("many")


def formula(kind: str, expression: str, language: str = "text/fhirpath") -> dict[str, Any]:
    return extension(f"{SDC}{kind}", valueExpression={"language": language, "expression": expression})


def variable(name: str, expression: str) -> dict[str, Any]:
    value = {"name": name, "language": "text/fhirpath", "expression": expression}
    return extension("http://hl7.org/fhir/StructureDefinition/variable", valueExpression=value)


def brought(expression: str, kind: str = "enableWhenExpression", asked: str = "string", **more: Any) -> Any:
    return read(
        question("yes", "boolean"),
        question("number", "decimal"),
        question("code", "choice", answerOption=options("a", "b")),
        question("many", "choice", repeats=True, answerOption=options("x", "y")),
        question("asked", asked, extension=[*more.pop("extension", []), formula(kind, expression)]),
        **more,
    )


def shown(expression: str, answers: dict[str, Any]) -> bool:
    result = brought(expression)
    named = {item(result, link_id)["uid"]: value for link_id, value in answers.items()}
    return evaluate(item(result, "asked")["show_if"], named)


A = {"code": "a", "system": "https://example.org/codes", "display": "a", "text": ""}
X = {"code": "x", "system": "https://example.org/codes", "display": "x", "text": ""}
FIVE = {"value": "5", "unit": ""}


@pytest.mark.parametrize(
    ("expression", "answers", "expected"),
    [
        (YES, {"yes": True}, True),
        (YES, {}, False),
        (f"{YES}.not()", {"yes": False}, True),
        (f"{YES}.not()", {}, False),
        (f"({YES} = true).not()", {}, False),
        (f"{YES} = true or {NUMBER} > 4", {"number": FIVE}, True),
        (f"{YES} = true and {NUMBER} > 4", {"number": FIVE}, False),
        (f"4 < {NUMBER}", {"number": FIVE}, True),
        (f"{NUMBER} <= 4", {"number": FIVE}, False),
        (f"{CODE}.code = 'a'", {"code": A}, True),
        (f"{CODE}.code != 'a'", {"code": A}, False),
        (f"{CODE}.code != 'a'", {}, False),
        (f"({CODE}.code ~ 'a').not()", {}, True),
        (f"{CODE}.code in ('a' | 'b')", {"code": A}, True),
        (f"{CODE}.exists()", {"code": A}, True),
        (f"{CODE}.empty()", {}, True),
        (f"{CODE}.count() > 0", {}, False),
        (f"{MANY}.code contains 'x'", {"many": [X]}, True),
        (f"{MANY}.where(code = 'y').exists()", {"many": [X]}, False),
        (f"{MANY}.where(code = 'y').exists().not()", {}, True),
        (f"{YES} implies {NUMBER} > 4", {"yes": False}, True),
        ("%resource.descendants().where(linkId = 'yes').answer.value", {"yes": True}, True),
        ("%resource.repeat(item).where('yes' = linkId).answer.first().value", {"yes": True}, True),
    ],
)
def test_a_formula_decides_as_fhirpath_would(expression, answers, expected):
    assert shown(expression, answers) is expected


def test_a_variable_is_followed():
    result = brought("%said = true", extension=[variable("said", YES)])

    assert item(result, "asked")["show_if"] == {"item": item(result, "yes")["uid"], "op": "=", "value": True}


@pytest.mark.parametrize(
    "expression",
    [
        f"{MANY}.code = 'x'",
        f"{YES} xor {YES}",
        "%patient.active",
        f"{CODE}.code.matches('a')",
        f"{NUMBER} = {NUMBER}",
        f"{YES} = ",
        f"{YES} {YES}",
        "%a",
        f"{NUMBER} = 'five'",
        f"{CODE}.code = 'unknown'",
        "(" * 100 + YES + ")" * 100,
        "'" * 3,
    ],
)
def test_what_says_more_is_kept_and_stops_publishing(expression):
    result = brought(expression)
    kept = item(result, "asked")

    assert "show_if" not in kept
    assert kept["residue"]["extension"][-1]["valueExpression"]["expression"] == expression
    assert line(result, "asked").outcome == "kept but not executed"
    assert "condition-not-run" in {found.code for found in errors(result.document)}


def test_another_language_is_kept_and_named():
    result = read(question("asked", extension=[formula("enableWhenExpression", "x", "text/cql")]))

    assert any("text/cql" in reason for reason in line(result, "asked").reasons)


def test_a_sum_becomes_a_calculation():
    result = brought(f"({NUMBER} + {NUMBER} * 2).round(1)", "calculatedExpression", "decimal")
    uid = item(result, "number")["uid"]
    product = {"multiply": [{"item": uid}, {"value": 2}]}

    assert item(result, "asked")["type"] == "calculated"
    assert item(result, "asked")["calculation"] == {
        "divide": [{"add": [{"item": uid}, product]}, {"value": 1}],
        "scale": 1,
    }


def test_weights_and_choices_become_a_calculation():
    weighed = {"valueCoding": coding("a") | {"extension": [extension("http://x/ordinalValue", valueDecimal=2)]}}
    result = read(
        question("code", "choice", answerOption=[weighed]),
        question("asked", "integer", extension=[formula("calculatedExpression", f"iif({YES}.empty(), 0, 1)")]),
        question("score", "integer", extension=[formula("calculatedExpression", f"{CODE}.ordinal()")]),
        question("yes", "boolean"),
    )

    assert item(result, "score")["calculation"] == {"score": item(result, "code")["uid"]}
    assert item(result, "asked")["calculation"]["else"] == {"value": 1}


def test_a_calculation_that_says_more_is_typed_and_named():
    result = brought(f"{NUMBER}.power(2)", "calculatedExpression", "decimal")

    assert item(result, "asked")["type"] == "number"
    assert line(result, "asked").outcome == "kept but not executed"


def test_what_is_known_of_the_person_is_offered():
    result = brought("%patient.name.first().family", "initialExpression")

    assert item(result, "asked")["prefill"] == "patient.family_name"


@pytest.mark.parametrize("text", ["a b", "1 +", "", " ", "'", "a" * 5000, "x.matches('y')"])
def test_only_whole_fhirpath_of_our_subset_is_parsed(text):
    with pytest.raises(NotFHIRPath):
        parsed(text)
