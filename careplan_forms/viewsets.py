"""The form designer in the Wagtail administration: forms, sections and lists of answers.

Every view of these three kinds passes one door (`guarded`): Wagtail's own policies do not protect all of them, and
its publishing and workflow doors stay shut.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permissions import policy_registry
from wagtail.snippets.views import snippets

from careplan_forms import design_permissions, design_policies
from careplan_forms.admin_links import pages_of_form
from careplan_forms.design_choosers import DesignChooserViewSet
from careplan_forms.forms.designer import DefinitionForm, SectionForm
from careplan_forms.forms.value_sets import VALUE_SET_FIELDS, ValueSetForm
from careplan_forms.models import FormDefinition, FormSection, ValueSet
from careplan_forms.presenters.designing import choosing_page
from careplan_forms.schema.emergency import SLOT_FIELDS
from careplan_forms.selectors import form_drafts
from careplan_forms.services import library
from careplan_forms.views.value_sets import ValueSetEditView
from governance.actors import Actor
from workflows.admin_links import leading_to_candidates
from workflows.shut_doors import Doors, View, shut


def guarded(view: View, view_class: type, model: Any) -> View:
    """A view that opens only to who may shape this very row, and never publishes."""

    def check_all(actor: Actor, adding: bool) -> None:
        check = design_permissions.check_user_can_shape_all if adding else design_permissions.check_user_can_shape_some
        check(actor)

    return shut(
        view,
        view_class,
        model,
        Doors(check_all, design_permissions.check_user_can_edit, design_policies.check_can_delete),
    )


class SectionEditing:
    """What the pages of new and old sections share: the lists that fields choose from stand once in the page."""

    section: FormSection | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        lists = {
            "slots": [(key, field.description) for key, field in SLOT_FIELDS.items()],
            "value-sets": form_drafts.value_set_choices(),
        }
        return context | {"lists": lists, "design": choosing_page(self.section)} | self._further(context)

    def _further(self, context: dict[str, Any]) -> dict[str, Any]:
        if self.section is None:
            return {}
        uses = (reverse("forms_section_uses", args=[self.section.pk]), "Where this section is used")
        return {"further": [uses], "broken": getattr(context.get("form"), "broken", [])}


class SectionCreateView(SectionEditing, snippets.CreateView):
    """A new section."""


class SectionEditView(SectionEditing, snippets.EditView):
    """A section of at most forty items; conditions ask about the questions of the forms it stands in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.section = form_drafts.section_in_work(kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class DefinitionEditing:
    """What the pages of new and old forms share: sections of other forms stay where they are."""

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        form.linkable = design_permissions.sections_to_link(self.request.actor, form.instance)  # type: ignore[attr-defined]
        return form

    def save_instance(self) -> Any:
        saved = super().save_instance()
        library.pin_new(definition=saved, by=self.request.actor)  # type: ignore[attr-defined]
        return saved


class DefinitionEditView(DefinitionEditing, snippets.EditView):
    """A form's order of sections; from here to its versions and to who else may edit it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        leads = design_permissions.user_can_shape_all(self.request.actor)
        return super().get_context_data(**kwargs) | {"further": pages_of_form(self.object, leads)}


class DefinitionCreateView(DefinitionEditing, snippets.CreateView):
    """A new form."""


class DesignViewSet(snippets.SnippetViewSet):
    """What the three kinds share."""

    copy_view_enabled = False
    add_to_admin_menu = False
    chooser_viewset_class = DesignChooserViewSet
    create_template_name = "careplan_forms/designer/create.html"
    edit_template_name = "careplan_forms/designer/edit.html"
    list_per_page = 50

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return guarded(super().construct_view(view_class, **kwargs), view_class, self.model)

    def _open_to(self, request: HttpRequest) -> Any:
        return policy_registry.get_by_type(self.model).instances_user_has_any_permission_for(request.user, ["change"])


class SectionViewSet(DesignViewSet):
    """Sections."""

    model = FormSection
    icon = "list-ul"
    menu_label = "Sections"
    url_prefix = "forms/sections"
    add_view_class = SectionCreateView
    edit_view_class = SectionEditView
    list_display = (
        "title",
        "group",
        DateColumn("latest_revision__created_at", label="Changed", accessor=lambda row: _changed(row)),
    )
    search_fields = ("title", "key", "group")
    edit_handler = ObjectList(
        [FieldPanel("title"), FieldPanel("key"), FieldPanel("hint"), FieldPanel("group"), FieldPanel("items")],
        base_form_class=SectionForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return self._open_to(request).select_related("latest_revision")


class ValueSetViewSet(DesignViewSet):
    """Lists of answers."""

    model = ValueSet
    icon = "list-ol"
    menu_label = "Lists of answers"
    edit_view_class = ValueSetEditView
    url_prefix = "forms/answers"
    list_display = ("title", "version", "source")
    search_fields = ("title", "key")
    edit_handler = ObjectList([FieldPanel(name) for name in VALUE_SET_FIELDS], base_form_class=ValueSetForm)


class DefinitionViewSet(DesignViewSet):
    """Forms."""

    model = FormDefinition
    icon = "form"
    menu_label = "Forms"
    url_prefix = "forms/definitions"
    add_view_class = DefinitionCreateView
    edit_view_class = DefinitionEditView
    url_finder_class = property(lambda self: leading_to_candidates(super().url_finder_class))
    list_display = (
        "title",
        Column("live_version", label="In use", accessor=lambda row: _in_use(row)),
        DateColumn("changed", label="Changed", accessor=lambda row: _changed(row)),
    )
    search_fields = ("title", "key")
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("key"),
            FieldPanel("url", heading="Address"),
            FieldPanel("purpose"),
            FieldPanel("language"),
            InlinePanel(
                "section_links", label="section", heading="Sections", panels=[FieldPanel("section"), FieldPanel("uid")]
            ),
        ],
        base_form_class=DefinitionForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return self._open_to(request).select_related("latest_revision", "live_version")


class DesignGroup(snippets.SnippetViewSetGroup):
    """The designer in the menu."""

    menu_label = "Form designer"
    menu_icon = "form"
    menu_order = 150
    items = (DefinitionViewSet, SectionViewSet, ValueSetViewSet)


def _changed(row: Any) -> Any:
    return row.latest_revision.created_at if row.latest_revision else None


def _in_use(row: FormDefinition) -> str:
    return f"Version {row.live_version.number}" if row.live_version else "None"
