"""Flows in the Wagtail administration: edited by rows, previewed as a drawing, sent for sign-off from here."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permissions import policy_registry
from wagtail.snippets.views import snippets

from core.exceptions import Refused
from workflows import permissions, registry
from workflows.admin_forms import FlowForm
from workflows.admin_links import leading_to_candidates
from workflows.admin_policies import is_unused
from workflows.models import FlowDefinition
from workflows.selectors import flow_drafts
from workflows.shut_doors import Doors, View, shut


def _check_unused(flow: FlowDefinition) -> None:
    if not is_unused(flow):
        raise Refused(f"“{flow.name}” was sent for sign-off or has versions, so it cannot be deleted")


_DOORS = Doors(
    whole=lambda actor, adding: permissions.check_user_can_shape_flows(actor),
    row=lambda actor, flow: permissions.check_user_can_shape_flows(actor),
    deleting=_check_unused,
)


class StateNames:
    """Fields that say where a step leads offer the states of the flow by name."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        flow = context["form"].instance
        return context | {"state_names": [child.value["label"] for child in flow.states or ()]}


class FlowCreateView(StateNames, snippets.CreateView):
    """A new flow."""


class FlowEditView(StateNames, snippets.EditView):
    """A flow as last drafted, or as its newest version says; from here to its versions and their signatures."""

    def get_object(self, queryset: Any = None) -> Any:
        found = super().get_object(queryset)
        return found if found.latest_revision_id else flow_drafts.in_work(found)

    def get_page_subtitle(self) -> str:
        """Its name: what it is called in records heads no page."""
        return str(self.object.name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"further": pages_of_flow(self.object)}


def pages_of_flow(flow: FlowDefinition) -> list[tuple[str, str]]:
    """The pages about a flow as (address, words)."""
    return [
        (reverse("flows_propose", args=[flow.public_id]), "Send it for sign-off"),
        (reverse("workflows:flow", args=[flow.key]), "Its versions and signatures"),
        (reverse("workflows:routing"), "Which flow applies when"),
    ]


class FlowViewSet(snippets.SnippetViewSet):
    """Flows."""

    model = FlowDefinition
    icon = "resubmit"
    menu_label = "Flows"
    menu_name = "flow-designer"
    menu_order = 152
    add_to_admin_menu = True
    copy_view_enabled = False
    url_prefix = "flows/definitions"
    add_view_class = FlowCreateView
    edit_view_class = FlowEditView
    url_finder_class = property(lambda self: leading_to_candidates(super().url_finder_class))
    create_template_name = "workflows/admin/create.html"
    edit_template_name = "workflows/admin/edit.html"
    list_per_page = 50
    list_display = (
        "name",
        Column("subject_kind", label="For", accessor=lambda row: _kind(row)),
        Column("live_version", label="In use", accessor=lambda row: _in_use(row)),
        DateColumn("changed", label="Changed", accessor=lambda row: _changed(row)),
    )
    search_fields = ("name", "key")
    edit_handler = ObjectList(
        [
            MultiFieldPanel([FieldPanel(name) for name in ("name", "key", "title", "note")], "What it is called"),
            MultiFieldPanel(
                [FieldPanel(name) for name in ("subject_kind", "applies_when", "priority", "is_default")],
                "Which cases take it",
            ),
            FieldPanel("states", heading="States, and the steps out of each"),
            FieldPanel("exemption"),
        ],
        base_form_class=FlowForm,
    )

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return shut(super().construct_view(view_class, **kwargs), view_class, self.model, _DOORS)

    def get_queryset(self, request: HttpRequest) -> Any:
        policy = policy_registry.get_by_type(self.model)
        rows = policy.instances_user_has_any_permission_for(request.user, ["change"])
        return rows.select_related("latest_revision", "live_version")


def _kind(row: FlowDefinition) -> str:
    return registry.subjects.get(row.subject_kind).label if row.subject_kind in registry.subjects else row.subject_kind


def _in_use(row: FlowDefinition) -> str:
    return f"Version {row.live_version.number}" if row.live_version else "None"


def _changed(row: Any) -> Any:
    return row.latest_revision.created_at if row.latest_revision else None
