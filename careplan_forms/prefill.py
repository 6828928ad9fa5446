"""What is known already and need not be asked: values for blank questions, each with where it comes from."""

from typing import Any

from careplan_forms.enums import ConsentDecision, Verification
from careplan_forms.models import CarePlan, Consent, Patient
from careplan_forms.permissions import newest_consent
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.items.choice import option_answer

NATIONAL = "the national demographics service"
TYPED = "the person's record"
CONSENT = "the recorded decision about sharing"


def prefills(form: CompiledForm, plan: CarePlan, section: str) -> dict[str, dict[str, Any]]:
    """`{uid: {"value", "source"}}` for the questions of a section that name a known path."""
    paths = {uid: path for uid, path in form.prefill_paths.items() if form.items[uid].section == section}
    if not paths:
        return {}
    known = _of_patient(plan.patient) | _of_consent(newest_consent(plan.patient))
    found: dict[str, dict[str, Any]] = {}
    for uid, path in paths.items():
        value, source = known.get(path, (None, ""))
        fitting = _fitting(form.items[uid], value)
        if fitting not in (None, ""):
            found[uid] = {"value": fitting, "source": source}
    return found


def _of_patient(patient: Patient) -> dict[str, tuple[Any, str]]:
    source = NATIONAL if patient.verification == Verification.VERIFIED else TYPED
    practice = patient.gp_practice
    values = {
        "patient.family_name": patient.family_name,
        "patient.given_names": patient.given_names,
        "patient.preferred_name": patient.preferred_name,
        "patient.date_of_birth": patient.date_of_birth.isoformat(),
        "patient.sex": patient.sex,
        "patient.nhs_number": patient.nhs_number,
        "patient.verification": patient.verification,
        "patient.address": "" if patient.restricted else "\n".join(patient.address_lines),
        "patient.postcode": "" if patient.restricted else patient.postcode,
        "patient.phone": "" if patient.restricted else patient.phone,
        "patient.gp_practice": {"code": practice.ods_code, "name": practice.name} if practice else None,
    }
    return {path: (value, source) for path, value in values.items()}


def _of_consent(consent: Consent | None) -> dict[str, tuple[Any, str]]:
    if consent is None:
        return {}
    given = consent.decision == ConsentDecision.GIVEN
    return {
        "consent.basis": (consent.basis if given else consent.decision, CONSENT),
        "consent.decided_on": (consent.decided_on.isoformat(), CONSENT),
    }


def _fitting(item: CompiledItem, value: Any) -> Any:
    """The value as this question holds it; a coded question takes the option with that id, or nothing."""
    if item.type not in ("choice", "choices"):
        return value
    option = next((each for each in item.item.options if each.id == value and not each.retired), None)
    if option is None:
        return None
    return option_answer(option) if item.type == "choice" else [option_answer(option)]
