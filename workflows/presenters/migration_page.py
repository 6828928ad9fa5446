"""A migration of cases as the clinical lead reads it: what moves, what stays and why, by state and organisation."""

from dataclasses import dataclass
from typing import Any

from core.exceptions import NotAllowed, Refused
from governance.actors import Actor
from governance.models import Organisation
from workflows import move_policies, permissions, policies
from workflows.models import FlowCaseMove, FlowMigration

#: References shown for one organisation and reason.
MOST_SHOWN = 20
_GONE = "An organisation that is gone"
_MOVED = FlowCaseMove.Outcome.MOVED


@dataclass(frozen=True)
class StateLine:
    """The cases of one state that share one fate."""

    source: str
    target: str
    what: str
    cases: int


@dataclass(frozen=True)
class OrganisationLine:
    """One organisation: how many move, how many stay, and those that stay by reason with their references."""

    name: str
    moves: int
    stays: int
    reasons: tuple[str, ...]


def cases_word(number: int) -> str:
    """ "1 case", "3 cases"."""
    return f"{number:,} {'case' if number == 1 else 'cases'}"


def sentence(counts: dict[str, Any]) -> str:
    """ "312 open cases: 308 move, 4 stay"; and why, in the order of frequency."""
    total, moves = counts["total"], counts["moves"]
    if not total:
        return "No case is open on this version"
    return f"{total:,} open {'case' if total == 1 else 'cases'}: {moves:,} move, {total - moves:,} stay"


def reasons(counts: dict[str, Any]) -> list[tuple[str, int]]:
    """(reason in words, cases) for those that stay, the most frequent first."""
    found = sorted(counts["reasons"].items(), key=lambda pair: (-pair[1], pair[0]))
    return [(_words(code), number) for code, number in found]


def states(migration: FlowMigration) -> list[StateLine]:
    """What was counted, state by state."""
    old, new = _labels(migration.from_version), _labels(migration.to_version)
    return [
        StateLine(
            source=old.get(row["from"], row["from"]),
            target=new.get(row["to"], "Stays"),
            what=_words(row["outcome"]),
            cases=row["cases"],
        )
        for row in migration.counts.get("states", [])
    ]


def organisations(migration: FlowMigration) -> list[OrganisationLine]:
    """What was counted, organisation by organisation, those with cases that stay first."""
    rows = migration.counts.get("organisations", [])
    names = dict(Organisation.objects.filter(pk__in=[row["organisation"] for row in rows]).values_list("pk", "name"))
    lines = [_organisation(names.get(row["organisation"], _GONE), row) for row in rows]
    return sorted(lines, key=lambda line: (-line.stays, line.name))


def where(migration: FlowMigration) -> list[tuple[str, str]]:
    """The state map in words: (old state, new state or that its cases stay)."""
    old, new = _labels(migration.from_version), _labels(migration.to_version)
    stay = f"Nowhere: they stay on version {migration.from_version.number}"
    return [
        (old.get(source, source), new.get(target, target) or stay) for source, target in migration.state_map.items()
    ]


def what_became(outcomes: dict[str, int]) -> list[tuple[str, int]]:
    """(outcome in words, cases), those that moved first."""
    return [(_words(code), outcomes[code]) for code in sorted(outcomes, key=lambda code: (code != _MOVED, code))]


def why_cannot_confirm(viewer: Actor, migration: FlowMigration) -> str:
    """Why the viewer is not the second person this move waits for, in a sentence; empty for whoever can be."""
    try:
        permissions.check_user_can_confirm_moves(viewer)
        move_policies.check_waits(migration)
        move_policies.check_is_second_person(migration, viewer)
    except NotAllowed:
        return "A clinical lead who did not plan it, or a clinical safety officer, confirms it"
    except Refused as refusal:
        return refusal.message
    return ""


def _organisation(name: str, row: dict[str, Any]) -> OrganisationLine:
    moved = row["counts"].get(_MOVED, 0)
    lists = [
        f"{_words(code)}: {', '.join(ref[:8] for ref in refs[:MOST_SHOWN])}"
        + (f" and {len(refs) - MOST_SHOWN} more" if len(refs) > MOST_SHOWN else "")
        for code, refs in row["cases"].items()
    ]
    return OrganisationLine(name, moved, sum(row["counts"].values()) - moved, tuple(lists))


def _labels(version: Any) -> dict[str, str]:
    return {state.key: state.label for state in policies.spec_of(version).states}


def _words(code: str) -> str:
    return FlowCaseMove.Outcome(code).label if code in FlowCaseMove.Outcome.values else code
