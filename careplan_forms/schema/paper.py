"""A form on paper, blank, to be filled in with a pen: its questions in order, each with what may be written on.

Conditions are said in words that name questions by their number. What an audience does not see is not on its paper;
what it sees and may not change is named, with nothing to write on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from careplan_forms.schema.compiled import CompiledItem, CompiledSection
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.english import rule_in_words
from careplan_forms.schema.items.kinds import REPEATS, TEXTS
from careplan_forms.schema.languages import Foreign
from careplan_forms.schema.markup import lines, safe, said
from careplan_forms.schema.model import Item
from careplan_forms.schema.paper_marks import NO_WORDS, Grid, Mark, Said, marks_of, no_answer
from careplan_forms.schema.rich import rich_html
from careplan_forms.schema.roles import in_words
from careplan_forms.schema.rules import references
from careplan_forms.schema.wording import Wording

#: How many entries of a repeat, and rows of a table, there is room for.
COPIES, ROWS = 2, 5
#: More columns than this cannot be written in on a sheet of A4.
MOST_COLUMNS = 4
#: What fits one cell of a table; choices only with few answers, which then stand in the heading.
_IN_CELLS = ("text", "number", "date", "telephone", "email", "yes_no", "choice")
_ANSWERS_IN_HEADING = 4
_LINK = re.compile(r'<a href="(?:mailto:|tel:)?([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the paper: a `heading`, a `text`, or a `question` with its marks."""

    kind: str
    label: Markup
    level: int
    number: str = ""
    needed: Markup = NO_WORDS
    notes: tuple[Markup, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One section."""

    number: int
    title: Markup
    hint: Markup
    entries: tuple[Entry, ...]


def sheets_of(form: CompiledForm, *, for_staff: bool) -> tuple[Sheet, ...]:
    """The sections of a form as one audience has it; staff are also told for whom a question is not."""
    numbers = _numbers(form)
    named = {
        uid: replace(item.item, label=_with_number(numbers.get(uid, ""), item.label))
        for uid, item in form.items.items()
    }
    writer = _Writer(form, numbers, form.plain_items | named, for_staff)
    return tuple(
        Sheet(number, safe(section.title), safe(section.hint), tuple(writer.entries(section.items, 3)))
        for number, section in enumerate(form.sections, 1)
    )


def _with_number(number: str, label: str) -> str:
    return f"{number} {label}" if number else label


def _numbers(form: CompiledForm) -> dict[str, str]:
    """The number of each question and of each repeat, and those inside it: section, then place."""
    found: dict[str, str] = {}
    for first, section in enumerate(form.sections, 1):
        for second, item in enumerate(_numbered(section), 1):
            found[item.uid] = f"{first}.{second}"
    return found


def _numbered(section: CompiledSection) -> Iterator[CompiledItem]:
    def inside(items: tuple[CompiledItem, ...]) -> Iterator[CompiledItem]:
        for item in items:
            if item.answerable:
                yield item
            yield from inside(item.children)

    return inside(section.items)


class _Writer:
    """Writes the entries of a form; `named` are its items labelled as sentences name them."""

    def __init__(self, form: CompiledForm, numbers: dict[str, str], named: dict[str, Item], for_staff: bool) -> None:
        self.form, self.numbers, self.named, self.for_staff = form, numbers, named, for_staff
        self.say: Wording = form.say

    def entries(self, items: tuple[CompiledItem, ...], level: int) -> Iterator[Entry]:
        """What stands on the paper for some items and all that is in them."""
        for item in items:
            if item.type in TEXTS:
                yield self.entry(item, "text", level, label=_reading(item))
            elif item.type == "group":
                yield self.entry(item, "heading", level)
                yield from self.entries(item.children, min(level + 1, 6))
            elif item.type in REPEATS:
                yield from self.repeat(item, level)
            else:
                yield self.entry(item, "question", level, marks=self.marks(item))

    def repeat(self, item: CompiledItem, level: int) -> Iterator[Entry]:
        """An empty table where the questions fit one; else room for a few entries, and what to do with more."""
        usual = ROWS if self._fits_a_table(item) else COPIES
        least = max(usual, item.item.min_items)
        room = min(least, item.item.max_items or least)
        more = item.item.max_items is None or item.item.max_items > room
        after = (Said(safe(self.say.say("paper.more"))),) if more else ()
        if item.item.read_only:
            yield self.entry(item, "question", level, marks=self.marks(item))
        elif self._fits_a_table(item):
            columns = tuple((safe(each.label), self._in_heading(each)) for each in item.children)
            yield self.entry(item, "question", level, marks=(Grid(columns, room), *after))
        else:
            yield self.entry(item, "heading", level)
            for number in range(1, room + 1):
                yield Entry("heading", safe(self.say.say("paper.entry", number=number)), min(level + 1, 6))
                yield from self.entries(item.children, min(level + 2, 6))
            yield from (Entry("text", each.text, level) for each in after)

    def entry(self, item: CompiledItem, kind: str, level: int, label: Markup | None = None, marks: Any = ()) -> Entry:
        """One item with what is said about it."""
        words = safe(item.label) if label is None else label
        return Entry(kind, words, level, self.numbers.get(item.uid, ""), self.needed(item), self.notes(item), marks)

    def marks(self, item: CompiledItem) -> tuple[Mark, ...]:
        """What a question is answered on; nothing where this audience does not answer it, or not on paper."""
        if item.item.read_only:
            return (Said(safe(self.say.say("paper.others"))),)
        if item.secret:
            return (Said(safe(self.say.say("paper.secret"))),)
        return *marks_of(item.field), *no_answer(item.field)

    def needed(self, item: CompiledItem) -> Markup:
        """Whether approval needs an answer, or one is recommended."""
        if item.required:
            return safe(self.say.say("needed"))
        if item.item.required_if and item.need is not None:
            return self.with_rule("needed.if", item.item.required_if)
        return safe(self.say.say("recommended")) if item.item.recommended else NO_WORDS

    def notes(self, item: CompiledItem) -> tuple[Markup, ...]:
        """When to fill it in, its hint, for whom it is not, and what to heed."""
        asked = item.item
        key = "paper.only_if" if item.answerable else "paper.part_only_if"
        notes = [self.with_rule(key, asked.show_if)] if asked.show_if else []
        notes += [safe(asked.hint)] if asked.hint else []
        if self.for_staff:
            notes += [safe(self.say.in_english(f"{each}.")) for each in in_words(asked.roles)]
        for caution, _ in item.cautions:
            if not self.is_blind(caution.rule):
                notes.append(self.with_rule("paper.heed", caution.rule, text=self.say.in_english(caution.text)))
        return tuple(notes)

    def with_rule(self, key: str, rule: Any, **values: str) -> Markup:
        """A sentence with a rule in it. A rule about what this audience does not see is for somebody else to decide."""
        if self.is_blind(rule):
            return safe(self.say.say("paper.ask"))
        words = self.say.in_english(rule_in_words(rule, self.named))
        return Markup(said(self.say, key, rule=words, **values))  # noqa: S704 - escaped there

    def is_blind(self, rule: Any) -> bool:
        """Whether a rule looks at a question that is not on this paper."""
        return any(uid in self.form.plain_items and uid not in self.form.items for uid in references(rule))

    def _fits_a_table(self, item: CompiledItem) -> bool:
        return 0 < len(item.children) <= MOST_COLUMNS and all(_fits_a_cell(each) for each in item.children)

    def _in_heading(self, item: CompiledItem) -> Markup:
        """What a cell below this heading may hold."""
        words: list[str] = [item.item.unit] if item.item.unit else []
        if item.type == "yes_no":
            words = [self.say.say("yes"), self.say.say("no")]
        elif item.type == "choice":
            words = [option.display for option in item.item.options if not option.retired]
        elif item.type == "date":
            words = [self.say.say("paper.date")]
        needed = [self.needed(item)] if item.required else []
        return Markup(", ").join([Markup(" / ").join(safe(each) for each in words), *needed] if words else needed)


def _fits_a_cell(item: CompiledItem) -> bool:
    asked = item.item
    plain = not (asked.show_if or asked.required_if or asked.absent or asked.read_only or item.secret or asked.other)
    return item.type in _IN_CELLS and plain and not asked.hint and len(asked.options) <= _ANSWERS_IN_HEADING


def _reading(item: CompiledItem) -> Markup:
    """A text for whoever fills in the form; addresses are written out, because paper cannot be pressed."""
    if item.type != "body":
        return Markup(lines(item.label))  # noqa: S704 - escaped there
    html = _LINK.sub(lambda found: _written_out(found.group(1), found.group(2)), rich_html(item.label))
    if isinstance(item.label, Foreign):
        html = f'<div lang="{item.label.lang}">{html}</div>'
    return Markup(html)  # noqa: S704 - cleaned there


def _written_out(address: str, words: str) -> str:
    return words if words.strip() == address else f"{words} ({address})"
