"""What Wagtail asks before it offers a page. The designer's own views ask the gate again, with the acting role.

Nobody holds `publish`: not by group, not as a superuser, not by grant.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from careplan_forms import design_permissions, design_policies
from careplan_forms.models import FormDefinition, ValueSet
from careplan_forms.selectors.form_drafts import sections_only_in
from governance.actors import Actor
from governance.enums import RoleKey
from governance.models import StaffListEntry, User
from governance.selectors.capacities import current_capacities_of
from governance.selectors.staff import current

_EDITING = frozenset({"add", "change", "view", "lock", "unlock", "delete"})


class DesignPolicy(BasePermissionPolicy):
    """Clinical leads everything but publishing; editors by grant the forms they were given."""

    permission_cache_name = "_form_design_permissions"

    def get_all_permissions_for_user(self, user: Any) -> list[Actor]:
        """The places under which the account may shape forms; asked once a request."""
        if not user.is_authenticated or not user.is_active:
            return []
        actors = [capacity.actor for capacity in current_capacities_of(user)]
        return [actor for actor in actors if design_permissions.user_can_shape_some(actor)]

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action not in _EDITING:
            return False
        actors = self.get_cached_permissions_for_user(user)
        if action in ("delete", "add") or self.model is ValueSet:
            return any(design_permissions.user_can_shape_all(actor) for actor in actors)
        return bool(actors)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not self.user_has_permission(user, action):
            return False
        if action == "delete" and not design_policies.is_unused(instance):
            return False
        actors = self.get_cached_permissions_for_user(user)
        return any(design_permissions.user_can_edit(actor, instance) for actor in actors)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        rows = self.model._default_manager.all()
        actors = self.get_cached_permissions_for_user(user)
        if not _EDITING.intersection(actions) or not actors:
            return rows.none()
        if any(design_permissions.user_can_shape_all(each) for each in actors):
            return rows
        granted = {pk for actor in actors for pk in design_permissions.granted_forms(actor)}
        return rows.filter(pk__in=granted if self.model is FormDefinition else sections_only_in(granted))

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        if not _EDITING.intersection(actions):
            return User.objects.none()
        leads = StaffListEntry.objects.filter(current(), role=RoleKey.CLINICAL_LEAD)
        return User.objects.filter(pk__in=leads.values("user_id"), is_active=True)
