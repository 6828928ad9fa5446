"""What a new version of a form would do to the plans that are open."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from careplan_forms.enums import PlanState
from careplan_forms.models import CarePlan, FormDefinition, FormVersion, PlanDraft
from careplan_forms.schema.carrying import Carrying, Outcome

#: Plans read at one go; a plan's answers are a few tens of kilobytes.
CHUNK = 500


class OpenPlan(NamedTuple):
    """A plan as it stands: what is approved with what is being written on top."""

    form_version_id: int
    answers: Mapping[str, Any]


def impact_of(definition: FormDefinition, document: Mapping[str, Any]) -> dict[str, Any]:
    """How the open plans of a form would fare if `document` replaced the version each stands on.

    `carry_over`, `need_clinician` and `lose_answer` add up to `open_plans`; a plan that would lose an answer and needs
    a clinician counts as losing. `removed` and `doubtful` say for which questions: uid, label, plans.
    """
    plans = CarePlan.objects.filter(form_version__definition=definition).exclude(state=PlanState.WITHDRAWN)
    versions = FormVersion.objects.in_bulk(set(plans.order_by().values_list("form_version", flat=True)))
    carrying = {pk: Carrying(each.document, document) for pk, each in versions.items()}
    outcomes, lost, doubtful = Counter[Outcome](), Counter[str](), Counter[str]()
    for plan in _open(plans, {pk for pk, each in carrying.items() if each.touches}):
        fate = carrying[plan.form_version_id].fate(plan.answers)
        outcomes[fate.outcome] += 1
        lost.update(fate.lost)
        doubtful.update(fate.doubtful)
    removed = {uid: label for each in carrying.values() for uid, label in each.removed.items()}
    labels = {uid: label for each in carrying.values() for uid, label in each.labels.items()}
    return {
        "open_plans": outcomes.total(),
        "carry_over": outcomes["carries_over"],
        "need_clinician": outcomes["needs_clinician"],
        "lose_answer": outcomes["loses_answer"],
        "open_drafts": PlanDraft.objects.filter(form_version__definition=definition, closed_at=None).count(),
        "removed": [{"uid": uid, "label": label, "plans": lost[uid]} for uid, label in removed.items()],
        "doubtful": [{"uid": uid, "label": labels[uid], "plans": number} for uid, number in doubtful.most_common()],
    }


def _open(plans: Any, touched: set[int]) -> Iterator[OpenPlan]:
    """Every open plan, in chunks; the answers of those on a version that nothing touches are not read."""
    untouched = plans.exclude(form_version__in=touched).order_by().values_list("form_version", flat=True)
    yield from (OpenPlan(version, {}) for version in untouched.iterator(chunk_size=5000))
    rows = plans.filter(form_version__in=touched).order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).values_list("pk", "form_version", "current_version__answers")[:CHUNK]):
        last = chunk[-1][0]
        typed = _typed({pk for pk, _, _ in chunk})
        yield from (OpenPlan(version, {**(answers or {}), **typed.get(pk, {})}) for pk, version, answers in chunk)


def _typed(plans: set[int]) -> dict[int, dict[str, Any]]:
    typed: dict[int, dict[str, Any]] = {}
    for plan, items in PlanDraft.objects.filter(plan__in=plans, closed_at=None).values_list("plan", "items"):
        values = {uid: kept["value"] for uid, kept in items.items() if kept.get("value") is not None}
        typed.setdefault(plan, {}).update(values)
    return typed
