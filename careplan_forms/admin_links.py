"""Where the administration leads from a form, and from its dashboards for one that waits for sign-off."""

from typing import Any

from django.urls import reverse

from careplan_forms.models import FormDefinition
from careplan_forms.papers import DRAFT
from governance.enums import RoleKey
from workflows.selectors.sign_off import latest_candidate, officers

_SIGNING = (RoleKey.CLINICAL_SAFETY_OFFICER, RoleKey.IG_OFFICER)
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


def leading_to_candidates(finder: type) -> type:
    """A finder of edit pages that takes those who sign off, and do not edit, to what was proposed last."""

    def get_edit_url(self: Any, instance: FormDefinition) -> str | None:
        address: str | None = super(found, self).get_edit_url(instance)
        if address is not None or self.user is None or not officers(_SIGNING).filter(pk=self.user.pk).exists():
            return address
        candidate = latest_candidate(instance)
        return reverse("forms_candidate", args=[candidate.public_id]) if candidate else None

    found: Any = type("FormLinks", (finder,), {"get_edit_url": get_edit_url})
    return found
