"""What a proposed form must satisfy, what a new version may not do, and what may be deleted."""

from typing import Any

from careplan_forms.models import FormDefinition, FormSection, ValueSet
from careplan_forms.selectors import definitions, form_drafts
from core.exceptions import Refused


def check_report(errors: list[dict[str, Any]], tests: list[dict[str, Any]]) -> None:
    """Raises Refused when something has to be mended before anybody is asked to sign off."""
    if errors:
        raise Refused(f"Mend what the checks found first: {errors[0]['message']}")
    failing = [row["name"] for row in tests if not row["passed"]]
    if failing:
        raise Refused(f"These test cases fail: {', '.join(failing[:5])}. Mend the form or the test case")


def is_unused(row: FormDefinition | FormSection | ValueSet) -> bool:
    """Whether deleting loses nothing: it was never signed off or proposed, and no form or section names it."""
    if row.first_published_at is not None:
        return False
    if isinstance(row, FormDefinition):
        return not row.candidates.exists()
    if isinstance(row, FormSection):
        return not form_drafts.places_of(row)
    return not form_drafts.is_named(row)


def check_can_delete(row: FormDefinition | FormSection | ValueSet) -> None:
    """Raises Refused for what is in use: old plans and old versions must stay readable."""
    if not is_unused(row):
        raise Refused(f"“{row.title}” is in use or was signed off, so it cannot be deleted. Take it out of the form")


def check_names_are_kept(candidate_document: dict[str, Any], published: dict[str, str]) -> None:
    """An item keeps the name it was first published with: exports and other systems know it by that."""
    names: dict[str, str] = {}
    for section in candidate_document["sections"]:
        names |= definitions.names_in(section["items"])
    renamed = [f"“{published[uid]}” to “{name}”" for uid, name in names.items() if published.get(uid, name) != name]
    if renamed:
        raise Refused(f"These names are already in use and cannot change: {', '.join(renamed)}. Put the old ones back")
