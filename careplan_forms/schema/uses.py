"""Where a form's rules and calculations look at a question: what breaks when it is renamed or removed."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from careplan_forms.schema.calculation_parts import calculation_references
from careplan_forms.schema.english import rule_in_words
from careplan_forms.schema.english_calculations import calculation_in_words
from careplan_forms.schema.items.kinds import CALCULATED
from careplan_forms.schema.model import Form, Item, read, walk
from careplan_forms.schema.rules import references


class Use(NamedTuple):
    """A place that looks at an item: which item, from which section and item, and the sentence that says it."""

    asked: str
    section: str
    uid: str
    sentence: str


def uses(document: Mapping[str, Any] | Form, uid: str) -> list[str]:
    """The places that look at a question, each as a sentence, in the order of the form."""
    return list(uses_of_all(document).get(uid, ()))


def uses_of_all(document: Mapping[str, Any] | Form) -> dict[str, list[str]]:
    """uid → the places that look at it, for every item something looks at."""
    found: dict[str, list[str]] = {}
    for use in places(document):
        found.setdefault(use.asked, []).append(use.sentence)
    return found


def places(document: Mapping[str, Any] | Form) -> Iterator[Use]:
    """Every place that looks at an item, in the order of the form."""
    form = document if isinstance(document, Form) else read(document)
    items = {item.uid: item for section in form.sections for item in walk(section.items)}
    for section in form.sections:
        for item in walk(section.items):
            for asked, sentence in _places(item, items):
                said = f"{section.title}: {sentence}" if section.title else sentence
                yield Use(asked, section.key, item.uid, said)


def _places(item: Item, items: Mapping[str, Item]) -> Iterator[tuple[str, str]]:
    name = f"“{item.label or item.link_id or item.uid}”"
    for uid in references(item.show_if):
        yield uid, f"{name} is shown if {rule_in_words(item.show_if, items)}."
    for uid in references(item.required_if):
        yield uid, f"{name} is needed for approval if {rule_in_words(item.required_if, items)}."
    for warning in item.warnings:
        for uid in references(warning.rule):
            yield uid, f"{name} warns “{warning.text}” if {rule_in_words(warning.rule, items)}."
    if item.type in CALCULATED:
        for uid in calculation_references(item.calculation):
            yield uid, f"{name} is worked out as {calculation_in_words(item.calculation, items)}."
