"""The preview of a form on a page of its own: fill it in, see what the answers do, keep them as a test case."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition, FormTestCase
from careplan_forms.presenters import previews
from careplan_forms.schema.cases import Case
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.day import judged_on
from careplan_forms.schema.problems import Problem
from careplan_forms.schema.states import state_of
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts, form_tests
from careplan_forms.services import form_tests as services
from careplan_forms.views.designer import page_of
from careplan_forms.views.sign_off import check_may_read, edit_crumb
from core import clock
from core.exceptions import Refused
from governance.http import ActorRequest

_FILL = "careplan_forms/designer/preview_fill.jinja"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the bar above the preview says; whatever is not understood is as if it had not been said."""

    mode: str
    person: str
    role: str
    today: date
    row: FormTestCase | None

    @classmethod
    def of(cls, request: ActorRequest, definition: FormDefinition) -> "Chosen":
        """Read from the address. The role and the day of a test person stand until others are chosen."""
        row = form_tests.case_by_key(definition, request.GET.get("person", ""))
        mode, _ = previews.split_mode(request.GET.get("as") or (row.audience if row else ""))
        role = request.GET.get("role", row.role if row else "")
        day = _date(request.GET.get("day", "")) or (row.today if row else clock.today())
        return cls(mode, row.key if row else "", role if role in previews.ROLES else "", day, row)

    def case(self) -> Case:
        """The answers as they are looked at."""
        case = form_tests.case_of(self.row) if self.row else Case("", "", self.today)
        audience = "patient" if self.mode == "patient" else "clinician"
        return replace(case, audience=audience, role=self.role, today=self.today)


@require_http_methods(["GET", "POST"])
def preview(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The present drafts, looked at in one of four ways."""
    definition = read.definition_by_id(public_id)
    check_may_read(request.actor, definition)
    chosen, document = Chosen.of(request, definition), form_drafts.document_of(definition)
    context = _frame(request, definition, document, chosen)
    if chosen.mode not in previews.FILLED_IN:
        return render(request, *page_of(document, chosen.mode, chosen.case(), context))
    return _fill(request, definition, document, chosen, context)


def _fill(
    request: ActorRequest, definition: FormDefinition, document: dict[str, Any], chosen: Chosen, context: dict[str, Any]
) -> HttpResponse:
    case = chosen.case()
    form = form_tests.form_for(case, document, language=context["drawn_in"].language)
    problems: list[Problem] = []
    refusal: Refused | None = None
    if request.method == "POST":
        with judged_on(case.today):
            answers, problems = _typed(request, form, dict(state_of(form, case)[0].answers))
        case = replace(case, answers=answers)
        try:
            row = None if problems else _kept(request, definition, chosen, case)
        except Refused as error:
            refusal = error
        else:
            if row is not None:
                return redirect("forms_test", public_id=definition.public_id, case_id=row.public_id)
    state, _ = state_of(form, case)
    context |= {
        "sections": previews.sections_of(form, state.answers, problems=problems),
        "error_box": form.error_summary([*problems, *_title_problem(refusal)]),
        "has_errors": bool(problems or refusal),
        "title_error": refusal.message if refusal else "",
        "title_typed": request.POST.get("_title", ""),
    }
    return render(request, _FILL, context, status=400 if problems or refusal else 200)


def _typed(request: ActorRequest, form: CompiledForm, answers: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The answers with what was typed on the page laid over them; a pressed button of a repeat is carried out."""
    problems: list[Problem] = []
    for section in form.sections:
        found, wrong = form.parse_section(section.key, request.POST)
        answers |= found
        problems += wrong
    answers = {uid: value for uid, value in answers.items() if value is not None}
    changed = form.apply_action(request.POST, answers)
    return (changed, []) if changed is not None else (answers, problems)


def _kept(request: ActorRequest, definition: FormDefinition, chosen: Chosen, case: Case) -> FormTestCase | None:
    """The test case that was kept, when a button asked for one."""
    by, then = request.actor, request.POST.get("_then")
    said: dict[str, Any] = {"role": case.role, "audience": case.audience, "today": case.today, "answers": case.answers}
    if then == "update" and chosen.row is not None:
        return services.change_case(row=chosen.row, by=by, **said)
    if then == "keep":
        return services.keep_case(definition=definition, title=request.POST.get("_title", ""), by=by, **said)
    return None


def _frame(
    request: ActorRequest, definition: FormDefinition, document: dict[str, Any], chosen: Chosen
) -> dict[str, Any]:
    may_edit = design_permissions.user_can_edit(request.actor, definition)
    return {
        "title": document["title"],
        "drawn_in": previews.drawn_in(document, request.GET),
        "back_url": edit_crumb(definition)["url"] if may_edit else "",
        "may_keep": may_edit,
        "person": chosen.row.title if chosen.row else "",
        "chosen": chosen,
        "choices": {
            "modes": list(previews.MODES.items()),
            "people": form_tests.rows_of(definition),
            "roles": [(role.value, role.label) for role in previews.ROLES],
        },
    }


def _title_problem(refusal: Refused | None) -> list[Problem]:
    return [Problem("", "_title", "title", refusal.message)] if refusal else []


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
