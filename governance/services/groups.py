"""Keeps the groups of the administration pages in step with the staff lists. Nobody is put in a group by hand."""

from collections.abc import Callable, Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from core import clock
from core.registry import Registry
from governance.actors import Actor
from governance.enums import ADMIN_ROLES, CareSetting, RoleKey
from governance.models import StaffListEntry, User
from governance.selectors.grants import opens_administration
from governance.selectors.staff import current
from governance.services import audit

#: Layers above say what a role's group may do in the administration: label → {role: codenames "app.codename"}.
group_permissions: Registry[dict[RoleKey, list[str]]] = Registry("permissions of administration groups")
#: And do what no permission expresses (a group's page tree, its collections): label → callable(role, group).
group_setups: Registry[Callable[[RoleKey, Group], None]] = Registry("set-up of administration groups")

ENTER = "wagtailadmin.access_admin"
#: What is never deleted has no permission to be: places and kinds of agreement end by a date.
_KEPT = ("area", "areamembership", "role", "agreementtemplate")
_DELETABLE = ("jobtitle", "trainingrequirement")
_OURS = {
    RoleKey.IG_OFFICER: [
        *(f"governance.{verb}_{model}" for model in (*_KEPT, *_DELETABLE) for verb in ("add", "change", "view")),
        *(f"governance.delete_{model}" for model in _DELETABLE),
    ],
}
group_permissions.add("governance", _OURS)


#: The group of those whom a grant lets in: it holds the key to the front door and nothing behind it.
BY_GRANT = "Role: Editor by grant"


def group_name(role: RoleKey) -> str:
    return f"Role: {role.label}"


@transaction.atomic
def sync_roles(*, by: Actor) -> None:
    """Make the group of every administration role and give it exactly the permissions the layers name."""
    for role in sorted(ADMIN_ROLES):
        group, _ = Group.objects.get_or_create(name=group_name(role))
        wanted = {ENTER}
        for table in group_permissions:
            wanted |= set(table.get(role, []))
        group.permissions.set(_permissions(wanted))
        for setup in group_setups:
            setup(role, group)
    Group.objects.get_or_create(name=BY_GRANT)[0].permissions.set(_permissions({ENTER}))
    audit.record(by=by, action="groups.synced", detail={"roles": sorted(ADMIN_ROLES)})


@transaction.atomic
def sync(*, user: User, by: Actor) -> list[str]:
    """Put the account in exactly the groups of the roles it holds today at the host; returns their names.

    Whoever holds a grant that opens a part of the administration is in a group of their own as well.
    """
    entries = StaffListEntry.objects.filter(
        current(), user=user, role__in=ADMIN_ROLES, organisation__care_setting=CareSetting.HOST
    )
    wanted = {group_name(RoleKey(role)) for role in entries.values_list("role", flat=True)}
    if User.objects.filter(opens_administration(user.pk, clock.now()), pk=user.pk).exists():
        wanted.add(BY_GRANT)
    held = set(user.groups.filter(name__startswith="Role: ").values_list("name", flat=True))
    if wanted == held:
        return sorted(wanted)
    missing = [Group.objects.get_or_create(name=name)[0] for name in sorted(wanted - held)]
    user.groups.add(*missing)
    user.groups.remove(*Group.objects.filter(name__in=held - wanted))
    audit.record(by=by, action="groups.changed", target=user, detail={"groups": sorted(wanted)})
    return sorted(wanted)


def sync_everybody(*, by: Actor) -> int:
    """Follow dates that came and went overnight; returns how many accounts were looked at."""
    in_groups = Q(groups__name__startswith="Role: ")
    listed = Q(staff_entries__role__in=ADMIN_ROLES)
    granted = Q(temporary_grants__revoked_at=None, temporary_grants__expires_at__gt=clock.now())
    users = User.objects.filter(in_groups | listed | granted).distinct()
    for user in users:
        sync(user=user, by=by)
    return len(users)


def _permissions(names: Iterable[str]) -> list[Permission]:
    """The rows of these permissions. Raises LookupError for a name no app declares."""
    wanted = sorted(set(names))
    labels, codenames = zip(*(name.split(".") for name in wanted), strict=True)
    found = Permission.objects.filter(content_type__app_label__in=labels, codename__in=codenames)
    rows: dict[str, Permission] = {}
    for row in found.select_related("content_type"):
        rows.setdefault(f"{row.content_type.app_label}.{row.codename}", row)
    for name in wanted:
        if name not in rows:
            raise LookupError(f"No permission {name}; run migrate first")
    return [rows[name] for name in wanted]
