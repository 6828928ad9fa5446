"""Nothing anybody saved is overwritten unseen."""

from careplan_forms.merging import CURRENT, fingerprint, merge, settled, with_changes

ANN, BOB, CYD = 1, 2, 3


def draft(value, base=None, at="10:00"):
    return {"q": {"value": value, "base_sha": fingerprint(base), "at": at}}


def test_a_change_stands_over_the_approved_answer():
    merged = merge({"q": "old", "other": 1}, [(ANN, draft("new", "old"))])
    assert merged.answers == {"q": "new", "other": 1}
    assert (merged.authors, merged.clashes) == ([ANN], {})


def test_two_people_who_did_not_see_each_other_clash():
    merged = merge({"q": "old"}, [(ANN, draft("a", "old")), (BOB, draft("b", "old", "10:05"))])
    assert [(one.author, one.value) for one in merged.clashes["q"]] == [(ANN, "a"), (BOB, "b")]


def test_in_a_clash_everybody_sees_their_own_value():
    drafts = [(ANN, draft("a", "old")), (BOB, draft("b", "old", "10:05"))]
    assert merge({"q": "old"}, drafts, viewer=ANN).answers["q"] == "a"
    assert merge({"q": "old"}, drafts, viewer=CYD).answers["q"] == "b"


def test_the_same_value_twice_is_no_clash():
    assert not merge({}, [(ANN, draft("a")), (BOB, draft("a"))]).clashes


def test_who_had_seen_the_other_value_replaces_it():
    merged = merge({"q": "old"}, [(ANN, draft("a", "old")), (BOB, draft("b", "a", "10:05"))])
    assert (merged.answers["q"], merged.clashes) == ("b", {})


def test_changing_it_back_and_forth_does_not_lock_up():
    merged = merge({"q": "old"}, [(ANN, draft("a", "b", "10:10")), (BOB, draft("b", "a", "10:05"))])
    assert (merged.answers["q"], merged.clashes) == ("a", {})


def test_an_approval_underneath_is_a_clash_with_the_approved_plan():
    merged = merge({"q": "approved since"}, [(ANN, draft("a", "old"))], viewer=ANN)
    assert {one.author for one in merged.clashes["q"]} == {ANN, CURRENT}
    assert merged.answers["q"] == "a"


def test_an_approval_of_the_same_value_is_no_clash():
    merged = merge({"q": "a"}, [(ANN, draft("a", "old"))])
    assert (merged.clashes, merged.changed) == ({}, {})


def test_clearing_an_answer_is_a_change():
    merged = merge({"q": "old"}, [(ANN, draft(None, "old"))])
    assert "q" not in merged.answers
    assert merged.authors == [ANN]


def test_settling_ends_a_clash_whichever_value_is_taken():
    base = {"q": "approved since"}
    clash = merge(base, [(ANN, draft("a", "old")), (BOB, draft("b", "old"))]).clashes["q"]
    for value in ("a", "b", "approved since"):
        item = {"q": settled(value, clash, "11:00")}
        merged = merge(base, [(ANN, draft("a", "old")), (BOB, draft("b", "old")), (CYD, item)])
        assert (merged.answers["q"], merged.clashes) == (value, {})


def test_a_settled_clash_opens_again_when_somebody_who_had_not_seen_it_saves():
    base = {"q": "old"}
    clash = merge(base, [(ANN, draft("a", "old")), (BOB, draft("b", "old"))]).clashes["q"]
    drafts = [(ANN, {"q": settled("a", clash, "11:00")}), (BOB, draft("c", "b", "11:05"))]
    assert merge(base, drafts).clashes


def test_saving_a_page_keeps_only_what_was_changed_on_it():
    items, changed = with_changes(
        {},
        {"q": "new", "r": "same", "s": None},
        {
            "q": fingerprint("old"),
            "r": fingerprint("same"),
            "s": "",
        },
        "10:00",
        {},
    )
    assert changed == ["q"]
    assert items == {"q": {"value": "new", "base_sha": fingerprint("old"), "at": "10:00"}}


def test_saving_the_same_page_twice_changes_nothing():
    shown = {"q": fingerprint("old")}
    items, _ = with_changes({}, {"q": "new"}, shown, "10:00", {"q": "old"})
    again, changed = with_changes(items, {"q": "new"}, shown, "10:01", {"q": "new"})
    assert (again, changed) == (items, [])


def test_changing_ones_own_value_is_still_measured_against_what_was_first_seen():
    items, _ = with_changes({}, {"q": "a"}, {"q": fingerprint("old")}, "10:00", {})
    items, _ = with_changes(items, {"q": "b"}, {"q": fingerprint("a")}, "10:05", {})
    assert items["q"]["base_sha"] == fingerprint("old")


def test_a_page_opened_before_somebody_saved_cannot_undo_it():
    """Ann saves; Bob, whose page still shows the old value, leaves that question alone and saves his section."""
    ann, _ = with_changes({}, {"q": "a"}, {"q": fingerprint("old")}, "10:00", {})
    bob, changed = with_changes({}, {"q": "old"}, {"q": fingerprint("old")}, "10:05", {"q": "a"})
    assert changed == []
    assert merge({"q": "old"}, [(ANN, ann), (BOB, bob)]).answers["q"] == "a"


def test_fingerprints_do_not_depend_on_the_order_of_keys():
    assert fingerprint({"code": "1", "text": "é"}) == fingerprint({"text": "é", "code": "1"})
    assert fingerprint(None) == fingerprint("") == fingerprint([]) == ""
    assert fingerprint(False) and fingerprint(0)
