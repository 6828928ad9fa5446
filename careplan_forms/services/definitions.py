"""From draft to live: a candidate of exact bytes, a second person's decision on their hash, an immutable version.

Sign-off copies the candidate's bytes. What is drafted later never changes a candidate, and no way of the CMS itself
puts anything live: nothing at run time reads a draft, a live row or a revision.
"""

from typing import Any

from django.db import transaction
from wagtail.actions.publish_revision import PublishRevisionAction

from careplan_forms import design_permissions, design_policies
from careplan_forms.models import (
    FormActivation,
    FormCandidate,
    FormCandidateApproval,
    FormDefinition,
    FormVersion,
)
from careplan_forms.schema.document import sha256_of
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts
from careplan_forms.services import checking
from careplan_forms.services.form_drafts import create_from_document, update_sections_from_document
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
    "reject_candidate",
    "retire",
    "roll_back",
    "seed",
    "update_sections_from_document",
]

PUBLISHED, RETIRED = "form.published", "form.retired"


def compile_definition(*, definition: FormDefinition) -> dict[str, Any]:
    """The document of the present drafts, defaults written out; its bytes and hash by `schema.document`."""
    return form_drafts.document_of(definition)


@transaction.atomic
def create_candidate(*, definition: FormDefinition, change_note: str = "", by: Actor) -> FormCandidate:
    """Propose the present drafts for sign-off: their bytes, hash, lint, differences and impact, kept for ever.

    Raises Refused when a check fails that would have to be mended first, when nothing changed, or when there is
    nobody to say who proposed it.
    """
    design_permissions.check_user_can_edit(by, definition)
    if by.user_id is None:
        raise Refused("Somebody has to send a form for sign-off in their own name")
    _locked(definition)
    document = form_drafts.document_of(definition)
    live = read.live_version(definition.key)
    if live is not None and live.sha256 == sha256_of(document):
        raise Refused("Nothing has changed since the version that is live")
    design_policies.check_names_are_kept(document, _names_of_all_versions(definition))
    report = checking.report_on(definition, document, live)
    if report.errors:
        raise Refused(f"Mend what the checks found first: {report.errors[0]['message']}")
    candidate = FormCandidate.objects.create(
        definition=definition,
        document=document,
        sha256=sha256_of(document),
        lint=report.lint,
        diff=report.diff,
        impact=report.impact,
        change_note=change_note.strip()[:300],
        created_at=clock.now(),
        created_by_id=by.user_id,
        author_ids=sorted({*form_drafts.authors_since_live(definition), by.user_id}),
    )
    audit.record(by=by, action="form.proposed", target=candidate, detail={"sha256": candidate.sha256})
    return candidate


@transaction.atomic
def approve_candidate(*, candidate: FormCandidate, sha256: str, comment: str = "", by: Actor) -> FormVersion:
    """Sign off the bytes whose hash was shown, and make them the live version.

    Raises NotAllowed without the role, Refused for an author, Conflict when what was shown no longer stands.
    """
    _decide(candidate, FormCandidateApproval.Decision.APPROVED, sha256, comment, by)
    definition = candidate.definition
    newest = definition.versions.order_by("-number").first()
    version = FormVersion.objects.create(
        definition=definition,
        number=newest.number + 1 if newest else 1,
        document=candidate.document,
        sha256=candidate.sha256,
        candidate=candidate,
        published_at=clock.now(),
        published_by_id=by.user_id,
    )
    _activate(version, by)
    _mark_drafts_live(definition, candidate)
    audit.record(by=by, action="form.signed_off", target=candidate, detail={"version": version.number})
    return version


@transaction.atomic
def reject_candidate(*, candidate: FormCandidate, sha256: str, comment: str, by: Actor) -> FormCandidateApproval:
    """Send a candidate back with a reason. Raises as `approve_candidate`, and Refused without a reason."""
    if not comment.strip():
        raise Refused("Say what has to change", "comment")
    decision = _decide(candidate, FormCandidateApproval.Decision.REJECTED, sha256, comment, by)
    audit.record(by=by, action="form.sent_back", target=candidate)
    return decision


@transaction.atomic
def roll_back(*, version: FormVersion, by: Actor) -> None:
    """Make an older version live again. It was signed off when it was made; plans stay on the version they have."""
    gate.check(by, Action.FORM_SIGN_OFF)
    definition = _locked(version.definition)
    if definition.live_version_id == version.pk:
        raise Refused(f"Version {version.number} is already live")
    _activate(version, by)
    audit.record(by=by, action="form.rolled_back", target=definition, detail={"version": version.number})


@transaction.atomic
def retire(*, definition: FormDefinition, by: Actor) -> None:
    """Take a form out of use for new plans. Plans that stand on a version of it keep it for ever."""
    gate.check(by, Action.FORM_SIGN_OFF)
    version = _locked(definition).live_version
    if version is None:
        raise Refused("No version of this form is live")
    FormDefinition.objects.filter(pk=definition.pk).update(live_version=None)
    definition.live_version = None
    FormActivation.objects.create(definition=definition, version=version, live=False, at=clock.now(), by_id=by.user_id)
    events.publish(RETIRED, {"form": definition.key, "version": version.number}, key=definition.key)
    audit.record(by=by, action="form.retired", target=definition, detail={"version": version.number})


@transaction.atomic
def seed(*, by: Actor, signed_off_by: Actor) -> FormVersion:
    """The urgent care plan that comes with the product, signed off and live; again, it changes nothing.

    `by` shapes forms (a clinical lead), `signed_off_by` is a second person who may sign them off.
    """
    from careplan_forms.seeds import urgent_care_plan

    document = urgent_care_plan()
    definition = FormDefinition.objects.filter(key=document["key"]).first()
    if definition is None:
        definition = create_from_document(document=document, by=by)
    elif definition.live_version is None:
        update_sections_from_document(definition=definition, document=document, by=by)
    if definition.live_version is not None:
        return definition.live_version
    candidate = create_candidate(definition=definition, change_note="As it comes with the service", by=by)
    return approve_candidate(candidate=candidate, sha256=candidate.sha256, by=signed_off_by)


def _decide(candidate: FormCandidate, decision: str, sha256: str, comment: str, by: Actor) -> FormCandidateApproval:
    gate.check(by, Action.FORM_SIGN_OFF)
    _locked(candidate.definition)
    design_policies.check_can_decide(candidate, sha256, by)
    return FormCandidateApproval.objects.create(
        candidate=candidate,
        decision=decision,
        sha256=candidate.sha256,
        comment=comment.strip()[:500],
        decided_at=clock.now(),
        decided_by_id=by.user_id,
    )


def _locked(definition: FormDefinition) -> FormDefinition:
    """One decision on a form at a time."""
    return FormDefinition.objects.select_for_update().get(pk=definition.pk)


def _activate(version: FormVersion, by: Actor) -> None:
    definition = version.definition
    FormDefinition.objects.filter(pk=definition.pk).update(live_version=version)
    definition.live_version = version
    FormActivation.objects.create(definition=definition, version=version, live=True, at=clock.now(), by_id=by.user_id)
    payload = {"form": definition.key, "version": version.number, "sha256": version.sha256}
    events.publish(PUBLISHED, payload, key=definition.key)


def _mark_drafts_live(definition: FormDefinition, candidate: FormCandidate) -> None:
    """Tell the CMS which drafts are now in use, unless somebody has written on since the candidate was made."""
    if sha256_of(form_drafts.document_of(definition)) != candidate.sha256:
        return
    sections = form_drafts.sections_of(definition)
    for row in (definition, *sections, *form_drafts.value_sets_of(sections)):
        revision = row.get_latest_revision()
        if revision is not None:
            PublishRevisionAction(revision, log_action=False).execute(skip_permission_checks=True)


def _names_of_all_versions(definition: FormDefinition) -> dict[str, str]:
    names: dict[str, str] = {}
    for version in definition.versions.order_by("-number"):
        for section in version.document["sections"]:
            names = read.names_in(section["items"]) | names
    return names
