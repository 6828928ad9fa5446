"""Guards and effects in the editor: chosen from what is registered, each with its parameters as fields of their own.

What is not registered, or has parameters of other types than it declares, stands as its name and its parameters in
JSON: nothing a flow says is lost because an app is missing.
"""

import json
import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks import AreaBlock, KeptBlock
from workflows import registry
from workflows.engine.reading import NAME_LENGTH

JSONDict = dict[str, Any]
#: The row of what is not registered. No guard can be called so: names begin with a letter.
OTHER = "_other"
_ICONS = {"guards": "lock", "effects": "arrow-right"}


@cache
def offered(word: str) -> Mapping[str, Any]:
    """What is registered under a word of the language: effects under `effects`, guards under every other.

    Looked up once: an editor is built once, and a row it has no block for would be dropped.
    """
    known: registry.Registry[Any] = registry.effects if word == "effects" else registry.guards
    return dict(known.items())


def row_of(word: str, use: JSONDict) -> JSONDict:
    """A guard or effect as a row of the editor."""
    known, params = offered(word), use.get("params", {})
    name = use.get("name", "")
    if name in known and _fits(known[name].params, params):
        value = {key: "\n".join(said) if isinstance(said, list) else said for key, said in params.items()}
        row = {"type": name, "value": value | {"kept": ""}}
    else:
        row = {"type": OTHER, "value": {"name": name, "params": _text(params) if params else "", "kept": ""}}
    if use_of(row) != use:
        row["value"]["kept"] = _text(use)
    return row | {"id": str(uuid.uuid4())}


def use_of(row: JSONDict) -> JSONDict:
    """The guard or effect a row says."""
    value = row["value"]
    said = _said(row["type"], value)
    kept = _parsed(value.get("kept"))
    if kept and {"name": kept.get("name"), "params": kept.get("params", {})} == {"params": {}} | said:
        return kept
    return said


def _said(kind: str, value: JSONDict) -> JSONDict:
    if kind == OTHER:
        return _use(value.get("name") or "", _parsed(value.get("params")))
    params = {key: said for key, said in value.items() if key != "kept"}
    for word in ("guards", "effects"):
        known = offered(word).get(kind)
        for key, wanted in (known.params if known else {}).items():
            if wanted is list and isinstance(params.get(key), str):
                params[key] = [line.strip() for line in params[key].splitlines() if line.strip()]
    return _use(kind, params)


def _use(name: str, params: JSONDict) -> JSONDict:
    return {"name": name} | ({"params": params} if params else {})


def _fits(wanted: Mapping[str, type], params: JSONDict) -> bool:
    """Whether fields can say the parameters: all of them there, each of its type, lists of one-line texts."""
    if set(wanted) != set(params) or any(type(params[key]) is not kind for key, kind in wanted.items()):
        return False
    lists = [value for value in params.values() if isinstance(value, list)]
    lines = [each for value in lists for each in value]
    texts = [value for value in params.values() if isinstance(value, str)]
    return all(isinstance(each, str) and each.strip() == each and each and "\n" not in each for each in lines) and all(
        "\r" not in each and each.strip() == each and each for each in texts
    )


class OtherBlock(blocks.StructBlock):
    """A guard or effect the service does not know: kept as it is, and said by the checks."""

    name = blocks.CharBlock(max_length=NAME_LENGTH, label="Name")
    params = AreaBlock(required=False, label="Parameters, in JSON")
    kept = KeptBlock(required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        try:
            found = json.loads(cleaned["params"] or "{}")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            wrong = ValidationError('Write the parameters as one JSON object, like {"days": 3}')
            raise StructBlockValidationError(block_errors={"params": wrong})
        return cleaned


class UseStreamBlock(blocks.StreamBlock):
    """A choice of what is registered under a word."""

    def __init__(self, word: str, **kwargs: Any) -> None:
        icon = _ICONS.get(word, "lock")
        known = sorted(offered(word).items(), key=lambda pair: pair[1].label)
        fields = [(name, _block(each, icon)) for name, each in known]
        other = OtherBlock(label="Another, by its name", label_format="{name}", icon="help")
        super().__init__([*fields, (OTHER, other)], required=False, **kwargs)


def _block(known: Any, icon: str) -> blocks.StructBlock:
    fields = [(key, _field(key, kind)) for key, kind in known.params.items()]
    return blocks.StructBlock(
        [*fields, ("kept", KeptBlock(required=False))], label=known.label, label_format=known.label, icon=icon
    )


def _field(key: str, kind: type) -> blocks.Block:
    label = key.replace("_", " ").capitalize()
    if kind is bool:
        return blocks.BooleanBlock(required=False, label=label)
    if kind is int:
        return blocks.IntegerBlock(label=label)
    if kind is list:
        return AreaBlock(label=label, help_text="One a line")
    return blocks.CharBlock(label=label)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _parsed(text: Any) -> JSONDict:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def known(word: str, row: JSONDict) -> JSONDict:
    """A stored row; one of a type that is not registered any more stands as another, by its name."""
    if row["type"] == OTHER or row["type"] in offered(word):
        return row
    use = use_of(row)
    said = {"name": use["name"], "params": _text(use["params"]) if use.get("params") else "", "kept": ""}
    return row | {"type": OTHER, "value": said}
