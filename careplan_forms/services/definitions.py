"""A form's life: drafted, signed off (see `sign_off`), live, rolled back, retired.

Sign-off copies the candidate's bytes. What is drafted later never changes a candidate, and no way of the CMS itself
puts anything live: nothing at run time reads a draft, a live row or a revision.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from careplan_forms.models import FormActivation, FormDefinition, FormVersion
from careplan_forms.schema.cases import read_cases
from careplan_forms.selectors import form_drafts
from careplan_forms.services.form_drafts import create_from_document, update_sections_from_document
from careplan_forms.services.form_tests import bring_cases
from careplan_forms.services.sign_off import (
    activate,
    approve_candidate,
    create_candidate,
    locked,
    withdraw_candidate,
)
from core import clock, events
from core.exceptions import Refused
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.services import audit

__all__ = [
    "approve_candidate",
    "compile_definition",
    "create_candidate",
    "create_from_document",
    "retire",
    "roll_back",
    "seed",
    "update_sections_from_document",
    "withdraw_candidate",
]

RETIRED = "form.retired"


def compile_definition(*, definition: FormDefinition) -> dict[str, Any]:
    """The document of the present drafts, defaults written out; its bytes and hash by `schema.document`."""
    return form_drafts.document_of(definition)


@transaction.atomic
def roll_back(*, version: FormVersion, by: Actor) -> None:
    """Make an older version live again. It was signed off when it was made; plans stay on the version they have."""
    gate.check(by, Action.FORM_SIGN_OFF)
    definition = locked(version.definition)
    if definition.live_version_id == version.pk:
        raise Refused(f"Version {version.number} is already live")
    activate(version, by)
    audit.record(by=by, action="form.rolled_back", target=definition, detail={"version": version.number})


@transaction.atomic
def retire(*, definition: FormDefinition, by: Actor) -> None:
    """Take a form out of use for new plans. Plans that stand on a version of it keep it for ever."""
    gate.check(by, Action.FORM_SIGN_OFF)
    version = locked(definition).live_version
    if version is None:
        raise Refused("No version of this form is live")
    FormDefinition.objects.filter(pk=definition.pk).update(live_version=None)
    definition.live_version = None
    FormActivation.objects.create(definition=definition, version=version, live=False, at=clock.now(), by_id=by.user_id)
    events.publish(RETIRED, {"form": definition.key, "version": version.number}, key=definition.key)
    audit.record(by=by, action="form.retired", target=definition, detail={"version": version.number})


@transaction.atomic
def seed(*, by: Actor, signed_off_by: Iterable[Actor], only: Iterable[str] = ()) -> list[FormVersion]:
    """The forms that come with the product, signed off and live; again, it changes nothing.

    `by` shapes forms (a clinical lead); `signed_off_by` are two more people, one for each role; `only` names the forms
    to be brought, all when it is empty. Raises Refused for a form that does not come with the product.
    """
    from careplan_forms import seeds

    keys, officers = list(only) or seeds.form_keys(), tuple(signed_off_by)
    for key in keys:
        if key not in seeds.form_keys():
            raise Refused(f"No form called {key} comes with the service. Choose from {', '.join(seeds.form_keys())}")
    return [_seed(seeds.form(key), seeds.test_cases_of(key), by, officers) for key in keys]


def _seed(document: dict[str, Any], cases: list[dict[str, Any]], by: Actor, officers: tuple[Actor, ...]) -> FormVersion:
    definition = FormDefinition.objects.filter(key=document["key"]).first()
    if definition is None:
        definition = create_from_document(document=document, by=by)
    elif definition.live_version is None:
        update_sections_from_document(definition=definition, document=document, by=by)
    if definition.live_version is not None:
        return definition.live_version
    bring_cases(definition=definition, cases=read_cases(cases), by=by)
    candidate = create_candidate(definition=definition, change_note="As it comes with the service", by=by)
    for officer in officers:
        version = approve_candidate(candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=officer)
        if version is not None:
            return version
    raise Refused("Clinical safety and information governance both have to sign the form off")
