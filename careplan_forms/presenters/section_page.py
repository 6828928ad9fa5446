"""A section's page in its four states: as it stands, with kept text, after an error, after a repeat's button."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from careplan_forms.forms.typed import TypedData, spread_section
from careplan_forms.merging import Merged
from careplan_forms.models import CarePlan
from careplan_forms.prefill import prefills
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.problems import Problem
from careplan_forms.selectors.audience import seen_fingerprint
from core import clock
from governance.actors import Actor

#: The fingerprint of something the author has not seen: whatever they save is held against what is there now.
UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class SectionPage:
    """What stands on the page, and the fingerprints (`shown`) that travel with it."""

    section: str
    answers: Mapping[str, Any]
    shown: Mapping[str, str]
    problems: Sequence[Problem] = field(default_factory=tuple)
    kept_at: datetime.datetime | None = None

    def html(self, form: CompiledForm, plan: CarePlan) -> Markup:
        """The questions; known values stand in for blank ones, saying where they come from."""
        known, today = prefills(form, plan, self.section), clock.today()
        answers = form.calculated(self.answers, today)
        return form.render_section(self.section, answers, self.problems, known, today)


def blank_page(form: CompiledForm, section: str, merged: Merged) -> SectionPage:
    """The section as it stands."""
    return SectionPage(section, merged.answers, _fingerprints(form, section, merged))


def page_with_kept_text(
    form: CompiledForm, section: str, merged: Merged, kept: Mapping[str, Any], viewer: Actor
) -> SectionPage:
    """The section with what its author typed and did not save laid over it.

    What a colleague saved after the author opened the page counts as not seen, so that saving the kept text
    shows both answers instead of replacing one.
    """
    typed = {} if kept["whole"] else spread_section(form, section, merged.answers)
    typed |= kept["typed"]
    answers, problems = form.parse_section(section, TypedData(typed), merged.answers)
    shown = dict(kept.get("shown") or _fingerprints(form, section, merged))
    if not kept.get("shown"):
        shown |= dict.fromkeys(_changed_since(merged, kept.get("opened", ""), viewer), UNSEEN)
    laid = _laid_over(merged.answers, answers)
    at = datetime.datetime.fromisoformat(kept["at"])
    return SectionPage(section, laid, shown, tuple(problems), at)


def page_after_post(
    section: str,
    merged: Merged,
    answers: Mapping[str, Any],
    problems: Sequence[Problem],
    pressed: Mapping[str, Any] | None,
    shown: Mapping[str, str],
) -> SectionPage:
    """The section as it was sent: with its problems, or after a button of a repeat (`pressed`: the new
    answers).

    A pressed button is not a save, so nothing is called wrong yet; what could not be read is shown as typed.
    """
    laid = pressed if pressed is not None else _laid_over(merged.answers, answers)
    return SectionPage(section, laid, shown, tuple(problems))


def differs(form: CompiledForm, answers: Mapping[str, Any], shown: Mapping[str, str]) -> bool:
    """Whether something was typed on a page: an answer is not what stood there when it was drawn."""
    return any(seen_fingerprint(form.items[uid], value) != shown.get(uid) for uid, value in answers.items())


def _laid_over(below: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    return {uid: value for uid, value in (dict(below) | dict(answers)).items() if value is not None}


def _fingerprints(form: CompiledForm, section: str, merged: Merged) -> dict[str, str]:
    """Of what the viewer sees, and may change: nothing on a page stands for an answer that is not for them."""
    asked = (item for item in form.asked(section) if item.uid in form.editable)
    answers = merged.answers
    return {item.uid: seen_fingerprint(item, answers[item.uid]) if item.uid in answers else "" for item in asked}


def _changed_since(merged: Merged, opened: str, viewer: Actor) -> list[str]:
    """The questions somebody else changed after a page was opened (ISO moments, all in UTC)."""
    return [
        uid
        for uid, candidate in merged.changed.items()
        if candidate.author != viewer.user_id and (not opened or candidate.at > opened)
    ]
