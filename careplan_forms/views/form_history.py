"""Earlier drafts of a form: what was saved, putting one or a version back, throwing the draft away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition
from careplan_forms.presenters.form_history import putting, saved_page
from careplan_forms.schema.document import canonical_json, sha256_of
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts
from careplan_forms.selectors.form_history import DraftHistory, State
from careplan_forms.services import form_restoring, version_drafts
from careplan_forms.views.sign_off import edit_crumb
from core.exceptions import Refused
from governance.http import ActorRequest
from workflows import sign_off_policies
from workflows.views.admin_pages import HOME


@require_GET
def drafts(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What was saved of a form's draft: when, by whom, and what it changed, in words."""
    definition = _open(request, public_id)
    history = _history(request, definition)
    page = request.GET.get("page", "1")
    number = min(int(page), 100_000) if page.isdecimal() and int(page) else 1
    rows, more = saved_page(history, number)
    context = {
        "rows": rows,
        "newer": number - 1,
        "older": number + 1 if more else 0,
        "versions": read.versions_of(definition),
    }
    return _page(request, "drafts", f"Earlier drafts of “{definition.title}”", definition, context)


@require_http_methods(["GET", "POST"])
def draft(request: ActorRequest, public_id: UUID, revision: int) -> HttpResponse:
    """One earlier draft beside the present one, and putting it back."""
    definition = _open(request, public_id)
    history = _history(request, definition)
    state = history.state(revision)
    at = next(mark.at for mark in history.marks if mark.pk == revision)
    name = f"the draft of {timezone.localtime(at):%-d %B %Y, %H:%M}"
    return _restore(request, definition, state, name)


@require_http_methods(["GET", "POST"])
def version(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    """A version beside the present draft, and making it the draft. What is live stays live."""
    definition = _open(request, public_id)
    wanted = read.version_numbered(definition, str(number)[:9])
    state = version_drafts.state_of_version(_history(request, definition), wanted)
    return _restore(request, definition, state, f"version {wanted.number}")


@require_http_methods(["GET", "POST"])
def throw_away(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Say what would be lost, then go back to the version in use; or remove a form that never was in use."""
    definition = _open(request, public_id)
    design_permissions.check_user_can_shape_all(request.actor)
    base = form_restoring.base_of(definition)
    if base is None:
        return _remove(request, definition)
    state = version_drafts.state_of_version(_history(request, definition), base)

    def carry_out(shown: str) -> None:
        form_restoring.throw_away(definition=definition, state=state, shown=shown, by=request.actor)

    refusal = _carried_out(request, carry_out)
    if refusal is None:
        messages.success(request, f"Thrown away. The draft says what version {base.number} says.")
        return redirect("forms_drafts", public_id=public_id)
    context: dict[str, Any] = {"putting": putting(definition, state, lost=True), "base": base}
    context |= _obstacle(definition, refusal)
    title = f"Throw away the draft of “{definition.title}”"
    return _page(request, "throw_away", title, definition, context)


@require_GET
def document(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The present draft as a file that can be brought in again."""
    definition = _open(request, public_id)
    content = canonical_json(form_drafts.document_of(definition))
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{definition.key}-draft.json"'
    return response


def _restore(request: ActorRequest, definition: FormDefinition, state: State, name: str) -> HttpResponse:
    def carry_out(shown: str) -> None:
        form_restoring.restore(definition=definition, state=state, shown=shown, by=request.actor)

    refusal = _carried_out(request, carry_out)
    if refusal is None:
        messages.success(request, f"The draft now says what {name} said. What it said before is in the list.")
        return redirect("forms_drafts", public_id=definition.public_id)
    context = {"putting": putting(definition, state), "name": name} | _obstacle(definition, refusal)
    return _page(request, "draft", f"Restore {name}", definition, context, [_drafts_crumb(definition)])


def _remove(request: ActorRequest, definition: FormDefinition) -> HttpResponse:
    def carry_out(shown: str) -> None:
        form_restoring.remove(definition=definition, shown=shown, by=request.actor)

    title = definition.title
    refusal = _carried_out(request, carry_out)
    if refusal is None:
        messages.success(request, f"Removed: “{title}”.")
        return redirect(reverse(definition.snippet_viewset.get_url_name("list")))
    present = form_drafts.document_of(definition)
    context = {
        "shown": sha256_of(present),
        "sections": present["sections"],
        "items": len(read.names_in([item for each in present["sections"] for item in each["items"]])),
        "comments": definition.comments.count(),
        "cases": definition.test_cases.count(),
    }
    context |= _obstacle(definition, refusal, form_restoring.check_removable)
    return _page(request, "remove", f"Remove “{title}”", definition, context)


def _obstacle(
    definition: FormDefinition,
    refusal: str,
    check: Callable[[FormDefinition], None] = sign_off_policies.check_nothing_waits,
) -> dict[str, Any]:
    """Whether the button is offered, and the sentence that says why not or what was refused."""
    try:
        check(definition)
    except Refused as obstacle:
        return {"refusal": obstacle.message, "may": False}
    return {"refusal": refusal, "may": True}


def _carried_out(request: ActorRequest, carry_out: Callable[[str], None]) -> str | None:
    """None when it was posted and done; else the sentence that refuses it, empty when nothing was posted."""
    if request.method != "POST":
        return ""
    try:
        carry_out(request.POST.get("shown", ""))
    except Refused as refusal:
        return refusal.message
    return None


def _open(request: ActorRequest, public_id: UUID) -> FormDefinition:
    definition = read.definition_by_id(public_id)
    design_permissions.check_user_can_edit(request.actor, definition)
    return definition


def _history(request: ActorRequest, definition: FormDefinition) -> DraftHistory:
    """Lists of answers belong to the leads: an editor by grant puts back the form and its sections only."""
    return DraftHistory(definition, with_lists=design_permissions.user_can_shape_all(request.actor))


def _drafts_crumb(definition: FormDefinition) -> dict[str, str]:
    return {"url": reverse("forms_drafts", args=[definition.public_id]), "label": "Earlier drafts"}


def _page(
    request: ActorRequest,
    name: str,
    title: str,
    definition: FormDefinition,
    context: dict[str, Any],
    crumbs: list[dict[str, str]] | None = None,
) -> HttpResponse:
    frame = {
        "header_title": "Form designer",
        "header_icon": "history",
        "page_heading": title,
        "breadcrumbs_items": [HOME, edit_crumb(definition), *(crumbs or ()), {"url": "", "label": title}],
        "definition": definition,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, f"careplan_forms/designer/{name}.html", frame | context, status=status)
