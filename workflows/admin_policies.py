"""What Wagtail asks before it offers a page. The views themselves ask the gate again, with the acting role.

Nobody holds `publish`: not by group, not as a superuser.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from governance import gate
from governance.actors import Actor
from governance.enums import Action, RoleKey
from governance.models import StaffListEntry, User
from governance.selectors.capacities import current_capacities_of
from governance.selectors.staff import current

EDITING = frozenset({"add", "change", "view", "lock", "unlock", "delete"})


class EditingPolicy(BasePermissionPolicy):
    """Clinical leads everything but publishing; whom else a kind of thing lets in is for its own policy to say."""

    @abstractmethod
    def lets_in(self, actor: Actor) -> bool:
        """Whether the actor may edit anything of this kind."""

    @abstractmethod
    def may_delete(self, instance: Any) -> bool:
        """Whether deleting a row loses nothing."""

    def get_all_permissions_for_user(self, user: Any) -> list[Actor]:
        """The places under which the account may edit; asked once a request."""
        if not user.is_authenticated or not user.is_active:
            return []
        actors = [capacity.actor for capacity in current_capacities_of(user)]
        return [actor for actor in actors if self.lets_in(actor)]

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in EDITING and bool(self.get_cached_permissions_for_user(user))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if action == "delete" and not self.may_delete(instance):
            return False
        return self.user_has_permission(user, action)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        rows = self.model._default_manager.all()
        open_to = EDITING.intersection(actions) and self.get_cached_permissions_for_user(user)
        return rows if open_to else rows.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        if not EDITING.intersection(actions):
            return User.objects.none()
        leads = StaffListEntry.objects.filter(current(), role=RoleKey.CLINICAL_LEAD)
        return User.objects.filter(pk__in=leads.values("user_id"), is_active=True)


class FlowPolicy(EditingPolicy):
    """Flows belong to the clinical leads."""

    permission_cache_name = "_flow_design_permissions"

    def lets_in(self, actor: Actor) -> bool:
        return gate.decide(actor, Action.FLOW_DESIGN).allowed

    def may_delete(self, instance: Any) -> bool:
        return is_unused(instance)


def is_unused(flow: Any) -> bool:
    """Whether a flow was never proposed, signed or used."""
    return not flow.versions.exists() and not flow.candidates.exists()
