"""The one projector: writes what others read (`PlanSummary`, `AnswerFact`) in the transaction of any source it names.

Sources: approval, stop mark, withdrawal, death, consent, demographics, and "a newer draft exists" (nothing of it).
Both tables can be rebuilt from their sources at any time (`rebuild`).
"""

import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from careplan_forms.enums import FactKind, PlanState
from careplan_forms.models import (
    AnswerFact,
    CarePlan,
    CarePlanVersion,
    FormVersion,
    Patient,
    PlanDraft,
    PlanStopMark,
    PlanSubmission,
    PlanSummary,
)
from careplan_forms.permissions import newest_decision
from careplan_forms.policies import lets_share
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.items.base import is_absent, is_blank
from careplan_forms.selectors.audience import form_for_urgent_care
from careplan_forms.selectors.plans import form_of
from core.encryption import encrypt
from core.rows import delete, insert_all, update
from governance.models import OrganisationArea
from governance.selectors.fact_rows import JSONList, as_moment, loaded
from governance.selectors.prepared import Prepared, Slot, all_but

#: The slot whose answer is never in `facts`: it is stored encrypted, apart.
SECRET_SLOT = "access.code"  # noqa: S105  (the name of a slot, not a secret)


def project_plan(*, plan: CarePlan, now: datetime.datetime) -> None:
    """Write the summary of the plan's person anew; no row for a plan that was never approved."""
    _project(plan.patient_id, now)


def project_patient(*, patient: Patient, now: datetime.datetime) -> None:
    """The same, for a change of the person: demographics, death, consent."""
    _project(patient.pk, now)


def project_newer_draft(*, plan: CarePlan, now: datetime.datetime) -> None:
    """The same, when all that happened is that somebody writes in an open, approved plan: its row says so."""
    PlanSummary.objects.filter(plan=plan, newer_draft=False).update(newer_draft=True, updated_at=now)


@transaction.atomic(savepoint=False)
def project_facts(*, version: CarePlanVersion) -> int:
    """Write the typed facts of an approved version in place of its predecessor's; returns how many."""
    compiled = form_of(version.form_version)
    visible = compiled.visible(version.answers)
    delete(AnswerFact, {"plan": version.plan_id})
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
    insert_all(rows)
    return len(rows)


def facts_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of one question that was shown: one that says what became of it, and one more per further answer."""
    if is_blank(answer):
        return [{"kind": FactKind.EMPTY}]
    kind = FactKind.ABSENT if is_absent(answer) else FactKind.ANSWERED
    found = [fact for fact in map(_fact, _values(answer)) if fact is not None] or [{}]
    return [{"kind": kind} | found[0], *({"kind": FactKind.MORE} | fact for fact in found[1:])]


def rebuild(*, now: datetime.datetime) -> int:
    """Write every summary and every fact anew from the approved versions; returns how many plans.

    Each plan is held while it is written: an approval meanwhile comes first, or writes after.
    """
    keys = list(CarePlan.objects.exclude(current_version=None).values_list("pk", flat=True))
    for key in keys:
        with transaction.atomic():
            plan = CarePlan.objects.select_for_update(of=("self",)).select_related("current_version").get(pk=key)
            project_plan(plan=plan, now=now)
            project_facts(version=plan.current_version)  # type: ignore[arg-type]
    return len(keys)


@transaction.atomic(savepoint=False)
def _project(patient_id: int, now: datetime.datetime) -> None:
    said = row_of(patient_id)
    if said is None:
        return
    row = said | {"updated_at": now}
    if not update(PlanSummary, {"patient": patient_id}, **row):
        PlanSummary.objects.update_or_create(patient_id=patient_id, defaults=row)


def row_of(patient_id: int) -> dict[str, Any] | None:
    """What a person's row has to say, by its fields, `updated_at` aside; None for a person without an approved plan."""
    plan = _speaking_plan(patient_id)
    return _identity(plan.patient) | _standing(plan) | _content(plan.current_version) if plan is not None else None


def _speaking_plan(patient_id: int) -> Any | None:
    """The approved plan of a person's row, an open one before a withdrawn one, with every source: one query."""
    return next(iter(_SOURCES.models(patient=patient_id)), None)


#: What readers are told of the person, and of an approved version.
_OF_THE_PERSON = (
    *("nhs_number", "family_name", "given_names", "title", "preferred_name", "date_of_birth", "died_on", "sex"),
    *("address_lines", "postcode", "restricted", "communication_need", "family_name_key", "postcode_key"),
)
_TOLD = (
    *("form_version", "number", "answers", "approved_at", "review_on"),
    *("approver_label", "approver_organisation", "written_and_approved_by_one"),
)


def _sources() -> QuerySet[CarePlan]:
    drafts = PlanDraft.objects.filter(plan=OuterRef("pk"), closed_at=None).exclude(items={})
    later = PlanSubmission.objects.filter(
        plan=OuterRef("pk"), submitted_at__gt=OuterRef("current_version__approved_at"), version=None
    )
    marks = PlanStopMark.objects.filter(plan=OuterRef("pk"), cleared_at=None).order_by()
    areas = OrganisationArea.objects.filter(organisation=OuterRef("owner"), ends_on=None).order_by("pk")
    is_open = Case(When(state=PlanState.WITHDRAWN, then=0), default=1)
    return (
        CarePlan.objects.filter(patient=Slot("patient", BigIntegerField()), current_version__isnull=False)
        .select_related("patient", "current_version__form_version")
        .defer(
            *all_but("patient", Patient, *_OF_THE_PERSON),
            *all_but("current_version", CarePlanVersion, *_TOLD),
            *all_but("current_version__form_version", FormVersion, "sha256"),
        )
        .annotate(
            owner_code=F("owner__ods_code"),
            consent=newest_decision("patient"),
            marks=Subquery(marks.values(rows=JSONList(JSONObject(at="set_at", pk="pk", mark="mark", slot="slot")))),
            area=Subquery(areas.values("area__code")[:1]),
            has_newer=Exists(drafts) | Exists(later),
        )
        .order_by(is_open.desc(), F("withdrawn_at").desc(nulls_last=True), "pk")
    )


_SOURCES = Prepared(_sources)


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


def _standing(plan: Any) -> dict[str, Any]:
    marks = sorted(loaded(plan.marks), key=lambda mark: (as_moment(mark["at"]), mark["pk"]))
    return {
        "plan": plan,
        "plan_public_id": plan.public_id,
        "version": plan.current_version,
        "readable": lets_share(plan.consent),
        "withdrawn_at": plan.withdrawn_at,
        "review_on": plan.review_on or plan.current_version.review_on,
        "stop_marks": [{"mark": mark["mark"], "slot": mark["slot"]} for mark in marks],
        "newer_draft": plan.state != PlanState.WITHDRAWN and plan.has_newer,
        "owner_ref": plan.owner_code,
        "area_code": plan.area or "",
    }


def _content(version: CarePlanVersion) -> dict[str, Any]:
    compiled = form_for_urgent_care(version.form_version)
    code = _access_code(compiled, version.answers)
    return {
        "version_number": version.number,
        "facts": {name: values for name, values in compiled.slots(version.answers).items() if name != SECRET_SLOT},
        "approved_at": version.approved_at,
        "approver_label": f"{version.approver_label}, {version.approver_organisation}",
        "written_and_approved_by_one": version.written_and_approved_by_one,
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
