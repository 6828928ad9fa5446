"""What differs between two specs, in sentences a clinical lead reads."""

from collections.abc import Iterator
from typing import Any

from workflows.blocks import uses
from workflows.blocks.language import JSONDict, Word, choices_of, words
from workflows.blocks.rows import TOP

_NOTHING = "nothing"


def differences(before: JSONDict, after: JSONDict) -> list[dict[str, str]]:
    """Every difference as `section` (the state it is about; empty for the flow itself) and `sentence`."""
    rows = [{"section": "", "sentence": sentence} for sentence in _top(before, after)]
    labels = {state["key"]: state["label"] for spec in (before, after) for state in spec["states"]}
    old, new = ({state["key"]: state for state in spec["states"]} for spec in (before, after))
    for key in dict.fromkeys([*old, *new]):
        sentences = _compared("state", "The state", old.get(key), new.get(key), labels)
        rows += [{"section": labels[key], "sentence": sentence} for sentence in sentences]
        was, now = (
            {step["key"]: step for step in spec["transitions"] if step["from"] == key} for spec in (before, after)
        )
        for name in dict.fromkeys([*was, *now]):
            said = f"The step “{(now.get(name) or was[name])['label']}”"
            sentences = _compared("transition", said, was.get(name), now.get(name), labels)
            rows += [{"section": labels[key], "sentence": sentence} for sentence in sentences]
    return rows


def _top(before: JSONDict, after: JSONDict) -> Iterator[str]:
    for name in TOP:
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield f"{name.capitalize()}: “{old or _NOTHING}” becomes “{new or _NOTHING}”."
    order = [[step["key"] for step in spec["transitions"]] for spec in (before, after)]
    if order[0] != order[1] and sorted(order[0]) == sorted(order[1]):
        yield "The order of the steps changes."


def _compared(
    kind: str, what: str, old: JSONDict | None, new: JSONDict | None, labels: dict[str, str]
) -> Iterator[str]:
    if old is None or new is None:
        yield f"{what} is {'new' if old is None else 'removed'}."
        return
    for word in words(kind):
        was, now = _said(word, old.get(word.name), labels), _said(word, new.get(word.name), labels)
        if was != now:
            yield f"{what}: {word.label.lower()}: {was} becomes {now}."


def _said(word: Word, value: Any, labels: dict[str, str]) -> str:
    """A value in words; what is not said is said to be nothing."""
    if word.name == "to":
        return f"“{labels.get(value, value)}”"
    if value in (None, "", [], {}):
        value = word.default
    match word.kind:
        case "tick":
            return "yes" if value else "no"
        case "choice":
            return str(dict(choices_of(word)).get(value, value or _NOTHING)).lower()
        case "uses":
            known = uses.offered(word.name)
            return "; ".join(_use(use, known) for use in value) or _NOTHING
        case "rows":
            return "; ".join(_group(word, each, labels) for each in value) or _NOTHING
        case "texts":
            return "; ".join(value) or _NOTHING
        case "group":
            return _group(word, value, labels) if value else _NOTHING
        case _:
            return f"“{value}”" if isinstance(value, str) and value else str(value if value else _NOTHING)


def _use(use: JSONDict, known: Any) -> str:
    label = known[use["name"]].label if use["name"] in known else use["name"]
    params = ", ".join(f"{name} {value}" for name, value in use.get("params", {}).items())
    return f"{label} ({params})" if params else label


def _group(word: Word, value: JSONDict, labels: dict[str, str]) -> str:
    said = [
        _said(each, value[each.name], labels) for each in word.inner if value.get(each.name) not in (None, "", False)
    ]
    return ", ".join(said)
