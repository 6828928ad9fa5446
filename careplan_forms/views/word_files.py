"""The words of a form in one language as a file: out to a translator, and back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from careplan_forms import design_permissions, word_files
from careplan_forms.models import FormDefinition
from careplan_forms.schema.languages import is_language, name_of
from careplan_forms.selectors import definitions as read
from careplan_forms.services import translations
from careplan_forms.views.sign_off import edit_crumb
from core.exceptions import Absent, NotAllowed, Refused
from governance.actors import Actor
from governance.http import ActorRequest
from workflows.views.admin_pages import HOME

_SHARED = (
    "The file has words for a section or a list of answers that other forms share. Ask a clinical lead to bring it in"
)
#: So many lines of each kind are shown; the report says how many there are.
_SHOWN = 100


@require_GET
def download(request: ActorRequest, public_id: UUID, language: str) -> HttpResponse:
    """Every text with its words and how far it is, as CSV."""
    definition = _definition(request, public_id, language)
    content = word_files.words_csv(translations.lines_of(definition, language), language)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{definition.key}-words-{language}.csv"'
    return response


@require_http_methods(["GET", "POST"])
def words_file(request: ActorRequest, public_id: UUID, language: str) -> HttpResponse:
    """Download the file, or bring it back; the answer is the report on it."""
    definition = _definition(request, public_id, language)
    context: dict[str, Any] = {"report": None, "refusal": ""}
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Refused("Choose the file that came back from the translator")
            context["report"] = _taken(definition, language, file, request.actor)
        except Refused as refusal:
            context["refusal"] = refusal.message
        except NotAllowed:
            context["refusal"] = _SHARED
    failed = bool(context["refusal"] or (context["report"] and context["report"].faults))
    return _page(request, definition, language, context, 400 if failed else 200)


def _taken(definition: FormDefinition, language: str, file: Any, by: Actor) -> word_files.Report:
    """Judge the file, and keep its words when nothing is wrong with it."""
    if file.size > word_files.MOST_BYTES:
        raise Refused(f"Bring a file of at most {word_files.MOST_BYTES // 1024 // 1024} MB")
    report = word_files.report_on(file.read(), translations.lines_of(definition, language), language)
    if not report.faults:
        translations.take_words(definition=definition, language=language, given=report.given, by=by)
    return report


def _definition(request: ActorRequest, public_id: UUID, language: str) -> FormDefinition:
    definition = read.definition_by_id(public_id)
    design_permissions.check_user_can_edit(request.actor, definition)
    if not is_language(language) or language == definition.language:
        raise Absent
    return definition


def _page(
    request: ActorRequest, definition: FormDefinition, language: str, context: dict[str, Any], status: int
) -> HttpResponse:
    name = name_of(language)
    back = f"{reverse('forms_languages', args=[definition.public_id])}?language={language}"
    crumbs = [
        edit_crumb(definition),
        {"url": back, "label": "Other languages"},
        {"url": "", "label": "Translator’s file"},
    ]
    frame = {
        "header_title": "Other languages",
        "header_icon": "globe",
        "page_heading": f"{name}: a file for the translator of “{definition.title}”",
        "breadcrumbs_items": [HOME, *crumbs],
        "definition": definition,
        "language": language,
        "language_name": name,
        "back_url": back,
        "shown": f":{_SHOWN}",
    }
    return render(request, "careplan_forms/designer/words_file.html", frame | context, status=status)
