"""What dated facts amount to: whether an agreement is in force, whether training is in date. No database, no clock."""

import calendar
import datetime
from collections.abc import Iterable

from core import clock
from core.exceptions import Refused
from governance.enums import (
    HOST_ROLES,
    UNLISTED_ROLES,
    URGENT_SETTINGS,
    AgreementState,
    CareSetting,
    RoleKey,
    TrainingState,
)
from governance.facts import AgreementFact, EntryFact, RequirementFact

#: How long before its end an agreement is called "ends soon", and training "due soon".
EXPIRING_DAYS = 60
#: States in which an organisation's agreement lets its people in.
IN_FORCE = frozenset({AgreementState.IN_FORCE, AgreementState.EXPIRING})
#: From the best state to the worst: what stands for an organisation with several agreements.
_ORDER = (
    *(AgreementState.IN_FORCE, AgreementState.EXPIRING, AgreementState.SUSPENDED, AgreementState.LAPSED),
    *(AgreementState.TERMINATED, AgreementState.AGREED, AgreementState.SIGNED, AgreementState.SENT),
    *(AgreementState.DRAFT, AgreementState.DECLINED, AgreementState.WITHDRAWN),
)


def agreement_state(agreement: AgreementFact, on: datetime.date) -> AgreementState:
    """The state on a day. In force: both signed exactly this text, two different people, between its dates."""
    decided = _decided(agreement)
    if decided:
        return decided
    if not is_signed_by_both(agreement):
        return _before_signatures(agreement)
    if on < agreement.starts_on:
        return AgreementState.AGREED
    last = last_day(agreement)
    if last and on > last:
        return AgreementState.LAPSED
    if last and (last - on).days <= EXPIRING_DAYS:
        return AgreementState.EXPIRING
    return AgreementState.IN_FORCE


def is_signed_by_guardian(agreement: AgreementFact) -> bool:
    """A Guardian signed exactly the text this agreement is on."""
    return bool(_signers(agreement, "guardian"))


def is_signed_by_both(agreement: AgreementFact) -> bool:
    """Guardian and host signed exactly this text, and they are not one person."""
    guardians, hosts = _signers(agreement, "guardian"), _signers(agreement, "host")
    return bool(guardians) and bool(hosts) and not guardians & hosts


def last_day(agreement: AgreementFact) -> datetime.date | None:
    """The last day it can be in force: its end, or the day by which a newer text had to be signed."""
    days = [day for day in (agreement.ends_on, agreement.resign_by) if day]
    return min(days) if days else None


def organisation_state(agreements: Iterable[AgreementFact], on: datetime.date) -> AgreementState | None:
    """The best state among an organisation's agreements; None when it has none."""
    states = {agreement_state(agreement, on) for agreement in agreements}
    return min(states, key=_ORDER.index) if states else None


def training_state(requirement: RequirementFact, at: datetime.datetime) -> TrainingState:
    """Whether the last pass still counts: valid, due within 60 days, in grace, or expired."""
    until = valid_until(requirement)
    if until is None:
        return TrainingState.NEVER
    today = clock.today(at)
    if today <= until:
        return TrainingState.DUE if (until - today).days <= EXPIRING_DAYS else TrainingState.VALID
    in_grace = today <= until + datetime.timedelta(days=requirement.grace_days)
    return TrainingState.GRACE if in_grace else TrainingState.EXPIRED


def valid_until(requirement: RequirementFact) -> datetime.date | None:
    """The last day a pass counts, in London; the 31st becomes the last day of a shorter month."""
    if requirement.passed_at is None:
        return None
    return add_months(clock.today(requirement.passed_at), requirement.valid_months)


def add_months(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_listed(entry: EntryFact, on: datetime.date) -> bool:
    """Whether a staff-list entry counts on a day: begun, not ended, not suspended."""
    return not entry.is_suspended and entry.starts_on <= on and (entry.ends_on is None or on <= entry.ends_on)


def _decided(agreement: AgreementFact) -> AgreementState | None:
    """What a named person decided, which no date outweighs."""
    for ended in (AgreementState.TERMINATED, AgreementState.WITHDRAWN, AgreementState.DECLINED):
        if ended in agreement.events:
            return ended
    stops = [kind for kind in agreement.events if kind in ("suspended", "resumed")]
    return AgreementState.SUSPENDED if stops and stops[-1] == "suspended" else None


def _before_signatures(agreement: AgreementFact) -> AgreementState:
    if is_signed_by_guardian(agreement):
        return AgreementState.SIGNED
    return AgreementState.SENT if "sent" in agreement.events else AgreementState.DRAFT


def _signers(agreement: AgreementFact, capacity: str) -> set[int]:
    return {
        signature.signed_by
        for signature in agreement.signatures
        if signature.capacity == capacity and signature.sha256 == agreement.text_sha256
    }


def check_can_list(role: RoleKey, care_setting: str, registration_number: str) -> None:
    """Whether an organisation of this setting may have somebody in this role. Raises Refused with the field."""
    if role in UNLISTED_ROLES:
        raise Refused("This role is not given by a staff list", "role")
    if role in HOST_ROLES and care_setting != CareSetting.HOST:
        raise Refused("Only the host of the service has people in this role", "role")
    if role == RoleKey.COMMISSIONER and care_setting != CareSetting.COMMISSIONER:
        raise Refused("Only a commissioner has people in this role", "role")
    if role == RoleKey.URGENT_READER and care_setting not in URGENT_SETTINGS:
        raise Refused("Only urgent care organisations have people in this role", "role")
    if role == RoleKey.DOCTOR and not registration_number.strip():
        raise Refused("Enter the doctor's registration number", "registration_number")
