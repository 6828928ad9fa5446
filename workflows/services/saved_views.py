"""Views of the inbox that people name and keep: their filters, under a name, for themselves alone."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from core.exceptions import Refused
from governance.actors import Actor
from governance.models import User
from governance.services import audit
from workflows import permissions
from workflows.models import SavedView
from workflows.selectors.inbox import NARROWING

MOST_VIEWS = 20
LONGEST_NAME = 60
_LONGEST_VALUE = 80


def tidied(query: str) -> str:
    """The part of an address that narrows the inbox, in one order, so that equal views have equal text."""
    given = dict(parse_qsl(query))
    kept = {name: given[name] for name in NARROWING if 0 < len(given.get(name, "")) <= _LONGEST_VALUE}
    if kept.get("show") == "all":
        del kept["show"]
    return urlencode(kept)


@transaction.atomic
def save_view(*, by: Actor, name: str, query: str, is_default: bool = False) -> SavedView:
    """Keep filters under a name. Refused without filters, for a name in use and when there are twenty already."""
    views = _own(by)
    tidy = tidied(query)
    if not tidy:
        raise Refused("Choose a list or a filter first, then save it as a view")
    if len(views) >= MOST_VIEWS:
        raise Refused(f"You have {MOST_VIEWS} views. Delete one to save another")
    row = SavedView(user_id=by.user_id, query=tidy)
    _keep(row, views, name, is_default)
    audit.record(by=by, action="inbox_view.saved", target=row)
    return row


@transaction.atomic
def change_view(*, by: Actor, view: SavedView, name: str, is_default: bool) -> SavedView:
    """Another name, or whether the inbox opens with it. Refused for a name in use."""
    views = _own(by)
    row = next((own for own in views if own.pk == view.pk), None)
    if row is None:
        raise Refused("This view was deleted")
    _keep(row, views, name, is_default)
    audit.record(by=by, action="inbox_view.changed", target=row)
    return row


@transaction.atomic
def delete_view(*, by: Actor, view: SavedView) -> None:
    """Forget a view; twice is harmless."""
    _own(by)
    audit.record(by=by, action="inbox_view.deleted", target=view)
    SavedView.objects.filter(pk=view.pk, user_id=by.user_id).delete()


def _own(by: Actor) -> list[SavedView]:
    """The actor's views; whoever else changes them waits."""
    permissions.check_user_can_read_tasks(by)
    User.objects.select_for_update().get(pk=by.user_id)
    return list(SavedView.objects.filter(user_id=by.user_id))


def _keep(row: SavedView, views: list[SavedView], name: str, is_default: bool) -> None:
    tidy = " ".join(name.split())
    if not tidy:
        raise Refused("Enter a name for this view", field="name")
    if len(tidy) > LONGEST_NAME:
        raise Refused(f"The name must be {LONGEST_NAME} characters or fewer", field="name")
    if any(own.name.casefold() == tidy.casefold() for own in views if own.pk != row.pk):
        raise Refused("You have a view of this name already. Enter another name", field="name")
    if is_default:
        SavedView.objects.filter(user_id=row.user_id, is_default=True).exclude(pk=row.pk).update(is_default=False)
    row.name, row.is_default = tidy, is_default
    row.save()
