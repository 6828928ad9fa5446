"""Opening cases and taking their steps: one winner, one transaction, one history."""

import datetime
import uuid

import pytest

from core import clock
from core.exceptions import Absent, Conflict, NotAllowed, Refused
from core.immutability import ImmutableError
from governance.models import AuditEvent, StaffListEntry
from tests.factories import governance as people
from tests.factories import workflows as flows
from workflows.models import FlowCase, FlowDecision, FlowEvent, FlowTask, FlowVersion
from workflows.selectors import cases as cases_seen
from workflows.selectors.chains import verify_case_chain
from workflows.services import cases, clocks, definitions


def test_opening_sends_the_letter_in_and_asks_the_doctors(waiting, practice, nurse):
    assert waiting.state == "waiting"
    task = FlowTask.objects.get(case=waiting)
    assert (task.role, task.organisation, task.closed_at) == ("doctor", practice, None)
    assert waiting.due_at == task.due_at
    decision = waiting.decisions.get()
    assert (decision.transition, decision.user_id_text) == ("submit", str(nurse.user_id))
    assert list(waiting.events.values_list("kind", flat=True)) == ["opened", "decided"]
    assert verify_case_chain(waiting) == []


def test_a_subject_has_one_open_case(waiting, letter, nurse):
    with pytest.raises(Conflict):
        flows.open_case(letter, nurse)
    assert FlowCase.objects.count() == 1


def test_a_closed_case_makes_way_for_another(waiting, letter, nurse, doctor):
    flows.fire(waiting, "return", doctor, reason="Sign it")
    assert flows.open_case(letter, nurse).pk != waiting.pk


def test_whom_the_opening_step_is_not_for_opens_nothing(letters, practice, nurse, paramedic):
    flows.live_flow()
    letter = letters.write(practice, nurse)
    with pytest.raises(NotAllowed):
        flows.open_case(letter, paramedic)
    assert not FlowCase.objects.exists()
    assert AuditEvent.objects.get(action="flow.opened").result == "refused"


def test_a_flow_without_an_opening_step_waits_at_its_start(letters, practice, nurse):
    document = flows.spec()
    document["transitions"][0]["on_open"] = False
    document["states"][0] |= {"waits_for": [flows.NURSE], "due_hours": 5, "escalate_to": "org_lead"}
    flows.live_flow(document)
    case = flows.open_case(letters.write(practice, nurse), nurse)
    case.refresh_from_db()
    assert case.state == "start" and case.due_at is not None
    flows.fire(case, "submit", nurse)
    assert list(case.tasks.filter(closed_at=None).values_list("role", flat=True)) == ["doctor"]
    assert verify_case_chain(case) == []


def test_no_flow_means_no_case_never_a_free_pass(letters, practice, nurse):
    flows.version(flows.definition(), flows.spec())
    with pytest.raises(Refused, match="no flow has been set up"):
        flows.open_case(letters.write(practice, nurse), nurse)


def test_an_absent_subject_opens_nothing(letters, nurse):
    with pytest.raises(Absent):
        cases.open_case(by=nurse, subject_kind=flows.KIND, subject_id=uuid.uuid4(), now=clock.now())


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "everyday"),
        ({"origin": "nurse"}, "everyday"),
        ({"origin": "doctor"}, "by-doctors"),
        ({"origin": "doctor", "urgent": True}, "urgent"),
        ({"urgent": True}, "urgent"),
    ],
)
def test_the_highest_priority_that_applies_is_taken_else_the_default(letters, practice, nurse, facts, expected):
    flows.live_flow(key="everyday")
    flows.live_flow(key="by-doctors", applies_when={"origin": "doctor"}, priority=10)
    flows.live_flow(key="urgent", applies_when={"urgent": True}, priority=20)
    case = flows.open_case(letters.write(practice, nurse, facts=facts), nurse)
    assert case.version.definition.key == expected


def test_two_flows_of_one_priority_that_both_claim_a_subject_are_refused(letters, practice, nurse):
    flows.live_flow(key="everyday")
    flows.live_flow(key="one", applies_when={"a": 1}, priority=5)
    flows.live_flow(key="two", applies_when={"b": 2}, priority=5)
    with pytest.raises(Refused, match="two flows claim it"):
        flows.open_case(letters.write(practice, nurse, facts={"a": 1, "b": 2}), nurse)


def test_approval_decides_closes_and_sends_in_one_go(waiting, letter, letters, doctor):
    decision = flows.fire(waiting, "approve", doctor)
    assert (decision.sha256, decision.role_at_time) == (letter.content_sha256, "doctor")
    assert letters.sent == [letter.id]
    assert (waiting.state, waiting.outcome) == ("approved", "approved")
    assert waiting.closed_at is not None
    assert not FlowTask.objects.filter(closed_at=None).exists()
    assert not clocks.live().exists()
    assert AuditEvent.objects.filter(action="flow.approve", target_ref=str(waiting.public_id)).count() == 1
    assert verify_case_chain(waiting) == []


def test_an_effect_that_fails_leaves_nothing_behind(waiting, letters, doctor):
    letters.effects_fail = True
    with pytest.raises(RuntimeError):
        flows.fire(waiting, "approve", doctor)
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert waiting.decisions.count() == 1
    assert FlowTask.objects.filter(closed_at=None).count() == 1
    assert not AuditEvent.objects.filter(action__in=["letter.sent", "flow.approve"]).exists()
    assert verify_case_chain(waiting) == []


def test_a_decision_on_an_older_text_is_refused_with_what_changed(waiting, letter, letters, doctor):
    letters.rewrite(letter, "Dear nobody")
    with pytest.raises(Conflict) as conflict:
        flows.fire(waiting, "approve", doctor, shown_sha256=letter.content_sha256)
    assert conflict.value.changes[0][0] == "Text"
    assert letters.sent == []


@pytest.mark.parametrize("shown", ["", "0" * 64])
def test_a_decision_needs_the_hash_of_what_was_read(waiting, letters, doctor, shown):
    with pytest.raises(Conflict):
        flows.fire(waiting, "approve", doctor, shown_sha256=shown)
    assert letters.sent == []


def test_the_second_of_two_decisions_is_told_what_happened(waiting, letter, doctor, other_doctor):
    flows.fire(waiting, "approve", doctor)
    with pytest.raises(Conflict) as conflict:
        flows.fire(waiting, "return", other_doctor, expected_state="waiting", reason="No")
    assert conflict.value.changes == [("State", "Waiting for a doctor", "Approved")]
    assert waiting.decisions.count() == 2


def test_the_same_decision_posted_twice_counts_once(waiting, letters, doctor):
    flows.fire(waiting, "approve", doctor)
    with pytest.raises(Conflict):
        flows.fire(waiting, "approve", doctor, expected_state="waiting")
    assert len(letters.sent) == 1


@pytest.mark.parametrize("step", ["submit", "burn", ""])
def test_a_step_the_flow_does_not_offer_is_refused(waiting, doctor, step):
    with pytest.raises(Refused):
        flows.fire(waiting, step, doctor)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_returning_needs_a_reason_of_sensible_length(waiting, doctor, reason):
    with pytest.raises(Refused) as refused:
        flows.fire(waiting, "return", doctor, reason=reason)
    assert refused.value.field == "reason"


def test_a_refusal_stays_in_the_audit_trail(waiting, nurse):
    with pytest.raises(NotAllowed):
        flows.fire(waiting, "approve", nurse)
    event = AuditEvent.objects.get(action="flow.approve")
    assert (event.result, event.detail["reasons"]) == ("refused", ["not-yours"])


def test_open_cases_stay_on_their_version(waiting, letters, practice, nurse, doctor, clinical_lead):
    harder = flows.spec(guards=flows.guards("not_author", "letter_agreed"))
    newer = flows.version(waiting.version.definition, harder)
    definitions.activate(by=clinical_lead, version=newer, now=clock.now())
    letters.consent = False
    later = flows.open_case(letters.write(practice, nurse), nurse)
    assert (waiting.version.number, later.version.number) == (1, 2)
    with pytest.raises(NotAllowed):
        flows.fire(later, "approve", doctor)
    assert flows.fire(FlowCase.objects.get(pk=waiting.pk), "approve", doctor).to_state == "approved"


def test_a_version_changed_in_the_database_decides_nothing(waiting, letters, doctor):
    softer = flows.spec(guards=[])
    super(type(FlowVersion.objects.all()), FlowVersion.objects.all()).update(spec=softer)
    with pytest.raises(Refused, match="no longer reads as it was signed"):
        flows.fire(waiting, "approve", doctor)
    assert letters.sent == []


@pytest.mark.parametrize("model", [FlowVersion, FlowDecision, FlowEvent])
def test_what_was_written_is_never_changed(waiting, model):
    row = model.objects.first()
    with pytest.raises(ImmutableError):
        row.save()
    with pytest.raises(ImmutableError):
        row.delete()
    with pytest.raises(ImmutableError):
        model.objects.update(sha256="")
    with pytest.raises(ImmutableError):
        model.objects.all().delete()


def forge(rows, **values):
    """A change made behind the models' backs."""
    super(type(rows), rows).update(**values)


@pytest.mark.parametrize(
    "deed",
    [
        lambda case: forge(case.events.filter(number=1), actor_label="doctor 00000000"),
        lambda case: forge(case.events.filter(number=3), detail={"to_state": "approved"}),
        lambda case: forge(case.events.filter(number=2), previous_sha256="0" * 64),
        lambda case: super(type(case.events.all()), case.events.filter(number=2)).delete(),
        lambda case: super(type(case.events.all()), case.events.filter(number=3)).delete(),
        lambda case: forge(case.decisions.filter(transition="approve"), user_label="doctor 00000000"),
        lambda case: forge(case.decisions.filter(transition="approve"), reason="Because"),
        lambda case: super(type(case.decisions.all()), case.decisions.all()).delete(),
        lambda case: FlowCase.objects.update(state="returned"),
        lambda case: FlowCase.objects.update(version=flows.version(case.version.definition, flows.spec(guards=[]))),
    ],
)
def test_a_forged_history_is_noticed(waiting, doctor, deed):
    flows.fire(waiting, "approve", doctor)
    assert verify_case_chain(FlowCase.objects.get()) == []
    deed(waiting)
    assert verify_case_chain(FlowCase.objects.get()) != []


def test_who_can_counts_the_doctors_who_did_not_write_it(letters, practice, nurse, doctor, other_doctor):
    flows.live_flow()
    case = flows.open_case(letters.write(practice, nurse, doctor), nurse)
    (found,) = cases.who_can(case, "approve")
    assert (found.words, found.able) == (f"a doctor at {practice.name}", 1)


def test_a_role_nobody_holds_is_vacant_and_falls_to_nobody(letters, nurse, practice):
    flows.live_flow()
    case = flows.open_case(letters.write(practice, nurse), nurse)
    assert cases.who_can(case, "approve")[0].is_vacant
    assert [view.allowed for view in cases.explain(case, nurse)] == [False, False]


@pytest.mark.parametrize(
    "leave",
    [
        {"suspended_at": datetime.datetime(2026, 3, 4, 10, 30, tzinfo=datetime.UTC)},
        {"ends_on": datetime.date(2020, 3, 4)},
        {"starts_on": datetime.date(2999, 3, 4)},
    ],
)
def test_who_has_left_is_not_counted(waiting, doctor, leave):
    rows = StaffListEntry.objects.filter(pk=doctor.entry_id)
    if "suspended_at" in leave:
        leave = leave | {"suspended_by": people.user()}
    if "ends_on" in leave:
        leave = leave | {"starts_on": leave["ends_on"]}
    rows.update(**leave)
    assert cases.who_can(waiting, "approve")[0].is_vacant


def test_a_closed_case_explains_nothing_more(waiting, doctor):
    flows.fire(waiting, "approve", doctor)
    assert cases.explain(waiting, doctor) == []


def test_cases_are_seen_by_the_owner_and_by_whom_the_kind_lets_see(waiting, letters, letter, nurse, paramedic):
    def seen(viewer):
        return cases_seen.open_case_of(viewer, flows.KIND, letter.id)

    assert seen(nurse) == waiting
    assert seen(paramedic) is None
    assert not cases_seen.decisions_of(paramedic, waiting).exists()
    with pytest.raises(Absent):
        cases_seen.by_public_id(paramedic, waiting.public_id)
    letters.readers.add(paramedic.user_id)
    assert seen(paramedic) == waiting
    assert cases_seen.decisions_of(paramedic, waiting).count() == 1


def test_deciding_costs_few_queries(waiting, doctor, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        flows.fire(waiting, "approve", doctor)
