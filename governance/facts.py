"""The dated facts access is decided on, as plain values; one query brings an actor's (selectors/facts.py)."""

import datetime
from dataclasses import dataclass, replace

from core import clock
from governance.enums import URGENT_SETTINGS, CareSetting


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """One signature: in which capacity (guardian, host), whose, under which text."""

    capacity: str
    signed_by: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AgreementFact:
    """An agreement as far as it matters for being in force.

    `text_sha256` is the hash of the text it is on; `events` are its dated facts in order (sent, suspended, resumed,
    terminated); `resign_by` is the day a newer text that must be signed again replaces it, when there is one.
    """

    starts_on: datetime.date
    ends_on: datetime.date | None
    text_sha256: str
    signatures: tuple[SignatureFact, ...] = ()
    events: tuple[str, ...] = ()
    resign_by: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class RequirementFact:
    """A course a role needs, and when the person last passed it."""

    course_key: str
    valid_months: int
    grace_days: int
    passed_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class EntryFact:
    """A staff-list entry's own facts."""

    role: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    is_suspended: bool
    registration_number: str


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    pk: int
    name: str
    care_setting: str
    closed_on: datetime.date | None
    is_suspended: bool

    @property
    def is_urgent_care(self) -> bool:
        return self.care_setting in URGENT_SETTINGS

    @property
    def is_host(self) -> bool:
        return self.care_setting == CareSetting.HOST


@dataclass(frozen=True, slots=True)
class SystemFact:
    """A connected system's own dates."""

    valid_from: datetime.datetime
    valid_until: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """Everything the gate knows of an actor at one moment; what was not found is None or empty.

    Grants are None while nobody has asked for them: few acts depend on one (`gate_table.ASK_FOR_GRANTS`).
    """

    at: datetime.datetime
    today: datetime.date
    account_active: bool | None = None
    entry: EntryFact | None = None
    organisation: OrganisationFact | None = None
    agreements: tuple[AgreementFact, ...] = ()
    requirements: tuple[RequirementFact, ...] = ()
    has_lead_grant: bool | None = False
    has_admin_grant: bool | None = False
    system: SystemFact | None = None

    def dated(self, at: datetime.datetime) -> "ActorFacts":
        """The same facts, to be judged at another moment."""
        return replace(self, at=at, today=clock.today(at))
