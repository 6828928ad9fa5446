"""Lists of coded answers as drafts."""

from typing import Any

from django.db import transaction

from careplan_forms import design_permissions
from careplan_forms.block_items import stream_of_options
from careplan_forms.models import ValueSet
from careplan_forms.schema.document import VALUE_SET_DEFAULTS
from careplan_forms.selectors.form_drafts import draft_of, value_set_in
from core.exceptions import Refused
from governance.actors import Actor
from governance.models import User
from governance.services import audit


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


def _same(row: ValueSet, value_set: dict[str, Any]) -> bool:
    return value_set_in(draft_of(row)) == value_set | {"key": row.key}


def _save(draft: ValueSet, value_set: dict[str, Any], by: Actor) -> ValueSet:
    if len(value_set["key"]) > 100:
        raise Refused("The key of a list of answers can have at most 100 characters")
    draft.title = (value_set["title"] or value_set["key"])[:200]
    draft.version = str(value_set["version"] or "1")[:30]
    draft.source = str(value_set.get("source") or "")[:300]
    draft.extra = {key: each for key, each in value_set.items() if key not in (*VALUE_SET_DEFAULTS, "source")}
    setattr(draft, "options", stream_of_options(value_set["options"]))  # noqa: B010 - a StreamField takes plain values
    if not draft.live:
        draft.save()
    draft.save_revision(user=User.objects.filter(pk=by.user_id).first(), clean=False)
    target, detail = ("valueset", draft.key[:60]), {"version": draft.version}
    audit.record(by=by, action="value_set.saved", target=target, detail=detail)
    return draft
