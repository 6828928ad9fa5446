"""Rules as the rows of the editor hold them: the page's own script, run under Node."""

import json
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings

import careplan_forms
from careplan_forms import seeds
from careplan_forms.block_rules import RuleBlock, heard, said
from careplan_forms.schema.document import normalise
from scripts.build_assets import node_home
from tests.unit.careplan_forms.designer.test_block_items import CALCULATIONS, RULES

SCRIPT = Path(careplan_forms.__file__).parent / "static" / "careplan_forms" / "designer_rules.js"
RUNNER = """
require(process.argv[1]);
const R = ForewordRules;
const through = ({ rule, calculation }) => {
  const read = calculation === undefined ? R.readRule(rule) : R.readCalculation(calculation);
  if (!read) return "too rich";
  return calculation === undefined ? R.writeRule(read) : R.writeCalculation(read);
};
const vectors = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(vectors.map(through)));
"""
ROW = {"item": "u1", "op": "=", "value": True}
OTHER = {"item": "u2", "op": "in", "value": ["a", {"absent": "declined"}]}


def through_rows(vectors):
    """What each rule or calculation is after its rows were read and written; "too rich" when rows cannot say it."""
    node = str(node_home() / "bin" / "node")
    done = subprocess.run(
        [node, "-e", RUNNER, str(SCRIPT)], input=json.dumps(vectors), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_rows_with_one_level_of_groups_say_exactly_the_same():
    rules = [
        *(None, ROW, {"not": ROW}, {"all": [ROW]}, {"any": [ROW, OTHER]}, {"all": [ROW, OTHER]}),
        *({"not": {"all": [ROW, OTHER]}}, {"not": {"any": [ROW, OTHER]}}),
        *({"all": [{"any": [ROW, OTHER]}, ROW]}, {"any": [{"not": ROW}, {"not": {"any": [ROW, OTHER]}}]}),
    ]
    assert through_rows([{"rule": rule} for rule in rules]) == rules


def test_what_is_deeper_or_odd_is_not_turned_into_rows():
    deep = {"all": [{"any": [{"all": [ROW, OTHER]}, ROW]}, OTHER]}
    odd = [deep, {"not": {"not": ROW}}, {"any": []}, {}, "words", ROW | {"more": 1}, {"all": [ROW], "any": [ROW]}]
    assert through_rows([{"rule": rule} for rule in odd]) == ["too rich"] * len(odd)


def test_each_calculation_of_the_list_has_rows():
    parts = [{"item": "a"}, {"score": "b"}]
    listed = ["sum", "count", "min", "max", "coalesce", "add", "multiply", "subtract", "days_between"]
    calculations = [
        *({kind: parts} for kind in listed),
        *({"divide": parts, "scale": 2}, {"concat": parts, "separator": " "}, {"age": {"item": "born"}}),
        *({"age": {"item": "born"}, "on": {"today": True}}, {"score": "b"}, {"item": "a"}, None),
        {"if": {"all": [ROW, OTHER]}, "then": {"value": 1}, "else": {"value": 0}},
        {"lookup": {"item": "a"}, "table": [{"from": 0, "to": 4, "result": "Low"}], "else": {"value": "High"}},
    ]
    assert through_rows([{"calculation": each} for each in calculations]) == calculations
    nested = {"sum": [{"max": parts}]}
    assert through_rows([{"calculation": nested}]) == ["too rich"]


def test_rows_hold_every_rule_of_the_seeded_form():
    found = []

    def gather(items):
        for item in items:
            found.extend({"rule": item[part]} for part in ("show_if", "required_if"))
            found.extend({"rule": each["rule"]} for each in item["warnings"])
            found.append({"calculation": item["calculation"]})
            gather(item["items"])

    for section in normalise(seeds.form("urgent-care-plan"))["sections"]:
        gather(section["items"])
    assert len(found) > 100
    assert through_rows(found) == [next(iter(each.values())) for each in found]


def test_whatever_rows_hold_comes_back_exactly():
    drawn = []

    @settings(max_examples=200)
    @given(RULES, CALCULATIONS)
    def draw(rule, calculation):
        drawn.append((rule, calculation))

    draw()
    vectors = [{"rule": rule} for rule, _ in drawn] + [{"calculation": each} for _, each in drawn]
    back = through_rows(vectors)
    for vector, came in zip(vectors, back, strict=True):
        assert came in ("too rich", next(iter(vector.values())))
    assert sum(came != "too rich" for came in back) > len(back) / 4


@pytest.mark.parametrize("text", ["{", "[" * 15_000, "x" * 30_000, "undefined"])
def test_what_nobody_can_read_is_refused_at_its_field(text):
    with pytest.raises(ValidationError):
        RuleBlock("show_if", required=False).clean(text)


def test_what_says_nothing_is_stored_as_nothing():
    block = RuleBlock("warnings", required=False)
    assert block.clean("[]") == "" and heard("warnings", "") == [] and heard("show_if", "") is None
    assert said("show_if", None) == "" and heard("show_if", said("show_if", {})) == {}
    assert heard("show_if", "{") == {"unreadable": "{"}
