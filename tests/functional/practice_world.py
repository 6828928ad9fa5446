"""The practice world the browser tests walk through, smaller than the demo's."""

import copy
import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from careplan_forms.models import CarePlan, FormMigration, FormVersion, PlanSubmission
from careplan_forms.schema.document import normalise, sha256_of
from careplan_forms.services import approvals, drafts, migration_running, migrations
from config.demo import governance_world, portal_world
from config.demo.answers import Writer
from config.demo.governance_world import JOB, People
from config.demo.people import Person, people
from config.demo.plan_world import PlanWorld
from content.services.seeding import seed_content
from core import clock
from governance.actors import Actor
from governance.models import Agreement, AgreementEvent, Organisation, OrgContact, User
from tests.factories import governance as make
from tests.factories import workflows as flows
from workflows import move_policies
from workflows.models import FlowCase, FlowMigration, FlowTask, FlowVersion
from workflows.selectors import migrations as flow_moves
from workflows.services import delegations, migration_confirming, migration_counting
from workflows.services import migration_running as moving_cases
from workflows.services import migrations as flow_migrations

#: Enough that every state occurs: waiting, returned, approved, overdue, withdrawn, died, marked.
PLANS = 18


@dataclass
class World:
    """Who and what is there."""

    everybody: People
    plans: list[CarePlan]
    persons: list[Person]

    def actor(self, key: str) -> Actor:
        """A persona of the demo, by key."""
        return self.everybody.actor(key)

    def person(self, serial: int) -> Person:
        """Somebody without a plan: tests take different serials and do as they like."""
        return self.persons[PLANS + serial]


def build() -> World:
    """Built through the services, as the demo is."""
    from careplan_forms.services import definitions, reviews
    from config.demo.world import draw_sample
    from workflows.services.seeds import seed_flows

    everybody = governance_world.build()
    seed_content(by=JOB)
    lead, safety, ig = (everybody.actor(key) for key in ("clinical-lead", "safety", "ig"))
    definitions.seed(by=lead, signed_off_by=(safety, ig), only=["urgent-care-plan"])
    seed_flows(by=lead, clinical_safety=safety, information_governance=ig, now=clock.now())
    governance_world.join(everybody)
    persons = people()
    plans = PlanWorld(everybody, frail=()).build(persons, PLANS, lambda line: None)
    portal_world.build(everybody)
    reviews.follow_dates(by=JOB, now=clock.now())
    draw_sample()
    return World(everybody, plans, persons)


@dataclass
class WorkedPlan:
    """One person's plan with two approved versions and a third sent for approval, and a draft of another person."""

    plan: CarePlan
    submission: PlanSubmission
    draft: CarePlan


class _Hand(PlanWorld):
    """Writes plans as the practice world does, step by step."""

    def versions(self, person: Person) -> tuple[CarePlan, PlanSubmission]:
        nurse, doctor = self.actors["nurse"], self.actors["gp"]
        plan = self._plan(0, person)
        said = Writer(2, clock.today())
        attempt = said.coded("cpr-decision", "450475007")
        self._write(nurse, plan, {"cpr-decision": attempt, "access": "Ring the neighbour"}, self.now)
        sent = self._agreed(nurse, plan)
        approvals.approve(by=doctor, submission=sent, shown_sha256=sent.content_sha256, now=self.now)
        plan.refresh_from_db()
        self._write(nurse, plan, {"cpr-decision": said.coded("cpr-decision", "450476008")}, self.now)
        return plan, self._agreed(nurse, plan)

    def _agreed(self, nurse: Actor, plan: CarePlan) -> PlanSubmission:
        """Another CPR decision, sent and signed by its nurse: it waits for a doctor."""
        sent = self._submit(nurse, plan, self.now)
        approvals.decide(by=nurse, submission=sent, step="agree", shown_sha256=sent.content_sha256, now=self.now)
        return sent

    def draft(self, person: Person) -> CarePlan:
        """Serial 32 is one of those the practice's nurse has begun and not sent."""
        return self._plan(32, person)


def worked_plan(world: World, first: Person, second: Person) -> WorkedPlan:
    """Both belong to the practice of the nurse and the GP."""
    hand = _Hand(world.everybody)
    plan, submission = hand.versions(first)
    return WorkedPlan(plan, submission, hand.draft(second))


def approved_plan(world: World, first: Person, second: Person) -> WorkedPlan:
    """The same with all three versions approved: nothing waits."""
    worked = worked_plan(world, first, second)
    sent = worked.submission
    approvals.approve(by=world.actor("gp"), submission=sent, shown_sha256=sent.content_sha256, now=clock.now())
    worked.plan.refresh_from_db()
    return worked


def listed_and_stood_in_for(worked: WorkedPlan) -> Actor:
    """A flow that asks to tick a list before this submission is approved; gives a doctor who stands in for another."""
    case = FlowCase.objects.get(subject_id=worked.submission.public_id)
    document = copy.deepcopy(case.version.spec)
    for step in document["transitions"]:
        if step["key"] == "approve":
            step["checklist"] = ["I have spoken to the person", "The family know where the paper form is"]
    definition = flows.definition("listed", subject_kind="plan_submission", applies_when={"listed": True})
    FlowCase.objects.filter(pk=case.pk).update(version=flows.version(definition, document))
    practice = worked.plan.owner
    absent, partner = make.staff(practice, "doctor"), make.staff(practice, "doctor")
    delegations.delegate(
        by=absent,
        absent=User.objects.get(pk=absent.user_id),
        colleague=User.objects.get(pk=partner.user_id),
        starts_on=clock.today(),
        ends_on=clock.today() + datetime.timedelta(days=3),
        now=clock.now(),
    )
    return partner


def short_of_people(sent: PlanSubmission) -> tuple[Organisation, Actor]:
    """An organisation with a long name and its lead, where tasks wait for a role nobody holds, for one whose only
    holder wrote part of `sent`, and for one whose only holder is not trained. Nobody else is asked to do them.
    """
    place = make.organisation(name="Community Palliative Care Partnership of Llanfairpwllgwyngyllgogerychwyrndrobwll")
    doctor = make.staff(place, "doctor")
    QuerySet(PlanSubmission).filter(pk=sent.pk).update(author_ids=[*sent.author_ids, doctor.user_id])
    make.entry(place, "clinician", trained=False)
    review = FlowCase.objects.filter(subject_kind="plan_review", closed_at=None).last()
    waiting = FlowCase.objects.get(subject_kind="plan_submission", subject_id=sent.public_id)
    FlowTask.objects.filter(case__in=[review, waiting]).update(closed_at=clock.now())
    for case, role in ((waiting, "doctor"), (review, "clinician"), (review, "caldicott_guardian")):
        FlowTask.objects.create(
            case=case, visit=case.visit, state=case.state, role=role, organisation=place, opened_at=clock.now()
        )
    return place, make.staff(place, "org_lead")


def draft_plan(world: World, person: Person) -> CarePlan:
    """A plan the practice's nurse has begun and not sent."""
    return _Hand(world.everybody).draft(person)


def agreement_to_sign() -> tuple[Agreement, Actor]:
    """An organisation's agreement that was sent, and the Guardian who can sign it."""
    joining = make.organisation(agreement="unsigned")
    agreement = Agreement.objects.get(organisation=joining)
    guardian = make.staff(joining, "caldicott_guardian")
    post = OrgContact.Post.CALDICOTT_GUARDIAN
    OrgContact.objects.create(
        organisation=joining, user_id=guardian.user_id, post=post, starts_on=agreement.starts_on, evidence="A letter"
    )
    AgreementEvent.objects.create(agreement=agreement, kind="sent", at=clock.now(), by_id=guardian.user_id)
    return agreement, guardian


def move_form_under(world: World, plan: CarePlan) -> FormMigration:
    """A migration carried out for one plan: from a version with one more question, answered, to the live one."""
    nurse, lead = world.actor("nurse"), world.actor("clinical-lead")
    live = plan.form_version
    document = live.document | {"sections": [dict(section) for section in live.document["sections"]]}
    first = document["sections"][0]
    first["items"] = [*first["items"], {"uid": "pets", "type": "text", "label": "Pets to look after"}]
    document = normalise(document)
    earlier = FormVersion.objects.create(
        definition=live.definition, number=99, document=document, sha256=sha256_of(document), published_at=clock.now()
    )
    CarePlan.objects.filter(pk=plan.pk).update(form_version=earlier)
    plan.refresh_from_db()
    drafts.save_section(
        by=nurse, plan=plan, section=first["key"], answers={"pets": "A parrot"}, shown={}, now=clock.now()
    )
    made = migrations.propose_migration(old=earlier, version=live, by=lead)
    migration_running.dry_run(migration=made)
    made.refresh_from_db()
    made = migrations.start_execution(
        migration=made,
        shown_sha256=made.sha256,
        deadline=clock.today() + datetime.timedelta(days=9),
        by=lead,
        in_worker=False,
    )
    migration_running.carry_out(migration=made)
    return made


def move_prepared(lead: Actor, key: str = "moved") -> FlowMigration:
    """A flow of its own with two versions, and the move between them, counted."""
    kept = FlowVersion.objects.get(definition__key="plan-nurse-or-patient", live_for__isnull=False)
    first = flows.version(flows.definition(key, subject_kind="plan_submission", applies_when={key: True}), kept.spec)
    second = flows.version(first.definition, kept.spec | {"title": "The next"})
    first.definition.live_version = second
    first.definition.save(update_fields=["live_version"])
    made = flow_migrations.propose_migration(old=first, by=lead)
    migration_counting.dry_run(migration=made)
    return made


def move_asked_for(migration: FlowMigration, lead: Actor) -> FlowMigration:
    """The same waiting for a second person."""
    shown = flow_moves.by_pk(migration.pk)
    return migration_confirming.ask(migration=shown, shown_sha256=shown.sha256, reason="It asked too little", by=lead)


def move_carried_out(migration: FlowMigration, second: Actor) -> None:
    """The same, confirmed and done."""
    shown = flow_moves.by_pk(migration.pk)
    read_sha256 = move_policies.read_sha256(shown)
    running = migration_confirming.confirm(migration=shown, shown_sha256=read_sha256, by=second, in_worker=False)
    moving_cases.carry_out(migration=running)
