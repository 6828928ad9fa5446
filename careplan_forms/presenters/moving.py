"""What another version of the form means for one plan, question by question, for the clinician who looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.models import CarePlan
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.mapping_reasons import REASONS, Reason
from careplan_forms.selectors.audience import form_seen
from careplan_forms.selectors.migrations import Move
from governance.actors import Actor

_GROUPS = {
    "loses_answer": "Answers that have no place on the new form",
    "needs_clinician": "Answers to look at",
    "carries_over": "Changed without need to do anything",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One question: what happens, what is recorded now, and what will stand on the new form."""

    label: str
    sentence: str
    before: str
    after: str


def groups(move: Move, plan: CarePlan, viewer: Actor) -> list[dict[str, Any]]:
    """The rows under a heading each, the gravest first; headings without rows, and what is not for the viewer, are
    left out.
    """
    old = form_seen(viewer, plan, move.migration.from_version)
    new = form_seen(viewer, plan, move.migration.to_version)
    reasons = [each for each in move.moved.reasons if not each.hidden and each.code != "left_over"]
    reasons = [each for each in reasons if each.uid in old.items or each.uid in new.items]
    found = []
    for outcome, title in _GROUPS.items():
        rows = [_row(move, old, new, each) for each in reasons if REASONS[each.code].outcome == outcome]
        if rows:
            found.append({"key": outcome, "title": title, "rows": rows})
    return found


def _row(move: Move, old: CompiledForm, new: CompiledForm, reason: Reason) -> Row:
    targets = [uid for uid, sources in move.moved.sources.items() if reason.uid in sources]
    sources = move.moved.sources.get(reason.uid, ()) or (reason.uid,)
    before = [_text(old, uid, move.merged.answers) for uid in sources]
    after = [_text(new, uid, move.moved.answers) for uid in targets or [reason.uid]]
    return Row(
        reason.old,
        reason.sentence,
        "\n".join(dict.fromkeys(filter(None, before))),
        "\n".join(dict.fromkeys(filter(None, after))),
    )


def _text(form: CompiledForm, uid: str, answers: Mapping[str, Any]) -> str:
    """An answer as it reads; one inside a repeat as the repeat reads, because it has no meaning outside."""
    item = form.items.get(uid)
    if item is None:
        return ""
    outer = item.repeats[0] if item.repeats else uid
    return form.display(outer, answers.get(outer))
