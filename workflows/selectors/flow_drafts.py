"""The flow an editor sees: the newest draft, or what the newest version says while there is none."""

import datetime
import uuid
from typing import Any

from core.exceptions import Absent
from governance.actors import Actor
from workflows.blocks.rows import TOP, rows_of, spec_of
from workflows.models import DraftAuthor, FlowCandidate, FlowDefinition, FlowVersionApproval

ROUTING = ("subject_kind", "applies_when", "priority", "is_default")


def by_id(viewer: Actor, public_id: uuid.UUID) -> FlowDefinition:
    """A flow by its public id. Raises Absent."""
    found = FlowDefinition.objects.select_related("latest_revision", "live_version").filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found


def candidate_by_id(viewer: Actor, public_id: uuid.UUID) -> FlowCandidate:
    """A candidate by its public id. Raises Absent."""
    rows = FlowCandidate.objects.select_related("definition__live_version", "created_by")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found


def in_work(definition: FlowDefinition) -> FlowDefinition:
    """The definition as it is being edited."""
    if definition.latest_revision is not None:
        draft: FlowDefinition = definition.get_latest_revision_as_object()
        return draft
    newest = definition.versions.order_by("-number").first()
    return filled(definition, newest.spec) if newest else definition


def filled(definition: FlowDefinition, spec: dict[str, Any]) -> FlowDefinition:
    """The definition with the rows of a spec; nothing is saved."""
    fields, states = rows_of(spec)
    for name, value in fields.items():
        setattr(definition, name, value)
    definition.states = states  # type: ignore[assignment]
    return definition


def spec_in(draft: FlowDefinition) -> dict[str, Any]:
    """What the rows of a draft say, as a spec; whether it is one is for `load_spec` to say."""
    fields = {name: getattr(draft, name) for name in TOP} | {"kept": draft.kept}
    return spec_of(fields, draft._meta.get_field("states").stream_block.get_prep_value(draft.states))


def routing_in(definition: FlowDefinition) -> dict[str, Any]:
    """Which subjects take it, as a draft or the row says."""
    return {name: getattr(definition, name) for name in ROUTING}


def is_routed_for_good(definition: FlowDefinition) -> bool:
    """Whether which subjects take it stays: somebody has signed a version of it."""
    return definition.pk is not None and FlowVersionApproval.objects.filter(version__definition=definition).exists()


def authors(definition: FlowDefinition) -> set[int]:
    """Everybody who edited since the last version that was signed off."""
    named = DraftAuthor.objects.filter(kind="flowdefinition", object_id=definition.pk)
    since: datetime.datetime | None = definition.last_published_at
    return set((named.filter(at__gt=since) if since else named).values_list("user_id", flat=True))


def moved_on(candidate: FlowCandidate) -> bool:
    """Whether the draft says something else by now."""
    return spec_in(in_work(candidate.definition)) != candidate.document


def others_by_default(definition: FlowDefinition, kind: str) -> bool:
    """Whether another flow is the default of this kind of subject already."""
    return FlowDefinition.objects.filter(subject_kind=kind, is_default=True).exclude(pk=definition.pk).exists()
