"""What a replay found, added up: by step and reason, with the decisions themselves as far as they are listed."""

from collections import Counter
from dataclasses import dataclass, field

from workflows.engine.replaying import Question, Verdict

#: A step out of a state, by their keys.
StepKey = tuple[str, str]


@dataclass
class Report:
    """`most` decisions of each kind are kept to be listed; the numbers count all. `labels` are what people
    called a step and its state.
    """

    most: int = 500
    cases: int = 0
    decisions: int = 0
    stood: Counter[StepKey] = field(default_factory=Counter)
    sure: int = 0
    refused: Counter[tuple[StepKey, str]] = field(default_factory=Counter)
    refused_decisions: int = 0
    lost: Counter[StepKey] = field(default_factory=Counter)
    unasked: Counter[tuple[StepKey, Question]] = field(default_factory=Counter)
    labels: dict[StepKey, tuple[str, str]] = field(default_factory=dict)
    listed: list[Verdict] = field(default_factory=list)
    lost_listed: list[Verdict] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Count one verdict."""
        key = (verdict.past.from_state, verdict.past.transition)
        if verdict.past.step:
            self.labels[key] = (verdict.past.step.label, verdict.past.state_label or verdict.past.from_state)
        if verdict.lost:
            self.lost[key] += 1
            if len(self.lost_listed) < self.most:
                self.lost_listed.append(verdict)
            return
        self.decisions += 1
        self.unasked.update((key, question) for question in verdict.unasked)
        self.refused.update((key, code) for code in verdict.refusals)
        if not verdict.refusals:
            self.stood[key] += 1
            self.sure += not verdict.unasked
            return
        self.refused_decisions += 1
        if len(self.listed) < self.most:
            self.listed.append(verdict)

    @property
    def finds_nothing(self) -> bool:
        """No decision would have been refused and every case has its path."""
        return not self.refused_decisions and not self.lost
