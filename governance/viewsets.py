"""What information governance keeps in the Wagtail administration: geography, roles, training, kinds of agreement.

Organisations, agreements and staff lists are not here: their pages are on the site, and every change goes through a
service. Permissions come from the group of the role (services/groups.py); the gate stands before every page.
"""

from django import forms
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from governance.clauses import lesson_link
from governance.models import (
    AgreementTemplate,
    Area,
    AreaMembership,
    JobTitle,
    Role,
    TrainingRequirement,
)


class AreaViewSet(ModelViewSet):
    """Regions, boards and places with the dates between which they exist."""

    model = Area
    icon = "site"
    menu_label = "Areas"
    form_fields = ["code", "name", "kind", "starts_on", "ends_on"]
    list_display = ["code", "name", "kind", "starts_on", "ends_on"]
    list_filter = ["kind"]
    search_fields = ["code", "name"]
    search_backend_name = None


class AreaMembershipViewSet(ModelViewSet):
    """Which area lies in which, from when until when."""

    model = AreaMembership
    icon = "link"
    menu_label = "Areas inside areas"
    form_fields = ["child", "parent", "starts_on", "ends_on"]
    list_display = ["child", "parent", "starts_on", "ends_on"]
    search_backend_name = None


class RoleViewSet(ModelViewSet):
    """What roles are called. Which roles there are is code."""

    model = Role
    icon = "user"
    menu_label = "Roles"
    form_fields = ["key", "label", "description"]
    list_display = ["label", "key", "description"]
    search_backend_name = None


class JobTitleViewSet(ModelViewSet):
    """What people call their job, and the role it stands for."""

    model = JobTitle
    icon = "tag"
    menu_label = "Job titles"
    form_fields = ["label", "role"]
    list_display = ["label", "role"]
    search_backend_name = None


class TrainingRequirementForm(forms.ModelForm):
    """A course nobody can take would shut everybody of the role out, with nothing they could do."""

    def clean_course_key(self) -> str:
        key: str = self.cleaned_data["course_key"]
        if not lesson_link(key):
            raise forms.ValidationError("Enter the key of a published course. It stands on the course's page")
        return key


class TrainingRequirementViewSet(ModelViewSet):
    """Which course a role needs, how long a pass counts, and the days of grace."""

    model = TrainingRequirement
    icon = "clipboard-list"
    menu_label = "Training needed"
    form_fields = ["role", "course_key", "valid_months", "grace_days"]
    list_display = ["role", "course_key", "valid_months", "grace_days"]
    search_backend_name = None

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return forms.modelform_factory(
            self.model,
            form=TrainingRequirementForm,
            formfield_callback=self.formfield_for_dbfield,
            fields=self.form_fields,
        )


class AgreementTemplateViewSet(ModelViewSet):
    """Kinds of agreement. Their texts are published on the site, where each gets its number and its hash."""

    model = AgreementTemplate
    icon = "doc-full"
    menu_label = "Kinds of agreement"
    form_fields = ["key", "title"]
    list_display = ["title", "key"]
    search_backend_name = None


class GovernanceGroup(ViewSetGroup):
    """One menu for all of it."""

    menu_label = "Governance"
    menu_icon = "key"
    menu_order = 400
    items = (
        AreaViewSet("areas"),
        AreaMembershipViewSet("area_memberships"),
        RoleViewSet("roles"),
        JobTitleViewSet("job_titles"),
        TrainingRequirementViewSet("training_requirements"),
        AgreementTemplateViewSet("agreement_templates"),
    )


governance_group = GovernanceGroup()
