"""Sign-off of a flow: a candidate of exact bytes, two people's decisions on its hash, an immutable signed version.

Clinical safety and information governance both decide, each in a person who wrote none of it, and each repeats the
exemption the flow carries. The second approval makes the version with both signatures; a lead puts it to use.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from core import clock
from core.exceptions import Conflict, Refused
from governance.actors import Actor
from workflows import permissions
from workflows.differences import differences
from workflows.engine.loading import SpecError, load_spec, sha256_of
from workflows.flow_checks import check
from workflows.models import FlowCandidate, FlowDefinition, FlowVersion
from workflows.models.sign_off import CandidateDecision
from workflows.selectors import flow_drafts
from workflows.services import definitions, sign_off
from workflows.unfinished import in_words


@transaction.atomic
def propose(*, definition: FlowDefinition, change_note: str = "", by: Actor) -> FlowCandidate:
    """Send the present draft for sign-off: its bytes, hash, findings, differences and impact, for ever.

    Refused for what is no flow, what has errors, and when nothing changed since the version in use.
    """
    permissions.check_user_can_shape_flows(by)
    if by.user_id is None:
        raise Refused("Somebody has to send a flow for sign-off in their own name")
    row = FlowDefinition.objects.select_for_update(of=("self",)).select_related("live_version").get(pk=definition.pk)
    draft = flow_drafts.in_work(row)
    spec, routing = _sendable(draft, row)
    report = check(spec, routing)
    if report.errors:
        raise Refused(f"Mend what the checks found first. {report.errors[0].place}: {report.errors[0].message}")
    definitions.define(by=by, key=draft.key, name=draft.name, **routing)
    candidate = FlowCandidate.objects.create(
        definition=row,
        document=spec,
        routing=routing,
        sha256=sha256_of(spec),
        lint=report.rows,
        diff=differences(row.live_version.spec, spec) if row.live_version else [],
        impact=report.impact,
        change_note=change_note.strip()[:300],
        created_at=clock.now(),
        created_by_id=by.user_id,
        author_ids=sorted({*flow_drafts.authors(row), by.user_id}),
    )
    sign_off.send(candidate=candidate, by=by)
    return candidate


@transaction.atomic
def approve_candidate(
    *,
    candidate: FlowCandidate,
    sha256: str,
    read: Collection[str] = (),
    exemption: str = "",
    comment: str = "",
    by: Actor,
) -> FlowVersion | None:
    """Approve the bytes whose hash was shown, and the exemption in its words; the second role's makes the version.

    `read` are those of the candidate's warnings that the actor has read. Returns that version, or None while the other
    role's decision is awaited.
    """
    if exemption.strip() != candidate.document.get("exemption", "").strip():
        raise Refused("Confirm the exemption in the words of the flow", field="exemption")
    agreed = exemption.strip()
    last = sign_off.approve(candidate=candidate, sha256=sha256, read=read, comment=comment, by=by, exemption=agreed)
    _check_routing_stands(candidate)
    if not last:
        return None
    version = _version_of(candidate, by)
    text = f"is signed by both as version {version.number}. It can be put to use"
    sign_off.conclude(candidate=candidate, number=version.number, text=text, by=by)
    return version


@transaction.atomic
def withdraw_candidate(*, candidate: FlowCandidate, by: Actor) -> CandidateDecision:
    """Take a candidate back before it is decided, so that the flow can be edited again."""
    permissions.check_user_can_shape_flows(by)
    return sign_off.take_back(candidate=candidate, by=by)


def _sendable(draft: FlowDefinition, row: FlowDefinition) -> tuple[dict[str, Any], dict[str, Any]]:
    spec, routing = flow_drafts.spec_in(draft), flow_drafts.routing_in(draft)
    try:
        load_spec(spec)
    except SpecError as error:
        raise Refused(f"This is not a whole flow yet. {in_words(error)}") from None
    newest = row.versions.order_by("-number").first()
    same = newest is not None and newest.sha256 == sha256_of(spec)
    if newest is not None and same and routing == flow_drafts.routing_in(row):
        raise Refused(f"Nothing has changed since version {newest.number}")
    return spec, routing


def _check_routing_stands(candidate: FlowCandidate) -> None:
    row = FlowDefinition.objects.get(pk=candidate.definition_id)
    if flow_drafts.routing_in(row) != candidate.routing:
        raise Conflict("What this flow applies to was changed after it was sent. Ask for it to be sent again.")


def _version_of(candidate: FlowCandidate, by: Actor) -> FlowVersion:
    """The version both signed, its signatures those of their decisions; its draft begins anew from here."""
    version = definitions.keep_version(
        definition=candidate.definition,
        spec=candidate.document,
        change_note=candidate.change_note,
        author_id=candidate.created_by_id,
        candidate=candidate,
        by=by,
    )
    for decision in candidate.approvals.all():
        definitions.keep_signature(
            version=version,
            capacity=permissions.capacity_in(decision.role),
            signed_by_id=decision.decided_by_id,
            signed_at=decision.decided_at,
            by=by,
        )
    now = clock.now()
    FlowDefinition.objects.filter(pk=candidate.definition_id).update(last_published_at=now, first_published_at=now)
    return version
