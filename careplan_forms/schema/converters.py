"""Answers of one type as answers of another: everything can become text, a few things can become something else."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.items.base import is_absent
from careplan_forms.schema.items.choice import option_answer, option_of
from careplan_forms.schema.reading import entry_text
from careplan_forms.schema.showing import entries_of

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm

TEXTS = ("text", "long_text")
_YES_NO = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}

#: Takes the old item, the new one and a value that says something; None when it cannot be said in the new type.
Converter = Callable[[CompiledItem, CompiledItem, Any], Any]


def converts(old: CompiledItem, new: CompiledItem) -> bool:
    """Whether an answer to `old` can become one to `new` at all."""
    if old.is_repeat or new.is_repeat:
        return (old.is_repeat and new.is_repeat) or (old.is_repeat and new.type == "long_text")
    return old.type == new.type or new.type in TEXTS or (old.type, new.type) in _CONVERTERS


def convert(form: "CompiledForm", old: CompiledItem, new: CompiledItem, value: Any) -> Any:
    """A value of `old` as one of `new`; None when this one cannot be said there. `form` is the old form.

    The same type keeps its value as it is, whether it fits or not: whoever looks sees what was written.
    """
    if old.type == new.type or (old.is_repeat and new.is_repeat):
        return value
    if is_absent(value):
        return value if value["absent"] in new.item.absent else None
    if new.type in TEXTS:
        return text_of(form, old, value) or None
    converter = _CONVERTERS.get((old.type, new.type))
    return converter(old, new, value) if converter else None


def text_of(form: "CompiledForm", item: CompiledItem, value: Any) -> str:
    """An answer as text, a repeat with one line for each entry."""
    if item.is_repeat and not is_absent(value):
        return "\n".join(filter(None, (entry_text(form, item, entry) for entry in entries_of(value))))
    return item.kind.display(item.item, value) if item.kind else str(value)


def _to_list(old: CompiledItem, new: CompiledItem, value: Any) -> Any:
    return [value]


def _to_one(old: CompiledItem, new: CompiledItem, value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else None


def _to_option(old: CompiledItem, new: CompiledItem, value: Any) -> Any:
    for option in new.item.options:
        if value is _YES_NO.get(option.code.lower(), _YES_NO.get(option.display.lower())) and not option.retired:
            return option_answer(option)
    return None


def _to_yes_no(old: CompiledItem, new: CompiledItem, value: Any) -> Any:
    option = option_of(old.item, value)
    if option is None or value.get("text"):
        return None
    return _YES_NO.get(option.code.lower(), _YES_NO.get(option.display.lower()))


_CONVERTERS: dict[tuple[str, str], Converter] = {
    ("choice", "choices"): _to_list,
    ("choices", "choice"): _to_one,
    ("yes_no", "choice"): _to_option,
    ("choice", "yes_no"): _to_yes_no,
}
