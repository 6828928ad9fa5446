import pytest

from careplan_forms.schema.english import to_english
from careplan_forms.schema.rules import RuleError, evaluate, references

DOCUMENT = {
    "sections": [
        {
            "key": "a",
            "title": "A",
            "items": [
                {
                    "uid": "cpr",
                    "type": "choice",
                    "label": "CPR decision",
                    "options": [
                        {"code": "1", "display": "Attempt CPR"},
                        {"code": "2", "display": "Modified CPR"},
                    ],
                },
                {"uid": "seen", "type": "yes_no", "label": "Document seen"},
                {"uid": "dose", "type": "number", "label": "Dose", "unit": "mg"},
                {"uid": "on", "type": "date", "label": "Decided on"},
            ],
        }
    ]
}


@pytest.mark.parametrize(
    "rule",
    [
        "cpr = 1",
        ["cpr"],
        {"item": "a"},
        {"item": "a", "op": "~", "value": 1},
        {"item": "", "op": "=", "value": 1},
        {"item": "a", "op": "exists", "value": "yes"},
        {"item": "a", "op": "in", "value": "x"},
        {"item": "a", "op": "<", "value": "soon"},
        {"item": "a", "op": "<", "value": True},
        {"item": "a", "op": "=", "value": None},
        {"item": "a", "op": "=", "value": {}},
        {"all": {"item": "a"}},
        {"all": [], "any": []},
        {"not": None},
        {"any": [{}]},
    ],
)
def test_a_malformed_rule_is_refused_with_a_sentence(rule):
    with pytest.raises(RuleError) as refusal:
        evaluate(rule, {})
    assert str(refusal.value).endswith(".")


def test_a_rule_nested_without_end_is_refused():
    rule = {"item": "a", "op": "exists", "value": True}
    for _ in range(500):
        rule = {"not": rule}
    with pytest.raises(RuleError, match="nested"):
        evaluate(rule, {})
    assert references(rule) == []


def test_references_lists_each_question_once_even_in_broken_rules():
    rule = {"all": [{"item": "a", "op": "?"}, {"any": [{"item": "b"}, {"item": "a"}, 7]}, {"not": {"item": "c"}}]}
    assert references(rule) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (None, "always"),
        ({"item": "cpr", "op": "=", "value": "2"}, "“CPR decision” is “Modified CPR”"),
        (
            {"item": "cpr", "op": "in", "value": ["1", "2"]},
            "“CPR decision” is one of “Attempt CPR”, “Modified CPR”",
        ),
        ({"item": "seen", "op": "=", "value": True}, "“Document seen” is yes"),
        ({"item": "dose", "op": ">", "value": 2.5}, "“Dose” is more than 2.5 mg"),
        ({"item": "on", "op": "<", "value": "2026-03-12"}, "“Decided on” is before 12-Mar-2026"),
        ({"item": "on", "op": "exists", "value": False}, "“Decided on” is not answered"),
        ({"item": "cpr", "op": "=", "value": {"absent": "not-known"}}, "“CPR decision” is “Not known”"),
        (
            {
                "all": [
                    {"item": "seen", "op": "exists", "value": True},
                    {"any": [{"item": "cpr", "op": "=", "value": "1"}, {"item": "dose", "op": "=", "value": 0}]},
                ]
            },
            "“Document seen” is answered and (“CPR decision” is “Attempt CPR” or “Dose” is 0 mg)",
        ),
        (
            {"not": {"item": "seen", "op": "=", "value": False}},
            "it is not so that “Document seen” is no",
        ),
        (
            {"item": "gone", "op": "=", "value": "x"},
            "a question that is not in this form (gone) is x",
        ),
        ("nonsense", "(a rule that cannot be read)"),
    ],
)
def test_rules_read_as_plain_english(rule, words):
    assert to_english(rule, DOCUMENT) == words
