"""The pages about flows and their cases: held to the same rules as every screen."""

from config.demo.plan_world import TEAMS
from tests.functional import practice_world
from tests.functional.test_accessibility import inspect
from workflows.models import FlowCase
from workflows.services import migration_confirming

__all__ = ["inspect"]


def test_bringing_a_flow_in(inspect, world):
    inspector = inspect(world.actor("clinical-lead"))
    inspector.look("/tasks/bring-flow/")
    inspector.send_empty("/tasks/bring-flow/", "Keep as a new version")
    inspector.done()


def test_moving_cases_and_telling_stories_to_a_flow(inspect, world):
    lead = world.actor("clinical-lead")
    migration, inspector = practice_world.move_prepared(lead), inspect(lead)
    here = f"/tasks/flows/{migration.definition.key}/cases/"
    for path in (here, f"{here}{migration.public_id}/"):
        inspector.look(path)
    inspector.send_empty(f"{here}{migration.public_id}/ask/", "Ask a second person")
    inspector.send_empty("/tasks/flows/plan-nurse-or-patient/replay/", "Ask")
    inspector.visitor.open("/tasks/flows/plan-nurse-or-patient/1/try/")
    inspector.visitor.press("Try")
    inspector.inspect("stories that were told")
    inspector.done()


def test_a_move_of_cases_at_every_stage(inspect, world):
    """Waiting, as whoever asked and as the second person; sent back; carried out."""
    lead, second = world.actor("clinical-lead"), world.actor("safety")
    migration, planner = practice_world.move_prepared(lead, "moved-by-two"), inspect(lead)
    here = f"/tasks/flows/{migration.definition.key}/cases/{migration.public_id}/"
    waiting = practice_world.move_asked_for(migration, lead)
    planner.look(here)
    reader = inspect(second)
    reader.look(here)
    reader.send_empty(f"{here}confirm/", "Confirm and move the cases")
    reader.send_empty(f"{here}send-back/", "Send it back")
    migration_confirming.send_back(migration=waiting, reason="Too many stay", by=second)
    planner.look(here)
    practice_world.move_carried_out(practice_world.move_asked_for(migration, lead), second)
    planner.look(here)
    planner.done()
    reader.done()


def test_what_flows_put_on_pages_of_their_subjects(inspect, world):
    """A review that is due on the plan's page, and a sampled version for the clinical lead."""
    due = FlowCase.objects.filter(subject_kind="plan_review", closed_at=None).select_related("owner").first()
    owner = next(key for code, (key, _) in TEAMS.items() if code == due.owner.ods_code)
    clinician = inspect(world.actor(owner))
    clinician.look(f"/plans/{due.subject_id}/")
    clinician.done()
    lead = inspect(world.actor("clinical-lead"))
    lead.look(f"/samples/{FlowCase.objects.get(subject_kind='plan_version_sample').subject_id}/")
    lead.done()
