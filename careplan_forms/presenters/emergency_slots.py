"""Slots 4 to 10 of the emergency view, each in its fixed words."""

import datetime
from dataclasses import dataclass

from careplan_forms.presenters import emergency_words as words
from careplan_forms.presenters.facts import Facts, text_of
from core.date_format import staff_date


@dataclass(frozen=True)
class Slot:
    """One of slots 4 to 10: a heading, what stands under it, and a stop mark when one touches it."""

    key: str
    heading: str
    lines: tuple[str, ...]
    more: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True)
class Contact:
    """Somebody to call: `href` is a tel: link, empty when no number was recorded."""

    name: str
    relationship: str
    phone: str
    href: str
    all_hours: bool


def slots(facts: Facts, marks: dict[str, str], today: datetime.date) -> list[Slot]:
    return [
        Slot("adrt", "Advance decision", *_adrt(facts), mark=marks.get("adrt", "")),
        Slot("place", "Preferred place", _place(facts), mark=marks.get("place", "")),
        Slot("allergies", "Allergies", _allergies(facts), mark=marks.get("allergies", "")),
        Slot("medicines", "Just-in-case medicines", _medicines(facts, today), mark=marks.get("medicines", "")),
        Slot("contacts", "Call first", (), mark=marks.get("contacts", "")),
        Slot("access", "Getting in", _access(facts), mark=marks.get("access", "")),
        Slot("conditions", "Main conditions", *_conditions(facts), mark=marks.get("conditions", "")),
    ]


def _adrt(facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    state = facts.token("adrt.state", "not_asked")
    lines = [words.ADRT.get(state, words.ADRT["not_asked"])]
    more: list[str] = []
    if state in ("reported", "seen_incomplete", "seen_recorded"):
        lines.append(words.ADRT_BINDING)
        lines += [f"Refuses {text}" for text in facts.texts("adrt.refuses")]
        more += [f"Document: {text}" for text in facts.texts("adrt.document_location")]
    if facts.token("attorney.state") == "present":
        covers = words.LIFE_SUSTAINING.get(facts.token("attorney.life_sustaining"), words.LIFE_SUSTAINING["not_known"])
        lines.append(f"{words.ATTORNEY}: {covers}")
    return tuple(lines), tuple(more)


def _place(facts: Facts) -> tuple[str, ...]:
    lines = []
    for label, name in (("Care", "place.care"), ("Death", "place.death")):
        choices = [facts.text(f"{name}_first", words.NOT_DISCUSSED), *facts.texts(f"{name}_second")]
        lines.append(f"{label}: {', then '.join(choices)}")
    return tuple(lines)


def _allergies(facts: Facts) -> tuple[str, ...]:
    state = facts.token("allergies.state", "not_recorded")
    label = words.ALLERGIES.get(state, words.ALLERGIES["not_recorded"])
    return (f"{label}: {facts.text('allergies.list')}",) if state == "known" else (label,)


def _medicines(facts: Facts, today: datetime.date) -> tuple[str, ...]:
    state = words.MEDICINES.get(facts.token("medicines.state"), words.MEDICINES["not_recorded"])
    lines = [": ".join([state, *facts.texts("medicines.where")[:1]])]
    until = facts.date("medicines.valid_until")
    if until:
        expired = f" ({words.EXPIRED})" if until < today else ""
        lines.append(f"Chart valid until {staff_date(until)}{expired}")
    return tuple(lines)


def _access(facts: Facts) -> tuple[str, ...]:
    lines = facts.texts("access.location") or [words.NOT_RECORDED]
    return (*lines, *facts.texts("access.hazards"))


def _conditions(facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    todo = [line for text in facts.texts("conditions.what_to_do") for line in text.splitlines() if line.strip()]
    lines = (facts.text("conditions.main"), *(f"If it happens: {line}" for line in todo[:3]))
    return lines, tuple(todo[3:])


def contacts(facts: Facts) -> tuple[Contact, ...]:
    """At most three, the 24-hour line first."""
    found = []
    for row in facts.all("contacts"):
        phone = text_of(row.get("phone"))
        digits = "".join(ch for ch in phone if ch.isdigit() or ch == "+")
        found.append(
            Contact(
                name=text_of(row.get("name")) or words.NOT_RECORDED,
                relationship=text_of(row.get("relationship")),
                phone=phone or words.NOT_RECORDED,
                href=f"tel:{digits}" if digits else "",
                all_hours=text_of(row.get("available_24h")) == "Yes",
            )
        )
    return tuple(sorted(found, key=lambda contact: not contact.all_hours)[:3])
