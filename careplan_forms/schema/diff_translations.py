"""What changed in the words a form has in other languages."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from careplan_forms.schema.document import normalise
from careplan_forms.schema.languages import name_of
from careplan_forms.schema.translating import JSONDict, languages_in, words_of_document


class Retold(NamedTuple):
    """A text that reads differently in one language; empty where there are no words."""

    uid: str
    label: str
    aspect: str
    old: str
    new: str


def retold(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Retold]:
    """The changed words, in the order of the new form; texts that are gone are told as removed parts elsewhere."""
    before, after = normalise(old), normalise(new)
    languages = sorted({*languages_in(before), *languages_in(after)})
    if not languages:
        return
    was = dict(_placed(before))
    for place, words in _placed(after):
        for language in languages:
            known = was.get(place)
            left = known.in_language(language) if known else ""
            right = words.in_language(language)
            if left != right:
                yield Retold(str(words.holder.get("uid") or ""), words.text, f"{name_of(language)} words", left, right)


def _placed(document: JSONDict) -> Iterator[tuple[tuple[str, str], Any]]:
    """Every text by where it is: places are unique within a section or a list of answers only."""
    holder, path = document, ""
    for words in words_of_document(document):
        if words.holder is not holder and "items" in words.holder and "key" in words.holder:
            path = str(words.holder["key"])
        holder = words.holder
        yield (path if "/" not in words.place else "", words.place), words
