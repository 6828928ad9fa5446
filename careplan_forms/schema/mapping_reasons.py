"""Why an answer does not simply carry over: a closed list of codes, each with its sentence and its weight."""

from dataclasses import dataclass
from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of reason: what it makes of the plan, and its sentence about questions named `{old}` and `{new}`."""

    outcome: str
    sentence: str


REASONS: dict[str, Kind] = {
    "renamed": Kind("carries_over", "“{old}” is now asked as “{new}”."),
    "converted": Kind("carries_over", "“{old}” is now another kind of question. Its answer was rewritten for it."),
    "option_replaced": Kind("carries_over", "An option of “{old}” has a new name or code. The answer now uses it."),
    "not_calculated": Kind("carries_over", "“{old}” was worked out from other answers and is not on the new form."),
    "left_over": Kind("carries_over", "An answer that the form did not ask for is left behind."),
    "new_mandatory": Kind("needs_clinician", "“{old}” must be answered before the plan can be sent for approval."),
    "does_not_fit": Kind("needs_clinician", "The answer to “{old}” does not fit the new form. Answer it again."),
    "split": Kind("needs_clinician", "“{old}” is now asked as {new}. Decide which part of the answer belongs where."),
    "merged": Kind("needs_clinician", "Several answers were joined under “{new}”. Read them as one."),
    "shown_again": Kind("needs_clinician", "“{old}” was hidden and is shown on the new form. Read its answer."),
    "option_dropped": Kind("loses_answer", "The option chosen for “{old}” is not on the new form."),
    "dropped": Kind("loses_answer", "“{old}” is not on the new form."),
    "not_shown": Kind("loses_answer", "“{old}” is not shown any more for a plan with these answers."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that happened on the way. It names questions, never an answer.

    `hidden`: the answer was hidden on the old form, so it was never part of the plan and counts for nothing.
    """

    code: str
    uid: str
    old: str
    new: str = ""
    hidden: bool = False

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return REASONS[self.code].sentence.format(old=self.old or "A question without a name", new=self.new)
