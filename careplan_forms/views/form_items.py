"""All items of a form, comments on them, and what the library has newer."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin import messages

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition
from careplan_forms.presenters.form_items import item_rows, named_item
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts, library, question_comments
from careplan_forms.services import library as sharing
from careplan_forms.services import question_comments as comments_services
from careplan_forms.views.sign_off import edit_crumb
from core.exceptions import Absent, Refused
from governance.http import ActorRequest
from workflows.views.admin_pages import HOME

_LATEST = 200


@require_GET
def items(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Every item of a form, found by words or by type."""
    definition = _open(request, public_id)
    text, kind = request.GET.get("q", "")[:200], request.GET.get("kind", "")
    kinds = [("rules", "With rules"), ("comments", "With open comments")]
    context = {
        "rows": item_rows(definition, text, kind),
        "q": text,
        "kind": kind,
        "kinds": [*kinds, *((key, each.title) for key, each in ITEM_TYPES.items())],
        "newer": library.newer_texts(definition),
    }
    return _page(request, "items", f"Items of “{definition.title}”", definition, context)


@require_http_methods(["GET", "POST"])
def comments(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What was said about one item, and a place to say more."""
    definition = _open(request, public_id)
    uid = request.GET.get("uid", "")
    item = named_item(definition, uid)
    said = question_comments.comments_on(definition, uid)
    if item is None and not said.exists():
        raise Absent
    problem = _say(request, definition, uid) if request.method == "POST" else None
    if problem == "":
        return redirect(request.get_full_path())
    recent = list(said.order_by("-at", "-pk")[:_LATEST])
    label = (item.label or item.link_id) if item else "a question that is no longer in the form"
    context = {"comments": recent, "more": said.count() - len(recent), "problem": problem, "uid": uid}
    return _page(request, "comments", f"Comments on “{label}”", definition, context, 400 if problem else 200)


@require_POST
def take_over(request: ActorRequest, public_id: UUID, section_id: int) -> HttpResponse:
    """The form has the newest text of a library section from now on."""
    definition = _open(request, public_id)
    section = library.library_section(definition, section_id)
    try:
        sharing.take_over(definition=definition, section=section, by=request.actor)
        messages.success(request, f"Taken over: “{section.title}”. Send the form for sign-off to use it.")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("forms_items", public_id=public_id)


@require_http_methods(["GET", "POST"])
def section_uses(request: ActorRequest, section_id: int) -> HttpResponse:
    """Where a section is used, and whether it is in the library."""
    actor = request.actor
    section = form_drafts.section_in_work(section_id)
    design_permissions.check_user_can_edit(actor, section)
    if request.method == "POST":
        change = sharing.share if request.POST.get("shared") == "1" else sharing.unshare
        try:
            change(section=section, by=actor)
            messages.success(request, "Put into the library." if section.shared else "Taken out of the library.")
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("forms_section_uses", section_id=section_id)
    title = f"Where “{section.title}” is used"
    context = {
        **_frame(title, [{"url": section_address(section_id), "label": section.title}]),
        "section": section,
        "used": library.used_in(section),
        "may_share": design_permissions.user_can_shape_all(actor),
    }
    return render(request, "careplan_forms/designer/section_uses.html", context)


def section_address(pk: int) -> str:
    return reverse("wagtailsnippets_careplan_forms_formsection:edit", args=[pk])


def _say(request: ActorRequest, definition: FormDefinition, uid: str) -> str:
    """Carry it out; the sentence that refuses it, or nothing."""
    actor = request.actor
    try:
        if "settle" in request.POST:
            found = question_comments.comment_of(definition, request.POST["settle"])
            comments_services.settle(comment=found, by=actor)
        else:
            text = request.POST.get("text", "")
            comments_services.comment(definition=definition, uid=uid, text=text, by=actor)
    except Refused as refusal:
        return refusal.message
    return ""


def _open(request: ActorRequest, public_id: UUID) -> FormDefinition:
    definition = read.definition_by_id(public_id)
    design_permissions.check_user_can_edit(request.actor, definition)
    return definition


def _frame(title: str, crumbs: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "header_title": "Form designer",
        "header_icon": "form",
        "page_heading": title,
        "breadcrumbs_items": [HOME, *crumbs, {"url": "", "label": title}],
    }


def _page(
    request: ActorRequest, name: str, title: str, definition: FormDefinition, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    frame = _frame(title, [edit_crumb(definition)]) | {"definition": definition}
    return render(request, f"careplan_forms/designer/{name}.html", frame | context, status=status)
