"""What changed on a record, when, by whom and why; and what it said at a moment. From django-simple-history."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, ForeignKey, Model

from core.date_format import staff_date, staff_moment
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import Organisation, User

_UNSHOWN = frozenset({"id", "public_id"})
_KINDS = {"+": "Created", "~": "Changed", "-": "Removed"}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a History tab; `fields` holds (label, old, new) in words."""

    at: datetime.datetime
    who: str
    why: str
    kind: str
    fields: tuple[tuple[str, str, str], ...]


def of(row: Model, organisation: Organisation, viewer: Actor) -> list[Change]:
    """Every change of a record that belongs to an organisation, the newest first."""
    gate.check(viewer, Action.ORGANISATION_READ, organisation)
    versions = list(row.history.select_related("history_user").order_by("history_date", "history_id"))  # type: ignore[attr-defined]
    people = _people(row, versions)
    changes, before = [], None
    for version in versions:
        changes.append(_change(row, before, version, people))
        before = version
    return changes[::-1]


def as_at(
    row: Model, organisation: Organisation, moment: datetime.datetime, viewer: Actor
) -> list[tuple[str, str]] | None:
    """What the record said at a moment, as (label, words); None when it did not exist yet."""
    gate.check(viewer, Action.ORGANISATION_READ, organisation)
    version = row.history.filter(history_date__lte=moment).order_by("-history_date", "-history_id").first()  # type: ignore[attr-defined]
    if version is None or version.history_type == "-":
        return None
    people = _people(row, [version])
    return [(_label(field), _words(field, version, people)) for field in _fields(row)]


def _change(row: Model, before: Any, version: Any, people: dict[int, str]) -> Change:
    fields = []
    for field in _fields(row):
        old = "" if before is None else _words(field, before, people)
        new = _words(field, version, people)
        if old != new:
            fields.append((_label(field), old, new))
    user = version.history_user
    return Change(
        at=version.history_date,
        who=user.display_name if user else "The service itself",
        why=version.history_change_reason or "",
        kind=_KINDS[version.history_type],
        fields=tuple(fields),
    )


def _fields(row: Model) -> list[Field]:
    return [field for field in row._meta.concrete_fields if field.name not in _UNSHOWN]


def _label(field: Field) -> str:
    words = str(field.verbose_name)
    return words[:1].upper() + words[1:]


def _words(field: Field, version: Any, people: dict[int, str]) -> str:
    value = getattr(version, field.attname)
    if value in (None, ""):
        return ""
    if isinstance(field, ForeignKey):
        related: type[Model] = field.related_model
        return people.get(value, f"account {value}") if related is User else _related(related, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime.datetime):
        return staff_moment(value)
    return staff_date(value) if isinstance(value, datetime.date) else str(value)


def _related(model: type[Model], key: Any) -> str:
    found = model._default_manager.filter(pk=key).first()
    return str(found) if found else str(key)


def _people(row: Model, versions: list[Any]) -> dict[int, str]:
    """Names of the accounts the versions refer to; one query."""
    names = [f.attname for f in _fields(row) if isinstance(f, ForeignKey) and f.related_model is User]
    keys = {getattr(version, name) for version in versions for name in names} - {None}
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=keys)} if keys else {}
