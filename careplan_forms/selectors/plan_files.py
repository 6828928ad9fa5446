"""Files of a plan, found through the answers somebody may see: whoever is shown an answer may open its files."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from careplan_forms.merging import Merged
from careplan_forms.models import CarePlan, PlanFile
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.reading import files, files_by_question
from careplan_forms.selectors import plans
from careplan_forms.selectors.audience import form_for_work, form_seen
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check, decide

Facts = Mapping[str, Any]


def find(*, viewer: Actor, plan: CarePlan, file_id: UUID) -> Facts | None:
    """What the plan says of a file, when it says it somewhere the viewer may look; None for every other file."""
    check(viewer, Action.PLAN_READ, plan)
    row = PlanFile.objects.filter(plan=plan, public_id=file_id).first()
    if row is None:
        return None
    for facts in _facts_seen(viewer, plan, row):
        if facts["id"] == str(file_id):
            return facts
    return None


def known_to(plan: CarePlan, ids: list[str]) -> dict[str, PlanFile]:
    """The plan's own files among these ids."""
    return {str(row.public_id): row for row in PlanFile.objects.filter(plan=plan, public_id__in=ids)}


def unknown(plan: CarePlan, item: CompiledItem, value: Any, before: Any) -> list[Facts]:
    """The files of a new answer that it may not name.

    A file belongs to the question it was uploaded to, or to the answer that held it `before`, and is exactly what is
    known of it.
    """
    named = list(files_by_question(item, value))
    held = {each["id"]: each for _, each in files_by_question(item, before)}
    fresh = [(uid, each) for uid, each in named if held.get(each["id"]) != each]
    rows = known_to(plan, [each["id"] for _, each in fresh]) if fresh else {}
    return [
        each
        for uid, each in fresh
        if each["id"] not in rows or rows[each["id"]].uid != uid or rows[each["id"]].facts != each
    ]


def _facts_seen(viewer: Actor, plan: CarePlan, row: PlanFile) -> Iterator[Facts]:
    """The files in all texts of a plan the viewer may open, those that were sent or approved first."""
    # An approved version says what its submission said.
    for sent in plan.submissions.select_related("form_version").order_by("-submitted_at"):
        for found in files(form_seen(viewer, plan, sent.form_version), sent.answers).values():
            yield from found
    if not decide(viewer, Action.PLAN_WRITE, plan).allowed:
        return
    form = form_for_work(viewer, plan)
    yield from _in_work(form, plans.working_view(plan, viewer))
    # What somebody uploaded and has not saved yet is theirs to look at.
    asked = form.items.get(row.uid)
    if row.uploaded_by_id == viewer.user_id and asked is not None and not asked.item.read_only:
        yield row.facts


def _in_work(form: CompiledForm, merged: Merged) -> Iterator[Facts]:
    """The files of the working view, those of questions hidden now and of answers that clash among them."""
    for item in form.asked(None):
        values = [merged.answers.get(item.uid), *(one.value for one in merged.clashes.get(item.uid, ()))]
        for value in values:
            yield from (each for _, each in files_by_question(item, value))
