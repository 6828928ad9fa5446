"""Compiling a form document into one object that draws, parses, judges and reads answers.

Closures and strings only: nothing of a document is ever executed. A compiled form holds no answers and is
shared by all threads of a process.
"""

import datetime
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any, Literal

from markupsafe import Markup

from careplan_forms.schema import advising, drawing, markup, parsing, reading, validating
from careplan_forms.schema.advising import Advice
from careplan_forms.schema.compiled import (
    CompiledItem,
    CompiledSection,
    answerables,
    around_of,
    asked_about,
    compile_section,
    everything,
)
from careplan_forms.schema.document import sha256_of
from careplan_forms.schema.items.base import Check, is_blank
from careplan_forms.schema.model import Form, read
from careplan_forms.schema.page_rules import PageRules
from careplan_forms.schema.problems import FormData, Problem
from careplan_forms.schema.repeats import apply_action
from careplan_forms.schema.schemas import answers_schema
from careplan_forms.schema.showing import Showing
from careplan_forms.schema.visibility import order_of
from careplan_forms.schema.wording import Wording
from careplan_forms.schema.workings import Workings

# Part of the cache key: raised when the same document must be drawn or judged differently.
COMPILER_VERSION = 3
MOST_CACHED = 128

Audience = Literal["clinician", "patient"]
Stage = Literal["draft", "publish"]
# Uid, check, whether approval demands more than a good shape, and the item itself.
Checked = tuple[str, Check | None, bool, CompiledItem]
Status = Literal["not_started", "in_progress", "completed", "problem"]

_cache: OrderedDict[tuple[str, int, str, str], "CompiledForm"] = OrderedDict()
_lock = Lock()


def compile_form(
    document: Mapping[str, Any],
    *,
    sha256: str | None = None,
    language: str = "en",
    audience: Audience = "clinician",
) -> "CompiledForm":
    """The compiled form of a document, from this process's cache when it has been compiled before.

    `sha256` must be that of the document's canonical bytes; without it they are hashed. Raises DocumentError
    when the document cannot be read at all; anything less is the linter's to say.
    """
    digest = sha256 or sha256_of(document)
    found = compiled_already(digest, language=language, audience=audience)
    if found is not None:
        return found
    compiled = CompiledForm(document, digest, language, audience)
    with _lock:
        _cache[digest, COMPILER_VERSION, language, audience] = compiled
        while len(_cache) > MOST_CACHED:
            _cache.popitem(last=False)
    return compiled


def compiled_already(sha256: str, *, language: str = "en", audience: Audience = "clinician") -> "CompiledForm | None":
    """The form with this hash when this process has compiled it, so that its document need not be fetched."""
    key = (sha256, COMPILER_VERSION, language, audience)
    with _lock:
        found = _cache.get(key)
        if found is not None:
            _cache.move_to_end(key)
    return found


class CompiledForm:
    """One form document, ready to use. Answers go in and come out as plain dictionaries keyed by item uid."""

    explains = False  # See `drawing_trace.explaining`.
    blind: frozenset[str] = frozenset()  # Of a view for one role: what its page may not decide on. See `audience`.

    def __init__(
        self, document: Mapping[str, Any], sha256: str, language: str, audience: str, form: Form | None = None
    ) -> None:
        self.document, self.sha256, self.language, self.audience = document, sha256, language, audience
        form = form or read(document, language)
        say, seen = Wording(language), set[str]()
        self.key, self.title, self.say = form.key, form.title, say
        self.sections: tuple[CompiledSection, ...] = tuple(
            compile_section(section, say, audience, seen) for section in form.sections
        )
        self.items: dict[str, CompiledItem] = {
            item.uid: item for section in self.sections for item in everything(section.items)
        }
        self.plain_items = {uid: item.item for uid, item in self.items.items()}
        self.around = {uid: around for section in self.sections for uid, around in around_of(section.items, ())}
        self._sections = {section.key: section for section in reversed(self.sections)}
        self.order = order_of(item.item for section in self.sections for item in section.items)
        self.showing = Showing(
            self.order, self.around, {each.key: asked_about(each.items, self.around) for each in self.sections}
        )
        self.workings = Workings(self.order, self.plain_items)
        self._asked: dict[str | None, tuple[CompiledItem, ...]] = {
            section.key: tuple(answerables(section.items)) for section in reversed(self.sections)
        }
        self._asked[None] = tuple(item for section in self.sections for item in answerables(section.items))
        self.editable = frozenset(item.uid for item in self._asked[None] if not item.item.read_only)
        self.taking_files = frozenset(item.section for item in self.items.values() if item.type == "attachment")
        self._checks = {key: tuple(_check_of(item) for item in asked) for key, asked in self._asked.items()}
        self.advising = {
            key: tuple(item for item in asked if advising.advises(item)) for key, asked in self._asked.items()
        }
        self.nodes = cache(lambda key: drawing.section_nodes(self, key))
        self.page_rules = cache(lambda key: PageRules(self, key))

    def section(self, key: str) -> CompiledSection:
        """A section by its key. Raises KeyError for a key that is not in the form."""
        return self._sections[key]

    def asked(self, section: str | None) -> tuple[CompiledItem, ...]:
        """Questions and repeats of a section, or of the whole form, in order."""
        return self._asked[section]

    def checks(self, section: str | None) -> tuple[Checked, ...]:
        """What validation walks over, in order."""
        return self._checks[section]

    @property
    def prefill_paths(self) -> dict[str, str]:
        """Where known values for questions come from: uid → path such as `patient.family_name`."""
        return {uid: item.item.prefill for uid, item in self.items.items() if item.item.prefill}

    @property
    def secret_uids(self) -> frozenset[str]:
        """Questions whose answers may be shown only by a logged press."""
        return frozenset(uid for uid, item in self.items.items() if item.secret)

    def calculated(self, answers: Mapping[str, Any], today: datetime.date) -> dict[str, Any]:
        """The answers with every calculated value as it comes out on `today`; none brought along is kept.

        For answers being worked on. Those of a submission or an approved version stay as they were frozen.
        """
        return self.workings.filled(answers, today)

    def warnings(self, answers: Mapping[str, Any], section: str | None = None) -> list[Advice]:
        """What is said beside shown questions for these answers; must be seen, keeps nothing from being sent."""
        return advising.warnings(self, answers, section)

    def recommended(self, answers: Mapping[str, Any], section: str | None = None) -> list[Advice]:
        """The recommended questions that are shown and have no answer; they keep nothing from being sent."""
        return advising.recommended(self, answers, section)

    def parse_section(
        self, key: str, data: FormData, previous: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[Problem]]:
        """Answers typed into a section's page (None: left blank) and what is wrong with them; see `parsing`.

        With `previous` answers, an option retired since then may stay but not be chosen anew.
        """
        return parsing.parse_section(self, key, data, previous)

    def validate(
        self, answers: Mapping[str, Any], *, section: str | None = None, stage: Stage = "draft"
    ) -> list[Problem]:
        """What is wrong with stored answers; at the stage `publish` also what approval still needs."""
        return validating.validate(self, answers, section, stage == "publish")

    def visible(self, answers: Mapping[str, Any]) -> frozenset[str]:
        """The uids that are shown.

        A question inside a repeat is shown when the repeat is; entries may still differ.
        """
        return frozenset(self.items.keys() - self.showing.hidden(answers))

    def complete(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers without those hidden, blank, or not of this form: what may be submitted."""
        return reading.complete(self, answers)

    def suppressed(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers to hidden questions, which a draft keeps and nothing else shows."""
        return reading.suppressed(self, answers)

    def render_section(
        self,
        key: str,
        answers: Mapping[str, Any],
        problems: Sequence[Problem] = (),
        prefills: Mapping[str, Any] | None = None,
        today: datetime.date | None = None,
    ) -> Markup:
        """The section's questions as HTML, to stand inside a `form` of the page.

        `prefills` offers values for blank answers: `{uid: value}` or `{uid: {"value": …, "source": "GP
        record"}}`. With `today`, the page carries what scripts need to follow answers as they change.
        """
        return drawing.drawn_section(self, key, answers, problems, prefills, today)

    def display(self, uid: str, value: Any) -> str:
        """An answer as text; blank answers are empty, secret ones are not written out."""
        return reading.display(self, self.items[uid], value)

    def rows(self, answers: Mapping[str, Any], section: str | None = None) -> list[reading.Row]:
        """The shown questions with their answers as text, for reading; "Not recorded" where there is none."""
        return reading.rows(self, answers, section)

    def section_status(self, key: str, answers: Mapping[str, Any]) -> Status:
        """How far a section is. Completed: something is answered and approval needs nothing more here."""
        hidden = self.showing.hidden(answers, key)
        shown = [item for item in self.asked(key) if item.uid not in hidden]
        if not any(not is_blank(answers.get(item.uid)) for item in shown):
            return "not_started"
        if self.validate(answers, section=key):
            return "problem"
        return "in_progress" if self.validate(answers, section=key, stage="publish") else "completed"

    def slots(self, answers: Mapping[str, Any]) -> dict[str, list[Any]]:
        """The values of the emergency slots that shown answers fill; never a secret one. See `emergency`."""
        return reading.slots(self, answers, secret=False)

    def secret_slots(self, answers: Mapping[str, Any]) -> dict[str, list[Any]]:
        """The secret slots alone, for the one place that encrypts them."""
        return reading.slots(self, answers, secret=True)

    def apply_action(self, data: FormData, answers: Mapping[str, Any]) -> dict[str, Any] | None:
        """New answers after a pressed add, remove or move button of a repeat; None when none was pressed."""
        return apply_action(data, answers, self)

    def error_summary(self, problems: Sequence[Problem]) -> Markup:
        """The design system's error summary linking to each field; empty when there is nothing wrong."""
        return markup.error_summary([(problem.field_name, problem.message) for problem in problems], self.say)

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of this form's answers."""
        return answers_schema(self)


def _check_of(item: CompiledItem) -> Checked:
    return item.uid, item.check, item.demanding or item.is_repeat or item.finishes, item
