"""People, forms and plans as tests need them. What carries a rule goes through the services."""

import datetime
import itertools
from collections.abc import Iterable
from typing import Any

from careplan_forms.enums import ConsentBasis, ConsentDecision, Sex
from careplan_forms.models import CarePlan, CarePlanVersion, FormDefinition, FormVersion, Patient, PatientLink
from careplan_forms.models import PlanSubmission as Submission
from careplan_forms.schema.document import normalise, sha256_of
from careplan_forms.selectors import plans as plan_selectors
from careplan_forms.services import approvals, consents, drafts, plans, submissions
from core import clock, nhs_number
from governance.actors import Actor
from governance.models import Organisation
from tests.factories import governance as people

_numbers = itertools.count(1)

CPR_DO_NOT = {"code": "dnacpr", "system": "urn:test", "display": "Do not attempt CPR", "text": ""}
CPR_ATTEMPT = {"code": "attempt", "system": "urn:test", "display": "Attempt CPR", "text": ""}


def next_nhs_number() -> str:
    """A number of the test range that no test has used."""
    while True:
        nine = f"998{next(_numbers):06d}"
        digit = nhs_number.check_digit(nine)
        if digit is not None:
            return nine + digit


def document() -> dict[str, Any]:
    """A small form with one of everything the plan's rules look at."""
    return {
        "schema_version": 1,
        "key": "urgent-care-plan",
        "url": "https://foreword.example/forms/urgent-care-plan",
        "title": "Urgent care plan",
        "language": "en",
        "value_sets": {
            "cpr": {
                "key": "cpr",
                "version": "1",
                "title": "CPR",
                "options": [
                    {"id": "attempt", "code": "attempt", "system": "urn:test", "display": "Attempt CPR"},
                    {"id": "dnacpr", "code": "dnacpr", "system": "urn:test", "display": "Do not attempt CPR"},
                ],
            }
        },
        "sections": [
            {
                "key": "about",
                "title": "About the person",
                "group": "The person",
                "items": [
                    {
                        "uid": "family",
                        "type": "text",
                        "label": "Family name",
                        "prefill": "patient.family_name",
                    },
                    {"uid": "matters", "type": "long_text", "label": "What matters most?", "max_length": 500},
                    {"uid": "born", "type": "date", "label": "Date of the talk", "precision": ["D"]},
                ],
            },
            {
                "key": "emergency",
                "title": "Emergency facts",
                "group": "Emergency facts",
                "items": [
                    {
                        "uid": "cpr",
                        "type": "choice",
                        "label": "CPR decision",
                        "value_set": "cpr",
                        "required": "publish",
                        "slot": "cpr.decision",
                        "slot_values": {"attempt": "attempt", "dnacpr": "do_not_attempt"},
                        "absent": ["not-discussed"],
                    },
                    {
                        "uid": "cpr-why",
                        "type": "text",
                        "label": "Reasons for the decision",
                        "show_if": {"item": "cpr", "op": "=", "value": "dnacpr"},
                    },
                    {
                        "uid": "contacts",
                        "type": "repeat",
                        "label": "Contacts",
                        "slot": "contacts",
                        "items": [
                            {"uid": "contact-name", "type": "text", "label": "Name", "slot": "contacts.name"},
                            {"uid": "contact-phone", "type": "telephone", "label": "Telephone"},
                        ],
                    },
                ],
            },
        ],
    }


def form_version(content: dict[str, Any] | None = None) -> FormVersion:
    """A published version of the urgent care plan, live. The same content twice is one version."""
    content = normalise(content or document())
    texts = {name: content[name] for name in ("title", "url", "purpose")}
    definition, _ = FormDefinition.objects.get_or_create(key=content["key"], defaults=texts)
    found = definition.versions.filter(sha256=sha256_of(content)).first()
    version = found or FormVersion.objects.create(
        definition=definition,
        number=definition.versions.count() + 1,
        document=content,
        sha256=sha256_of(content),
        published_at=clock.now(),
    )
    FormDefinition.objects.filter(pk=definition.pk).update(live_version=version)
    return version


def patient(known_to: Organisation | Iterable[Organisation] = (), **fields: Any) -> Patient:
    """A person; `known_to` are organisations that have traced them."""
    fields = {
        "nhs_number": next_nhs_number(),
        "family_name": "Zephyrine",
        "given_names": "Quentina",
        "title": "Mrs",
        "date_of_birth": datetime.date(1938, 3, 12),
        "sex": Sex.FEMALE,
        "address_lines": ["4 Example Road", "Sampletown"],
        "postcode": "ZZ99 3WZ",
    } | fields
    person = Patient.objects.create(**fields)
    organisations = [known_to] if isinstance(known_to, Organisation) else known_to
    for organisation in organisations:
        PatientLink.objects.create(patient=person, organisation=organisation, made_at=clock.now())
    return person


def consent(by: Actor, person: Patient, decision: str = ConsentDecision.GIVEN, **fields: Any):
    """A decision of the person about sharing."""
    return consents.record_consent(
        by=by,
        patient=person,
        decision=decision,
        basis=fields.pop("basis", ConsentBasis.PERSON),
        decided_on=fields.pop("decided_on", clock.today()),
        now=fields.pop("now", None) or clock.now(),
        **fields,
    )


def plan(by: Actor, person: Patient | None = None, *, agreed: bool = True) -> CarePlan:
    """A plan just started by `by`, on the live form; `agreed` records the person's consent."""
    if not FormVersion.objects.filter(live_for__key="urgent-care-plan").exists():
        form_version()
    organisation = Organisation.objects.get(pk=by.organisation_id)
    person = person or patient(organisation)
    if agreed:
        consent(by, person)
    return plans.start_plan(by=by, patient=person, now=clock.now(), form_key="urgent-care-plan")


def save(by: Actor, care_plan: CarePlan, section: str = "emergency", shown: Any = None, **answers: Any):
    """Save answers, keyed by uid with `_` for `-`, as if the page had just been opened (or showed `shown`)."""
    given = {uid.replace("_", "-"): value for uid, value in answers.items()}
    before = plan_selectors.working_view(care_plan, by).answers if shown is None else shown
    return drafts.save_section(
        by=by,
        plan=care_plan,
        section=section,
        answers=given,
        shown=drafts.shown_fingerprints(before, list(given)),
        now=clock.now(),
    )


def submission(by: Actor, care_plan: CarePlan, **fields: Any) -> Submission:
    """The working view, sent for approval."""
    return submissions.submit_plan(
        by=by,
        plan=care_plan,
        discussed_with=fields.pop("discussed_with", "Mrs Zephyrine and her son"),
        review_on=fields.pop("review_on", clock.today() + datetime.timedelta(days=90)),
        now=fields.pop("now", None) or clock.now(),
        **fields,
    )


def approved_plan(author: Actor, approver: Actor, **answers: Any) -> CarePlan:
    """A plan with one approved version."""
    care_plan = plan(author)
    save(author, care_plan, **(answers or {"cpr": CPR_ATTEMPT}))
    approve(approver, submission(author, care_plan))
    return CarePlan.objects.get(pk=care_plan.pk)


def approve(by: Actor, sent: Submission) -> CarePlanVersion | None:
    """The approval of what was sent; the version, unless the flow asks somebody else as well."""
    return approvals.approve(by=by, submission=sent, shown_sha256=sent.content_sha256, now=clock.now())


def agree(by: Actor, sent: Submission) -> None:
    """The first of the two signatures that a change of the CPR decision needs."""
    approvals.decide(by=by, submission=sent, step="agree", shown_sha256=sent.content_sha256, now=clock.now())


def flows() -> None:
    """The seeded flows, live and signed."""
    from workflows.services.seeds import seed_flows

    host = people.organisation(care_setting="host")
    seed_flows(
        by=Actor.job("seed"),
        clinical_safety=people.staff(host, role="clinical_safety_officer"),
        information_governance=people.staff(host, role="ig_officer"),
        now=clock.now(),
    )
