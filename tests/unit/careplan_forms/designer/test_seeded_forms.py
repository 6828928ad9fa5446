"""The forms that come with the service are the work of the designer: what its editor posts makes them, to the byte."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from careplan_forms import seeds
from careplan_forms.block_items import items_of, stream_of
from careplan_forms.models import FormSection
from careplan_forms.schema.document import normalise, sha256_of
from careplan_forms.schema.translating import (
    laid,
    languages_in,
    lifted,
    translation_of,
    without_words,
    words_of_document,
    words_of_section,
)
from tests.integration.careplan_forms.designer.posting import section_form

EDITOR = FormSection._meta.get_field("items").stream_block
TEXTS = ("key", "title", "hint", "group")
FIELDS = {"show_if", "required_if", "recommended", "warnings", "calculation", "bands", "roles", "slot", "translations"}


def unseen(blocks):
    """What would travel through the editor without a field of its own."""
    for block in blocks:
        yield block["value"]["kept"]
        yield from (row["value"]["kept"] for row in block["value"].get("options", ()))
        yield from unseen(block["value"].get("items", ()))


def written(section):
    """A section typed into the empty editor, posted by a browser, read and checked by the editor's blocks."""
    plain = without_words(section)
    stream = stream_of(plain["items"])
    assert not any(unseen(stream)), section["key"]
    form = section_form(FormSection(items=stream, **{key: plain[key] for key in TEXTS}))
    posted = QueryDict(urlencode(form, doseq=True))
    checked = EDITOR.clean(EDITOR.value_from_datadict(posted, {}, "items"))
    made = {key: posted[key] for key in TEXTS} | {"items": items_of(EDITOR.get_prep_value(checked))}
    # Words in other languages are written on a page of their own and laid over the drafts.
    laid(words_of_section(made), lifted(words_of_section(section)))
    return made


@pytest.mark.parametrize("key", seeds.form_keys())
def test_the_editor_alone_makes_a_seeded_form(key):
    form = seeds.form(key)
    made = form | {"sections": [written(section) for section in normalise(form)["sections"]]}

    assert sha256_of(made) == sha256_of(form)


def test_the_frailty_plan_uses_what_the_designer_offers():
    form = normalise(seeds.form("frailty-care-plan"))
    items = [item for section in form["sections"] for item in all_of(section["items"])]
    types = {item["type"] for item in items}

    assert types >= {
        "calculated",
        "score",
        "scale",
        "table",
        "repeat",
        "signature",
        "person",
        "file",
        "body",
        "guidance",
    }
    assert {field for field in FIELDS for item in items if item[field]} == FIELDS
    assert any(option["score"] for item in items for option in item["options"])
    assert languages_in(form) == ["cy"]
    assert sum(bool(translation_of(each.holder, "cy").get(each.field)) for each in words_of_document(form)) > 80


def all_of(items):
    for item in items:
        yield item
        yield from all_of(item["items"])
