import pytest
from wagtail.blocks.stream_block import StreamBlockValidationError

from careplan_forms.block_fields import LinesBlock
from careplan_forms.block_items import items_of, stream_of
from careplan_forms.blocks import MAX_ITEMS, ItemStreamBlock, walk
from careplan_forms.models import FormSection

BLOCKS = ItemStreamBlock()


def item(number, **fields):
    return {"uid": f"u{number}", "link_id": f"q{number}", "type": "text", "label": f"Question {number}"} | fields


def clean(items):
    return BLOCKS.clean(BLOCKS.to_python(stream_of(items)))


def test_forty_items_are_enough_and_forty_one_too_many():
    assert len(clean([item(n) for n in range(MAX_ITEMS)])) == MAX_ITEMS
    with pytest.raises(StreamBlockValidationError) as refusal:
        clean([item(0, type="group", items=[item(n) for n in range(1, MAX_ITEMS + 1)])])
    assert "This one has 41" in refusal.value.non_block_errors[0]


def test_a_second_item_of_one_name_is_refused_at_its_field_also_inside_a_group():
    with pytest.raises(StreamBlockValidationError) as refusal:
        clean([item(1), item(2, type="group", items=[item(3, link_id="q1")])])
    inner = refusal.value.block_errors[1].block_errors["items"].block_errors[0]
    assert "already called “q1”" in inner.block_errors["link_id"].message


def test_an_item_without_a_name_gets_one_of_its_wording():
    value = BLOCKS.to_python(stream_of([item(1, label="Who decides?"), item(2, link_id="who-decides")]))
    value[0].value["link_id"] = ""
    assert [child.value["link_id"] for child in walk(BLOCKS.clean(value))] == ["who-decides-2", "who-decides"]


def test_a_name_with_a_space_is_refused():
    with pytest.raises(StreamBlockValidationError):
        clean([item(1, link_id="two words")])


def test_lines_are_refused_with_the_line_that_is_wrong():
    lines = LinesBlock("|", 2, "system|code|words")
    assert lines.clean("a|b\n\nc|d|e") == "a|b\n\nc|d|e"
    with pytest.raises(Exception, match="This one is different: only-one"):
        lines.clean("a|b\nonly-one")


def test_blocks_stay_out_of_migrations():
    _, path, arguments, keywords = FormSection._meta.get_field("items").deconstruct()
    assert path == "core.fields.StreamField" and arguments == [[]] and "block_lookup" not in keywords


def test_a_date_may_be_kept_from_lying_ahead():
    value = BLOCKS.to_python(stream_of([item(1, type="date")]))
    value[0].value["max"] = " Today "
    [kept] = items_of(BLOCKS.get_prep_value(BLOCKS.clean(value)))
    assert (kept["min"], kept["max"]) == (None, "today")
    value[0].value["min"] = "2027-02-30"
    with pytest.raises(StreamBlockValidationError) as refusal:
        BLOCKS.clean(value)
    assert "Enter a real day" in refusal.value.block_errors[0].block_errors["min"].message
