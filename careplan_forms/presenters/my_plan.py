"""A plan in the person's own words: for themself, and for somebody who acts for them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from careplan_forms.enums import DelegateCapacity, PlanState, ReadReason, StopMark
from careplan_forms.models import CarePlan, Delegation, PlanStopMark
from careplan_forms.presenters.files import Address, address_for, downloads
from careplan_forms.presenters.in_language import on_english_page
from careplan_forms.presenters.my_answers import answer_html
from careplan_forms.presenters.people import Banner, banner
from careplan_forms.presenters.plans import State
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.reading import files_of
from careplan_forms.selectors.portal import Standing
from careplan_forms.selectors.viewers import Look
from core.date_format import long_date, long_moment
from governance.actors import Actor
from governance.enums import ActorKind, RoleKey

#: A slot that only tells staff to check; the page says who the person is at its top.
_FOR_STAFF = frozenset({"person.confirmed"})

_WHO = {
    RoleKey.URGENT_READER: "Somebody in urgent care",
    RoleKey.CLINICIAN: "A nurse or other clinician",
    RoleKey.DOCTOR: "A doctor",
    RoleKey.CARE_HOME: "Somebody in the care home",
}
_DID = {
    "plan.read": "looked at {whose} plan",
    "my_plan.read": "looked at {whose} plan",
    "plan.file_read": "opened a file of {whose} plan",
    "my_plan.file_read": "opened a file of {whose} plan",
    "emergency.read_file": "opened a file of {whose} plan in an emergency",
    "emergency.read": "read {whose} plan in an emergency",
    "emergency.read_full": "read the whole of {whose} plan in an emergency",
    "emergency.access_code": "was shown how to open the key safe",
}
_WHY = {
    ReadReason.CARING_NOW: "They were caring for {whom} at that time.",
    ReadReason.CALL_ADVICE: "They were giving advice on a call.",
}
_MARKS = {
    StopMark.CHANGED_MIND: "Readers are told that {who} changed {their} mind about something in this plan.",
    StopMark.WRONG_PERSON: "The care team is checking whether this plan belongs to the right person.",
    StopMark.BEING_REVIEWED: "Readers are told that this plan is being reviewed.",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who is spoken to: the person ("your plan"), or somebody who acts for them ("their plan")."""

    whose: str
    whom: str
    who: str
    their: str

    def say(self, words: str) -> str:
        """`words` with its places filled: {whose} plan, for {whom}, {who} changed {their} mind."""
        return words.format(whose=self.whose, whom=self.whom, who=self.who, their=self.their)


_TO_THE_PERSON = Voice("your", "you", "you", "your")
_TO_A_DELEGATE = Voice("the person’s", "the person", "the person", "their")


def voice_for(viewer: Actor) -> Voice:
    return _TO_THE_PERSON if viewer.kind == ActorKind.PERSON else _TO_A_DELEGATE


@dataclass(frozen=True, slots=True)
class MyPlan:
    """What the page shows. `shown` is False when nothing of the content may be: never approved, withdrawn, or marked
    as perhaps somebody else's.
    """

    voice: Voice
    banner: Banner
    states: list[State]
    urgent: str
    waiting: str
    warnings: list[str]
    shown: bool
    sections: list[dict[str, Any]]
    only_some: bool

    def looks(self, looks: Iterable[Look]) -> list[dict[str, str]]:
        """Who looked and when, as sentences."""
        return [_look(look, self.voice) for look in looks]


def listed(plan: CarePlan, viewer: Actor) -> dict[str, Any]:
    """A plan as a line of the list."""
    patient = plan.patient
    state = _state(plan)
    name = " ".join(filter(None, (patient.given_names, patient.family_name)))
    title = "Your plan" if viewer.kind == ActorKind.PERSON else f"Plan of {name}"
    return {"plan": plan, "title": title, "state": state}


def present(
    plan: CarePlan,
    *,
    viewer: Actor,
    form: CompiledForm,
    keys: frozenset[str] | None,
    standing: Standing,
    marks: list[PlanStopMark],
    today: datetime.date,
) -> MyPlan:
    """The page of a plan. `form` is compiled for patients; `keys` are the sections shown, None being all of them."""
    voice = voice_for(viewer)
    found = {StopMark(mark.mark) for mark in marks}
    shown = plan.current_version is not None and plan.state != PlanState.WITHDRAWN
    shown = shown and StopMark.WRONG_PERSON not in found
    answers = plan.current_version.answers if shown and plan.current_version else {}
    return MyPlan(
        voice=voice,
        banner=banner(plan.patient, today),
        states=[_state(plan)],
        urgent=voice.say(_urgent(plan, standing)),
        waiting=voice.say(_waiting(plan, standing)),
        warnings=[voice.say(_MARKS[mark]) for mark in StopMark if mark in found],
        shown=shown,
        sections=_sections(form, answers, keys, voice, address_for("my-plan-file", plan.public_id)) if shown else [],
        only_some=keys is not None,
    )


def _state(plan: CarePlan) -> State:
    if plan.state == PlanState.WITHDRAWN:
        return State("Withdrawn", "bad")
    return State("Not approved yet", "attention") if plan.current_version_id is None else State("Approved", "good")


def _urgent(plan: CarePlan, standing: Standing) -> str:
    if plan.state == PlanState.WITHDRAWN:
        return f"This plan was withdrawn on {long_date(plan.withdrawn_at)}. Ambulance, 111 and A&E staff cannot use it."
    if plan.current_version_id is None:
        return "Ambulance, 111 and A&E staff cannot see {whose} plan: a doctor has not approved it yet."
    if standing.urgent_care:
        return "Ambulance, 111 and A&E staff can see {whose} plan now."
    if not standing.agreed:
        return "Ambulance, 111 and A&E staff cannot see {whose} plan, because {who} did not agree to share it."
    return "Ambulance, 111 and A&E staff cannot see {whose} plan at the moment."


def _waiting(plan: CarePlan, standing: Standing) -> str:
    if plan.state == PlanState.WITHDRAWN:
        return ""
    first = plan.current_version_id is None
    what = "{whose} plan" if first else "a new version"
    if standing.waiting:
        return f"Waiting: a doctor is checking {what}. You will see it here once it is approved."
    if standing.writing or first:
        return f"Waiting: {{whose}} nurse is writing {what}. You will see it here once a doctor has approved it."
    return ""


def _sections(
    form: CompiledForm, answers: dict[str, Any], keys: frozenset[str] | None, voice: Voice, address: Address
) -> list[dict[str, Any]]:
    """The answers under their sections. Only the person is asked "you"; to others the question is about the person."""
    complete = form.complete(answers)
    found = []
    for section in form.sections:
        if keys is not None and section.key not in keys:
            continue
        rows = [
            {
                "key": on_english_page(
                    row.label if voice is _TO_THE_PERSON else form.items[row.uid].item.label, form.language
                ),
                "html": answer_html(form, form.items[row.uid], complete[row.uid]),
                "files": downloads(files_of(form.items[row.uid], complete[row.uid]), address),
            }
            for row in form.rows(answers, section.key)
            if row.state != "not_recorded" and written_for_the_person(form.items[row.uid])
        ]
        if rows:
            found.append({"key": section.key, "title": on_english_page(section.title, form.language), "rows": rows})
    return found


def written_for_the_person(item: CompiledItem) -> bool:
    """Whether a question is one for the person: it has words for them, or it is among the emergency facts.

    What has neither is kept by staff for staff (a prognosis, a register, whether the carer knows); secrets are shown
    to nobody on a page.
    """
    if item.secret:
        return False
    own = bool(item.item.patient_label) or (item.slot is not None and item.slot not in _FOR_STAFF)
    return own or any(written_for_the_person(child) for child in item.children)


def _look(look: Look, voice: Voice) -> dict[str, str]:
    who = _WHO.get(RoleKey(look.role_key), "") if look.role_key in RoleKey.values else ""
    if look.role_key == RoleKey.PATIENT:
        who = "You" if voice is _TO_THE_PERSON else "The person"
    elif look.role_key == RoleKey.DELEGATE:
        who = "Somebody who acts for " + voice.whom
    place = f" at {look.organisation}" if look.organisation else ""
    did = voice.say(_DID[look.code])
    why = voice.say(_WHY[ReadReason(look.reason)]) if look.reason in _WHY else ""
    return {"at": long_moment(look.at), "text": f"{who or 'Somebody'}{place} {did}. {why}".strip()}


def delegates(rows: list[Delegation], form: CompiledForm, today: datetime.date) -> list[dict[str, Any]]:
    """Those who act for the person, as the staff's page lists them."""
    titles = {section.key: section.title for section in form.sections}
    return [
        {
            "row": row,
            "capacity": DelegateCapacity(row.capacity).label,
            "sees": "; ".join(titles.get(key, key) for key in row.sections) or "The whole approved plan",
            "over": row.until < today,
        }
        for row in rows
    ]
