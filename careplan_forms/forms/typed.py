"""What was typed on a section's page, as lists of values by field name: kept, laid over answers, read again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.names import join, place
from careplan_forms.schema.showing import entries_of

#: Fields of a page that are not answers.
NOT_ANSWERS = frozenset(
    {"csrfmiddlewaretoken", "_base", "_page", "_opened", "_fields", "_save", "_then", "_shown", "_put_away", "_form"}
)
#: More than this on one page was not typed by a person.
MOST_FIELDS = 2_000
LONGEST = 20_000


class TypedData:
    """Field names and their values, read the way a posted form is."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def getlist(self, key: str) -> list[Any]:
        return list(self._values.get(key, ()))


def typed_from(data: Any, only: Sequence[str] = ()) -> dict[str, list[str]]:
    """The answers' fields of a posted form (a QueryDict); `only` these, when a part of a page was sent."""
    names = only or [name for name in data if name not in NOT_ANSWERS]
    kept = [name for name in names if name not in NOT_ANSWERS][:MOST_FIELDS]
    return {name: [str(value)[:LONGEST] for value in data.getlist(name)] for name in kept}


def spread_section(form: CompiledForm, key: str, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """What would stand in a section's fields for these answers."""
    found: dict[str, list[str]] = {}
    for item in answerables(form.section(key).items):
        for name, values in _spread(item, answers.get(item.uid), ()):
            found[name] = values
    return found


def _spread(item: CompiledItem, value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    name = place(item.name, path)
    if item.is_repeat:
        entries = list(entries_of(value)) if isinstance(value, list) else []
        if isinstance(value, dict) and "absent" in value:
            yield join(name, "absent"), [value["absent"]]
            yield join(name, f"reason-{value['absent']}"), [str(value.get("reason") or "")]
        yield name, [entry["id"] for entry in entries]
        for entry in entries:
            for child in answerables(item.children):
                yield from _spread(child, entry.get(child.uid), (*path, entry["id"]))
    elif item.kind is not None:
        for part, values in item.kind.raw_of(item.field, value).items():
            yield join(name, part), [str(each) for each in values]
