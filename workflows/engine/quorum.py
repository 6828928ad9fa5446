"""Who has decided on a step, and is that enough? Counting, without a database.

A voice is one person's, also when they lent it to a colleague or borrowed one: whoever decides for somebody speaks for
both, and neither is heard again. Nobody is counted on two steps either: the last word counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workflows.engine.spec import Quorum


@dataclass(frozen=True, slots=True)
class Vote:
    """One decision as it counts: everybody whose voice it is, from which organisation, and for which of the step's
    actor rules, by their numbers.
    """

    people: frozenset[str]
    organisation: str = ""
    parts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote as it was given: on which step, on the content with which hash."""

    step: str
    sha256: str
    vote: Vote


def last_words(ballots: Iterable[Ballot]) -> list[Ballot]:
    """Of ballots in the order they were given, those that no later one of the same person replaces."""
    kept: list[Ballot] = []
    for ballot in ballots:
        kept = [earlier for earlier in kept if not earlier.vote.people & ballot.vote.people]
        kept.append(ballot)
    return kept


def needed(need: Quorum, rules: int) -> int:
    """How many voices a step with so many actor rules takes."""
    return rules if need.each else need.people


def heard(need: Quorum, votes: Sequence[Vote]) -> int:
    """How many voices these votes of different people are."""
    if need.each:
        return _parts_taken(votes)
    if need.organisations:
        return len({vote.organisation for vote in votes if vote.organisation})
    return len(votes)


def adds(need: Quorum, votes: Sequence[Vote], vote: Vote) -> bool:
    """Whether one more vote would be one more voice; never when the person is among those who have decided."""
    if any(vote.people & other.people for other in votes):
        return False
    return heard(need, [*votes, vote]) > heard(need, votes)


def _parts_taken(votes: Sequence[Vote]) -> int:
    """The most parts that different votes can fill: a matching, for one person may hold several roles."""
    filled: dict[int, int] = {}
    return sum(_place(number, votes, filled, set()) for number in range(len(votes)))


def _place(number: int, votes: Sequence[Vote], filled: dict[int, int], tried: set[int]) -> bool:
    """Find a part for a vote, moving others on where they can fill another one."""
    for part in sorted(votes[number].parts - tried):
        tried.add(part)
        if part not in filled or _place(filled[part], votes, filled, tried):
            filled[part] = number
            return True
    return False
