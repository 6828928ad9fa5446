"""The flow designer's place in the Wagtail administration."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from governance import gate
from governance.enums import Action
from workflows.models import FlowDefinition
from workflows.shut_doors import SHUT_BUTTONS
from workflows.views import flow_sign_off
from workflows.viewsets import FlowViewSet

register_snippet(FlowViewSet)


@hooks.register("register_admin_urls")
def register_flow_urls() -> list[URLPattern]:
    return [
        path("flows/sign-off/", flow_sign_off.waiting, name="flows_sign_off"),
        path("flows/candidates/<uuid:public_id>/", flow_sign_off.candidate, name="flows_candidate"),
        path("flows/<uuid:public_id>/propose/", flow_sign_off.propose, name="flows_propose"),
    ]


class FlowSignOffMenuItem(MenuItem):
    """Shown to whoever may sign flows off, and to the leads who send them."""

    def is_shown(self, request: HttpRequest) -> bool:
        actor = request.actor  # type: ignore[attr-defined]
        return any(gate.decide(actor, action).allowed for action in (Action.FLOW_SIGN_OFF, Action.FLOW_DESIGN))


@hooks.register("register_admin_menu_item")
def register_flow_sign_off() -> MenuItem:
    where = reverse("flows_sign_off")
    return FlowSignOffMenuItem("Flow sign-off", where, name="flow-sign-off", icon_name="circle-check", order=161)


class ProposeFlowMenuItem(ActionMenuItem):
    """Leads from a saved flow to the page that sends it for sign-off."""

    name = "action-propose"
    label = "Send for sign-off"
    icon_name = "circle-check"
    order = 10

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("flows_propose", args=[parent_context["instance"].public_id])


@hooks.register("construct_snippet_action_menu")
def shut_publishing_of_flows(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    if context["model"] is not FlowDefinition:
        return
    menu_items[:] = [item for item in menu_items if item.name not in SHUT_BUTTONS]
    if context["view"] == "edit":
        menu_items.append(ProposeFlowMenuItem())


@hooks.register("insert_editor_js")
def flow_script() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("workflows/flow_editor.js"))
