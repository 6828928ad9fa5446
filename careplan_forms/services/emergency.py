"""Reading a plan in an emergency: search, reason, read, and the access code after a logged press.

Every one of these is audited before anything is returned; a reader whose look cannot be recorded sees nothing.
"""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from careplan_forms.documents import EMERGENCY_PAGE
from careplan_forms.models import CarePlanVersion, PlanSummary
from careplan_forms.schema.reading import files
from careplan_forms.selectors import summaries
from careplan_forms.selectors.audience import form_for_urgent_care
from careplan_forms.services.plan_files import Download, give_out
from core import documents
from core.encryption import decrypt
from core.exceptions import Absent
from core.models import JobRun
from governance.actors import Actor
from governance.services.audit import record, record_read

TARGET = "plan"


def search_by_number(*, by: Actor, nhs_number: str) -> list[PlanSummary]:
    """Look for the person with this NHS number; the audit row holds how many were found, not the number."""
    found = summaries.by_nhs_number(viewer=by, nhs_number=nhs_number)
    return _searched(by, found, "nhs_number")


def search_by_details(
    *, by: Actor, family_name: str, date_of_birth: datetime.date | None, postcode: str
) -> list[PlanSummary]:
    """Look by surname with a birth date, a postcode or both."""
    found = summaries.by_details(viewer=by, family_name=family_name, date_of_birth=date_of_birth, postcode=postcode)
    return _searched(by, found, "details")


def find_for_reading(*, by: Actor, plan_id: UUID) -> PlanSummary:
    """The person whose plan is about to be read, for the reason page: identity only. Raises Absent."""
    summary = summaries.by_plan(viewer=by, plan_id=plan_id)
    if summary is None:
        raise Absent
    return summary


def read_plan(*, by: Actor, plan_id: UUID) -> PlanSummary:
    """The emergency facts of one plan, the look recorded with its reason (`by.purpose`). Raises Absent."""
    summary = find_for_reading(by=by, plan_id=plan_id)
    record_read(
        by=by,
        action="emergency.read",
        target=(TARGET, str(summary.plan_public_id)),
        detail={"version": summary.version_number},
    )
    return summary


def read_full_plan(*, by: Actor, plan_id: UUID) -> tuple[PlanSummary, list[dict[str, Any]]]:
    """Every section of the approved version as `[{"title", "rows": [{"label", "text", "files"}]}]`; secrets stay out.

    Raises Absent when there is no plan, or when it was withdrawn.
    """
    summary, version = _approved(by, plan_id)
    record_read(
        by=by,
        action="emergency.read_full",
        target=(TARGET, str(summary.plan_public_id)),
        detail={"version": version.number},
    )
    compiled = form_for_urgent_care(version.form_version)
    held = files(compiled, version.answers)
    return summary, [
        {
            "title": section.title,
            "rows": [
                {"label": row.label, "text": row.text, "files": held.get(row.uid, ())}
                for row in compiled.rows(version.answers, section.key)
                if not compiled.items[row.uid].secret
            ],
        }
        for section in compiled.sections
    ]


def read_file(*, by: Actor, plan_id: UUID, file_id: UUID) -> Download:
    """A file of the approved version, as the full plan names it. Raises Absent, alike for every other file."""
    summary, version = _approved(by, plan_id)
    held = files(form_for_urgent_care(version.form_version), version.answers)
    facts = next((each for found in held.values() for each in found if each["id"] == str(file_id)), None)
    if facts is None:
        raise Absent
    return give_out(by=by, target=(TARGET, str(summary.plan_public_id)), facts=facts, action="emergency.read_file")


@transaction.atomic
def request_paper(*, by: Actor, plan_id: UUID) -> JobRun:
    """Ask the worker for the A4 page; the request is recorded as a look. Raises Absent."""
    summary = find_for_reading(by=by, plan_id=plan_id)
    record(by=by, action="emergency.printed", target=(TARGET, str(summary.plan_public_id)))
    return documents.request_document(EMERGENCY_PAGE, owner=str(by.user_id), plan_id=str(summary.plan_public_id))


def reveal_access_code(*, by: Actor, plan_id: UUID) -> str:
    """The key-safe code, its own audit row written first. Raises Absent when there is none."""
    summary = find_for_reading(by=by, plan_id=plan_id)
    if not summary.has_access_code or summary.withdrawn_at:
        raise Absent
    record_read(by=by, action="emergency.access_code", target=(TARGET, str(summary.plan_public_id)))
    encrypted = PlanSummary.objects.values_list("access_code_encrypted", flat=True).get(pk=summary.pk)
    return decrypt(bytes(encrypted or b""))


def _approved(by: Actor, plan_id: UUID) -> tuple[PlanSummary, CarePlanVersion]:
    summary = find_for_reading(by=by, plan_id=plan_id)
    if summary.withdrawn_at or summary.version is None:
        raise Absent
    return summary, summary.version


def _searched(by: Actor, found: list[PlanSummary], kind: str) -> list[PlanSummary]:
    target = (TARGET, str(found[0].plan_public_id)) if len(found) == 1 else None
    record_read(by=by, action="emergency.search", target=target, detail={"by": kind, "found": len(found)})
    return found
