"""The words of a form in other languages: how far each language is, and a table to write them in."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition
from careplan_forms.schema.languages import NAMES, direction, is_language, name_of
from careplan_forms.schema.translating import languages_in, progress
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors.form_drafts import document_of
from careplan_forms.services import translations
from careplan_forms.views.sign_off import edit_crumb
from core.exceptions import Refused
from governance.http import ActorRequest
from workflows.views.admin_pages import HOME


@require_http_methods(["GET", "POST"])
def languages(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The languages of a form; with `language` in the address, the texts in it."""
    actor = request.actor
    definition = read.definition_by_id(public_id)
    design_permissions.check_user_can_edit(actor, definition)
    asked = request.GET.get("language", "")
    language = asked if is_language(asked) else ""
    refusal = ""
    lines = translations.lines_of(definition, language) if language else []
    if request.method == "POST" and language:
        lines = [
            each._replace(words=request.POST.get(f"words-{number}", "").strip()) for number, each in enumerate(lines)
        ]
        try:
            changed = translations.take_words(definition=definition, language=language, given=lines, by=actor)
        except Refused as error:
            refusal = error.message
        else:
            messages.success(request, f"Kept {changed} texts in {name_of(language)} as drafts.")
            return redirect(f"{reverse('forms_languages', args=[public_id])}?language={language}")
    return _page(request, definition, language, lines, refusal)


def _page(
    request: ActorRequest, definition: FormDefinition, language: str, lines: list[translations.Line], refusal: str
) -> HttpResponse:
    document = document_of(definition)
    shown = sorted({"cy", *languages_in(document)} - {document["language"]})
    title = f"Languages of “{definition.title}”"
    context = {
        "header_title": title,
        "header_icon": "globe",
        "page_heading": title,
        "breadcrumbs_items": [HOME, edit_crumb(definition), {"url": "", "label": title}],
        "progress": [(each, name_of(each), *progress(document, each)) for each in shown],
        "names": sorted(((key, name) for key, name in NAMES.items() if key not in shown), key=lambda row: row[1]),
        "language": language,
        "language_name": name_of(language),
        "direction": direction(language),
        "own": document["language"],
        "lines": lines,
        "refusal": refusal,
        "words_url": reverse("forms_words_file", args=[definition.public_id, language])
        if language and language != document["language"]
        else "",
    }
    return render(request, "careplan_forms/designer/languages.html", context, status=400 if refusal else 200)
