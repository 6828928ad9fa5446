"""Writing, signing and using flow versions: who may, and what stands in the way."""

import pytest

from core import clock
from core.exceptions import Conflict, NotAllowed, Refused
from governance.models import AuditEvent
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.worlds import shared
from workflows.engine.loading import load_spec
from workflows.flow_checks import warnings_of
from workflows.models import FlowActivation, FlowDefinition, FlowVersion, FlowVersionApproval
from workflows.services import definitions, seeds

SAFETY, IG = FlowVersionApproval.Capacity.CLINICAL_SAFETY, FlowVersionApproval.Capacity.INFORMATION_GOVERNANCE
pytestmark = pytest.mark.usefixtures("letters")


@shared
def version():
    return flows.version(flows.definition(), flows.spec(), signed=False)


def sign(version, by, capacity, **changes):
    given = {"sha256": version.sha256, "read": warnings_of(load_spec(version.spec)), "now": clock.now()} | changes
    return definitions.sign_version(by=by, version=version, capacity=capacity, **given)


def create(by, document, definition=None):
    definition = definition or flows.definition()
    return definitions.create_version(by=by, definition=definition, spec=document, now=clock.now())


def test_the_way_from_a_text_to_use(clinical_lead, safety_officer, ig_officer):
    definition = definitions.define(
        by=clinical_lead, key="letter", name="Letter", subject_kind=flows.KIND, is_default=True
    )
    version = create(clinical_lead, flows.spec(), definition)
    sign(version, safety_officer, SAFETY)
    sign(version, ig_officer, IG)
    definitions.activate(by=clinical_lead, version=version, now=clock.now())
    definition.refresh_from_db()
    assert definition.live_version == version
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"flow.defined", "flow.version_created", "flow.version_signed", "flow.version_activated"} <= actions


@pytest.mark.parametrize("document", [None, {}, {"spec_version": 1}, flows.spec() | {"surprise": 1}])
def test_what_is_no_flow_becomes_no_version(clinical_lead, document):
    with pytest.raises(Refused):
        create(clinical_lead, document)
    assert not FlowVersion.objects.exists()


@pytest.mark.parametrize("who", ["doctor", "nurse", "safety_officer", "ig_officer", "paramedic"])
def test_only_the_clinical_lead_shapes_flows(request, who):
    with pytest.raises(NotAllowed):
        create(request.getfixturevalue(who), flows.spec())


@pytest.mark.parametrize(
    ("who", "capacity", "may"),
    [
        ("safety_officer", SAFETY, True),
        ("ig_officer", IG, True),
        ("safety_officer", IG, False),
        ("ig_officer", SAFETY, False),
        ("clinical_lead", SAFETY, False),
        ("doctor", SAFETY, False),
    ],
)
def test_each_signs_in_their_own_capacity(request, version, who, capacity, may):
    actor = request.getfixturevalue(who)
    if may:
        assert sign(version, actor, capacity).sha256 == version.sha256
    else:
        with pytest.raises(NotAllowed):
            sign(version, actor, capacity)


@pytest.mark.parametrize("guards", [["not_author", "moon_is_full"], []])
def test_an_unsound_flow_is_not_signed(safety_officer, guards):
    version = flows.version(flows.definition(), flows.spec(guards=flows.guards(*guards)), signed=False)
    with pytest.raises(Refused, match="mended"):
        sign(version, safety_officer, SAFETY)


def test_a_version_with_an_unknown_guard_is_not_put_to_use_even_signed(clinical_lead):
    document = flows.spec(guards=flows.guards("not_author", "moon_is_full"))
    version = flows.version(flows.definition(), document)
    with pytest.raises(Refused, match="moon_is_full"):
        definitions.activate(by=clinical_lead, version=version, now=clock.now())


def test_another_hash_than_the_one_shown_is_not_signed(version, safety_officer):
    with pytest.raises(Conflict):
        sign(version, safety_officer, SAFETY, sha256="0" * 64)


def test_nobody_signs_twice_nor_what_they_wrote(version, safety_officer, clinical_lead):
    sign(version, safety_officer, SAFETY)
    with pytest.raises(Refused, match="already"):
        sign(version, people.staff(version_host(safety_officer), role="clinical_safety_officer"), SAFETY)
    own = FlowVersion.objects.create(
        definition=version.definition,
        number=2,
        spec=version.spec,
        sha256=version.sha256,
        created_by_id=safety_officer.user_id,
    )
    with pytest.raises(Refused, match="You wrote"):
        sign(own, safety_officer, SAFETY)


def version_host(actor):
    from governance.models import Organisation

    return Organisation.objects.get(pk=actor.organisation_id)


def test_one_person_cannot_give_both_signatures(version, safety_officer, host):
    from governance.models import User

    sign(version, safety_officer, SAFETY)
    both = people.staff(host, role="ig_officer", user=User.objects.get(pk=safety_officer.user_id))
    with pytest.raises(Refused, match="another person"):
        sign(version, both, IG)


@pytest.mark.parametrize("words", ["", "Anything goes."])
def test_an_exemption_is_signed_in_its_own_words(safety_officer, words):
    document = flows.spec(guards=flows.guards("author_only_if_exempt"), exemption=flows.EXEMPTION)
    version = flows.version(flows.definition(), document, signed=False)
    with pytest.raises(Refused) as refused:
        sign(version, safety_officer, SAFETY, exemption=words)
    assert refused.value.field == "exemption"
    assert sign(version, safety_officer, SAFETY, exemption=flows.EXEMPTION).exemption == flows.EXEMPTION


@pytest.mark.parametrize("signers", [[], ["safety"], ["ig"]])
def test_both_signatures_are_needed(version, clinical_lead, safety_officer, ig_officer, signers):
    if "safety" in signers:
        sign(version, safety_officer, SAFETY)
    if "ig" in signers:
        sign(version, ig_officer, IG)
    with pytest.raises(Refused, match="not signed yet"):
        definitions.activate(by=clinical_lead, version=version, now=clock.now())
    assert FlowDefinition.objects.get().live_version is None


def test_the_version_before_is_retired(clinical_lead):
    first = flows.live_flow()
    second = flows.version(first.definition, flows.spec(reason="none"))
    definitions.activate(by=clinical_lead, version=second, now=clock.now())
    history = list(FlowActivation.objects.order_by("pk").values_list("version__number", "live"))
    assert history == [(1, True), (1, False), (2, True)]


def test_activating_what_is_live_changes_nothing(clinical_lead):
    version = flows.live_flow()
    definitions.activate(by=clinical_lead, version=version, now=clock.now())
    assert FlowActivation.objects.count() == 1


@pytest.mark.parametrize(
    ("conditions", "clash"), [({"a": 1}, True), ({"b": 1}, True), ({"a": 2}, False), ({"a": 2, "b": 1}, False)]
)
def test_two_flows_that_could_claim_the_same_need_different_priorities(clinical_lead, conditions, clash):
    flows.live_flow(key="one", applies_when={"a": 1}, priority=5)
    rival = flows.version(flows.definition("two", applies_when=conditions, priority=5), flows.spec())
    if clash:
        with pytest.raises(Refused, match="same priority"):
            definitions.activate(by=clinical_lead, version=rival, now=clock.now())
    else:
        definitions.activate(by=clinical_lead, version=rival, now=clock.now())


@pytest.mark.parametrize(
    "fields",
    [
        {"is_default": True, "applies_when": {"a": 1}},
        {"is_default": False},
        {"is_default": True, "subject_kind": "moon"},
    ],
)
def test_a_definition_says_when_it_applies_or_is_the_default(clinical_lead, fields):
    with pytest.raises(Refused):
        definitions.define(by=clinical_lead, **({"key": "x", "name": "X", "subject_kind": flows.KIND} | fields))


def test_a_kind_of_subject_has_one_default(clinical_lead):
    flows.definition()
    with pytest.raises(Refused, match="default"):
        definitions.define(by=clinical_lead, key="x", name="X", subject_kind=flows.KIND, is_default=True)


@pytest.fixture
def plan_words(letters):
    """The plan's kind, guards and effects under the names its own app gives them, where that app is silent."""
    from workflows import registry
    from workflows.registry import Effect, Guard, GuardResult

    if "plan_submission" not in registry.subjects:
        registry.subjects.add("plan_submission", letters)
    for name in ("consent_recorded", "required_complete"):
        if name not in registry.guards:
            registry.guards.add(name, Guard(name, lambda ctx: GuardResult.passed()))
    for name in ("publish_version", "return_to_author"):
        if name not in registry.effects:
            registry.effects.add(name, Effect(name, lambda ctx: None, publishes=name == "publish_version"))


@pytest.mark.usefixtures("plan_words")
def test_the_seeded_flows_are_signed_and_live_and_seeding_again_changes_nothing(
    job_actor, safety_officer, ig_officer, tmp_path
):
    def seed(**more):
        arguments = {"clinical_safety": safety_officer, "information_governance": ig_officer, "now": clock.now()}
        return seeds.seed_flows(by=job_actor, **(arguments | more))

    found = {row.key: row for row in seed()}
    assert set(found) == {one["key"] for one in seeds.read_seeds()} >= {"plan-nurse-or-patient", "plan-doctor-written"}
    assert found["plan-nurse-or-patient"].is_default
    assert found["plan-doctor-written"].applies_when == {"origin": "doctor"}
    exemptions = found["plan-doctor-written"].live_version.approvals.values_list("exemption", flat=True)
    assert len(exemptions) == 2 and all(exemptions)
    seed()
    assert FlowVersion.objects.count() == len(found)
    text = (seeds.FOLDER / "plan-doctor-written.json").read_text().replace('"due_hours": 72', '"due_hours": 96')
    (tmp_path / "plan-doctor-written.json").write_text(text)
    seed(folder=tmp_path)
    assert FlowDefinition.objects.get(key="plan-doctor-written").live_version.number == 2


@pytest.mark.parametrize(
    "change", [{"priority": 9}, {"applies_when": {"a": 2}}, {"applies_when": {}, "is_default": True}]
)
def test_what_a_signed_flow_applies_to_stays(clinical_lead, safety_officer, change):
    """Both signatories saw whom it is for; widening it afterwards would carry their exemption elsewhere."""
    fields = {"subject_kind": flows.KIND, "applies_when": {"a": 1}, "priority": 5, "is_default": False}
    definition = definitions.define(by=clinical_lead, key="one", name="One", **fields)
    definitions.define(by=clinical_lead, key="one", name="One", **(fields | {"priority": 6}))
    version = flows.version(definition, flows.spec(), signed=False)
    sign(version, safety_officer, SAFETY)
    with pytest.raises(Refused, match="has been signed"):
        definitions.define(by=clinical_lead, key="one", name="One", **(fields | {"priority": 6} | change))
    assert definitions.define(by=clinical_lead, key="one", name="Uno", **(fields | {"priority": 6})).name == "Uno"


def test_nothing_is_signed_while_one_of_its_warnings_is_unread(version, safety_officer):
    people.staff(people.organisation(), role="clinician")
    [warning] = warnings_of(load_spec(version.spec))
    assert warning.startswith("Waiting for a doctor: ")
    with pytest.raises(Refused, match="Tick each warning"):
        sign(version, safety_officer, SAFETY, read=())
    assert not version.approvals.exists()
    assert sign(version, safety_officer, SAFETY, read=[warning])
