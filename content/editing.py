"""What the administration lets those do who edit content: every page of the site, and nothing beside pages."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page

from governance.enums import RoleKey

#: The roles the gate opens `CONTENT_EDIT` to.
ROLES = frozenset({RoleKey.CONTENT_EDITOR, RoleKey.CLINICAL_LEAD})
#: Deleting a page with everything below it is nobody's.
PERMISSIONS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")


def give_pages(role: RoleKey, group: Group) -> None:
    """Keep a role's group in step: these permissions on the whole tree, or none."""
    root = Page.get_first_root_node()
    wanted = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=PERMISSIONS if role in ROLES else ()
    )
    GroupPagePermission.objects.filter(group=group).exclude(page=root, permission__in=wanted).delete()
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
