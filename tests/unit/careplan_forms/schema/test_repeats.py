import pytest

from careplan_forms.schema.repeats import apply_action
from tests.unit.careplan_forms.schema.documents import form, item, posted


@pytest.fixture
def people():
    return form(
        item(
            "people",
            "repeat",
            label="People",
            max_items=3,
            absent=["not-known"],
            items=[
                item("name"),
                item("phones", "repeat", items=[item("number", "telephone")]),
            ],
        )
    )


def test_entries_are_read_in_the_order_of_the_page_and_empty_ones_dropped(people):
    data = posted(people=["b", "a", "c"], people__a__name="Ann", people__b__name="Bo", people__c__name=" ")
    assert people.parse_section("s", data) == ({"people": [{"id": "b", "name": "Bo"}, {"id": "a", "name": "Ann"}]}, [])


def test_repeats_inside_repeats_are_read(people):
    data = posted(
        people="1", people__1__phones=["x", "y"], people__1__phones__x__number="999", people__1__phones__y__number="111"
    )
    entry = {"id": "1", "phones": [{"id": "x", "number": "999"}, {"id": "y", "number": "111"}]}
    assert people.parse_section("s", data)[0] == {"people": [entry]}
    html = people.render_section("s", {"people": [entry]})
    assert 'name="q-people__1__phones__y__number" type="text" value="111"' in html


def test_a_fault_in_one_entry_keeps_all_that_was_typed(people):
    data = posted(people="1", people__1__name="Ann", people__1__phones="x", people__1__phones__x__number="zzz")
    answers, problems = people.parse_section("s", data)
    assert answers["people"][0]["name"] == "Ann"
    assert [(problem.uid, problem.path) for problem in problems] == [("number", ("1", "x"))]
    html = people.render_section("s", answers, problems)
    assert 'value="Ann"' in html and 'value="zzz"' in html and 'id="q-people__1__phones__x__number-error"' in html


def test_what_was_saved_stays_where_the_new_value_has_a_fault():
    asked = form(item("r", "repeat", items=[item("n", "number"), item("t")]))
    before = {"r": [{"id": "1", "n": {"value": "5", "unit": ""}, "t": "old"}]}
    answers, _ = asked.parse_section("s", posted(r="1", r__1__n="five", r__1__t="new"), before)
    assert answers == {"r": [{"id": "1", "n": {"value": "5", "unit": ""}, "t": "new"}]}


def test_no_entries_can_be_explained_but_not_together_with_entries(people):
    absent = posted(people="1", people__absent="not-known")
    absent["q-people__reason-not-known"] = "lives alone"
    answer = {"absent": "not-known", "reason": "lives alone"}
    assert people.parse_section("s", absent) == ({"people": answer}, [])
    assert 'value="lives alone"' in people.render_section("s", {"people": answer})
    both = posted(people="1", people__1__name="Ann", people__absent="not-known")
    answers, problems = people.parse_section("s", both)
    assert problems[0].code == "absent.both" and answers["people"][0]["name"] == "Ann"
    html = people.render_section("s", answers, problems)
    assert 'value="Ann"' in html and 'value="not-known" checked' in html


def press(asked, answers, **data):
    changed = asked.apply_action(posted(**data), answers)
    return changed and changed["people"]


def test_add_keeps_the_blank_entry_on_the_page_and_appends_one(people):
    entries = press(people, {}, people="1", _add="people")
    assert entries[0] == {"id": "1"}
    assert len(entries) == 2 and set(entries[1]) == {"id"} and entries[1]["id"] != "1"
    assert people.render_section("s", {"people": entries}).count("app-repeat__entry") == 4


def test_add_stops_at_the_largest_number(people):
    full = {"people": [{"id": str(n), "name": "x"} for n in range(3)]}
    assert press(people, full, people=["0", "1", "2"], _add="people") is None
    assert 'value="people"' not in people.render_section("s", full)


def test_remove_and_move(people):
    three = {"people": [{"id": str(n), "name": "x"} for n in range(3)]}
    order = {"people": ["0", "1", "2"]}
    assert [each["id"] for each in press(people, three, _remove="people/1", **order)] == ["0", "2"]
    assert [each["id"] for each in press(people, three, _move_up="people/2", **order)] == ["0", "2", "1"]
    assert [each["id"] for each in press(people, three, _move_down="people/0", **order)] == ["1", "0", "2"]
    assert [each["id"] for each in press(people, three, _move_up="people/0", **order)] == ["0", "1", "2"]
    assert len(three["people"]) == 3


def test_actions_reach_repeats_inside_entries(people):
    answers = {"people": [{"id": "1", "phones": [{"id": "x", "number": "999"}]}]}
    data = {"people": "1", "people__1__phones": "x"}
    assert len(press(people, answers, _add="people/1/phones", **data)[0]["phones"]) == 2
    assert press(people, answers, _remove="people/1/phones/x", **data)[0]["phones"] == []


@pytest.mark.parametrize(
    "pressed",
    [
        {},
        {"_add": "name"},
        {"_add": "nowhere"},
        {"_remove": "people"},
        {"_remove": "people/9"},
        {"_add": "people/1"},
        {"_remove": "///"},
        {"_add": ""},
        {"_move_up": "people/1/name/2"},
    ],
)
def test_buttons_that_name_nothing_change_nothing(people, pressed):
    assert people.apply_action(posted(people="1", **pressed), {"people": [{"id": "1", "name": "Ann"}]}) is None


def test_without_a_form_only_lists_of_entries_are_touched():
    assert apply_action(posted(_add="text"), {"text": "words"}) is None
    assert len(apply_action(posted(_add="r"), {"r": [{"id": "1"}]})["r"]) == 2


def test_hostile_stored_entry_ids_are_not_written(people):
    html = people.render_section("s", {"people": [{"id": '"><script>', "name": "Ann"}, {"name": "Bo"}, {"id": 7}]})
    assert "<script>" not in html
    assert 'name="q-people" value="x1"' in html and 'value="Bo"' in html


def test_a_fault_of_the_list_itself_can_be_linked_to_when_it_is_full(people):
    data = posted(people=[str(n) for n in range(4)], **{f"people__{n}__name": "x" for n in range(4)})
    answers, problems = people.parse_section("s", data)
    assert problems[0].message == "Remove entries from “People” until there are 3 or fewer"
    html = people.render_section("s", answers, problems)
    assert 'id="q-people" role="group" tabindex="-1"' in html
    assert 'aria-describedby="q-people-error"' in html


def test_hostile_entry_ids_are_not_read(people):
    data = posted(people=['"><script>', "ok"], people__ok__name="Ann")
    assert people.parse_section("s", data)[0] == {"people": [{"id": "ok", "name": "Ann"}]}
