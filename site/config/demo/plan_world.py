"""Eighty plans in every state and on every form, written, sent and approved through the services, each on its own day."""

import datetime
from collections.abc import Callable, Collection
from typing import Any

from careplan_forms.demographics import TracedPerson
from careplan_forms.enums import ConsentBasis, ConsentDecision, StopMark
from careplan_forms.merging import fingerprint
from careplan_forms.models import CarePlan, Patient, PlanSubmission
from careplan_forms.prefill import prefills
from careplan_forms.schema.compiler import compile_form
from careplan_forms.selectors.plans import working_view
from careplan_forms.services import approvals, consents, drafts, patients, plans, sharing, stop_marks, submissions
from config.demo.answers import Writer
from config.demo.frailty_answers import FrailtyWriter
from config.demo.governance_world import People
from config.demo.organisations import PRACTICE
from config.demo.people import Person
from core import clock
from governance.actors import Actor
from governance.models import Organisation

#: Who writes and who approves for each owner.
TEAMS = {
    PRACTICE: ("nurse", "gp"),
    "ZZP02": ("riverbank-nurse", "riverbank-gp"),
    "ZZP03": ("chalk-nurse", "chalk-gp"),
    "ZZX01": ("hospice-nurse", "hospice-doctor"),
}
#: What the national service withholds of a restricted person is answered as unavailable.
PROTECTED = {
    "address": {"absent": "unavailable", "reason": "Withheld by the national service"},
    "gp-practice": {"absent": "not-known", "reason": "Withheld by the national service"},
}
#: Who has a frailty care plan: returned, two in force, in force at the hospice, and a draft. Others: urgent care plans.
FRAIL = (12, 24, 27, 36, 58)
HOSPITAL = "183676005"
#: Whose CPR decision is about to change: a first clinician has signed, a second doctor has not.
CPR_CHANGES = 8
FOR_CPR, NOT_FOR_CPR = "450475007", "450476008"
#: Preferred place → the place of death that meets it.
PLACE_MET = {"110481000000108": "876879006", "108401000000102": "876882001", "710571000000101": "876884000"}


class PlanWorld:
    """Builds the plans; the first twenty-odd states repeat through the list."""

    def __init__(self, people: People, frail: Collection[int] = FRAIL) -> None:
        self.people = people
        self.frail = frail
        self.now = clock.now()
        self.actors = {key: people.actor(key) for pair in TEAMS.values() for key in pair}
        self.actors["gp-partner"] = people.actor("gp-partner")
        self.team = Organisation.objects.get(ods_code="ZZC01")

    def build(self, persons: list[Person], count: int, said: Callable[[str], None]) -> list[CarePlan]:
        """`count` plans for the first `count` people."""
        made = []
        for serial, person in enumerate(persons[:count]):
            made.append(self._plan(serial, person))
            if serial % 20 == 19:
                said(f"  {serial + 1} of {count} plans")
        return made

    def _plan(self, serial: int, person: Person) -> CarePlan:
        code = PRACTICE if serial == 0 else list(TEAMS)[serial % len(TEAMS)]
        author, approver = (self.actors[key] for key in TEAMS[code])
        if serial % 11 == 5 and code == PRACTICE:
            author = approver = self.actors["gp-partner"]
        at = self.now - datetime.timedelta(days=self._age(serial))
        patient = patients.register_traced(by=author, person=traced(person, code), now=at)
        self._consent(author, patient, ConsentDecision.GIVEN, at)
        writer = self._writer(serial, at)
        plan = plans.start_plan(by=author, patient=patient, now=at, form_key=writer.form_key)
        written = writer.answers() | (PROTECTED if person.restricted else {})
        self._write(author, plan, written, at)
        if serial % 13 == 6 and serial > 0:
            return plan
        submission = self._submit(author, plan, at)
        if serial % 13 == 9:
            return plan
        if serial % 13 == 12 and author is not approver:
            reason = "Please say with whom the treatment limits were discussed"
            approvals.return_to_author(
                by=approver, submission=submission, shown_sha256=submission.content_sha256, reason=reason, now=at
            )
            return plan
        approvals.approve(by=approver, submission=submission, shown_sha256=submission.content_sha256, now=at)
        plan.refresh_from_db()
        self._afterwards(serial, author, approver, plan, patient)
        return plan

    def _writer(self, serial: int, at: datetime.datetime) -> Writer:
        return (FrailtyWriter if serial in self.frail else Writer)(serial, clock.today(at))

    def _age(self, serial: int) -> int:
        """Days ago. One in seven is old enough for its review to be overdue; who died did so before this month."""
        return 20 if serial == 0 else 400 + serial if serial % 7 == 3 else 15 + serial * 3 + 30 * (serial % 3 == 1)

    def _consent(self, by: Actor, patient: Patient, decision: str, at: datetime.datetime) -> None:
        consents.record_consent(
            by=by,
            patient=patient,
            decision=decision,
            basis=ConsentBasis.PERSON,
            decided_on=clock.today(at),
            now=at,
        )

    def _write(self, by: Actor, plan: CarePlan, answers: dict[str, Any], at: datetime.datetime) -> None:
        form = compile_form(plan.form_version.document, sha256=plan.form_version.sha256)
        for section in form.sections:
            known = {uid: each["value"] for uid, each in prefills(form, plan, section.key).items()}
            mine = {uid: value for uid, value in answers.items() if form.items[uid].section == section.key}
            page = {uid: value for uid, value in (known | mine).items() if value not in (None, "")}
            if page:
                before = working_view(plan, by).answers
                shown = {uid: fingerprint(before.get(uid)) for uid in page}
                drafts.save_section(by=by, plan=plan, section=section.key, answers=page, shown=shown, now=at)

    def _submit(self, by: Actor, plan: CarePlan, at: datetime.datetime) -> PlanSubmission:
        return submissions.submit_plan(
            by=by,
            plan=plan,
            discussed_with="The person and their daughter",
            review_on=clock.today(at) + datetime.timedelta(days=350),
            now=at,
        )

    def _afterwards(self, serial: int, author: Actor, approver: Actor, plan: CarePlan, patient: Patient) -> None:
        """What happened since the approval: care team, death, marks, second thoughts, a newer draft."""
        if serial % 2 == 0 and plan.owner_id != self.team.pk:
            sharing.add_organisation(by=author, plan=plan, organisation=self.team, now=self.now)
        if serial == 0:
            return
        if serial == CPR_CHANGES:
            self._change_of_cpr(author, approver, plan)
        if serial % 3 == 1:
            self._died(serial, author, patient)
        elif serial % 17 == 8:
            stop_marks.set_mark(by=author, plan=plan, mark=StopMark.CHANGED_MIND, slot="cpr", now=self.now)
        elif serial % 17 == 14:
            self._consent(author, patient, ConsentDecision.WITHDRAWN, self.now)
        elif serial % 17 == 5:
            plans.withdraw_plan(by=approver, plan=plan, reason="Recovered and no longer wants a plan", now=self.now)
        elif serial % 10 == 2:
            self._write(author, plan, {"access": "New front door key with the neighbour"}, self.now)

    def _change_of_cpr(self, author: Actor, approver: Actor, plan: CarePlan) -> None:
        """Another decision on resuscitation, signed by a first clinician: it waits for a second, a doctor."""
        writer = self._writer(CPR_CHANGES, self.now)
        earlier = working_view(plan, author).answers["cpr-decision"]
        wanted = FOR_CPR if earlier.get("code") != FOR_CPR else NOT_FOR_CPR
        self._write(author, plan, {"cpr-decision": writer.coded("cpr-decision", wanted)}, self.now)
        sent = self._submit(author, plan, self.now)
        approvals.decide(by=approver, submission=sent, step="agree", shown_sha256=sent.content_sha256, now=self.now)

    def _place_of_death(self, serial: int, patient: Patient) -> str:
        """Where they wanted or elsewhere, each for enough of them to be shown in a report; not recorded for a few."""
        if serial // 3 % 3 == 0:
            return HOSPITAL
        if serial // 3 % 8 == 7:
            return ""
        version = patient.plans.get().current_version
        wanted = (version.answers.get("death-first") if version else None) or {}
        return PLACE_MET.get(wanted.get("code", ""), HOSPITAL)

    def _died(self, serial: int, by: Actor, patient: Patient) -> None:
        died = clock.today() - datetime.timedelta(days=min(self._age(serial) - 5, 300))
        patients.record_death(
            by=by,
            patient=patient,
            died_on=died,
            place=self._place_of_death(serial, patient),
            now=self.now,
            today=clock.today(),
        )


def traced(person: Person, owner: str) -> TracedPerson:
    """A person as the national service would answer; the hospice's people are registered with the first practice."""
    return TracedPerson(
        nhs_number=person.nhs_number,
        version="1",
        family_name=person.family_name,
        given_names=person.given_names,
        preferred_name=person.preferred_name,
        title=person.title,
        date_of_birth=person.date_of_birth.isoformat(),
        sex=person.sex,
        address_lines=() if person.restricted else person.address_lines,
        postcode="" if person.restricted else person.postcode,
        restricted=person.restricted,
        gp_ods_code="" if person.restricted else owner if owner.startswith("ZZP") else PRACTICE,
    )


def wire(person: Person) -> dict[str, Any]:
    """A person as the simulator's file has them."""
    return {
        "nhs_number": person.nhs_number,
        "family_name": person.family_name,
        "given_names": person.given_names,
        "preferred_name": person.preferred_name,
        "title": person.title,
        "birth_date": person.date_of_birth.isoformat(),
        "sex": person.sex,
        "address_lines": list(person.address_lines),
        "postcode": person.postcode,
        "restricted": person.restricted,
        "version": "1",
    }
