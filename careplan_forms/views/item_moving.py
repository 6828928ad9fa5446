"""Moving an item to another section, on a plain form."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from careplan_forms import design_permissions
from careplan_forms.forms.designer import MoveForm
from careplan_forms.models import FormDefinition
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors.item_places import Place, Target, check_movable, place_of, targets_of
from careplan_forms.services import item_moving
from careplan_forms.views.sign_off import edit_crumb
from core.exceptions import Refused
from governance.http import ActorRequest
from workflows.views.admin_pages import HOME


@require_http_methods(["GET", "POST"])
def move(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Choose another section, and after which of its items."""
    actor = request.actor
    definition = read.definition_by_id(public_id)
    design_permissions.check_user_can_edit(actor, definition)
    uid = request.GET.get("uid", "")
    place = place_of(definition, uid)
    targets = targets_of(definition, place)
    offered = [_offer(each) for each in targets if not each.obstacle]
    form = MoveForm(offered, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _carried_out(request, definition, uid, form):
        return redirect("forms_items", public_id=public_id)
    context = {
        "form": form,
        "place": place,
        "inside": place.size - 1,
        "uid": uid,
        "obstacle": _obstacle(place),
        "offered": offered,
        "refused": [each.obstacle for each in targets if each.obstacle],
    }
    return _page(request, definition, place, context, 400 if form.is_bound else 200)


def _offer(target: Target) -> tuple[str, list[tuple[str, str]]]:
    places = [(f"{target.section.pk}:{uid}", f"After “{label}”") for uid, label in target.items]
    return target.section.title, [(f"{target.section.pk}:", f"First in “{target.section.title}”"), *places]


def _carried_out(request: ActorRequest, definition: FormDefinition, uid: str, form: MoveForm) -> bool:
    section, _, after = form.cleaned_data["to"].partition(":")
    try:
        target = item_moving.move_item(
            definition=definition,
            uid=uid,
            section=int(section),
            after=after,
            by=request.actor,
        )
    except Refused as refusal:
        form.add_error("to", refusal.message)
        return False
    messages.success(request, f"Moved to “{target.title}”.")
    return True


def _obstacle(place: Place) -> str:
    try:
        check_movable(place)
    except Refused as refusal:
        return refusal.message
    return ""


def _page(
    request: ActorRequest, definition: FormDefinition, place: Place, context: dict[str, Any], status: int
) -> HttpResponse:
    title = f"Move “{Truncator(place.label).chars(100)}”"
    items = {"url": reverse("forms_items", args=[definition.public_id]), "label": "All items"}
    frame = {
        "header_title": "Form designer",
        "header_icon": "form",
        "page_heading": title,
        "breadcrumbs_items": [HOME, edit_crumb(definition), items, {"url": "", "label": title}],
        "definition": definition,
    }
    return render(request, "careplan_forms/designer/move.html", frame | context, status=status)
