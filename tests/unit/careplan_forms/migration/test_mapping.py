from careplan_forms.schema.mapping import mover_between
from careplan_forms.schema.mapping_check import mapping_faults
from careplan_forms.schema.mapping_proposal import propose_mapping
from careplan_forms.schema.mapping_shape import row_of
from tests.unit.careplan_forms.schema.documents import coded, document, item, option, shown_if


def moved(old, new, answers, mapping=None):
    return mover_between(old, new, mapping).move(answers)


def codes(result):
    return [(reason.code, reason.uid) for reason in result.reasons]


def rows(old, new, *changed):
    """The mapping the documents suggest, with some rows put in the place of theirs."""
    mapping = propose_mapping(old, new)
    own = {row["uid"]: row for row in changed}
    mapping["items"] = [own.get(row["uid"], row) for row in mapping["items"]]
    assert mapping_faults(mapping, old, new) == []
    return mapping


def test_what_kept_its_identity_keeps_its_answer():
    old, new = document(item("a"), item("b", "yes_no")), document(item("b", "yes_no"), item("a", max_length=900))
    result = moved(old, new, {"a": "x", "b": False})
    assert (result.answers, result.outcome, result.reasons) == ({"a": "x", "b": False}, "carries_over", ())


def test_a_question_gone_from_the_form_loses_its_answer_only_where_there_is_one():
    old, new = document(item("a"), item("b")), document(item("a"))
    assert moved(old, new, {"a": "x"}).outcome == "carries_over"
    result = moved(old, new, {"a": "x", "b": "y"})
    assert (result.answers, result.outcome, codes(result)) == ({"a": "x"}, "loses_answer", [("dropped", "b")])
    assert result.reasons[0].sentence == "“B” is not on the new form."


def test_an_answer_hidden_before_is_named_but_makes_no_loss():
    old = document(item("a", "yes_no"), item("b", show_if=shown_if("a", True)))
    result = moved(old, document(item("a", "yes_no")), {"a": False, "b": "y"})
    assert (result.outcome, codes(result), result.reasons[0].hidden) == ("carries_over", [("dropped", "b")], True)


def test_a_new_question_that_approval_needs_wants_a_clinician():
    old, new = document(item("a")), document(item("a"), item("n", required="publish"))
    result = moved(old, new, {"a": "x"})
    assert (result.outcome, codes(result)) == ("needs_clinician", [("new_mandatory", "n")])


def test_what_was_missing_before_is_no_news():
    old = document(item("a", required="publish"), item("b"))
    assert moved(old, old | {"title": "Another"}, {"b": "x"}).outcome == "carries_over"


def test_an_answer_that_no_longer_fits_stays_in_view_and_wants_a_clinician():
    result = moved(document(item("a")), document(item("a", max_length=3)), {"a": "long"})
    assert (result.answers, result.outcome) == ({"a": "long"}, "needs_clinician")
    assert codes(result) == [("does_not_fit", "a")]


def test_everything_can_become_text():
    old = document(
        item("c", "choice", options=[option("x")]),
        item("n", "number", unit="mg"),
        item("y", "yes_no"),
        item("d", "date"),
        item("r", "repeat", items=[item("k")]),
    )
    new = document(*(item(uid, "long_text") for uid in "cnydr"))
    answers = {
        "c": coded("x"),
        "n": {"value": "3.5", "unit": "mg"},
        "y": False,
        "d": "2026-11-02",
        "r": [{"id": "1", "k": "one"}, {"id": "2", "k": "two"}],
    }
    result = moved(old, new, answers)
    assert result.answers == {
        "c": "X",
        "n": "3.5 mg",
        "y": "No",
        "d": "02-Nov-2026",
        "r": "K: one\nK: two",
    }
    assert result.outcome == "carries_over"
    assert {code for code, _ in codes(result)} == {"converted"}


def test_one_choice_and_several_become_each_other_where_they_can():
    one, many = (document(item("a", kind, options=[option("x"), option("y")])) for kind in ("choice", "choices"))
    assert moved(one, many, {"a": coded("x")}).answers == {"a": [coded("x")]}
    assert moved(many, one, {"a": [coded("y")]}).answers == {"a": coded("y")}
    result = moved(many, one, {"a": [coded("x"), coded("y")]})
    assert (result.answers, result.outcome, codes(result)) == ({}, "needs_clinician", [("does_not_fit", "a")])


def test_a_question_with_a_new_identity_is_found_by_its_name_in_exports_or_its_code_or_its_wording():
    known = {"code": [{"system": "urn:s", "code": "1", "display": ""}]}
    old = document(item("a", link_id="la"), item("b", **known), item("c"))
    new = document(item("a2", link_id="la"), item("b2", **known), item("c2", label="C"))
    result = moved(old, new, {"a": "1", "b": "2", "c": "3"})
    assert result.answers == {"a2": "1", "b2": "2", "c2": "3"}
    assert result.sources == {"a2": ("a",), "b2": ("b",), "c2": ("c",)}
    assert {code for code, _ in codes(result)} == {"renamed"}


def test_a_retired_option_gives_way_to_its_replacement():
    old = document(item("a", "choice", options=[option("x"), option("y")]))
    retired = option("x", status="retired", replaced_by="z")
    new = document(item("a", "choice", options=[retired, option("y"), option("z")]))
    result = moved(old, new, {"a": coded("x", "why")})
    assert result.answers == {"a": coded("z", "why")}
    assert (result.outcome, codes(result)) == ("carries_over", [("option_replaced", "a")])
    assert moved(old, new, {"a": coded("y")}).reasons == ()


def test_an_option_that_is_gone_without_a_successor_wants_a_clinician_and_left_out_by_hand_it_is_lost():
    old = document(item("a", "choice", options=[option("x"), option("y")]))
    new = document(item("a", "choice", options=[option("y")]))
    result = moved(old, new, {"a": coded("x")})
    assert (result.outcome, codes(result)) == ("needs_clinician", [("does_not_fit", "a")])
    left_out = row_of("a", "keep", ["a"]) | {"options": [{"from": {"code": "x", "system": "urn:test"}, "to": None}]}
    result = moved(old, new, {"a": coded("x")}, rows(old, new, left_out))
    assert (result.answers, result.outcome, codes(result)) == ({}, "loses_answer", [("option_dropped", "a")])


def test_two_options_with_one_successor_are_chosen_once():
    gone = [option(code, status="retired", replaced_by="z") for code in "xy"]
    old = document(item("a", "choices", options=[option("x"), option("y")]))
    new = document(item("a", "choices", options=[*gone, option("z")]))
    assert moved(old, new, {"a": [coded("x"), coded("y")]}).answers == {"a": [coded("z")]}


def test_a_question_divided_puts_its_answer_under_the_first_and_asks_a_clinician():
    old, new = document(item("a")), document(item("b"), item("c"))
    result = moved(old, new, {"a": "x"}, rows(old, new, row_of("a", "split", ["b", "c"])))
    assert (result.answers, result.outcome, codes(result)) == ({"b": "x"}, "needs_clinician", [("split", "a")])
    assert "“B” and “C”" in result.reasons[0].sentence


def test_questions_joined_keep_both_answers_with_their_names():
    old, new = document(item("a"), item("b", "yes_no")), document(item("t", "long_text"))
    mapping = rows(old, new, row_of("a", "merge", ["t"]), row_of("b", "merge", ["t"]))
    result = moved(old, new, {"a": "x", "b": True}, mapping)
    assert (result.answers, result.outcome) == ({"t": "A: x\nB: Yes"}, "needs_clinician")
    assert codes(result) == [("merged", "a"), ("merged", "b")]
    assert moved(old, new, {"a": "x"}, mapping).outcome == "carries_over"


def test_joining_does_not_bring_a_hidden_answer_to_light():
    old = document(item("y", "yes_no"), item("a"), item("b", show_if=shown_if("y", True)))
    new = document(item("y", "yes_no"), item("t"))
    mapping = rows(old, new, row_of("a", "merge", ["t"]), row_of("b", "merge", ["t"]))
    result = moved(old, new, {"y": False, "a": "x", "b": "hidden"}, mapping)
    assert result.answers == {"y": False, "t": "x"}
    assert ("dropped", "b") in codes(result)


def test_answers_inside_an_entry_are_moved_inside_it():
    old = document(item("r", "repeat", items=[item("k"), item("gone")]))
    new = document(item("r", "repeat", items=[item("k2", label="K"), item("n", required="publish")]))
    result = moved(old, new, {"r": [{"id": "7", "k": "x", "gone": "y"}]})
    assert result.answers == {"r": [{"id": "7", "k2": "x"}]}
    assert set(codes(result)) == {("renamed", "k"), ("dropped", "gone"), ("new_mandatory", "n")}
    assert result.outcome == "loses_answer"


def test_an_answer_hidden_by_a_new_rule_is_lost_to_readers_and_one_brought_to_light_is_to_be_read():
    asked = item("a", "yes_no")
    always, ruled = document(asked, item("b")), document(asked, item("b", show_if=shown_if("a", True)))
    hidden = moved(always, ruled, {"a": False, "b": "x"})
    assert (hidden.outcome, codes(hidden)) == ("loses_answer", [("not_shown", "b")])
    assert hidden.answers["b"] == "x"
    shown = moved(ruled, always, {"a": False, "b": "x"})
    assert (shown.outcome, codes(shown)) == ("needs_clinician", [("shown_again", "b")])


def test_a_calculated_value_is_neither_lost_nor_missing():
    rule = {"op": "count", "items": ["a"]}
    old = document(item("a"), item("sum", "calculated", calculation=rule))
    new = document(item("a"), item("other", "calculated", calculation=rule, required="publish"))
    result = moved(old, new, {"a": "x", "sum": {"value": "1", "unit": ""}})
    assert (result.outcome, codes(result)) == ("carries_over", [("not_calculated", "sum")])


def test_a_secret_is_never_proposed_for_a_place_that_everybody_reads():
    old = document(item("a", slot="access.code", label="Key safe"))
    new = document(item("b", label="Key safe"))
    mapping = propose_mapping(old, new)
    assert [row["action"] for row in mapping["items"]] == ["drop"]
    mapping["items"] = [row_of("a", "rename", ["b"])]
    assert mapping_faults(mapping, old, new) == [
        "“Key safe” holds a secret, so it cannot go to “Key safe”, which everybody reads"
    ]


OLD = document(item("a"), item("b"), item("c", "choice", options=[option("x")]), item("r", "repeat", items=[item("k")]))
NEW = document(item("a"), item("t", "date"), item("u"), item("c", "choice", options=[option("y")]), item("k"))


def faults(*changed):
    mapping = propose_mapping(OLD, NEW)
    own = {row["uid"]: row for row in changed}
    mapping["items"] = [own.pop(row["uid"], row) for row in mapping["items"]] + list(own.values())
    return mapping_faults(mapping, OLD, NEW)


def test_every_fault_of_a_mapping_is_said_in_words():
    assert faults() == []
    assert faults(row_of("b", "rename", ["t"])) == ["An answer to “B” cannot become one to “T”"]
    assert faults(row_of("b", "keep", ["b"])) == ["“B” goes to a question that the new form does not ask there"]
    assert faults(row_of("b", "rename", ["a"])) == ["Several answers go to “A”. Join them all, or send only one there"]
    assert faults(row_of("b", "split", ["u"])) == ["Choose at least two questions that “B” is divided into"]
    assert faults(row_of("b", "merge", ["u"]))[0].startswith("Only one answer is joined into “U”")
    assert faults(row_of("b", "drop", ["u"])) == ["“B” is left out, so its answer goes nowhere"]
    assert faults(row_of("a", "convert", ["a"]))[0].startswith("“A” is the same kind of question")
    assert faults(row_of("nobody", "drop", [])) == ["A row is about a question that the old form does not ask there"]
    assert faults(row_of("r", "rename", ["k"])) == ["An answer to “R” cannot become one to “K”"]
    wrong = [{"from": {"code": "q", "system": ""}, "to": {"code": "x", "system": "urn:test"}}]
    assert faults(row_of("c", "keep", ["c"]) | {"options": wrong}) == [
        "“C” has no option with the code q",
        "“C” does not offer an option with the code x",
    ]


def test_a_row_that_is_missing_or_there_twice_is_named():
    mapping = propose_mapping(OLD, NEW)
    first = mapping["items"].pop(0)
    assert mapping_faults(mapping, OLD, NEW) == ["“A” has no row"]
    assert "“A” has more than one row" in mapping_faults(
        mapping | {"items": [first, first, *mapping["items"]]}, OLD, NEW
    )


def test_what_is_no_mapping_is_refused_with_its_place():
    assert mapping_faults({"items": 3}, OLD, NEW)
    assert mapping_faults(None, OLD, NEW)
    assert mapping_faults(propose_mapping(OLD, NEW), OLD, OLD) == [
        "This mapping was made for other versions of the form"
    ]
