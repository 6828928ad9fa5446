"""Whether the approved versions of plans are those that were approved, and urgent care is shown what they say.

Each plan's versions are a chain, which the audit trail repeats.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from careplan_forms import trail
from careplan_forms.models import CarePlan, CarePlanVersion, Patient
from careplan_forms.services import projection
from careplan_forms.services.approvals import chain_sha256
from careplan_forms.services.submissions import content_sha256
from core.encryption import CannotDecrypt, decrypt
from governance.models import AuditEvent

CHUNK = 200
#: What a reader in urgent care is told, or found by. The rest of the row says where it belongs, and may be of an
#: organisation's place as it was.
_SHOWN = (
    *("plan_public_id", "version_number", "facts", "stop_marks", "readable", "withdrawn_at", "has_access_code"),
    *("nhs_number", "family_name_key", "date_of_birth", "postcode_key", "identity", "died_on"),
    *("approved_at", "approver_label", "written_and_approved_by_one"),
)
#: What the trail tells of each approval: the version's number and chain_sha256. A forger may have written anything.
Told = list[tuple[Any, Any]]


def check_plans() -> Iterator[list[str]]:
    """For each plan what is wrong with its versions, a sentence each; nothing when they are whole.

    A plan that was approved between two of our questions looks broken: it is asked about again while it is held.
    """
    plans = _with_versions().iterator(CHUNK)
    while chunk := list(islice(plans, CHUNK)):
        told = _told(chunk)
        for plan in chunk:
            yield _held(plan.pk) if list(_breaks(plan, told[str(plan.public_id)])) else []


def check_emergency_rows() -> Iterator[list[str]]:
    """For each person with an approved plan, or a row, whether urgent care is shown what was approved; if not, again
    while their plans are held.
    """
    people = Patient.objects.filter(Q(plans__current_version__isnull=False) | Q(summary__isnull=False))
    for person in people.select_related("summary").order_by("pk").distinct().iterator(CHUNK):
        yield _held_row(person.pk) if _differs(person) else []


@transaction.atomic
def _held_row(key: int) -> list[str]:
    list(CarePlan.objects.select_for_update(of=("self",)).filter(patient=key).order_by("pk"))
    person = Patient.objects.select_related("summary").get(pk=key)
    fields = ", ".join(_differs(person))
    return [f"Emergency row of person {person.public_id}: not what was approved: {fields}"] if fields else []


def _differs(person: Patient) -> list[str]:
    """The fields in which the row is not what the plan, its newest version and the person's record make it."""
    row, wanted = getattr(person, "summary", None), projection.row_of(person.pk)
    if row is None or wanted is None:
        return ["all"]
    found = [name for name in _SHOWN if getattr(row, name) != wanted[name]]
    return found if _code(row.access_code_encrypted) == _code(wanted["access_code_encrypted"]) else [*found, "code"]


def _code(encrypted: bytes | memoryview | None) -> str | None:
    try:
        return decrypt(bytes(encrypted)) if encrypted else None
    except CannotDecrypt:
        return "cannot be opened"


@transaction.atomic
def _held(key: int) -> list[str]:
    CarePlan.objects.select_for_update(of=("self",)).get(pk=key)
    plan = _with_versions().get(pk=key)
    return [f"Plan {plan.public_id}: {words}" for words in _breaks(plan, _told([plan])[str(plan.public_id)])]


def _with_versions() -> QuerySet[CarePlan]:
    """Plans with what their chains are made of, and nothing else of a form than its hash."""
    versions = CarePlanVersion.objects.select_related("submission", "form_version").defer(
        "form_version__document", "submission__answers"
    )
    return CarePlan.objects.order_by("pk").prefetch_related(Prefetch("versions", versions.order_by("number")))


def _told(plans: Sequence[CarePlan]) -> dict[str, Told]:
    """What the trail tells of approvals, by the plans' public ids."""
    found: dict[str, Told] = {str(plan.public_id): [] for plan in plans}
    rows = AuditEvent.objects.filter(action="plan.approved", target_kind=trail.PLAN, target_ref__in=list(found))
    for reference, detail in rows.values_list("target_ref", "detail"):
        found[reference].append(
            (detail.get("version"), detail.get("chain")) if isinstance(detail, dict) else (None, None)
        )
    return found


def _breaks(plan: CarePlan, told: Told) -> Iterator[str]:
    versions, previous = list(plan.versions.all()), ""
    for number, version in enumerate(versions, start=1):
        if version.number != number:
            yield f"version {number} is missing"
            return
        if not _content_fits(version):
            yield f"version {number} is not what was approved"
        if version.previous_chain_sha256 != previous or not _link_fits(version):
            yield f"version {number} does not follow the version before it, or was approved otherwise"
        previous = version.chain_sha256
    if sorted(map(repr, told)) != sorted(repr((version.number, version.chain_sha256)) for version in versions):
        yield "its versions are not those the audit trail tells of"
    if plan.current_version_id != (versions[-1].pk if versions else None):
        yield "what is shown of it is not its newest version"


def _content_fits(version: CarePlanVersion) -> bool:
    """The text, its form and its day of review are those whose hash was sent and approved."""
    digest = content_sha256(
        answers=version.answers,
        form_version=version.form_version,
        discussed_with=version.submission.discussed_with,
        review_on=version.review_on,
    )
    return digest == version.content_sha256 == version.submission.content_sha256


def _link_fits(version: CarePlanVersion) -> bool:
    digest = chain_sha256(
        previous=version.previous_chain_sha256,
        content=version.content_sha256,
        approver_id=version.approved_by_id,
        registration=version.approver_registration,
        number=version.number,
        at=version.approved_at,
    )
    return digest == version.chain_sha256
