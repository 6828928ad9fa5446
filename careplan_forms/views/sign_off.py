"""Sign-off in the administration: what is proposed, what the checks said, two people's decisions on its hash."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages

from careplan_forms import design_permissions
from careplan_forms.models import FormCandidate, FormDefinition
from careplan_forms.presenters.sign_off import report_page
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts
from careplan_forms.services import checking, definitions
from careplan_forms.views.designer import drawn
from core.forms import refusals_on
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.http import ActorRequest
from workflows.admin_forms import DecisionForm, ProposalForm
from workflows.presenters.sign_off import deciding_page, waiting_page
from workflows.services.sign_off import reject_candidate
from workflows.views.admin_pages import Frame, page


@require_GET
def waiting(request: ActorRequest) -> HttpResponse:
    """Forms that wait for their two decisions, what the reader sent, and the last decisions."""
    actor = request.actor
    if not design_permissions.user_can_shape_all(actor):
        gate.check(actor, Action.FORM_SIGN_OFF)
    return page(
        request, "workflows/admin/waiting.html", Frame("Forms for sign-off"), waiting_page(FormCandidate, actor)
    )


@require_http_methods(["GET", "POST"])
def candidate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One candidate in full; the decision is bound to the hash the page was drawn with."""
    shown = read.candidate_by_id(public_id)
    check_may_read(request.actor, shown.definition)
    if "take-back" in request.POST:
        definitions.withdraw_candidate(candidate=shown, by=request.actor)
        messages.success(request, "Taken back. The form can be edited again.")
        return redirect("forms_candidate", public_id=public_id)
    if request.method == "POST":
        gate.check(request.actor, Action.FORM_SIGN_OFF)
    context = _candidate_context(request.actor, shown)
    form = DecisionForm(request.POST or None, warnings=shown.warnings, initial={"sha256": shown.sha256})
    if request.method == "POST" and form.is_valid() and _decide(request, shown, form):
        return redirect("forms_candidate", public_id=public_id)
    context["form"] = form
    return _page(request, "candidate", f"{shown.document['title']}: for sign-off", context, [_sign_off_crumb()])


@require_GET
def candidate_form(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The candidate's form, drawn from its own bytes."""
    shown = read.candidate_by_id(public_id)
    check_may_read(request.actor, shown.definition)
    return drawn(request, shown.document, request.GET.get("as", "clinician"))


@require_http_methods(["GET", "POST"])
def propose(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Look at what the checks say of the drafts, then send their exact bytes for sign-off."""
    definition = read.definition_by_id(public_id)
    design_permissions.check_user_can_edit(request.actor, definition)
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = definitions.create_candidate(
                definition=definition, change_note=form.cleaned_data["change_note"], by=request.actor
            )
            messages.success(request, "Sent for sign-off. Two people who wrote none of it decide.")
            return redirect("forms_candidate", public_id=made.public_id)
    document = form_drafts.document_of(definition)
    report = checking.report_on(definition, document, definition.live_version)
    context = {
        "definition": definition,
        "report": report_page(report, definition, may_edit=True),
        "form": form,
        "is_new": definition.live_version is None,
    }
    return _page(request, "propose", f"Send “{document['title']}” for sign-off", context, [edit_crumb(definition)])


@require_http_methods(["GET", "POST"])
def versions(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Every version of a form; signing-off roles may make an older one live again, or retire the form."""
    definition = read.definition_by_id(public_id)
    check_may_read(request.actor, definition)
    if request.method == "POST":
        _move_pointer(request, definition)
        return redirect("forms_versions", public_id=public_id)
    context = {
        "definition": definition,
        "versions": read.versions_of(definition),
        "activations": read.activations_of(definition),
        "may_decide": design_permissions.user_can_sign_off(request.actor),
    }
    return _page(request, "versions", f"Versions of “{definition.title}”", context, [_sign_off_crumb()])


def _move_pointer(request: ActorRequest, definition: FormDefinition) -> None:
    if "retire" in request.POST:
        definitions.retire(definition=definition, by=request.actor)
        messages.success(request, "Retired. New plans can no longer start on this form.")
        return
    version = read.version_numbered(definition, request.POST.get("number", ""))
    definitions.roll_back(version=version, by=request.actor)
    messages.success(request, f"Version {version.number} is live again.")


def _decide(request: ActorRequest, shown: FormCandidate, form: DecisionForm) -> bool:
    """Carry the decision out; False when it is refused, with the sentence on the form."""
    said: dict[str, Any] = {"candidate": shown, "by": request.actor}
    said |= {"sha256": form.cleaned_data["sha256"], "comment": form.cleaned_data["comment"]}
    with refusals_on(form):
        if form.cleaned_data["decision"] == "approve":
            version = definitions.approve_candidate(read=form.read, **said)
            waits = "Approved. The other role still decides before anything goes live."
            messages.success(request, f"Approved by both. Version {version.number} is live." if version else waits)
        else:
            reject_candidate(**said)
            messages.success(request, "Sent back, with your comment.")
        return True
    return False


def _candidate_context(actor: Actor, shown: FormCandidate) -> dict[str, Any]:
    context = deciding_page(shown, actor)
    may_edit = design_permissions.user_can_edit(actor, shown.definition)
    return context | {
        "moved_on": context["is_open"] and form_drafts.moved_on(shown),
        "report": report_page(shown, shown.definition, may_edit),
        "is_new": not shown.diff and not read.had_version_before(shown),
        "may_take_back": context["is_open"] and may_edit,
        "items": len(read.names_in([item for each in shown.document["sections"] for item in each["items"]])),
    }


def check_may_read(actor: Actor, definition: FormDefinition) -> None:
    """Whoever may sign off or edit this form; raises NotAllowed for the rest."""
    if not design_permissions.user_can_sign_off(actor):
        design_permissions.check_user_can_edit(actor, definition)


def _sign_off_crumb() -> dict[str, str]:
    return {"url": reverse("forms_sign_off"), "label": "Form sign-off"}


def edit_crumb(definition: FormDefinition) -> dict[str, str]:
    namespace = definition.snippet_viewset.url_namespace
    return {"url": reverse(f"{namespace}:edit", args=[definition.pk]), "label": definition.title}


def _page(
    request: ActorRequest, template: str, title: str, context: dict[str, Any], crumbs: list[dict[str, str]]
) -> HttpResponse:
    return page(request, f"careplan_forms/designer/{template}.html", Frame(title, tuple(crumbs)), context)
