"""Forms as the service uses them: versions, which is live, and what was proposed."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from careplan_forms.enums import PlanState
from careplan_forms.models import FormActivation, FormCandidate, FormDefinition, FormVersion
from core.exceptions import Absent


def live_version(key: str) -> FormVersion | None:
    """The version new plans of this form start on; None when the form is not known or none is live."""
    found = FormDefinition.objects.filter(key=key).select_related("live_version__definition").first()
    return found.live_version if found else None


def live_versions() -> list[FormVersion]:
    """The versions a new plan can start on, one for each form in use, by title; what they ask is not loaded."""
    rows = FormVersion.objects.filter(live_for__isnull=False).select_related("definition")
    return list(rows.defer("document").order_by("definition__title", "definition__key"))


def definition_by_id(public_id: uuid.UUID) -> FormDefinition:
    """A form by its public id. Raises Absent."""
    found = FormDefinition.objects.filter(public_id=public_id).select_related("live_version").first()
    if found is None:
        raise Absent
    return found


def candidate_by_id(public_id: uuid.UUID) -> FormCandidate:
    """A candidate by its public id. Raises Absent."""
    rows = FormCandidate.objects.select_related("definition__live_version", "created_by")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found


def had_version_before(candidate: FormCandidate) -> bool:
    """Whether a version was there to differ from when the candidate was made."""
    return candidate.definition.versions.filter(published_at__lt=candidate.created_at).exists()


def versions_of(definition: FormDefinition) -> QuerySet[FormVersion]:
    """Every version, newest first, with how many plans stand on it."""
    counted = Count("plans", filter=~Q(plans__state=PlanState.WITHDRAWN))
    return definition.versions.annotate(open_plans=counted).select_related("published_by").order_by("-number")


def activations_of(definition: FormDefinition) -> QuerySet[FormActivation]:
    """When which version went live or was retired, newest first."""
    return definition.activations.select_related("version", "by").order_by("-at", "-pk")


def version_numbered(definition: FormDefinition, number: str) -> FormVersion:
    """A version of a form by its number as typed. Raises Absent."""
    found = definition.versions.filter(number=int(number)).first() if number.isdecimal() else None
    if found is None:
        raise Absent
    return found


def version_of(key: str, number: int | None = None) -> FormVersion:
    """A version of a form by the form's key; without a number, the live one. Raises Absent."""
    if number is None:
        found = live_version(key)
    else:
        rows = FormVersion.objects.select_related("definition")
        # Beyond 32 bits no version can be, and not every database may be asked.
        found = rows.filter(definition__key=key, number=number).first() if 0 < number < 2**31 else None
    if found is None:
        raise Absent
    return found


def published_names(definitions: Iterable[FormDefinition]) -> dict[str, str]:
    """The names in exports that some forms' newest versions have fixed: uid → link_id."""
    found: dict[str, str] = {}
    for definition in definitions:
        newest = definition.versions.order_by("-number").first()
        for section in newest.document["sections"] if newest else ():
            found |= names_in(section["items"])
    return found


def names_in(items: list[dict[str, Any]]) -> dict[str, str]:
    """uid → link_id of items and of everything inside them."""
    found: dict[str, str] = {}
    for item in items:
        found[item["uid"]] = item["link_id"]
        found |= names_in(item["items"])
    return found
