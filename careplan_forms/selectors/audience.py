"""The form of a plan as somebody may see it: by their role, and by what is kept from the person or who acts for them.

Every page, paper, export and save of answers takes its form from here; the decision itself is `schema.audience`.
"""

from typing import Any

from careplan_forms.merging import fingerprint
from careplan_forms.models import CarePlan, FormVersion, WithheldAnswer
from careplan_forms.schema.audience import view_of
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import Audience, CompiledForm, compile_form, compiled_already
from careplan_forms.schema.offered import languages_of
from careplan_forms.schema.sealing import seals, seen_part
from careplan_forms.selectors.plans import form_of
from governance.actors import Actor
from governance.enums import ActorKind, RoleKey

#: Of a connected system: it sees what is for everybody, and nothing that is for some.
SYSTEM = "system"
_BY_KIND = {ActorKind.PERSON: RoleKey.PATIENT, ActorKind.DELEGATE: RoleKey.DELEGATE}


def role_of(viewer: Actor) -> str | None:
    """In which role somebody is shown answers; None for the service's own jobs, which show nobody anything."""
    if viewer.kind == ActorKind.JOB:
        return None
    if viewer.kind in _BY_KIND:
        return _BY_KIND[ActorKind(viewer.kind)]
    return viewer.role or SYSTEM


def withheld_from(viewer: Actor, plan: CarePlan) -> frozenset[str]:
    """The questions of a plan whose answers are kept from the viewer; staff are shown all."""
    if viewer.kind not in _BY_KIND:
        return frozenset()
    field = "from_person" if viewer.kind == ActorKind.PERSON else "from_delegates"
    rows = WithheldAnswer.objects.filter(plan=plan, ended_at=None, **{field: True})
    return frozenset(rows.values_list("uid", flat=True))


def form_seen(
    viewer: Actor, plan: CarePlan, version: FormVersion, audience: Audience = "clinician", language: str = ""
) -> CompiledForm:
    """A form version as the viewer may see a plan on it, in `language` where it has words in it.

    What the plan's present form keeps from the viewer is kept from them in older versions of the plan too.
    """
    role, gone = role_of(viewer), withheld_from(viewer, plan)
    if version.pk != plan.form_version_id:
        now = form_of(plan.form_version)
        gone |= now.items.keys() - view_of(now, role).items.keys()
    return view_of(_compiled(version, audience, language), role, gone)


def form_for_work(viewer: Actor, plan: CarePlan, language: str = "") -> CompiledForm:
    """The form a plan is written on, as the viewer may see and change it."""
    return form_seen(viewer, plan, plan.form_version, language=language)


def form_in_force(viewer: Actor, plan: CarePlan, audience: Audience = "clinician", language: str = "") -> CompiledForm:
    """The form of the approved version, or before there is one that the plan is written on, as the viewer sees it."""
    version = plan.current_version.form_version if plan.current_version else plan.form_version
    return form_seen(viewer, plan, version, audience, language)


def seen_fingerprint(item: CompiledItem, value: Any) -> str:
    """What stands on a page for an answer; it tells nothing of the parts its audience does not see."""
    return fingerprint(seen_part(item, value) if value and seals(item) else value)


def form_for_urgent_care(version: FormVersion) -> CompiledForm:
    """A form version as it is read in an emergency: whoever reads then, reads as urgent care does."""
    return view_of(form_of(version), RoleKey.URGENT_READER)


def kept_from_reports(viewer: Actor, version: FormVersion) -> frozenset[str]:
    """The questions of a form version that reports leave out for the viewer, though they only count answers."""
    whole = form_of(version)
    return frozenset(whole.items.keys() - view_of(whole, role_of(viewer)).items.keys())


def _compiled(version: FormVersion, audience: Audience, language: str) -> CompiledForm:
    """The whole form, its document fetched only when this process has not compiled it yet."""
    plain = form_of(version)
    chosen = language if language and language in languages_of(plain) else plain.language
    known = compiled_already(version.sha256, audience=audience, language=chosen)
    return known or compile_form(plain.document, sha256=version.sha256, audience=audience, language=chosen)
