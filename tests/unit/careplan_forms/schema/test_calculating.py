"""Calculated values in a form: worked out in order, over entries, never taken from outside, and said in words."""

import datetime
import random

import pytest

from careplan_forms.schema.calculating import compile_calculation
from careplan_forms.schema.diff import diff_documents
from careplan_forms.schema.english_calculations import calculation_in_words
from careplan_forms.schema.model import read, walk
from careplan_forms.schema.oracle import oracle_result
from careplan_forms.schema.rules import RuleError
from careplan_forms.schema.uses import uses
from tests.unit.careplan_forms.schema.documents import coded, document, form, item, option, posted, shown_if
from tests.unit.careplan_forms.schema.evaluators import by_browser, by_server

TODAY = datetime.date(2026, 6, 15)
SCORED = [option("none", score=0), option("some", score=1.5), option("worst", score=3)]


def number(text, unit=""):
    return {"value": text, "unit": unit}


def worked_out(uid, calculation, **more):
    return item(uid, "calculated", calculation=calculation, **more)


@pytest.fixture
def scale():
    return form(
        item("pain", "choice", options=SCORED),
        item("nausea", "choice", options=SCORED),
        worked_out("total", {"sum": [{"score": "pain"}, {"score": "nausea"}]}, unit="points"),
        worked_out(
            "band", {"lookup": {"item": "total"}, "table": [{"from": 3, "result": "High"}], "else": {"value": "Low"}}
        ),
        item("why", show_if=shown_if("band", "High")),
    )


def test_values_are_worked_out_in_the_order_they_need_each_other(scale):
    answers = scale.calculated({"pain": coded("worst"), "nausea": coded("some")}, TODAY)
    assert answers["total"] == number("4.5", "points")
    assert answers["band"] == "High"
    assert "why" in scale.visible(answers)
    assert "why" not in scale.visible(scale.calculated({"pain": coded("none")}, TODAY))


def test_a_value_brought_along_is_never_kept(scale):
    assert scale.calculated({"total": number("99", "points"), "band": "High"}, TODAY) == {}
    answers, problems = scale.parse_section("s", posted(total="99", band="High", pain="worst"), {})
    assert problems == [] and not {"total", "band"} & answers.keys()


def test_the_plain_form_too_takes_no_calculated_value():
    items = [item("n", "number"), worked_out("z", {"item": "n"})]
    data = posted(n="5", z="7")
    assert oracle_result(items, data)[0] == {"n": number("5")}
    assert form(*items).parse_section("s", data)[0] == {"n": number("5")}


def test_a_hidden_source_is_missing_and_its_answer_stays_where_it_is():
    made = form(
        item("a", "yes_no"),
        item("n", "number", show_if=shown_if("a", True)),
        worked_out("z", {"item": "n"}),
        worked_out("y", {"coalesce": [{"item": "z"}, {"value": 0}]}),
    )
    answers = made.calculated({"a": False, "n": number("5")}, TODAY)
    assert answers == {"a": False, "n": number("5"), "y": number("0")}
    assert made.complete(answers) == {"a": False, "y": number("0")}


def test_a_hidden_calculation_comes_to_nothing():
    made = form(
        item("a", "yes_no"),
        item("g", "group", show_if=shown_if("a", True), items=[worked_out("z", {"value": 1})]),
        worked_out("y", {"count": [{"item": "z"}]}),
    )
    assert made.calculated({"a": False}, TODAY) == {"a": False, "y": number("0")}
    assert made.calculated({"a": True}, TODAY) == {"a": True, "z": number("1"), "y": number("1")}


def test_each_entry_of_a_repeat_has_its_own_value_and_the_form_sees_them_all():
    made = form(
        item(
            "dose",
            "repeat",
            items=[
                item("mg", "number"),
                item("often", "number"),
                item("stopped", "yes_no"),
                worked_out(
                    "day", {"multiply": [{"item": "mg"}, {"item": "often"}]}, show_if={"not": shown_if("stopped", True)}
                ),
            ],
        ),
        worked_out("all", {"sum": [{"item": "day"}]}),
    )
    entries = [
        {"id": "1", "mg": number("2.5"), "often": number("4"), "day": number("999")},
        {"id": "2", "mg": number("5"), "often": number("2"), "stopped": True},
        {"id": "3", "mg": number("1"), "often": number("1")},
        {"id": "4"},
    ]
    given = {"dose": entries}
    answers = made.calculated(given, TODAY)
    assert [entry.get("day") for entry in answers["dose"]] == [number("10"), None, number("1"), None]
    assert answers["all"] == number("11")
    assert given["dose"][0]["day"] == number("999"), "the answers that came in are left alone"


def test_an_age_follows_the_clock():
    made = form(
        item("born", "date", precision=["D", "M", "Y"]), worked_out("age", {"age": {"item": "born"}}, unit="years")
    )
    for today, years in ((datetime.date(2026, 2, 28), "21"), (datetime.date(2026, 3, 1), "22")):
        assert made.calculated({"born": "2004-02-29"}, today)["age"] == number(years, "years")


def test_values_are_rounded_as_their_item_says():
    made = form(item("n", "number"), worked_out("z", {"item": "n"}, decimals=1))
    assert made.calculated({"n": number("2.25")}, TODAY)["z"] == number("2.3")


def test_calculations_in_a_circle_and_malformed_ones_come_to_nothing():
    made = form(worked_out("a", {"item": "b"}), worked_out("b", {"item": "a"}), worked_out("c", {"eval": "1"}))
    assert made.calculated({"a": number("1")}, TODAY) == {}


def test_a_value_is_drawn_without_a_control_and_read_in_words(scale):
    answers = scale.calculated({"pain": coded("worst")}, TODAY)
    html = str(scale.render_section("s", answers))
    assert ">3 points</output>" in html and 'name="q-total"' not in html
    assert {row.uid: row.text for row in scale.rows(answers)}["total"] == "3 points"
    assert "Not worked out yet</output>" in str(scale.render_section("s", {}))


def test_what_approval_needs_of_a_value_is_asked_of_its_sources():
    made = form(item("n", "number"), worked_out("z", {"item": "n"}, required="publish", label="Total"))
    problems = made.validate({}, stage="publish")
    assert [each.message for each in problems] == ["Answer the questions from which “Total” is worked out"]
    assert made.validate(made.calculated({"n": number("0")}, TODAY), stage="publish") == []


@pytest.mark.parametrize(
    "calculation",
    [
        5,
        {},
        {"item": ""},
        {"item": "a", "value": 1},
        {"sum": []},
        {"sum": {"item": "a"}},
        {"add": [{"value": 1}]},
        {"subtract": [{"value": 1}] * 3},
        {"divide": [{"value": 1}, {"value": 1}]},
        {"divide": [{"value": 1}, {"value": 1}], "scale": True},
        {"divide": [{"value": 1}, {"value": 1}], "scale": 11},
        {"if": {}, "then": {"value": 1}},
        {"if": {"item": "a", "op": "~"}, "then": {"value": 1}},
        {"if": {"item": "a", "op": "exists", "value": True}},
        {"value": None},
        {"value": ["a"]},
        {"lookup": {"item": "a"}, "table": [{"result": 1}]},
        {"lookup": {"item": "a"}, "table": [{"from": "x", "result": 1}]},
        {"lookup": {"item": "a"}, "table": [{"is": "x"}]},
        {"concat": [{"item": "a"}], "separator": 1},
        {"eval": "1 + 1"},
    ],
)
def test_a_malformed_calculation_is_refused_with_a_sentence(calculation):
    with pytest.raises(RuleError) as refusal:
        compile_calculation(calculation)
    assert str(refusal.value).endswith(".")


def test_a_calculation_nested_without_end_is_refused():
    calculation = {"item": "a"}
    for _ in range(500):
        calculation = {"coalesce": [calculation]}
    with pytest.raises(RuleError, match="nested"):
        compile_calculation(calculation)


WORDS = document(
    item("a", "number", label="Dose"),
    item("b", "number", label="Times"),
    item("d", "date", label="Born"),
    item("c", "choice", options=SCORED, label="Pain"),
)
A, B = {"item": "a"}, {"item": "b"}


@pytest.mark.parametrize(
    ("calculation", "words"),
    [
        ({"sum": [A, B]}, "the sum of “Dose”, “Times”"),
        ({"count": [A]}, "the number of answers to “Dose”"),
        ({"multiply": [A, {"add": [B, {"value": 1}]}]}, "“Dose” × (“Times” + 1)"),
        ({"divide": [A, B], "scale": 1}, "(“Dose” ÷ “Times”) rounded to 1 decimal place"),
        ({"divide": [A, B], "scale": 0}, "(“Dose” ÷ “Times”) rounded to a whole number"),
        ({"age": {"item": "d"}}, "the whole years from “Born” to today"),
        ({"days_between": [{"item": "d"}, {"today": True}]}, "the days from “Born” to today"),
        ({"score": "c"}, "the score of “Pain”"),
        ({"coalesce": [A, {"value": 0}]}, "the first there is of “Dose”, 0"),
        (
            {"if": shown_if("c", "worst"), "then": {"value": "High"}},
            "“High” if “Pain” is “WORST”, otherwise nothing",
        ),
        (
            {
                "lookup": A,
                "table": [
                    {"to": 4, "result": "Low"},
                    {"from": 5, "to": 9, "result": "Mid"},
                    {"is": 10, "result": True},
                ],
                "else": {"value": 0},
            },
            "by “Dose”: “Low” for 4 or less; “Mid” for 5 to 9; yes for 10; otherwise 0",
        ),
        (
            {"concat": [A, {"item": "gone"}]},
            "“Dose”, a question that is not in this form (gone), written one after the other",
        ),
        ({"eval": "x"}, "(a calculation that cannot be read)"),
    ],
)
def test_calculations_read_as_plain_english(calculation, words):
    items = {each.uid: each for section in read(WORDS).sections for each in walk(section.items)}
    assert calculation_in_words(calculation, items) == words


def test_the_places_that_look_at_a_question_are_listed_in_words():
    made = document(
        item("a", "yes_no"),
        item("b", show_if=shown_if("a", True)),
        item(
            "c", required_if=shown_if("a", False), warnings=[{"uid": "w", "rule": shown_if("a", True), "text": "Mind."}]
        ),
        worked_out("z", {"if": shown_if("a", True), "then": {"value": 1}}),
    )
    assert uses(made, "a") == [
        "Section: “B” is shown if “A” is yes.",
        "Section: “C” is needed for approval if “A” is no.",
        "Section: “C” warns “Mind.” if “A” is yes.",
        "Section: “Z” is worked out as 1 if “A” is yes, otherwise nothing.",
    ]
    assert uses(made, "b") == []


def test_changes_of_rules_and_calculations_are_told_in_words():
    old = document(
        item("a", "yes_no"), item("b"), worked_out("z", {"count": [{"item": "a"}]}), item("c", "choice", options=SCORED)
    )
    new = document(
        item("a", "yes_no"),
        item(
            "b",
            required_if=shown_if("a", True),
            recommended=True,
            warnings=[{"uid": "w", "rule": shown_if("a", False), "text": "Mind."}],
        ),
        worked_out("z", {"count": [{"item": "a"}, {"item": "b"}]}),
        item("c", "choice", options=[option("none", score=2), *SCORED[1:]]),
    )
    assert [change.sentence for change in diff_documents(old, new)] == [
        "“B”: need by condition changed from nothing to “A” is yes.",
        "“B”: recommendation changed from not recommended to recommended.",
        "“B”: warnings changed from nothing to warns “Mind.” if “A” is no.",
        "“Z”: calculation changed from worked out as the number of answers to “A” "
        "to worked out as the number of answers to “A”, “B”.",
        "“C”: option changed from NONE (none, score 0) to NONE (none, score 2).",
    ]


def test_server_and_browser_agree_on_generated_rules_and_calculations():
    """Two thousand trees over awkward answers, from a fixed seed; both evaluators must say the same of each."""
    chance = random.Random(20260615)
    vectors = [{"name": str(number), "answers": _answers(chance)} | _asked(chance) for number in range(2000)]
    for vector, found in zip(vectors, by_browser(vectors), strict=True):
        assert found == by_server(vector), vector


_VALUES = [
    *(
        number("0"),
        number("-0.5"),
        number("2.25"),
        number("999999999999999"),
        number("0.0000000001"),
        number("3", "mg"),
    ),
    *(True, False, "x", "", "2024-02-29", "2026-06", "1950", {"absent": "not-known", "reason": ""}, None),
    *({"code": "a", "system": "", "display": "A", "text": "more"}, [{"code": "a"}, {"code": "b"}], []),
    [{"id": "1", "n": number("1.5"), "t": "x"}, {"id": "2", "n": number("2.5")}, {"id": "3"}],
]
_UIDS = ["a", "b", "c", "d", "n", "t"]


def _answers(chance):
    return {uid: chance.choice(_VALUES) for uid in chance.sample(_UIDS[:4], 3)}


def _asked(chance):
    if chance.random() < 0.4:
        return {"rule": _rule(chance, 3)}
    scores = {"scores": {"a": [["a", "", "1.5"], ["b", "", "0"]]}}
    more = {"decimals": chance.choice([None, 0, 2, 12]), "unit": chance.choice(["", "mg"])}
    return {"calculation": _calculation(chance, 4)} | scores | more


def _rule(chance, depth):
    kind = chance.choice(["item", "all", "any", "not"]) if depth else "item"
    if kind == "not":
        return {"not": _rule(chance, depth - 1)}
    if kind != "item":
        return {kind: [_rule(chance, depth - 1) for _ in range(chance.randrange(4))]}
    operator = chance.choice(["=", "!=", "<", "<=", ">", ">=", "exists", "in"])
    value = chance.choice([0, -0.5, 2.25, "2.25", "2026-06-15", "2026", {"value": "3", "unit": "mg"}])
    if operator in ("=", "!=", "in"):
        value = chance.choice([value, "x", True, False, {"code": "a"}, {"absent": "not-known"}])
    value = [value, "x"] if operator == "in" else chance.random() < 0.5 if operator == "exists" else value
    return {"item": chance.choice(_UIDS), "op": operator, "value": value}


def _calculation(chance, depth):
    def inner():
        return _calculation(chance, depth - 1)

    kinds = ["item", "value", "score", "today"]
    if depth:
        kinds += [
            "sum",
            "count",
            "min",
            "max",
            "add",
            "subtract",
            "multiply",
            "divide",
            "if",
            "coalesce",
            "age",
            "days_between",
            "lookup",
            "concat",
        ]
    kind = chance.choice(kinds)
    if kind in ("item", "score"):
        return {kind: chance.choice(_UIDS)}
    if kind == "value":
        return {"value": chance.choice([0, 1, -2.5, 10, "x", "2024-02-29", True])}
    if kind == "today":
        return {"today": True}
    if kind == "if":
        return (
            {"if": _rule(chance, 1) | {}, "then": inner(), "else": chance.choice([None, inner()])}
            if depth
            else {"value": 1}
        )
    if kind == "age":
        return {"age": inner(), "on": chance.choice([None, inner()])}
    if kind == "lookup":
        rows = [
            {"is": "A", "result": 1},
            {"to": 1, "result": "low"},
            {"from": 2, "to": 5.5, "result": True},
            {"is": 10, "result": 0},
        ]
        return {"lookup": inner(), "table": rows, "else": chance.choice([None, inner()])}
    parts = [inner() for _ in range(2 if kind in ("subtract", "divide", "days_between") else chance.randint(2, 3))]
    return {kind: parts} | ({"scale": chance.choice([0, 1, 10])} if kind == "divide" else {})
