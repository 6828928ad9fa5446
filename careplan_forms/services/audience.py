"""What somebody may do to answers by what they may see and change: saving, settling, sending, approving."""

from collections.abc import Mapping, Sequence
from typing import Any

from careplan_forms.merging import Candidate, Merged, fingerprint
from careplan_forms.models import CarePlan, FormVersion, PlanSubmission
from careplan_forms.schema.audience import sees_all
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.roles import people
from careplan_forms.schema.sealing import restored, sealed_part, seals
from careplan_forms.selectors.audience import form_for_work, form_seen, seen_fingerprint
from careplan_forms.selectors.plans import form_of
from core.exceptions import NotAllowed, Refused
from governance.actors import Actor
from governance.decisions import Decision, Reason

Answers = Mapping[str, Any]

PART_UNSEEN = "A part of this plan is not shown to you, so you cannot approve it"


def allowed_changes(
    by: Actor, plan: CarePlan, answers: Answers, shown: Mapping[str, str], before: Merged
) -> tuple[dict[str, Any], dict[str, str]]:
    """Of what somebody saves, what they may change; the rest is left out, whatever was posted.

    In a repeat, what inside is not theirs stays as it is `before`. A page carries the fingerprints of what its reader
    sees; they come back as those of the whole values they stand for.
    """
    form = form_for_work(by, plan)
    kept, marks = {}, dict(shown)
    for uid, value in answers.items():
        if uid not in form.editable:
            continue
        item, stood = form.items[uid], before.answers.get(uid)
        kept[uid] = restored(item, value, stood)
        if seals(item) and shown.get(uid) == seen_fingerprint(item, stood):
            marks[uid] = fingerprint(stood)
    return kept, marks


def chosen_of(by: Actor, plan: CarePlan, uid: str, clash: Sequence[Candidate], chosen: str) -> Candidate | None:
    """The candidate with the fingerprint `chosen`, as its reader was shown it; None when there is none now.

    Raises Refused for a question somebody may not change, or whose values differ where they may not.
    """
    form = form_for_work(by, plan)
    if uid not in form.editable:
        raise Refused("You cannot change this answer. Somebody who may has to choose", field=uid)
    item = form.items[uid]
    if len({fingerprint(sealed_part(item, one.value)) for one in clash}) > 1:
        text = "These answers differ in a part that you cannot change. Somebody who may has to choose"
        raise Refused(text, field=uid)
    return next((one for one in clash if seen_fingerprint(item, one.value) == chosen), None)


def clash_in_words(whole: CompiledForm, form: CompiledForm, uid: str) -> tuple[str, str, str]:
    """Two answers to one question as an obstacle: (section key, field name, sentence)."""
    item = whole.items[uid]
    if uid in form.editable:
        return item.section, "", f"{item.label}: choose one of two answers"
    said = _who_may(whole, uid)
    who = f"{said[0].upper()}{said[1:]}"
    if uid in form.items:
        return item.section, item.name, f"{item.label}: two people gave different answers. {who} have to choose one"
    return "", "", f"A question that is not shown to you has two different answers. {who} have to choose one"


def left_to_others(whole: CompiledForm, form: CompiledForm, answers: Answers) -> list[str]:
    """What approval still needs and `form` does not let its viewer answer, a sentence each."""
    found: dict[str, None] = {}
    for problem in whole.validate(whole.complete(answers), stage="publish"):
        item = form.items.get(problem.uid)
        if item is None or item.item.read_only:
            name = item.label if item else "A question that is not shown to you"
            found.setdefault(f"{name}: to be answered by {_who_may(whole, problem.uid)}")
    return list(found)


def sees_answers(by: Actor, plan: CarePlan, version: FormVersion, answers: Answers) -> bool:
    """Whether somebody is shown every one of these answers."""
    return sees_all(form_seen(by, plan, version), form_of(version), answers)


def check_sees_all(by: Actor, plan: CarePlan, submission: PlanSubmission) -> None:
    """Nobody approves what they are not shown. Raises NotAllowed."""
    if not sees_answers(by, plan, submission.form_version, submission.answers):
        raise NotAllowed(
            Decision(False, reasons=(Reason("part-unseen", PART_UNSEEN, "Somebody who may see all of it"),))
        )


def _who_may(whole: CompiledForm, uid: str) -> str:
    limits = [whole.plain_items[each].roles for each in (*whole.around[uid], uid)]
    named = [limit for roles in limits for limit in (roles.see, roles.edit) if limit is not None]
    return people(frozenset.intersection(*named)) if named else "colleagues"
