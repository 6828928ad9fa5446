"""Whether answers given under one form still stand under the next."""

import copy

import pytest

from careplan_forms.schema.carrying import Carrying
from careplan_forms.schema.document import normalise
from careplan_forms.schema.lint_live import against_live

YES = {"code": "yes", "system": "urn:t", "display": "Yes", "text": ""}
NO = {"code": "no", "system": "urn:t", "display": "No", "text": ""}


def question(uid, kind="text", **more):
    return {"uid": uid, "link_id": uid, "type": kind, "label": f"Question {uid}"} | more


def form(*items):
    return normalise({"key": "f", "title": "F", "sections": [{"key": "s", "title": "S", "items": list(items)}]})


def choice(*codes, **more):
    options = [{"id": code, "code": code, "system": "urn:t", "display": code.title()} for code in codes]
    return question("c", "choice", options=options, **more)


OLD = form(
    question("a"),
    choice("yes", "no"),
    question("r", "repeat", items=[question("in", label="Inside")]),
)


def changed(change):
    document = copy.deepcopy(OLD)
    change(document["sections"][0]["items"])
    return normalise(document)


@pytest.mark.parametrize(
    ("change", "answers", "outcome"),
    [
        (lambda items: items[0].update(label="Reworded"), {"a": "x", "c": YES}, "carries_over"),
        (lambda items: items.pop(0), {"c": YES}, "carries_over"),
        (lambda items: items.pop(0), {"a": "x"}, "loses_answer"),
        (lambda items: items.pop(0), {"a": ""}, "carries_over"),
        (lambda items: items[2]["items"].pop(0), {"r": [{"id": "e1", "in": "x"}]}, "loses_answer"),
        (lambda items: items[2]["items"].pop(0), {"r": [{"id": "e1"}]}, "carries_over"),
        (lambda items: items[1]["options"].pop(0), {"c": YES}, "needs_clinician"),
        (lambda items: items[1]["options"].pop(0), {"c": NO}, "carries_over"),
        (lambda items: items[1]["options"][0].update(status="retired"), {"c": YES}, "carries_over"),
        (lambda items: items[0].update(type="date", precision=["D"]), {"a": "soon"}, "needs_clinician"),
        (lambda items: items[0].update(type="date", precision=["D"]), {"c": NO}, "carries_over"),
        (lambda items: items[0].update(required="publish"), {"c": NO}, "needs_clinician"),
        (lambda items: items[0].update(required="publish"), {"a": "x"}, "carries_over"),
        (lambda items: items.append(question("new", required="publish")), {"a": "x"}, "needs_clinician"),
        (
            lambda items: items.append(
                question("new", required="publish", show_if={"item": "c", "op": "=", "value": "yes"})
            ),
            {"c": NO},
            "carries_over",
        ),
        (
            lambda items: items.append(
                question("new", required="publish", show_if={"item": "c", "op": "=", "value": "yes"})
            ),
            {"c": YES},
            "needs_clinician",
        ),
    ],
)
def test_what_becomes_of_answers(change, answers, outcome):
    assert Carrying(OLD, changed(change)).fate(answers).outcome == outcome


def test_losing_an_answer_outweighs_needing_a_clinician():
    new = changed(lambda items: (items.pop(0), items[0]["options"].pop(0)))
    fate = Carrying(OLD, new).fate({"a": "x", "c": YES})
    assert fate == ("loses_answer", ("a",), ("c",))


def test_what_was_wrong_before_is_not_the_new_forms_doing():
    old = form(question("a", required="publish"), question("b"))
    new = form(question("a", required="publish"), question("b", label="Reworded"))
    assert Carrying(old, new).fate({"b": "x"}).outcome == "carries_over"


def test_the_same_form_touches_nothing():
    same = Carrying(OLD, copy.deepcopy(OLD))
    assert not same.touches and same.fate({"a": "x"}).outcome == "carries_over"


def test_new_wording_alone_touches_nothing():
    assert not Carrying(OLD, changed(lambda items: items[0].update(label="Reworded", hint="Say more"))).touches


def test_a_change_reaches_what_is_asked_because_of_it_in_another_section():
    def two(show_if):
        hidden = question("b", required="publish", show_if={"item": "a", "op": "exists", "value": True})
        sections = [
            {"key": "one", "title": "One", "items": [choice("yes"), question("a", show_if=show_if)]},
            {"key": "two", "title": "Two", "items": [hidden]},
        ]
        return normalise({"key": "f", "title": "F", "sections": sections})

    old, new = two({"item": "c", "op": "=", "value": "yes"}), two(None)
    assert Carrying(old, new).fate({"a": "x"}) == ("needs_clinician", (), ("a", "b"))
    assert Carrying(old, new).fate({"c": YES, "a": "x", "b": "x"}).outcome == "carries_over"


SLOT = {"slot": "cpr.decision"}


def test_a_place_of_the_emergency_view_may_not_vanish():
    live = form(choice("yes", "no", **SLOT), question("b"))
    assert not list(against_live(live, live))
    (found,) = against_live(live, form(choice("yes", "no"), question("b")))
    assert (found.code, found.severity, found.section) == ("slot-removed", "error", "s")
    assert "Question c" in found.message and "Put the question back" in found.how_to_mend


def test_another_question_may_take_the_place_over():
    live = form(choice("yes", "no", **SLOT))
    assert not list(against_live(live, form(choice("yes", "no"), question("b", **SLOT))))
