"""What the section editor's page brings for its rows, and their sentences."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from careplan_forms.block_rules import heard
from careplan_forms.models import FormSection
from careplan_forms.schema.english import rule_in_words
from careplan_forms.schema.english_calculations import calculation_in_words, kind_of
from careplan_forms.schema.model import Item, Option, read, walk
from careplan_forms.schema.wording import ABSENT
from careplan_forms.selectors.form_drafts import places_of
from careplan_forms.selectors.form_items import Asked, asked_around, lists_of_answers
from careplan_forms.selectors.question_comments import open_counts

JSONDict = dict[str, Any]
#: More than any form has; a page asks for the sentences of its own section only.
MOST_PARTS, MOST_ITEMS = 400, 3000


def choosing_page(section: FormSection | None) -> str:
    """What the rows choose from, as the JSON the page carries; `section` is None for one that is not saved yet."""
    page = {
        "questions": [_question(each) for each in asked_around(section)] if section else [],
        "sets": {key: [_option(each) for each in options] for key, options in lists_of_answers().items()},
        "absent": ABSENT,
        "words": reverse("forms_in_words"),
        "comments": _comments(section) if section else {},
    }
    return json.dumps(page, ensure_ascii=False)


def _comments(section: FormSection) -> dict[str, list[JSONDict]]:
    """uid → the open comments on it: how many, and where they are read, for each form the section stands in."""
    found: dict[str, list[JSONDict]] = {}
    for place in places_of(section):
        here = reverse("forms_comments", args=[place.public_id])
        for uid, count in open_counts(place).items():
            found.setdefault(uid, []).append({"count": count, "link": f"{here}?{urlencode({'uid': uid})}"})
    return found


def sentences(parts: list[Any], items: list[Any]) -> list[str]:
    """The sentence of each part `{"part", "text"}` of an item, over items as the editor shows them."""
    form = read({"sections": [{"items": [each for each in items if isinstance(each, dict)]}]})
    known = {item.uid: item for section in form.sections for item in walk(section.items)}
    return [_sentence(each, known) if isinstance(each, dict) else "" for each in parts]


def rules_of(item: Item, items: Mapping[str, Item]) -> list[str]:
    """Everything an item does by rules, a sentence each."""
    said = {"show_if": item.show_if, "required_if": item.required_if, "calculation": item.calculation}
    found = [in_words(part, value, items) for part, value in said.items() if value]
    warned = [{"rule": each.rule, "text": each.text} for each in item.warnings]
    return [*found, in_words("warnings", warned, items)] if warned else found


def in_words(part: str, value: Any, items: Mapping[str, Item]) -> str:
    """One part of an item, said: when it is shown or needed, what it warns of, how it is worked out."""
    if part == "calculation":
        return f"Worked out as {calculation_in_words(value, items)}."
    if part == "warnings":
        rows = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
        return " ".join(
            f"Warns “{each.get('text') or ''}” if {rule_in_words(each.get('rule'), items)}." for each in rows
        )
    start = "Shown" if part == "show_if" else "Needed before approval"
    return f"{start} if {rule_in_words(value, items)}."


def _sentence(asked: JSONDict, items: Mapping[str, Item]) -> str:
    part, text = asked.get("part"), asked.get("text")
    if not isinstance(part, str) or not isinstance(text, str):
        return ""
    return in_words(part, heard(part, text), items)


def _question(asked: Asked) -> JSONDict:
    item = asked.item
    types = {each.uid: each.type for section in asked.form.sections for each in walk(section.items)}
    return {
        "uid": item.uid,
        "label": item.label or item.link_id,
        "type": item.type,
        "kind": kind_of(item.calculation, lambda uid: types.get(uid, "")) if item.type == "calculated" else "",
        "unit": item.unit,
        "options": [_of_option(each) for each in item.options],
        "absent": list(item.absent),
        "section": asked.section.title,
        "before": asked.before,
    }


def _of_option(option: Option) -> JSONDict:
    score = None if option.score is None else str(option.score)
    return {
        "code": option.code,
        "system": option.system,
        "display": option.display,
        "retired": option.retired,
        "score": score,
    }


def _option(option: Mapping[str, Any]) -> JSONDict:
    keys = ("code", "system", "display", "score")
    return {key: option.get(key) for key in keys} | {"retired": option.get("status") == "retired"}
