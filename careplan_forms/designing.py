"""Tells the layers below about the form designer."""

from wagtail.permissions import register_permission_policy

from careplan_forms import design_permissions, papers
from careplan_forms.admin_policies import DesignPolicy
from careplan_forms.models import FormDefinition, FormSection, ValueSet
from careplan_forms.selectors import form_tests
from careplan_forms.selectors.form_editors import EDITORS
from careplan_forms.services.checking import test_runs
from core.documents import writers
from governance.identity.admin_door import routes_by_grant
from governance.selectors.grants import admin_grants
from governance.services.grants import Grantable, grantable

#: What an editor by grant finds in the administration; each page asks about the very form or section it shows.
_ROUTES = (
    "admin/forms/definitions/",
    "admin/forms/sections/",
    "admin/forms/candidates/",
    "admin/forms/in-words/",
    "admin/forms/<uuid:public_id>/",
    "admin/snippets/choose/careplan_forms/formsection/",
)


def register() -> None:
    """Called once the apps are ready."""
    for model in (FormDefinition, FormSection, ValueSet):
        register_permission_policy(model, DesignPolicy(model))
    if "test-cases" not in test_runs:
        test_runs.add("test-cases", form_tests.runs_for_sign_off)
    if papers.BLANK not in writers:
        writers.add(papers.BLANK, papers.write_blank)
    kind = design_permissions.OBJECT_KIND
    admin_grants.add(kind, EDITORS)
    routes_by_grant.add(kind, _ROUTES)
    if kind not in grantable:
        may_grant = design_permissions.check_user_may_grant
        grantable.add(kind, Grantable(FormDefinition, design_permissions.EDIT, may_grant))
