"""The one projector: writes what others read (`PlanSummary`, `AnswerFact`) in the transaction of any source it names.

Sources: approval, stop mark, withdrawal, death, consent, demographics, and "a newer draft exists" (nothing of it).
Both tables can be rebuilt from their sources at any time (`rebuild`).
"""

import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from careplan_forms.enums import ConsentDecision, FactKind, PlanState
from careplan_forms.models import AnswerFact, CarePlan, CarePlanVersion, Patient, PlanSummary
from careplan_forms.schema.compiler import CompiledForm, compile_form
from careplan_forms.schema.items.base import is_absent, is_blank
from careplan_forms.selectors.audience import form_for_urgent_care
from core.encryption import encrypt

#: The slot whose answer is never in `facts`: it is stored encrypted, apart.
SECRET_SLOT = "access.code"  # noqa: S105  (the name of a slot, not a secret)


@transaction.atomic
def project_plan(*, plan: CarePlan, now: datetime.datetime) -> PlanSummary | None:
    """Write the summary of the plan's person anew; None (and no row) for a plan that was never approved.

    A person has one row: an open plan speaks before a withdrawn one.
    """
    patient = Patient.objects.get(pk=plan.patient_id)
    plan = _speaking_plan(patient) or plan
    version = plan.current_version
    if version is None:
        return None
    summary, _ = PlanSummary.objects.update_or_create(
        patient=patient,
        defaults=_identity(patient) | _standing(plan, patient) | _content(version) | {"updated_at": now},
    )
    return summary


def project_patient(*, patient: Patient, now: datetime.datetime) -> PlanSummary | None:
    """The same, for a change of the person: demographics, death, consent."""
    plan = _speaking_plan(patient)
    return project_plan(plan=plan, now=now) if plan else None


@transaction.atomic
def project_facts(*, version: CarePlanVersion) -> int:
    """Write the typed facts of an approved version in place of its predecessor's; returns how many."""
    compiled = compile_form(version.form_version.document, sha256=version.form_version.sha256)
    visible = compiled.visible(version.answers)
    AnswerFact.objects.filter(plan_id=version.plan_id).delete()
    rows = [
        AnswerFact(
            plan_id=version.plan_id,
            version_number=version.number,
            item_uid=item.uid,
            slot=item.slot or "",
            visible=True,
            **fact,
        )
        for item in compiled.asked(None)
        if item.uid in visible
        for fact in facts_of(version.answers.get(item.uid))
    ]
    AnswerFact.objects.bulk_create(rows)
    return len(rows)


def facts_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of one question that was shown: one that says what became of it, and one more per further answer."""
    if is_blank(answer):
        return [{"kind": FactKind.EMPTY}]
    kind = FactKind.ABSENT if is_absent(answer) else FactKind.ANSWERED
    found = [fact for fact in map(_fact, _values(answer)) if fact is not None] or [{}]
    return [{"kind": kind} | found[0], *({"kind": FactKind.MORE} | fact for fact in found[1:])]


def rebuild(*, now: datetime.datetime) -> int:
    """Write every summary and every fact anew from the approved versions; returns how many plans."""
    count = 0
    for plan in CarePlan.objects.exclude(current_version=None).select_related("current_version").iterator():
        project_plan(plan=plan, now=now)
        project_facts(version=plan.current_version)  # type: ignore[arg-type]
        count += 1
    return count


def _speaking_plan(patient: Patient) -> CarePlan | None:
    plans = CarePlan.objects.filter(patient=patient).exclude(current_version=None)
    plans = plans.select_related("current_version__form_version", "owner")
    return plans.exclude(state=PlanState.WITHDRAWN).first() or plans.order_by("-withdrawn_at").first()


def _identity(patient: Patient) -> dict[str, Any]:
    return {
        "nhs_number": patient.nhs_number,
        "family_name_key": patient.family_name_key,
        "date_of_birth": patient.date_of_birth,
        "postcode_key": "" if patient.restricted else patient.postcode_key,
        "died_on": patient.died_on,
        "identity": {
            "family_name": patient.family_name,
            "given_names": patient.given_names,
            "title": patient.title,
            "preferred_name": patient.preferred_name,
            "sex": patient.sex,
            "communication_need": patient.communication_need,
            "address": [] if patient.restricted else [*patient.address_lines, patient.postcode],
            "restricted": patient.restricted,
        },
    }


def _standing(plan: CarePlan, patient: Patient) -> dict[str, Any]:
    version = plan.current_version
    consent = patient.consents.order_by("-recorded_at", "-pk").first()
    consented = consent is not None and consent.decision == ConsentDecision.GIVEN
    marks = plan.stop_marks.filter(cleared_at=None).order_by("set_at").values("mark", "slot")
    area = plan.owner.area_links.filter(ends_on=None).values_list("area__code", flat=True).first()
    return {
        "plan": plan,
        "plan_public_id": plan.public_id,
        "version": version,
        "readable": consented,
        "withdrawn_at": plan.withdrawn_at,
        "stop_marks": list(marks),
        "newer_draft": _has_newer_draft(plan),
        "owner_ref": plan.owner.ods_code,
        "area_code": area or "",
    }


def _has_newer_draft(plan: CarePlan) -> bool:
    version = plan.current_version
    if plan.state == PlanState.WITHDRAWN or version is None:
        return False
    drafts = plan.drafts.filter(closed_at=None).exclude(items={})
    later = plan.submissions.filter(submitted_at__gt=version.approved_at, version=None)
    return drafts.exists() or later.exists()


def _content(version: CarePlanVersion) -> dict[str, Any]:
    compiled = form_for_urgent_care(version.form_version)
    code = _access_code(compiled, version.answers)
    return {
        "version_number": version.number,
        "facts": {name: values for name, values in compiled.slots(version.answers).items() if name != SECRET_SLOT},
        "approved_at": version.approved_at,
        "approver_label": f"{version.approver_label}, {version.approver_organisation}",
        "written_and_approved_by_one": version.written_and_approved_by_one,
        "review_on": version.review_on,
        "access_code_encrypted": encrypt(code) if code else None,
        "has_access_code": bool(code),
    }


def _access_code(compiled: CompiledForm, answers: dict[str, Any]) -> str:
    codes = compiled.secret_slots(answers).get(SECRET_SLOT, [])
    return next((str(code) for code in codes if isinstance(code, str) and code), "")


def _values(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


def _fact(value: Any) -> dict[str, Any] | None:
    """The typed columns of one answer; None for prose and for nothing."""
    if isinstance(value, bool):
        return {"code": "yes" if value else "no"}
    if isinstance(value, dict):
        return _coded_fact(value)
    if isinstance(value, str):
        try:
            return {"date": datetime.date.fromisoformat(value)}
        except ValueError:
            return None
    return None


def _coded_fact(value: dict[str, Any]) -> dict[str, Any] | None:
    if value.get("absent"):
        return {"absent": str(value["absent"])[:20]}
    if value.get("code"):
        return {"code": str(value["code"])[:40]}
    if "value" in value:
        try:
            return {"number": Decimal(str(value["value"]))}
        except InvalidOperation:
            return None
    return None
