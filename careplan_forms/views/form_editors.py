"""Who edits one form besides the clinical leads: a colleague, until a day, for a reason."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from careplan_forms import design_permissions
from careplan_forms.forms.designer import EditorForm
from careplan_forms.models import FormDefinition
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_editors
from careplan_forms.services import form_editors as services
from careplan_forms.views.sign_off import edit_crumb
from core.forms import refusals_on
from governance.http import ActorRequest
from workflows.views.admin_pages import HOME


@require_http_methods(["GET", "POST"])
def editors(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The editors of a form, and a place for one more."""
    actor = request.actor
    definition = read.definition_by_id(public_id)
    design_permissions.check_user_may_grant(actor, definition)
    form = EditorForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _give(request, definition, form):
        return redirect("forms_editors", public_id=public_id)
    title = f"Editors of “{definition.title}”"
    context = {
        "header_title": "Editors",
        "header_icon": "user",
        "page_heading": title,
        "breadcrumbs_items": [HOME, edit_crumb(definition), {"url": "", "label": title}],
        "definition": definition,
        "editors": form_editors.editors_of(definition),
        "form": form,
    }
    return render(request, "careplan_forms/designer/editors.html", context, status=400 if form.is_bound else 200)


@require_POST
def end(request: ActorRequest, public_id: UUID, editor_id: UUID) -> HttpResponse:
    """The colleague edits this form no more, from their next request."""
    actor = request.actor
    definition = read.definition_by_id(public_id)
    design_permissions.check_user_may_grant(actor, definition)
    services.end_editor(definition=definition, editor_id=editor_id, by=actor)
    messages.success(request, "Ended. They can no longer open this form.")
    return redirect(reverse("forms_editors", args=[public_id]))


def _give(request: ActorRequest, definition: FormDefinition, form: EditorForm) -> bool:
    """Carry it out; False when it is refused, with the sentence on the form."""
    with refusals_on(form):
        services.give_editor(definition=definition, by=request.actor, **form.cleaned_data)
        messages.success(request, "Given. They can open this form in the administration now.")
        return True
    return False
