"""Where the administration leads from a form."""

from django.urls import reverse

from careplan_forms.models import FormDefinition
from careplan_forms.papers import DRAFT

#: The pages about one form: for whoever edits it, then for clinical leads alone.
_PAGES = {
    "forms_items": "All items",
    "forms_preview": "Preview",
    "forms_tests": "Test cases",
    "forms_languages": "Other languages",
    "forms_versions": "Versions of this form",
    "forms_drafts": "Earlier drafts",
}
_LEADS_PAGES = {"forms_editors": "Editors of this form", "forms_throw_away": "Throw the draft away"}
#: What is made of its draft.
_DRAFT_PAGES = {"forms_blank": "Blank form on paper", "forms_dictionary": "Data dictionary (XLSX)"}


def pages_of_form(definition: FormDefinition, may_shape_all: bool) -> list[tuple[str, str]]:
    """The pages about a form as (address, words)."""
    named = _PAGES | (_LEADS_PAGES if may_shape_all else {})
    pages = [(reverse(name, args=[definition.public_id]), said) for name, said in named.items()]
    return pages + [(reverse(name, args=[definition.public_id, DRAFT]), said) for name, said in _DRAFT_PAGES.items()]
