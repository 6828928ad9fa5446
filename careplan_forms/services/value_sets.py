"""Lists of coded answers as drafts."""

import re
from typing import Any

from django.db import transaction

from careplan_forms import design_permissions
from careplan_forms.block_options import stream_of_options
from careplan_forms.models import ValueSet
from careplan_forms.schema.document import VALUE_SET_DEFAULTS
from careplan_forms.schema.lint_options import day_of
from careplan_forms.schema.list_merging import ListChanges, merged
from careplan_forms.schema.translating import kept_words, lifted, words_of_value_set
from careplan_forms.selectors.form_drafts import draft_of, value_set_in
from core import clock
from core.exceptions import Refused
from governance.actors import Actor
from governance.models import User
from governance.services import audit

#: What a key may be made of.
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@transaction.atomic
def save_from_document(*, value_set: dict[str, Any], form_key: str, by: Actor) -> ValueSet:
    """Keep a document's list of answers as a draft and return it.

    A list of the same key that says something else is replaced only when this form brought it; somebody else's is left
    alone, and a list of this form's own (`<form>--<key>`) is kept beside it.
    """
    design_permissions.check_user_can_shape_all(by)
    row = ValueSet.objects.filter(key=value_set["key"]).first()
    if row is not None and row.form_key != form_key and not _same(row, value_set):
        value_set = value_set | {"key": f"{form_key}--{value_set['key']}"[:100]}
        row = ValueSet.objects.filter(key=value_set["key"]).first()
    if row is None:
        row = ValueSet(key=value_set["key"], form_key=form_key, live=False)
    elif _same(row, value_set):
        return row
    return _save(draft_of(row), value_set, by)


def edition_of(*, brought: dict[str, Any], key: str, by: Actor) -> tuple[dict[str, Any], ListChanges, bool]:
    """What a list would say after an edition is taken over, what that changes, and whether the list is there already.

    Nothing is saved. Options the edition lacks are retired, never dropped.
    """
    design_permissions.check_user_can_shape_all(by)
    row = ValueSet.objects.filter(key=key).first()
    known = value_set_in(draft_of(row)) if row else {}
    options, changes = merged(known.get("options", []), brought["options"], clock.today())
    dates = {name: brought.get(name) or known.get(name) for name in ("valid_from", "valid_until")}
    return known | brought | dates | {"key": key, "options": options}, changes, row is not None


@transaction.atomic
def take_over_edition(*, brought: dict[str, Any], key: str, by: Actor) -> tuple[ValueSet, ListChanges]:
    """Keep a list that was brought as the draft of a new list, or of the next edition of the one with this key.

    Raises Refused for a key that cannot be one.
    """
    if not SLUG.match(key) or len(key) > 100:
        raise Refused("Enter a key of small letters, numbers and hyphens, at most 100 of them", "key")
    whole, changes, _ = edition_of(brought=brought, key=key, by=by)
    row = ValueSet.objects.filter(key=key).first()
    draft = draft_of(row) if row else ValueSet(key=key, live=False)
    return _save(draft, whole, by), changes


def _same(row: ValueSet, value_set: dict[str, Any]) -> bool:
    known, given = (
        {key: each for key, each in said.items() if each is not None}
        for said in (value_set_in(draft_of(row)), value_set)
    )
    return known == given | {"key": row.key}


def lay(draft: ValueSet, value_set: dict[str, Any]) -> None:
    """Write what a document's list of answers says into a draft; nothing is saved."""
    draft.title = (value_set["title"] or value_set["key"])[:200]
    draft.version = str(value_set["version"] or "1")[:30]
    draft.source = str(value_set.get("source") or "")[:300]
    draft.valid_from, draft.valid_until = day_of(value_set.get("valid_from")), day_of(value_set.get("valid_until"))
    # Words stand beside the options from here on, so that a changed option asks for another look.
    draft.translations = kept_words(draft.translations, lifted(words_of_value_set(value_set)))
    draft.extra = {key: each for key, each in value_set.items() if key not in (*VALUE_SET_DEFAULTS, "source")}
    setattr(draft, "options", stream_of_options([each | {"translations": {}} for each in value_set["options"]]))  # noqa: B010 - a StreamField takes plain values


def _save(draft: ValueSet, value_set: dict[str, Any], by: Actor) -> ValueSet:
    if len(value_set["key"]) > 100:
        raise Refused("The key of a list of answers can have at most 100 characters")
    lay(draft, value_set)
    if not draft.live:
        draft.save()
    draft.save_revision(user=User.objects.filter(pk=by.user_id).first(), clean=False)
    target, detail = ("valueset", draft.key[:60]), {"version": draft.version}
    audit.record(by=by, action="value_set.saved", target=target, detail=detail)
    return draft
