"""What an approver, a reader of history, or somebody who was overtaken is told has changed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.models import CarePlanVersion, FormVersion, PlanSubmission
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.diff import diff_answers
from careplan_forms.schema.wording import HELD_APART
from careplan_forms.selectors.audience import form_seen
from careplan_forms.selectors.plans import form_of
from core.date_format import staff_date
from governance.actors import Actor

CPR_SLOT = "cpr.decision"
NOTHING = "Nothing recorded"

#: Something with answers on a form version: a submission or an approved version.
Text = PlanSubmission | CarePlanVersion


@dataclass(frozen=True, slots=True)
class Change:
    """One question that reads differently. `slot` is the emergency slot it fills, if any."""

    section: str
    label: str
    before: str
    after: str
    slot: str = ""


def changes(old: Text | None, new: Text, viewer: Actor) -> list[Change]:
    """The questions of `new` that read differently from `old` (or from an empty plan), in the form's order.

    A question that the new form no longer asks is listed at the end, by the words of the old one. What the viewer
    may not see is in none of it.
    """
    form = form_seen(viewer, new.plan, new.form_version)
    found = _between(form, old.answers if old else {}, new.answers)
    if old is not None and old.form_version_id != new.form_version_id:
        earlier, labels = form_seen(viewer, new.plan, old.form_version), _labels(form_of(new.form_version))
        found += [change for change in _between(earlier, old.answers, {}) if change.label not in labels]
    return found


def submission_changes(old: PlanSubmission, new: PlanSubmission, viewer: Actor) -> list[Change]:
    """The same between two submissions, with what is sent beside the answers."""
    found = changes(old, new, viewer)
    beside = [
        ("Discussed with", old.discussed_with, new.discussed_with),
        ("Next review", staff_date(old.review_on), staff_date(new.review_on)),
    ]
    return found + [Change("", label, was, now) for label, was, now in beside if was != now]


def cpr_change(found: list[Change]) -> Change | None:
    """The change of the decision on resuscitation, if there is one: it is asked about twice."""
    return next((change for change in found if change.slot == CPR_SLOT), None)


def changes_cpr(old: CarePlanVersion | None, form_version: FormVersion, answers: Mapping[str, Any]) -> bool:
    """Whether emergency readers would be told another CPR decision than the approved version tells them.

    A first version changes nothing that anybody acts on. Other words for the same decision are no change of it.
    """
    if old is None:
        return False
    before = form_of(old.form_version).slots(old.answers).get(CPR_SLOT)
    return before != form_of(form_version).slots(answers).get(CPR_SLOT)


def as_rows(found: list[Change]) -> list[tuple[str, str, str]]:
    """(label, before, after), as a conflict page lists them."""
    return [(change.label, change.before, change.after) for change in found]


def _between(form: CompiledForm, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    titles = {section.key: section.title for section in form.sections}
    found = []
    for change in diff_answers(form, old, new):
        item = form.items[change.uid]
        after = change.new_text
        if after == change.old_text == HELD_APART:
            after = f"{HELD_APART}, changed"
        found.append(Change(titles[item.section], change.label, change.old_text, after, item.slot or ""))
    return found


def _labels(form: CompiledForm) -> set[str]:
    return {item.label for item in form.items.values()}
