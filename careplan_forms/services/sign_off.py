"""Sign-off: a candidate of exact bytes, two people's decisions on their hash, an immutable version.

Clinical safety and information governance both decide, each in a person who wrote none of it; one of them sending it
back ends it. The second approval makes the version, in the transaction of that approval.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from wagtail.actions.publish_revision import PublishRevisionAction

from careplan_forms import design_permissions, design_policies
from careplan_forms.models import FormActivation, FormCandidate, FormDefinition, FormVersion
from careplan_forms.schema.document import sha256_of
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts
from careplan_forms.services import checking
from core import clock, events
from core.exceptions import Refused
from governance.actors import Actor
from workflows.models.sign_off import CandidateDecision, moved_by_sign_off
from workflows.services import sign_off

PUBLISHED = "form.published"


@transaction.atomic
def create_candidate(*, definition: FormDefinition, change_note: str = "", by: Actor) -> FormCandidate:
    """Propose the present drafts for sign-off: their bytes, hash, lint, tests, differences and impact, for ever.

    Raises Refused when a check fails that would have to be mended first, when nothing changed, or when there is
    nobody to say who proposed it.
    """
    design_permissions.check_user_can_edit(by, definition)
    if by.user_id is None:
        raise Refused("Somebody has to send a form for sign-off in their own name")
    locked(definition)
    document = form_drafts.document_of(definition)
    live = read.live_version(definition.key)
    if live is not None and live.sha256 == sha256_of(document):
        raise Refused("Nothing has changed since the version that is live")
    design_policies.check_names_are_kept(document, _names_of_all_versions(definition))
    report = checking.report_on(definition, document, live)
    design_policies.check_report(report.errors, report.tests)
    candidate = FormCandidate.objects.create(
        definition=definition,
        document=document,
        sha256=sha256_of(document),
        lint=report.lint,
        diff=report.diff,
        impact=report.impact,
        tests=report.tests,
        change_note=change_note.strip()[:300],
        created_at=clock.now(),
        created_by_id=by.user_id,
        author_ids=sorted({*form_drafts.authors_since_live(definition), by.user_id}),
    )
    sign_off.send(candidate=candidate, by=by)
    return candidate


@transaction.atomic
def approve_candidate(
    *, candidate: FormCandidate, sha256: str, read: Collection[str] = (), comment: str = "", by: Actor
) -> FormVersion | None:
    """Approve the bytes whose hash was shown; the second of the two roles makes them the live version.

    `read` are those of the candidate's warnings that the actor has read. Returns that version, or None while the other
    role's decision is awaited. Raises NotAllowed without the role, Refused for an author, for somebody who has decided
    already and while a warning is unread, Conflict when what was shown no longer stands.
    """
    if not sign_off.approve(candidate=candidate, sha256=sha256, read=read, comment=comment, by=by):
        return None
    version = _version_of(candidate, by)
    activate(version, by)
    mark_drafts_live(candidate)
    text = f"is live as version {version.number}"
    sign_off.conclude(candidate=candidate, number=version.number, text=text, by=by)
    return version


@transaction.atomic
def withdraw_candidate(*, candidate: FormCandidate, by: Actor) -> CandidateDecision:
    """Take a candidate back before it is decided, so that the form can be edited again. Whoever may edit it may."""
    design_permissions.check_user_can_edit(by, candidate.definition)
    return sign_off.take_back(candidate=candidate, by=by)


def locked(definition: FormDefinition) -> FormDefinition:
    """One decision on a form at a time."""
    return FormDefinition.objects.select_for_update().get(pk=definition.pk)


def activate(version: FormVersion, by: Actor) -> None:
    """Make a signed-off version the one new plans start on."""
    definition = version.definition
    FormDefinition.objects.filter(pk=definition.pk).update(live_version=version)
    definition.live_version = version
    FormActivation.objects.create(definition=definition, version=version, live=True, at=clock.now(), by_id=by.user_id)
    payload = {"form": definition.key, "version": version.number, "sha256": version.sha256}
    events.publish(PUBLISHED, payload, key=definition.key)


def _version_of(candidate: FormCandidate, by: Actor) -> FormVersion:
    newest = candidate.definition.versions.order_by("-number").first()
    return FormVersion.objects.create(
        definition=candidate.definition,
        number=newest.number + 1 if newest else 1,
        document=candidate.document,
        sha256=candidate.sha256,
        candidate=candidate,
        published_at=clock.now(),
        published_by_id=by.user_id,
    )


def mark_drafts_live(candidate: FormCandidate) -> None:
    """Tell the CMS which drafts are now in use, unless they say something else than the candidate."""
    definition = candidate.definition
    if sha256_of(form_drafts.document_of(definition)) != candidate.sha256:
        return
    sections = form_drafts.sections_of(definition)
    rows: list[Any] = [definition, *sections, *form_drafts.value_sets_of(sections)]
    with moved_by_sign_off(candidate):
        for row in rows:
            revision = row.get_latest_revision()
            if revision is not None:
                PublishRevisionAction(revision, log_action=False).execute(skip_permission_checks=True)


def _names_of_all_versions(definition: FormDefinition) -> dict[str, str]:
    names: dict[str, str] = {}
    for version in definition.versions.order_by("-number"):
        for section in version.document["sections"]:
            names = read.names_in(section["items"]) | names
    return names
