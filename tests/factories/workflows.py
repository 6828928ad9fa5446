"""Flows on a subject only tests know: a letter that one person writes and another passes."""

import copy
import datetime
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from core import clock
from governance.actors import Actor
from governance.models import Organisation
from governance.services import audit
from tests.factories import governance as people
from workflows import registry
from workflows.engine.loading import sha256_of
from workflows.models import FlowActivation, FlowDefinition, FlowVersion, FlowVersionApproval
from workflows.registry import EffectContext, GuardContext, GuardResult, Subject, SubjectKind
from workflows.services import cases

KIND = "test_letter"
EXEMPTION = "The author may pass a letter alone."
DOCTOR = {"role": "doctor", "scope": "owner_org"}
NURSE = {"role": "clinician", "scope": "owner_org"}


class LetterKind(SubjectKind):
    """Letters kept in memory; `readers` may see their cases from outside the owning organisation."""

    label = "Letter"

    def __init__(self) -> None:
        self.letters: dict[uuid.UUID, Subject] = {}
        self.readers: set[int] = set()
        self.sent: list[uuid.UUID] = []
        self.effects_fail = False
        self.consent = True
        self.changed: dict[tuple[str, str], frozenset[str]] = {}

    def load_many(self, subject_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Subject]:
        return {each: self.letters[each] for each in subject_ids if each in self.letters}

    def changes_since(self, subject: Subject, shown_sha256: str, viewer: Actor) -> list[tuple[str, str, str]]:
        return [("Text", shown_sha256[:4], subject.content_sha256[:4])]

    def changed_keys(self, subject: Subject, sha256: str) -> frozenset[str] | None:
        return self.changed.get((sha256, subject.content_sha256))

    def visible_to(self, viewer: Actor, subject: Subject) -> bool:
        return viewer.user_id in self.readers

    def write(self, owner: Organisation, *authors: Actor, text: str = "Dear all", **fields: Any) -> Subject:
        """A letter in these words by these authors."""
        letter = Subject(
            kind=KIND,
            id=uuid.uuid4(),
            owner_id=owner.pk,
            content_sha256=sha256_of(text),
            label="Letter",
            link="/",
            author_ids=frozenset(author.user_id for author in authors),
            **fields,
        )
        self.letters[letter.id] = letter
        return letter

    def rewrite(self, letter: Subject, text: str, changed: Iterable[str] | None = None) -> Subject:
        """The same letter in other words; `changed` are the keys in which they differ, when that is known."""
        self.letters[letter.id] = replace(letter, content_sha256=sha256_of(text))
        if changed is not None:
            self.changed[letter.content_sha256, sha256_of(text)] = frozenset(changed)
        return self.letters[letter.id]


@contextmanager
def letters() -> Iterator[LetterKind]:
    """The kind, its guard and its effects, registered for as long as the block runs."""
    kind = LetterKind()
    kept = [(known, dict(known._entries)) for known in (registry.subjects, registry.guards, registry.effects)]
    registry.subjects.add(KIND, kind)

    @registry.guard("letter_agreed", label="The letter is agreed")
    def letter_agreed(ctx: GuardContext) -> GuardResult:
        return GuardResult.passed() if kind.consent else GuardResult.blocked("not-agreed", "Nobody agreed to it")

    @registry.effect("send_letter", label="Send the letter", publishes=True)
    def send_letter(ctx: EffectContext) -> None:
        audit.record(by=ctx.actor, action="letter.sent", target=(KIND, str(ctx.subject.id)))
        if kind.effects_fail:
            raise RuntimeError("the post office is closed")
        kind.sent.append(ctx.subject.id)

    try:
        yield kind
    finally:
        for known, entries in kept:
            known._entries = entries


def spec(**changes: Any) -> dict[str, Any]:
    """A small sound flow: sent in on opening, waits for a doctor, passed or returned, or taken back.

    `changes` are merged into the step `approve`; `exemption` belongs to the flow.
    """
    document: dict[str, Any] = {
        "spec_version": 1,
        "title": "Letter",
        "states": [
            {"key": "start", "label": "Ready", "kind": "start"},
            {
                "key": "waiting",
                "label": "Waiting for a doctor",
                "kind": "work",
                "waits_for": [DOCTOR],
                "due_hours": 72,
                "reminder_hours": 48,
                "escalate_to": "org_lead",
            },
            {"key": "approved", "label": "Approved", "kind": "final", "outcome": "approved"},
            {"key": "returned", "label": "Returned", "kind": "final", "outcome": "returned"},
        ],
        "transitions": [
            {
                "key": "submit",
                "label": "Send",
                "from": "start",
                "to": "waiting",
                "actors": [NURSE, DOCTOR],
                "on_open": True,
            },
            {
                "key": "approve",
                "label": "Approve",
                "from": "waiting",
                "to": "approved",
                "actors": [DOCTOR],
                "guards": [{"name": "not_author"}, {"name": "document_unchanged_since_read"}],
                "effects": [{"name": "send_letter"}],
                "reason": "optional",
            },
            {
                "key": "return",
                "label": "Return",
                "from": "waiting",
                "to": "returned",
                "actors": [DOCTOR],
                "reason": "required",
            },
        ],
    }
    if "exemption" in changes:
        document["exemption"] = changes.pop("exemption")
    document["transitions"][1].update(changes)
    return copy.deepcopy(document)


def looping() -> dict[str, Any]:
    """The letters' flow, in which a doctor may ask a question and it waits for the answer by a clock of its own."""
    document = spec()
    document["states"].append(document["states"][1] | {"key": "asking", "label": "A question is asked"})
    for key, source, target in (("ask", "waiting", "asking"), ("answered", "asking", "waiting")):
        step = {"key": key, "label": key, "from": source, "to": target, "actors": [DOCTOR]}
        document["transitions"].append(step)
    return document


def guards(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


def definition(key: str = "letter", **fields: Any) -> FlowDefinition:
    fields = {"name": key, "subject_kind": KIND, "is_default": not fields.get("applies_when")} | fields
    return FlowDefinition.objects.create(key=key, **fields)


def version(of: FlowDefinition, document: dict[str, Any], signed: bool = True, exempt: bool = True) -> FlowVersion:
    """The next version, signed in both capacities unless told otherwise; `exempt` signs its exemption too."""
    row = FlowVersion.objects.create(
        definition=of, number=of.versions.count() + 1, spec=document, sha256=sha256_of(document)
    )
    for capacity in FlowVersionApproval.Capacity.values if signed else []:
        FlowVersionApproval.objects.create(
            version=row,
            capacity=capacity,
            signed_by=people.user(),
            signed_at=clock.now(),
            sha256=row.sha256,
            exemption=document.get("exemption", "") if exempt else "",
        )
    return row


def live_flow(
    document: dict[str, Any] | None = None, key: str = "letter", exempt: bool = True, **fields: Any
) -> FlowVersion:
    """A definition whose one version is live."""
    row = version(definition(key, **fields), document or spec(), exempt=exempt)
    FlowActivation.objects.create(definition=row.definition, version=row, live=True, at=clock.now())
    row.definition.live_version = row
    row.definition.save(update_fields=["live_version"])
    return row


def open_case(letter: Subject, by: Actor, now: datetime.datetime | None = None):
    """A case of the letter, through the product's own door."""
    return cases.open_case(by=by, subject_kind=KIND, subject_id=letter.id, now=now or clock.now())


def fire(case, transition: str, by: Actor, **changes: Any):
    """A step taken on what stands there now."""
    arguments = {
        "shown_sha256": registry.subjects.get(case.subject_kind).load(case.subject_id).content_sha256,
        "expected_state": case.state,
        "now": clock.now(),
    }
    return cases.fire(by=by, case=case, transition=transition, **(arguments | changes))
