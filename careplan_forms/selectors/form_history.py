"""Earlier states of a form's draft: who saved what when, and the form as it was then.

A form's draft is its own and those of its sections and lists of answers, each with the revisions the CMS keeps. A state
is named by a revision: every part as it was when that revision was written. It serves designing only; plans and
sign-off never look here.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Revision

from careplan_forms.models import FormDefinition, FormSection, ValueSet
from careplan_forms.selectors.form_drafts import (
    document_from,
    draft_of,
    fresh,
    lists_named_in,
    pinned_in,
    sections_of,
    stream_in,
    value_set_in,
    value_sets_of,
)
from core.exceptions import Absent
from governance.models import User

JSONDict = dict[str, Any]
#: What one person saves within this time of each other is one save, no part twice: a form brought in writes many rows.
ONE_SAVE = datetime.timedelta(seconds=5)
_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """One revision without its content: of what, when, whose."""

    pk: int
    row: _Key
    at: datetime.datetime
    user: int | None


@dataclass(frozen=True, slots=True)
class Save:
    """What somebody saved at once; `revision` names the state after it. `author` is empty for a job."""

    revision: int
    at: datetime.datetime
    author: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A form as it was, or as a version says it: drafts as given, none of them saved by being here.

    `staying` are titles of lists of answers that stay as they are, because other forms use them; `pins` the texts of
    library sections that would be taken over; `deleted` counts sections that stood there and exist no more.
    """

    definition: FormDefinition
    sections: list[FormSection]
    value_sets: list[ValueSet]
    document: JSONDict
    staying: list[str] = field(default_factory=list)
    pins: dict[int, JSONDict] = field(default_factory=dict)
    deleted: int = 0


class DraftHistory:
    """The revisions of a form and everything that ever stood in it; `with_lists` its lists of answers too."""

    def __init__(self, definition: FormDefinition, with_lists: bool = True) -> None:
        self.definition = fresh(definition)
        self.with_lists = with_lists
        self._contents: dict[int, JSONDict] = {}
        self._drafts: dict[tuple[_Key, int | None], Any] = {}

    @cached_property
    def rows(self) -> dict[_Key, Any]:
        """The form, the sections that ever stood in it and still exist, the lists those name now."""
        self._contents |= dict(self.definition.revisions.values_list("pk", "content"))
        ever = {link["section"] for content in self._contents.values() for link in content.get("section_links", ())}
        ever |= {each.pk for each in sections_of(self.definition)}
        sections = list(FormSection.objects.filter(pk__in=ever).select_related("latest_revision"))
        rows = [self.definition, *sections, *value_sets_of(sections)]
        return {_key(each): each for each in rows}

    @cached_property
    def marks(self) -> list[Mark]:
        """Every revision of these rows, oldest first."""
        kinds = {ContentType.objects.get_for_model(model): model for model in (FormDefinition, FormSection, ValueSet)}
        wanted = Q(pk__in=())
        for kind, model in kinds.items():
            ids = [str(pk) for name, pk in self.rows if name == model._meta.model_name]
            wanted |= Q(content_type=kind, object_id__in=ids)
        found = Revision.objects.filter(wanted).order_by("created_at", "pk")
        names = {kind.pk: str(model._meta.model_name) for kind, model in kinds.items()}
        return [
            Mark(pk, (names[kind], int(row)), at, user)
            for pk, kind, row, at, user in found.values_list(
                "pk", "content_type_id", "object_id", "created_at", "user_id"
            )
        ]

    @cached_property
    def saves(self) -> list[Save]:
        """What was saved, newest first. A section saved while it stood in no state of the form is left out."""
        groups: list[list[Mark]] = []
        for mark in self.marks:
            if groups and _together(groups[-1], mark):
                groups[-1].append(mark)
            else:
                groups.append([mark])
        names = dict(User.objects.in_bulk({mark.user for mark in self.marks if mark.user}))
        found = []
        for group in groups:
            inside = self._inside(group[-1].pk)
            parts = tuple(dict.fromkeys(self.rows[mark.row].title for mark in group if mark.row in inside))
            if parts:
                author = names.get(group[-1].user)
                found.append(Save(group[-1].pk, group[-1].at, author.display_name if author else "", parts))
        return found[::-1]

    def state(self, revision: int) -> State:
        """The form as it was when a revision of it was written. Raises Absent for any other."""
        places = {mark.pk: number for number, mark in enumerate(self.marks)}
        if revision not in places:
            raise Absent
        then = self._newest(places[revision])
        own = self._as_of(_key(self.definition), then)
        linked = sorted(own.section_links.all(), key=lambda link: link.sort_order or 0)
        keys = [("formsection", link.section_id) for link in linked]
        sections = [self._as_of(key, then) for key in keys if key in self.rows]
        named = _named(sections)
        lists = [row for key, row in self.rows.items() if key[0] == "valueset" and row.key in named]
        mine = [row for key, row in self.rows.items() if key[0] == "formsection"]
        alone, staying = apart(lists, mine) if self.with_lists else ([], lists)
        drafts = {row.pk: self._as_of(_key(row), then) if row in alone else draft_of(row) for row in lists}
        document = document_from(own, sections, drafts.values(), pinned_in(self.definition))
        return State(
            definition=own,
            sections=sections,
            value_sets=[drafts[row.pk] for row in alone],
            document=document,
            staying=[row.title for row in staying if _differs(self._as_of(_key(row), then), draft_of(row))],
            deleted=self._deleted(then),
        )

    def before(self, revision: int) -> State | None:
        """The state before a save; None before the first."""
        order = [save.revision for save in self.saves]
        following = dict(pairwise(order))
        return self.state(following[revision]) if revision in following else None

    def _newest(self, place: int) -> dict[_Key, int]:
        """Row → its revision in the state after the mark at this place."""
        return {mark.row: mark.pk for mark in self.marks[: place + 1]}

    def _inside(self, revision: int) -> set[_Key]:
        """What stood in the form then, or does today."""
        then = self._newest([mark.pk for mark in self.marks].index(revision))
        own = self._content(then.get(_key(self.definition))) or {}
        linked = {("formsection", link["section"]) for link in own.get("section_links", ())}
        lists = {key for key in self.rows if key[0] == "valueset"}
        return {_key(self.definition)} | linked | lists

    def _as_of(self, key: _Key, then: dict[_Key, int]) -> Any:
        revision = then.get(key)
        if (key, revision) not in self._drafts:
            row, content = self.rows[key], self._content(revision)
            self._drafts[key, revision] = draft_of(row) if content is None else row.with_content_json(content)
        return self._drafts[key, revision]

    def _content(self, revision: int | None) -> JSONDict | None:
        if revision is not None and revision not in self._contents:
            self._contents[revision] = Revision.objects.values_list("content", flat=True).get(pk=revision)
        return None if revision is None else self._contents[revision]

    def _deleted(self, then: dict[_Key, int]) -> int:
        own = self._content(then.get(_key(self.definition))) or {}
        return sum(("formsection", link["section"]) not in self.rows for link in own.get("section_links", ()))


def apart(lists: Iterable[ValueSet], sections: Iterable[FormSection]) -> tuple[list[ValueSet], list[ValueSet]]:
    """Lists of answers that only these sections name, and those that sections of other forms name too."""
    mine = {section.pk for section in sections if not section.shared}
    others = FormSection.objects.exclude(pk__in=mine).select_related("latest_revision")
    elsewhere = _named(draft_of(each) for each in others)
    rows = list(lists)
    return [row for row in rows if row.key not in elsewhere], [row for row in rows if row.key in elsewhere]


def _together(group: list[Mark], mark: Mark) -> bool:
    last = group[-1]
    soon = last.user == mark.user and mark.at - last.at <= ONE_SAVE
    return soon and all(each.row != mark.row for each in group)


def _named(sections: Iterable[FormSection]) -> set[str]:
    return {key for section in sections for key in lists_named_in(stream_in(section, "items"))}


def _key(row: Any) -> _Key:
    return str(row._meta.model_name), row.pk


def _differs(then: ValueSet, now: ValueSet) -> bool:
    return value_set_in(then) != value_set_in(now)
