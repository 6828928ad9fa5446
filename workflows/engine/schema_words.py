"""Parts of a JSON Schema: an object that knows its words, a text, a word from a list."""

from enum import StrEnum
from typing import Any

from workflows.engine.reading import TEXT_LENGTH

JSONDict = dict[str, Any]


def object_of(properties: JSONDict, required: list[str]) -> JSONDict:
    """An object with these properties and no others."""
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def text(limit: int = TEXT_LENGTH, needed: bool = False) -> JSONDict:
    """A text of at most so many characters; `needed` ones are not blank."""
    return {"type": "string", "maxLength": limit} | ({"pattern": r"\S"} if needed else {})


def word(words: type[StrEnum]) -> JSONDict:
    """One of these words."""
    return {"enum": [str(each) for each in words]}
