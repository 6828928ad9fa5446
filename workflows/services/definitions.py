"""Definitions: writing a version, signing its hash, putting it to use. Nothing here changes a running case."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.exceptions import Conflict, Refused
from governance.actors import Actor
from governance.services import audit
from workflows import catalogue, flow_checks, permissions, policies, registry, sign_off_policies
from workflows.engine.lint import Finding
from workflows.engine.loading import SpecError, load_file, load_spec, sha256_of
from workflows.models import FlowActivation, FlowCandidate, FlowDefinition, FlowVersion, FlowVersionApproval
from workflows.services import flow_drafts
from workflows.unfinished import in_file


@transaction.atomic
def define(
    *,
    by: Actor,
    key: str,
    name: str,
    subject_kind: str,
    applies_when: dict[str, Any] | None = None,
    priority: int = 0,
    is_default: bool = False,
) -> FlowDefinition:
    """Create or reword a definition. Refused for an unknown kind of subject, a second default, or no
    condition.
    """
    permissions.check_user_can_shape_flows(by)
    routing = {
        "subject_kind": subject_kind,
        "applies_when": applies_when or {},
        "priority": priority,
        "is_default": is_default,
    }
    _refuse_routing(key, routing)
    definition, created = FlowDefinition.objects.update_or_create(key=key, defaults={"name": name, **routing})
    audit.record(by=by, action="flow.defined", target=("flowdefinition", key), detail={"created": created, **routing})
    return definition


def _refuse_routing(key: str, routing: dict[str, Any]) -> None:
    """Which subjects take a flow is part of what is signed for it, so it stays once somebody has signed."""
    kind = routing["subject_kind"]
    if kind not in registry.subjects:
        raise Refused("Choose a kind of subject from the list", field="subject_kind")
    if routing["is_default"] == bool(routing["applies_when"]):
        raise Refused("Either say when the flow applies, or make it the default", field="applies_when")
    others = FlowDefinition.objects.filter(subject_kind=kind, is_default=True).exclude(key=key)
    if routing["is_default"] and others.exists():
        raise Refused("This kind of subject has a default flow already", field="is_default")
    existing = FlowDefinition.objects.select_for_update().filter(key=key).first()
    if existing is None or not FlowVersionApproval.objects.filter(version__definition=existing).exists():
        return
    if any(getattr(existing, name) != value for name, value in routing.items()):
        raise Refused("This flow has been signed, so what it applies to stays. Make a new flow instead")


@transaction.atomic
def create_version(
    *, by: Actor, definition: FlowDefinition, spec: Any, change_note: str = "", now: datetime.datetime
) -> FlowVersion:
    """The next version of a definition, from a parsed JSON spec. Refused, with the place, when it is no flow."""
    permissions.check_user_can_shape_flows(by)
    try:
        load_spec(spec)
    except SpecError as error:
        raise Refused(str(error), field="spec") from None
    FlowDefinition.objects.select_for_update().get(pk=definition.pk)
    return keep_version(definition=definition, spec=spec, change_note=change_note, author_id=by.user_id, by=by)


def keep_version(
    *,
    definition: FlowDefinition,
    spec: Any,
    change_note: str,
    author_id: int | None,
    by: Actor,
    candidate: FlowCandidate | None = None,
) -> FlowVersion:
    """The next version, in the name of who wrote it; the caller has asked who may and locked the definition."""
    last = definition.versions.aggregate(last=Max("number"))["last"] or 0
    version = FlowVersion.objects.create(
        definition=definition,
        number=last + 1,
        spec=spec,
        sha256=sha256_of(spec),
        change_note=change_note[:200],
        created_by_id=author_id,
        candidate=candidate,
    )
    _record(by, "flow.version_created", version)
    return version


@transaction.atomic
def bring_in(*, by: Actor, content: bytes, change_note: str, now: datetime.datetime) -> FlowVersion:
    """The next version of a flow from the bytes of a flow file; its definition is made when there is none yet.

    Refused, with the place, when it is no flow file, when it routes a signed flow elsewhere, or when the newest
    version says the same. What is unsound is kept: nobody can sign it, and its page says what has to be mended.
    """
    permissions.check_user_can_shape_flows(by)
    try:
        brought = load_file(content)
    except SpecError as error:
        raise Refused(in_file(error), field="file") from None
    routing = {name: getattr(brought, name) for name in ("subject_kind", "applies_when", "priority", "is_default")}
    definition = define(by=by, key=brought.key, name=brought.name, **routing)
    newest = definition.versions.order_by("-number").first()
    if newest is not None and newest.sha256 == sha256_of(brought.spec):
        raise Refused(f"Version {newest.number} of this flow says the same already", field="file")
    version = create_version(by=by, definition=definition, spec=brought.spec, change_note=change_note, now=now)
    flow_drafts.take_over(version=version, by=by)
    return version


@transaction.atomic
def sign_version(
    *,
    by: Actor,
    version: FlowVersion,
    capacity: str,
    sha256: str,
    read: Collection[str] = (),
    exemption: str = "",
    now: datetime.datetime,
) -> FlowVersionApproval:
    """Sign the hash of a version for clinical safety or information governance.

    `read` are those of its warnings that the signer has read, `exemption` repeats the version's own exemption, word
    for word, when it has one. Raises Conflict when the hash is not the one shown, Refused when the flow is unsound,
    while a warning is unread, when the signer wrote it or signed it already, or when the exemption is not what the
    version says.
    """
    permissions.check_user_can_sign(by, capacity)
    FlowDefinition.objects.select_for_update().get(pk=version.definition_id)
    if sha256 != version.sha256:
        raise Conflict("This is not the version you were shown, so nothing was signed")
    spec = policies.spec_of(version)
    _refuse_unsound(catalogue.lint(spec))
    _refuse_signer(by, version, capacity)
    sign_off_policies.check_warnings_read(flow_checks.warnings_of(spec), read)
    if exemption.strip() != spec.exemption:
        raise Refused("Confirm the exemption in the words of the version", field="exemption")
    return keep_signature(version=version, capacity=capacity, signed_by_id=by.user_id, signed_at=now, by=by)


def keep_signature(
    *, version: FlowVersion, capacity: str, signed_by_id: int | None, signed_at: datetime.datetime, by: Actor
) -> FlowVersionApproval:
    """A signature under a version's hash and its exemption; the caller has asked who may, and on what."""
    exemption = policies.spec_of(version).exemption
    approval = FlowVersionApproval.objects.create(
        version=version,
        capacity=capacity,
        signed_by_id=signed_by_id,
        signed_at=signed_at,
        sha256=version.sha256,
        exemption=exemption,
    )
    _record(by, "flow.version_signed", version, capacity=capacity, with_exemption=bool(exemption))
    return approval


@transaction.atomic
def activate(*, by: Actor, version: FlowVersion, now: datetime.datetime) -> FlowDefinition:
    """Make a version the one that new cases take; open cases stay on theirs.

    Refused unless it is sound and signed on its hash for clinical safety and information governance by two
    people, and while another live flow of the same priority could claim the same subject.
    """
    permissions.check_user_can_shape_flows(by)
    definition = FlowDefinition.objects.select_for_update().get(pk=version.definition_id)
    if definition.live_version_id == version.pk:
        return definition
    _refuse_unsound(catalogue.lint(policies.spec_of(version)))
    _refuse_unsigned(version)
    _refuse_rivals(definition)
    if definition.live_version_id is not None:
        retired = definition.live_version_id
        FlowActivation.objects.create(definition=definition, version_id=retired, live=False, at=now, by_id=by.user_id)
    FlowActivation.objects.create(definition=definition, version=version, live=True, at=now, by_id=by.user_id)
    definition.live_version = version
    definition.save(update_fields=["live_version"])
    _record(by, "flow.version_activated", version)
    return definition


def _refuse_signer(by: Actor, version: FlowVersion, capacity: str) -> None:
    """The author does not sign, a capacity signs once, and the two signatures are two people's."""
    if version.created_by_id is not None and version.created_by_id == by.user_id:
        raise Refused("You wrote this version. Somebody else has to sign it")
    signed = list(FlowVersionApproval.objects.filter(version=version))
    if any(approval.capacity == capacity for approval in signed):
        raise Refused("This version is signed for that already")
    if any(approval.signed_by_id == by.user_id for approval in signed):
        raise Refused("You have signed this version already. The second signature is another person's")


def _refuse_unsound(findings: list[Finding]) -> None:
    if errors := [finding for finding in findings if finding.blocks]:
        sentences = " ".join(f"{finding.place}: {finding.message}" for finding in errors)
        raise Refused(f"The flow has to be mended first. {sentences}", field="spec")


def _refuse_unsigned(version: FlowVersion) -> None:
    signed = [approval for approval in version.approvals.all() if approval.sha256 == version.sha256]
    missing = [
        label.lower()
        for capacity, label in FlowVersionApproval.Capacity.choices
        if capacity not in {approval.capacity for approval in signed}
    ]
    if missing:
        raise Refused(f"This version is not signed yet for {' and '.join(missing)}")
    if len({approval.signed_by_id for approval in signed}) < len(signed):
        raise Refused("Both signatures are one person's. Have a second person sign")


def _refuse_rivals(definition: FlowDefinition) -> None:
    """Two flows of one priority that could both apply would leave the choice to chance."""
    rivals = FlowDefinition.objects.filter(
        subject_kind=definition.subject_kind,
        priority=definition.priority,
        is_default=False,
        live_version__isnull=False,
    ).exclude(pk=definition.pk)
    for rival in [] if definition.is_default else rivals:
        shared = set(rival.applies_when) & set(definition.applies_when)
        if all(rival.applies_when[name] == definition.applies_when[name] for name in shared):
            raise Refused(
                f"The flow “{rival.name}” has the same priority and could claim the same. Give them different ones"
            )


def _record(by: Actor, action: str, version: FlowVersion, **detail: Any) -> None:
    target = ("flowversion", f"{version.definition.key} v{version.number}")
    audit.record(by=by, action=action, target=target, detail={"sha256": version.sha256, **detail})
