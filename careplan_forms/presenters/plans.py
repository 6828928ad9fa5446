"""A plan in words: its state, its sections, its emergency facts, its task list."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from careplan_forms.enums import PlanState
from careplan_forms.merging import Merged
from careplan_forms.models import CarePlan
from careplan_forms.policies import is_review_due, is_review_overdue
from careplan_forms.presenters.files import Address, downloads
from careplan_forms.presenters.in_language import section_words
from careplan_forms.presenters.people import banner
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.emergency import MANDATORY_SLOTS
from careplan_forms.schema.reading import files
from careplan_forms.selectors.audience import seen_fingerprint
from core.date_format import staff_date

#: The questions that answer what is asked first in an emergency, in that order. Who the person is and that they
#: agreed stand above on every page.
_FACT_SLOTS = [
    slot for slots in MANDATORY_SLOTS.values() for slot in slots if slot not in ("person.confirmed", "consent.basis")
]


@dataclass(frozen=True, slots=True)
class State:
    """A word and its mood (colour), as `macros/tags.jinja` takes them."""

    text: str
    mood: str


def states(plan: CarePlan, today: datetime.date) -> list[State]:
    """Everything a reader of lists and pages must know of where a plan stands."""
    if plan.state == PlanState.WITHDRAWN:
        return [State(f"Withdrawn {staff_date(plan.withdrawn_at)}", "bad")]
    found = []
    if plan.current_version_id is None:
        found.append(State("Draft, not approved yet", "neutral"))
    elif is_review_overdue(plan.review_on, today):
        found.append(State(f"Review overdue since {staff_date(plan.review_on)}", "bad"))
    elif is_review_due(plan.review_on, today):
        found.append(State(f"Review due {staff_date(plan.review_on)}", "attention"))
    else:
        found.append(State("Current", "good"))
    if plan.waiting_submission_id is not None:
        found.append(State("Waiting for approval", "waiting"))
    elif plan.returned_submission_id is not None:
        found.append(State("Returned for changes", "attention"))
    return found


def sections(
    form: CompiledForm,
    answers: Mapping[str, Any],
    *,
    only_answered: bool = True,
    notes: Mapping[str, str] | None = None,
    address: Address | None = None,
) -> list[dict[str, Any]]:
    """The sections with their rows, for reading; what is not recorded stands only where asked for.

    `notes` (uid → sentence) are said beside answers; `address` gives where a file is downloaded.
    """
    held = files(form, answers) if address else {}
    found = []
    for section in form.sections:
        rows = [
            {
                "key": row.label,
                "value": "" if row.uid in held and form.items[row.uid].type == "attachment" else row.text,
                "uid": row.uid,
                "state": row.state,
                "note": (notes or {}).get(row.uid, ""),
                "files": downloads(held.get(row.uid, ()), address),
            }
            for row in form.rows(answers, section.key)
            if row.state != "not_recorded" or not only_answered
        ]
        if rows:
            found.append({"key": section.key, "title": section.title, "group": section.group, "rows": rows})
    return found


def emergency_facts(form: CompiledForm, answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is asked first: each fact with its answer, or that it is not recorded."""
    by_uid = {row.uid: row for row in form.rows(answers)}
    slots = {item.slot: item.uid for item in reversed(form.items.values()) if item.slot in _FACT_SLOTS}
    rows = [by_uid[slots[slot]] for slot in _FACT_SLOTS if slot in slots and slots[slot] in by_uid]
    return [{"key": row.label, "value": row.text} for row in rows]


def task_groups(plan: CarePlan, form: CompiledForm, merged: Merged) -> list[dict[str, Any]]:
    """The sections under their headings with how far each is, for the task list."""
    groups: dict[str, list[dict[str, Any]]] = {}
    clashing = {form.items[uid].section for uid in merged.clashes.keys() & form.editable}
    for section in form.sections:
        status = "problem" if section.key in clashing else form.section_status(section.key, merged.answers)
        words = section_words(form, section.key)
        task = {
            "title": words["title"],
            "hint": "Two people gave different answers" if section.key in clashing else words["hint"],
            "href": reverse("careplan_forms:plan-section", args=[plan.public_id, section.key]),
            "state": status,
        }
        groups.setdefault(words["group"], []).append(task)
    return [{"title": title, "tasks": tasks} for title, tasks in groups.items()]


def clash_rows(form: CompiledForm, merged: Merged, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """The questions with two values: each value as text, and whose it is."""
    return [
        {
            "uid": uid,
            "label": form.items[uid].label,
            "options": [
                {
                    "fingerprint": seen_fingerprint(form.items[uid], one.value),
                    "text": form.display(uid, one.value) or "No answer",
                    "who": names.get(one.author, "The plan as it stands now"),
                    "at": _moment(one.at),
                }
                for one in candidates
            ],
        }
        for uid, candidates in merged.clashes.items()
        if uid in form.editable
    ]


def _moment(text: str) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


def to_do(form: CompiledForm, found: list[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """What keeps the plan from being sent, each with its section; those of the emergency facts first."""
    keys = [section.key for section in form.sections if any(item.slot for item in form.asked(section.key))]
    ordered = sorted(found, key=lambda one: one[0] not in keys)
    return [{"section": key, "anchor": name, "text": text, "clash": not name} for key, name, text in ordered]


def advice(form: CompiledForm, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What is said and never stands in the way: the warnings, and the recommended questions left open."""
    found = {"warnings": form.warnings(answers), "recommended": form.recommended(answers)}
    return {
        name: [
            {"key": one.key, "section": form.items[one.uid].section, "anchor": one.field_name}
            | {"label": one.label, "text": one.text}
            for one in each
        ]
        for name, each in found.items()
    }


def around(plan: CarePlan, today: datetime.date) -> dict[str, Any]:
    """What every page of a plan shows: the plan, the banner of its person, and its states."""
    return {"plan": plan, "banner": banner(plan.patient, today), "states": states(plan, today)}
