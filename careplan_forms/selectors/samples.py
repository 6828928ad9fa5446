"""A sampled version, for the clinical lead who looks at it and for the doctors of the organisation it is of."""

from uuid import UUID

from careplan_forms.enums import SAMPLE_KIND
from careplan_forms.models import CarePlanVersion
from careplan_forms.schema.audience import view_of
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.selectors.audience import form_seen, role_of
from governance.actors import Actor
from governance.enums import Action, RoleKey
from governance.gate import check_found
from workflows.models import FlowCase


def is_looked_at(version: CarePlanVersion) -> bool:
    """Whether a case of the sample is open on it."""
    return FlowCase.objects.filter(subject_kind=SAMPLE_KIND, subject_id=version.public_id, closed_at=None).exists()


def get(*, viewer: Actor, public_id: UUID) -> CarePlanVersion:
    """One sampled version. Raises Absent, alike for none and for one that is not the viewer's to look at."""
    rows = CarePlanVersion.objects.select_related("plan__patient", "plan__owner", "plan__form_version", "form_version")
    version = rows.select_related("submission").filter(public_id=public_id).first()
    leads = viewer.role == RoleKey.CLINICAL_LEAD
    action = Action.PLAN_SAMPLE if leads else Action.PLAN_READ
    if version is not None and not leads and not FlowCase.objects.filter(subject_id=public_id).exists():
        version = None
    found: CarePlanVersion = check_found(viewer, action, version)
    return found


def form_without_identity(viewer: Actor, version: CarePlanVersion) -> CompiledForm:
    """The form of the version as the viewer may see it, without what the record of the person fills in."""
    form = form_seen(viewer, version.plan, version.form_version)
    filled = {uid for uid, item in form.items.items() if (item.item.prefill or "").startswith("patient.")}
    return view_of(form, role_of(viewer), frozenset(filled))
