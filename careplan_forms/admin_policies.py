"""What Wagtail asks before it offers a page. The designer's own views ask the gate again, with the acting role.

Nobody holds `publish`: not by group, not as a superuser, not by grant.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from careplan_forms import design_permissions, design_policies
from careplan_forms.models import FormDefinition, ValueSet
from careplan_forms.selectors.form_drafts import sections_only_in
from governance.actors import Actor
from workflows.admin_policies import EDITING, EditingPolicy


class DesignPolicy(EditingPolicy):
    """Clinical leads everything but publishing; editors by grant the forms they were given."""

    permission_cache_name = "_form_design_permissions"

    def lets_in(self, actor: Actor) -> bool:
        return design_permissions.user_can_shape_some(actor)

    def may_delete(self, instance: Any) -> bool:
        return design_policies.is_unused(instance)

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action not in EDITING:
            return False
        actors = self.get_cached_permissions_for_user(user)
        if action in ("delete", "add") or self.model is ValueSet:
            return any(design_permissions.user_can_shape_all(actor) for actor in actors)
        return bool(actors)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not super().user_has_permission_for_instance(user, action, instance):
            return False
        actors = self.get_cached_permissions_for_user(user)
        return any(design_permissions.user_can_edit(actor, instance) for actor in actors)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        rows = super().instances_user_has_any_permission_for(user, actions)
        actors = self.get_cached_permissions_for_user(user)
        if any(design_permissions.user_can_shape_all(each) for each in actors):
            return rows
        granted = {pk for actor in actors for pk in design_permissions.granted_forms(actor)}
        return rows.filter(pk__in=granted if self.model is FormDefinition else sections_only_in(granted))
