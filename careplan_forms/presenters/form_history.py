"""Earlier drafts of a form as their pages say them: who saved what, and what putting one back would change."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careplan_forms.models import FormDefinition
from careplan_forms.schema.diff import diff_documents
from careplan_forms.schema.document import sha256_of
from careplan_forms.selectors.form_drafts import document_of, places_of
from careplan_forms.selectors.form_history import DraftHistory, Save, State
from careplan_forms.services.checking import in_sections
from workflows.presenters.sign_off import Group, groups_of

JSONDict = dict[str, Any]
PER_PAGE = 10
MOST_SENTENCES = 6
#: Two documents differ and their differences in words are none.
QUIET = "Codes or settings changed, the wording did not."


@dataclass(frozen=True, slots=True)
class SavedRow:
    """One save: `sentences` say what it changed, `more` how many are not said."""

    revision: int
    at: datetime.datetime
    author: str
    sentences: Sequence[str]
    more: int
    is_present: bool


@dataclass(frozen=True, slots=True)
class Putting:
    """What putting a state back would change, by section; `shown` is the hash of the draft it was compared with.

    `also_in` says of sections that would change which other forms they stand in.
    """

    changes: Sequence[Group]
    differs: bool
    shown: str
    staying: Sequence[str]
    deleted: int
    library: Sequence[str]
    also_in: Sequence[str]


def saved_page(history: DraftHistory, page: int) -> tuple[list[SavedRow], bool]:
    """One page of what was saved, newest first, and whether more was saved before."""
    present = sha256_of(document_of(history.definition))
    chosen = history.saves[(page - 1) * PER_PAGE : page * PER_PAGE]
    return [_row(history, save, present) for save in chosen], len(history.saves) > page * PER_PAGE


def putting(definition: FormDefinition, state: State, lost: bool = False) -> Putting:
    """What would change in the present draft; with `lost` the same from the other side: what was drafted since."""
    now = document_of(definition)
    before, after = (state.document, now) if lost else (now, state.document)
    changes = in_sections(diff_documents(before, after), before, after)
    differs = sha256_of(now) != sha256_of(state.document)
    moving = [each for each in state.sections if _moves(each.key, now, state.document)]
    return Putting(
        changes=groups_of(changes) or ([Group("", [QUIET])] if differs else []),
        differs=differs,
        shown=sha256_of(now),
        staying=state.staying,
        deleted=state.deleted,
        library=[each.title for each in state.sections if each.shared and each.pk not in state.pins],
        also_in=[said for each in moving if each.pk and not each.shared for said in _elsewhere(each, definition)],
    )


def _row(history: DraftHistory, save: Save, present: str) -> SavedRow:
    before, after = history.before(save.revision), history.state(save.revision)
    if before is None:
        said = [f"First saved: {', '.join(save.parts[:3])}{' and more' if save.parts[3:] else ''}."]
    else:
        said = [each.sentence for each in diff_documents(before.document, after.document)]
        if not said:
            said = [QUIET if before.document != after.document else "Nothing in the form changed."]
    rest = max(len(said) - MOST_SENTENCES, 0)
    is_present = sha256_of(after.document) == present
    return SavedRow(save.revision, save.at, save.author, said[:MOST_SENTENCES], rest, is_present)


def _moves(key: str, now: JSONDict, then: JSONDict) -> bool:
    return [each for each in now["sections"] if each["key"] == key] != [
        each for each in then["sections"] if each["key"] == key
    ]


def _elsewhere(section: Any, definition: FormDefinition) -> list[str]:
    others = [each for each in places_of(section) if each.pk != definition.pk]
    return [f"“{section.title}” also stands in “{each.title}”, whose draft changes with it." for each in others]
