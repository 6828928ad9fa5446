"""Tells the layers below about the form designer."""

from wagtail.permissions import register_permission_policy

from careplan_forms import design_permissions
from careplan_forms.admin_policies import DesignPolicy
from careplan_forms.models import FormDefinition, FormSection, ValueSet
from governance.services.grants import Grantable, grantable


def register() -> None:
    """Called once the apps are ready."""
    for model in (FormDefinition, FormSection, ValueSet):
        register_permission_policy(model, DesignPolicy(model))
    if design_permissions.OBJECT_KIND not in grantable:
        may_grant = design_permissions.check_user_may_grant
        grantable.add(design_permissions.OBJECT_KIND, Grantable(FormDefinition, design_permissions.EDIT, may_grant))
