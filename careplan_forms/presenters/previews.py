"""Previews of a form with a test person: filling it in, and what urgent care would read, on screen and on paper."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from careplan_forms.models import FormTestCase, PlanSummary
from careplan_forms.presenters.emergency import EmergencyView, present
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.drawing import on_this_page
from careplan_forms.schema.drawing_trace import explaining
from careplan_forms.schema.languages import direction, is_language, name_of
from careplan_forms.schema.markup import safe
from careplan_forms.schema.problems import Problem
from careplan_forms.schema.trace import why
from careplan_forms.schema.translating import languages_in
from governance.enums import RoleKey

MODES = {
    "clinician": "As a clinician fills it in",
    "patient": "As the person fills it in",
    "emergency": "As urgent care reads it",
    "paper": "On paper (A4)",
}
#: The two in which the form itself is drawn; the others show what was made of it.
FILLED_IN = ("clinician", "patient")
#: Who may look at a plan at all, in the order they are offered.
ROLES = (
    RoleKey.DOCTOR,
    RoleKey.CLINICIAN,
    RoleKey.CARE_HOME,
    RoleKey.URGENT_READER,
    RoleKey.PATIENT,
    RoleKey.DELEGATE,
)
#: Where no answer says who it is about. The number is one that is never given out.
_NOBODY = {"family_name": "Example", "given_names": "Test person", "sex": "not_known"}
_NUMBER = "9990000018"
_BORN = datetime.date(1941, 5, 9)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A question that is not on the page, and why."""

    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PreviewSection:
    """A section as it is drawn in a preview, with the questions that other sections' answers keep from it."""

    title: Markup
    hint: Markup
    html: Markup
    hidden: tuple[Hidden, ...]


def modes_for(people: Iterable[FormTestCase]) -> list[tuple[str, str]]:
    """What the preview panel of the administration offers: each way of looking, then each with every test person."""
    found = list(MODES.items())
    return found + [
        (f"{mode}:{row.key}", f"{row.title}: {said.lower()}") for row in people for mode, said in MODES.items()
    ]


def split_mode(name: str) -> tuple[str, str]:
    """A mode of the panel as the way of looking and the test person's key; what is unknown becomes a clinician."""
    mode, _, key = name.partition(":")
    return (mode if mode in MODES else "clinician"), key


@dataclass(frozen=True, slots=True)
class DrawnIn:
    """The language a preview is drawn in, and the others it could be: (address, name)."""

    language: str
    direction: str
    others: tuple[tuple[str, str], ...]


def drawn_in(document: Mapping[str, Any], asked: Any) -> DrawnIn:
    """The language asked for in the address (a QueryDict), if the form has words in it, else the form's own."""
    own = str(document["language"]) if is_language(document["language"]) else "en"
    offered = [own, *languages_in(dict(document))]
    chosen = asked.get("language", "")
    chosen = chosen if chosen in offered else own
    others = []
    for each in offered:
        address = asked.copy()
        address["language"] = each
        if each != chosen:
            others.append((f"?{address.urlencode()}", name_of(each)))
    return DrawnIn(chosen, direction(chosen), tuple(others))


def sections_of(
    form: CompiledForm,
    answers: Mapping[str, Any],
    *,
    problems: Iterable[Problem] = (),
    only: str | None = None,
) -> list[PreviewSection]:
    """Every section (or one) drawn with the reasons why; `answers` hold calculated values.

    The page does not follow answers as they change: the reasons would no longer be those of what is seen.
    """
    said = explaining(form)
    listed = list(problems)
    return [
        PreviewSection(
            safe(section.title),
            safe(section.hint),
            said.render_section(section.key, answers, listed),
            tuple(_hidden(form, answers, section.items)),
        )
        for section in form.sections
        if only in (None, section.key)
    ]


def emergency_view(
    form: CompiledForm, answers: Mapping[str, Any], now: datetime.datetime, today: datetime.date
) -> EmergencyView:
    """What urgent care would read of these answers, were they approved. The key safe's code is nowhere in it."""
    known = {path: answers.get(uid) for uid, path in form.prefill_paths.items()}
    said = {name: known.get(f"patient.{name}") for name in ("family_name", "given_names", "preferred_name")}
    born = known.get("patient.date_of_birth")
    summary = PlanSummary(
        plan_public_id=uuid.UUID(int=0),
        version_number=0,
        nhs_number=_text(known.get("patient.nhs_number")) or _NUMBER,
        date_of_birth=_date(born) or _BORN,
        identity=_NOBODY | {name: text for name, value in said.items() if (text := _text(value))},
        facts=form.slots(answers),
        approved_at=now,
        approver_label="nobody: this is a preview",
    )
    return replace(present(summary, now=now, today=today), has_access_code=False, status=("This is a preview.",))


def _hidden(form: CompiledForm, answers: Mapping[str, Any], items: Iterable[CompiledItem]) -> Iterable[Hidden]:
    hidden = form.showing.hidden(answers)
    for item in items:
        if item.uid in hidden and not (item.item.show_if and on_this_page(form, item)):
            yield Hidden(item.label, why(form, answers, item.uid).sentence)
        elif item.uid not in hidden:
            yield from _hidden(form, answers, item.children)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _date(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
