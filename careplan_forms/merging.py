"""How several people's unsubmitted changes become one working view, and where they clash. Plain Python.

A change remembers the fingerprint of the value its author was shown. A change that was made by somebody who
had seen another one takes its place; two changes of which neither author had seen the other's are a clash,
which a person settles. Nothing is ever overwritten unseen.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Answers = Mapping[str, Any]
#: uid → {"value", "base_sha", "at", "settles", "with"}, as `PlanDraft.items` holds them.
Items = Mapping[str, Mapping[str, Any]]

#: Stands in a clash for the approved (or submitted) plan, which has no author of its own.
CURRENT = 0


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: Any) -> bytes:
    """One byte string for equal values: sorted keys, no blanks, UTF-8, no NaN."""
    return _CANONICAL.encode(value).encode()


def fingerprint(value: Any) -> str:
    """Sixteen hexadecimal digits that stand for a value; empty for no answer."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    return hashlib.sha256(canonical(value)).hexdigest()[:16]


@dataclass(frozen=True)
class Candidate:
    """One value somebody wants a question to have. `author` is a user id, or CURRENT; `at` an ISO moment.

    `also` are others whose words are in it, because several answers became one.
    """

    value: Any
    author: int
    at: str = ""
    seen: frozenset[str] = frozenset()
    also: tuple[int, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.value)


@dataclass(frozen=True, slots=True)
class Merged:
    """The working view: the answers, what was changed by whom, and the questions with two values."""

    answers: dict[str, Any]
    changed: dict[str, Candidate] = field(default_factory=dict)
    clashes: dict[str, list[Candidate]] = field(default_factory=dict)

    @property
    def authors(self) -> list[int]:
        """The users whose changes are in it, in a stable order."""
        return sorted({who for one in self.changed.values() for who in (one.author, *one.also)})


def merge(base: Answers, drafts: Iterable[tuple[int, Items]], viewer: int | None = None) -> Merged:
    """Lay the drafts (author, items) over the `base` answers.

    Of a clash the viewer is shown their own value, everybody else the latest one.
    """
    wanted: dict[str, list[Candidate]] = {}
    for author, items in drafts:
        for uid, item in items.items():
            wanted.setdefault(uid, []).append(_candidate(author, item))
    merged = Merged(dict(base))
    for uid, candidates in sorted(wanted.items()):
        _settle(merged, uid, base.get(uid), candidates, viewer)
    return merged


def _candidate(author: int, item: Mapping[str, Any]) -> Candidate:
    seen = frozenset([item.get("base_sha", ""), *item.get("settles", [])])
    return Candidate(item.get("value"), author, item.get("at", ""), seen, tuple(item.get("with", ())))


def _settle(merged: Merged, uid: str, current: Any, candidates: list[Candidate], viewer: int | None) -> None:
    standing = [one for one in candidates if not any(_replaces(other, one) for other in candidates)]
    standing.sort(key=lambda one: (one.at, one.author))
    values = {one.fingerprint: one for one in standing}
    print_of_current = fingerprint(current)
    known = {print_of_current} | {one.fingerprint for one in candidates}
    if any(not (one.seen & known) for one in standing if one.fingerprint != print_of_current):
        values.setdefault(print_of_current, Candidate(current, CURRENT))
    chosen = next((one for one in standing if one.author == viewer), standing[-1])
    if len(values) > 1:
        merged.clashes[uid] = sorted(values.values(), key=lambda one: (one.at, one.author))
    if chosen.fingerprint != print_of_current or len(values) > 1:
        merged.changed[uid] = chosen
    if chosen.fingerprint:
        merged.answers[uid] = chosen.value
    else:
        merged.answers.pop(uid, None)


def _replaces(other: Candidate, one: Candidate) -> bool:
    """Whether `other` was made later by somebody who had seen `one`."""
    return other is not one and one.fingerprint in other.seen and (other.at, other.author) > (one.at, one.author)


def with_changes(
    items: Items, answers: Answers, shown: Mapping[str, str], at: str, current: Answers
) -> tuple[dict[str, Any], list[str]]:
    """An author's `items` after saving `answers` (None: left blank), and the uids that changed.

    `shown` maps each question on the page to the fingerprint of what stood there; `current` are the answers
    of the working view, for questions a page said nothing of. Saving the same page twice changes nothing the
    second time.
    """
    kept: dict[str, Any] = {uid: dict(item) for uid, item in items.items()}
    changed: list[str] = []
    for uid, value in answers.items():
        was_shown = shown.get(uid, fingerprint(current.get(uid)))
        print_of_new = fingerprint(value)
        own = kept.get(uid)
        if print_of_new == was_shown or (own is not None and fingerprint(own["value"]) == print_of_new):
            continue
        base, settles = was_shown, []
        if own is not None and fingerprint(own["value"]) == was_shown:
            # Changing one's own mind: what it is measured against stays what it was.
            base, settles = own["base_sha"], own.get("settles", [])
        kept[uid] = {"value": value if print_of_new else None, "base_sha": base, "at": at}
        if settles:
            kept[uid]["settles"] = settles
        if own is not None and own.get("with"):
            kept[uid]["with"] = own["with"]
        changed.append(uid)
    return kept, sorted(changed)


def settled(value: Any, candidates: Iterable[Candidate], at: str) -> dict[str, Any]:
    """The item that ends a clash: its author has seen every candidate."""
    prints = sorted({one.fingerprint for one in candidates})
    return {"value": value, "base_sha": prints[0] if prints else "", "at": at, "settles": prints}
