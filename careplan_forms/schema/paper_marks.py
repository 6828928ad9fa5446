"""What stands on paper to be written on with a pen: lines, boxes to cross, boxes for digits, scales and tables.

A mark is a shape with its words and says nothing of how it is drawn; each type of question has its marks here. Words
are HTML already: escaped, and marked with their language where it is not the page's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from markupsafe import Markup

from careplan_forms.schema.items.attachment import most_of
from careplan_forms.schema.items.base import Field
from careplan_forms.schema.items.date import parts_of
from careplan_forms.schema.items.file_facts import ANSWERS, FACTS, KINDS
from careplan_forms.schema.items.person import PARTS as PERSON_PARTS
from careplan_forms.schema.items.scale import points
from careplan_forms.schema.items.signature import PARTS as SIGNATURE_PARTS
from careplan_forms.schema.markup import safe, said

NO_WORDS = Markup("")
#: Characters of an option up to which three, or two, columns of options fit a line.
_THIRD, _HALF = 18, 44
#: Fewer options than this stand one below the other.
_FEW = 4
#: So many short reasons leave room for a line beside them.
_BESIDE, _SHORT_WORDS = 2, 15
LONG_LINES, SHORT_LINES = 5, 1
#: An answer that may be longer than this has as many lines as a long one.
_SHORT_TEXT = 150
_DIGITS = {"day": 2, "month": 2, "year": 4}


@dataclass(frozen=True, slots=True)
class Lines:
    """Empty lines below one another; `label` stands before the first, `unit` behind the last."""

    kind: ClassVar[str] = "lines"
    count: int
    label: Markup = NO_WORDS
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes to cross, each with its words, in so many columns; behind the last line of them room for `more`."""

    kind: ClassVar[str] = "boxes"
    options: tuple[Markup, ...]
    columns: int = 1
    label: Markup = NO_WORDS
    more: Markup = NO_WORDS

    @property
    def rows(self) -> list[list[Markup | None]]:
        """The options line by line; None where a last line has no more."""
        cut = range(0, len(self.options), self.columns)
        lines: list[list[Markup | None]] = [list(self.options[start : start + self.columns]) for start in cut]
        return [line + [None] * (self.columns - len(line)) for line in lines]


@dataclass(frozen=True, slots=True)
class Digits:
    """Boxes for one digit each, in groups: (words under the group, how many)."""

    kind: ClassVar[str] = "digits"
    groups: tuple[tuple[Markup, int], ...]
    label: Markup = NO_WORDS


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers in a row, one to be crossed, with words for both ends."""

    kind: ClassVar[str] = "scale"
    points: tuple[int, ...]
    low: Markup
    high: Markup


@dataclass(frozen=True, slots=True)
class Grid:
    """An empty table: (heading, what may be written below it) for each column."""

    kind: ClassVar[str] = "grid"
    columns: tuple[tuple[Markup, Markup], ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence among the marks."""

    kind: ClassVar[str] = "said"
    text: Markup


Mark = Lines | Boxes | Digits | Scale | Grid | Said


def marks_of(field: Field) -> tuple[Mark, ...]:
    """What a question has to be answered on; raises KeyError for what is no question."""
    return _MARKS[field.item.type](field)


def no_answer(field: Field) -> tuple[Mark, ...]:
    """The boxes for saying that, and why, there is no answer."""
    codes = field.item.absent
    if not codes:
        return ()
    say = field.say
    reasons, why = [say.absent(code) for code in codes], safe(say.say("paper.why_none"))
    boxes = _boxes(reasons, label=say.say("paper.none"))
    if len(codes) <= _BESIDE and all(len(each) <= _SHORT_WORDS for each in reasons):
        return (replace(boxes, columns=len(codes), more=why),)
    return boxes, Lines(1, why)


def _boxes(words: list[str], columns: int = 0, label: str = "") -> Boxes:
    """Boxes in as many columns as the longest words allow."""
    longest = max((len(each) for each in words), default=0)
    fitting = 3 if longest <= _THIRD else 2 if longest <= _HALF and len(words) >= _FEW else 1
    return Boxes(tuple(safe(each) for each in words), columns or fitting, safe(label))


def _text(field: Field) -> tuple[Mark, ...]:
    long = field.item.type == "long_text" or (field.item.max_length or 0) > _SHORT_TEXT
    return (Lines(LONG_LINES if long else SHORT_LINES),)


def _line(field: Field) -> tuple[Mark, ...]:
    return (Lines(SHORT_LINES),)


def _yes_no(field: Field) -> tuple[Mark, ...]:
    return (_boxes([field.say.say("yes"), field.say.say("no")], columns=3),)


def _coded(field: Field) -> tuple[Mark, ...]:
    offered = [option.display for option in field.item.options if not option.retired]
    how = field.say.say("paper.several" if field.item.type == "choices" else "paper.one")
    other = (Lines(SHORT_LINES, safe(field.say.say("other"))),) if field.item.other else ()
    return (Said(safe(how)), _boxes(offered), *other) if offered else other


def _date(field: Field, label: str = "", parts: tuple[str, ...] = ()) -> tuple[Mark, ...]:
    wanted = parts or parts_of(field.item)
    digits = Digits(tuple((safe(field.say.say(part)), _DIGITS[part]) for part in wanted), safe(label))
    if parts or len(field.item.precision) < 2:
        return (digits,)
    partial = "date.partial" if "Y" in field.item.precision else "date.month_known"
    return Said(safe(field.say.say(partial))), digits


def _number(field: Field) -> tuple[Mark, ...]:
    item, say = field.item, field.say
    limits = {"least": item.min, "most": item.max}
    known = {key: str(limit) for key, limit in limits.items() if limit not in (None, "")}
    key = "paper.between" if len(known) == 2 else f"paper.{next(iter(known), '')}"
    range_of = (Said(safe(say.say(key, **known))),) if known else ()
    return *range_of, Lines(SHORT_LINES, unit=item.unit)


def _nhs_number(field: Field) -> tuple[Mark, ...]:
    return (Digits(((NO_WORDS, 3), (NO_WORDS, 3), (NO_WORDS, 4))),)


def _organisation(field: Field) -> tuple[Mark, ...]:
    return Lines(1, safe(field.say.say("ods.name"))), Lines(1, safe(field.say.say("ods.code")))


def _files(field: Field) -> tuple[Mark, ...]:
    return Said(safe(field.say.say("paper.files"))), Lines(min(most_of(field.item), LONG_LINES))


def _person(field: Field) -> tuple[Mark, ...]:
    return tuple(Lines(1, safe(field.say.say(f"person.{part.key}"))) for part in PERSON_PARTS)


def _signature(field: Field) -> tuple[Mark, ...]:
    say = field.say
    named = (Lines(1, safe(say.say(f"signature.{part.key}"))) for part in SIGNATURE_PARTS)
    dated = _date(field, say.say("signature.date"), ("day", "month", "year"))
    return Lines(1, safe(say.say("paper.signature"))), *named, *dated


def _file(field: Field) -> tuple[Mark, ...]:
    """Which document, where it is and of when; then what each kind of document is asked about."""
    say = field.say
    kinds = Boxes(tuple(safe(say.in_english(words)) for words in KINDS.values()), 1, safe(say.say("file.kind.label")))
    kept = tuple(Lines(1, safe(say.say(f"file.{part}"))) for part in ("what", "kept"))
    signed = _date(field, say.say("file.signed"), ("day", "month", "year"))
    answers = [say.say(f"file.{each}") for each in ANSWERS]
    asked: list[Mark] = [
        mark
        for kind, facts in FACTS.items()
        if facts
        for mark in (
            Said(Markup(said(say, "paper.of_kind", kind=say.in_english(KINDS[kind])))),  # noqa: S704 - escaped there
            *(_boxes(answers, columns=3, label=say.in_english(fact.question)) for fact in facts),
        )
    ]
    return kinds, *kept, *signed, *asked


def _scale(field: Field) -> tuple[Mark, ...]:
    item = field.item
    return (Scale(tuple(points(item)), safe(item.min_label), safe(item.max_label)),)


def _worked_out(field: Field) -> tuple[Mark, ...]:
    return (Said(safe(field.say.say("paper.worked_out"))),)


_MARKS: dict[str, Callable[[Field], tuple[Mark, ...]]] = {
    "text": _text,
    "long_text": _text,
    "yes_no": _yes_no,
    "choice": _coded,
    "choices": _coded,
    "date": _date,
    "number": _number,
    "telephone": _line,
    "email": _line,
    "nhs_number": _nhs_number,
    "organisation": _organisation,
    "person": _person,
    "scale": _scale,
    "signature": _signature,
    "file": _file,
    "attachment": _files,
    "calculated": _worked_out,
    "score": _worked_out,
}
