"""Faults in the life of options and of the lists they stand in: replacement, retirement, dates, codes."""

import datetime
from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.code_systems import SNOMED, fault_of
from careplan_forms.schema.findings import Findings, finding, listed, text

#: How long before a list ends whoever publishes a form with it is told.
NOTICE = datetime.timedelta(days=60)


def day_of(value: Any) -> datetime.date | None:
    """A day written as text, None for anything else."""
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def life(options: Any, path: str, what: str, section: str = "", uid: str = "") -> Findings:
    """Faults of codes, of dates, and of who replaces whom. An unknown replacement is found by `lint_items`."""
    here = {"section": section, "uid": uid, "what": what}
    known = [each for each in listed(options) if isinstance(each, Mapping)]
    named = {option_id(each): each for each in reversed(known)}
    for number, option in enumerate(listed(options)):
        if isinstance(option, Mapping):
            yield from _own(option, f"{path}/{number}", here)
            yield from _replaced(option, named, f"{path}/{number}", here)


def option_id(option: Mapping[str, Any]) -> str:
    """What other options call this one."""
    return text(option.get("id")) or text(option.get("code"))


def _own(option: Mapping[str, Any], at: str, here: dict[str, str]) -> Findings:
    name, system, code = _name(option), text(option.get("system")), text(option.get("code"))
    # The check digit of SNOMED CT has a finding of its own.
    fault = "" if system == SNOMED else fault_of(system, code)
    if fault:
        yield finding("option-code-shape", at, key=name, problem=fault, **here)
    retired_on = option.get("retired_on")
    if retired_on is None or retired_on == "":
        return
    if day_of(retired_on) is None:
        yield finding("option-date-wrong", at, key=name, **here)
    elif option.get("status") != "retired":
        yield finding("option-dated-offered", at, key=name, **here)


def _replaced(option: Mapping[str, Any], named: Mapping[str, Any], at: str, here: dict[str, str]) -> Findings:
    if not option.get("replaced_by"):
        return
    name = _name(option)
    if option.get("status") != "retired":
        yield finding("option-replaced-offered", at, key=name, **here)
    chain = successors(option, named)
    if chain and chain[-1] is option:
        names = " → ".join(f"“{_name(each)}”" for each in (option, *chain))
        yield finding("option-replacement-loop", at, chain=names, **here)
    elif chain and chain[-1].get("status") == "retired" and not chain[-1].get("replaced_by"):
        yield finding("option-replacement-retired", at, key=name, other=_name(chain[-1]), **here)


def successors(option: Mapping[str, Any], named: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The options that took an option's place one after the other; a loop ends where it comes round again."""
    chain: list[Mapping[str, Any]] = []
    seen: set[str] = set()
    at = text(option.get("replaced_by"))
    while at in named and at not in seen:
        seen.add(at)
        chain.append(named[at])
        if named[at] is option:
            break
        at = text(named[at].get("replaced_by"))
    return chain


def dates(value_set: Mapping[str, Any], path: str, what: str, today: datetime.date | None) -> Findings:
    """Faults of the days between which a list may be used; without `today`, of the days themselves only."""
    days: dict[str, datetime.date | None] = {}
    for field in ("valid_from", "valid_until"):
        given = value_set.get(field)
        days[field] = day_of(given)
        if given not in (None, "") and days[field] is None:
            yield finding("value-set-date-wrong", f"{path}/{field}", what=what)
    start, end = days["valid_from"], days["valid_until"]
    if start and end and start > end:
        yield finding("value-set-dates-crossed", f"{path}/valid_until", what=what)
    elif today and start and today < start:
        yield finding("value-set-not-yet", f"{path}/valid_from", what=what, day=said(start))
    elif today and end and today > end:
        yield finding("value-set-over", f"{path}/valid_until", what=what, day=said(end))
    elif today and end and end - today <= NOTICE:
        yield finding("value-set-ends-soon", f"{path}/valid_until", what=what, day=said(end))


def said(day: datetime.date) -> str:
    """A day in words: 1 March 2027."""
    return f"{day.day} {day:%B %Y}"


def _name(option: Mapping[str, Any]) -> str:
    return (text(option.get("display")).strip() or text(option.get("code")))[:100]
