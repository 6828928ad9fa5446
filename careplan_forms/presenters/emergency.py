"""The emergency view: eleven slots in a fixed order, in fixed words, from one approved version.

The product owns order and wording (docs/safety/hazard-log.md); forms only fill the slots. A passed review date never
changes a decision's words: it is said beside them.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.enums import Sex, StopMark
from careplan_forms.presenters import emergency_words as words
from careplan_forms.presenters.emergency_slots import Contact, Slot, contacts, slots
from careplan_forms.presenters.facts import Facts
from core.date_format import staff_date
from core.nhs_number import spaced

#: Slot 3 shows this much of its free text on the first screen; the rest is one press away.
FOCUS_ON_FIRST_SCREEN = 60


@dataclass(frozen=True)
class Identity:
    """The person band. `name` is FAMILY, Given (Title)."""

    name: str
    preferred_name: str
    flag: str
    born: datetime.date
    age: int
    sex: str
    nhs_number: str
    address: str
    died_on: datetime.date | None


@dataclass(frozen=True)
class Cpr:
    """Slot 2. `state` chooses the panel; `words` is the whole phrase; `basis` says who, role and date."""

    state: str
    words: str
    note: str
    basis: str
    review: str
    mark: str = ""


@dataclass(frozen=True)
class Limits:
    """Slot 3: the focus in a sentence, whether hospital, and what only under conditions or not at all."""

    focus: str
    focus_rest: str
    hospital: str
    only_if: tuple[str, ...]
    do_not: tuple[str, ...]
    mark: str = ""


@dataclass(frozen=True)
class EmergencyView:
    """Everything the page, its printed twin and the PDF show."""

    plan_id: str
    identity: Identity
    cpr: Cpr
    limits: Limits
    slots: tuple[Slot, ...]
    contacts: tuple[Contact, ...]
    has_access_code: bool
    status: tuple[str, ...]
    alerts: tuple[str, ...]
    withdrawn: str
    version: int | None
    read_at: datetime.datetime
    marks: tuple[str, ...] = field(default=())


def present(summary: Any, *, now: datetime.datetime, today: datetime.date) -> EmergencyView:
    """The view of one `PlanSummary` at `now`; `today` is the London date reviews and ages are counted from."""
    facts = Facts(summary.facts)
    marks = {mark["slot"]: StopMark(mark["mark"]).label for mark in summary.stop_marks}
    withdrawn = f"{words.WITHDRAWN} {staff_date(summary.withdrawn_at)}" if summary.withdrawn_at else ""
    return EmergencyView(
        plan_id=str(summary.plan_public_id),
        identity=_identity(summary, facts, today),
        cpr=_cpr(facts, marks.get("cpr", ""), today),
        limits=_limits(facts, marks.get("limits", "")),
        slots=tuple(slots(facts, marks, today)),
        contacts=contacts(facts),
        has_access_code=summary.has_access_code,
        status=_status(summary, today),
        alerts=_alerts(summary, today),
        withdrawn=withdrawn,
        version=summary.version_number,
        read_at=now,
        marks=tuple(label for slot, label in marks.items() if not slot),
    )


def age_on(born: datetime.date, on: datetime.date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _identity(summary: Any, facts: Facts, today: datetime.date) -> Identity:
    person = summary.identity
    title = f" ({person['title']})" if person.get("title") else ""
    return Identity(
        name=f"{person['family_name'].upper()}, {person.get('given_names') or '?'}{title}",
        preferred_name=facts.text("person.preferred_name", "") or person.get("preferred_name", ""),
        flag=", ".join(_needs(facts, person)),
        born=summary.date_of_birth,
        age=age_on(summary.date_of_birth, summary.died_on or today),
        sex=Sex(person.get("sex") or Sex.NOT_KNOWN).label,
        nhs_number=spaced(summary.nhs_number),
        address=", ".join(person.get("address") or []) or "Address not shown",
        died_on=summary.died_on,
    )


def _needs(facts: Facts, person: dict[str, Any]) -> list[str]:
    """Communication needs, flagged wherever the record is opened (DAPB1605, the Accessible Information Standard)."""
    needs = [*facts.texts("person.communication"), person.get("communication_need", "")]
    if facts.token("person.interpreter") == "yes":
        needs.append(f"Interpreter: {facts.text('person.language', words.NOT_RECORDED)}")
    return [need for need in dict.fromkeys(needs) if need]


def _cpr(facts: Facts, mark: str, today: datetime.date) -> Cpr:
    decisions = [each for each in facts.tokens("cpr.decision") if each in words.CPR and each != "not_recorded"]
    state = decisions[0] if len(decisions) == 1 else ("conflict" if decisions else "not_recorded")
    phrase = words.CPR[state]
    if state == "conflict":
        phrase = f"{phrase}: {' and '.join(words.CPR[each] for each in decisions)}"
    elif state == "attempt" and "yes" in facts.tokens("adrt.refuses_cpr") + facts.tokens("attorney.refuses_cpr"):
        state, phrase = "conflict", words.REFUSAL_CONFLICT
    who = [
        *facts.texts("cpr.decided_by"),
        *(staff_date(each) for each in [facts.date("cpr.decided_on")] if each),
    ]
    discussed = "; ".join(facts.texts("cpr.discussed_with"))
    if discussed:
        who.append(f"{'discussed' if who else 'Discussed'} with: {discussed}")
    review = facts.date("cpr.review_on")
    overdue = f"{words.REVIEW_WAS_DUE} {staff_date(review)}" if review and review < today else ""
    return Cpr(state, phrase, words.CPR_NOTE.get(state, ""), ", ".join(who), overdue, mark)


def _limits(facts: Facts, mark: str) -> Limits:
    focus = facts.text("limits.focus", words.NO_LIMITS)
    shown, rest = focus, ""
    if len(focus) > FOCUS_ON_FIRST_SCREEN:
        cut = focus.rfind(" ", 0, FOCUS_ON_FIRST_SCREEN)
        cut = cut if cut > 0 else FOCUS_ON_FIRST_SCREEN
        shown, rest = focus[:cut], focus[cut:].strip()
    asked = facts.token("limits.hospital")
    hospital = words.HOSPITAL.get(asked, words.HOSPITAL_NOT_RECORDED)
    only_if = _listed(facts, "limits.only_if")
    if asked == "only_if" and not only_if:
        only_if = (words.NOT_RECORDED,)
    return Limits(shown, rest, hospital, only_if, _listed(facts, "limits.do_not"), mark)


def _listed(facts: Facts, name: str) -> tuple[str, ...]:
    return tuple(line.strip() for text in facts.texts(name) for line in text.splitlines() if line.strip())


def _status(summary: Any, today: datetime.date) -> tuple[str, ...]:
    by = "Written and approved by" if summary.written_and_approved_by_one else "Approved by"
    lines = [
        f"Version {summary.version_number}",
        f"{by} {summary.approver_label}, {staff_date(summary.approved_at)}",
    ]
    if summary.review_on and summary.review_on >= today:
        lines.append(f"Review due {staff_date(summary.review_on)}")
    return tuple(lines)


def _alerts(summary: Any, today: datetime.date) -> tuple[str, ...]:
    """Bordered lines under slot 2: what a reader must weigh before trusting the rest."""
    lines = []
    if summary.review_on and summary.review_on < today:
        lines.append(f"Review overdue since {staff_date(summary.review_on)}")
    if summary.newer_draft:
        lines.append(words.NEWER_DRAFT)
    return tuple(lines)
