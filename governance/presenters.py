"""Words and colours for states, and texts cut into what a page draws."""

import datetime

from core.date_format import staff_date, staff_moment
from governance.enums import AgreementState, TrainingState
from governance.models import Notification, StaffListEntry

_AGREEMENT_MOODS = {
    AgreementState.IN_FORCE: "good",
    AgreementState.EXPIRING: "attention",
    AgreementState.AGREED: "waiting",
    AgreementState.SIGNED: "waiting",
    AgreementState.SENT: "waiting",
    AgreementState.DRAFT: "neutral",
    AgreementState.LAPSED: "bad",
    AgreementState.DECLINED: "bad",
    AgreementState.WITHDRAWN: "neutral",
    AgreementState.SUSPENDED: "bad",
    AgreementState.TERMINATED: "bad",
}
_TRAINING_MOODS = {
    TrainingState.VALID: "good",
    TrainingState.DUE: "attention",
    TrainingState.GRACE: "attention",
    TrainingState.EXPIRED: "bad",
    TrainingState.NEVER: "neutral",
}


def agreement_words(state: AgreementState | None) -> tuple[str, str]:
    """The label of a state and its mood (good, attention, bad, waiting, neutral)."""
    if state is None:
        return "No agreement", "neutral"
    return state.label, _AGREEMENT_MOODS[state]


def outcome_words(row: Notification) -> tuple[str, str]:
    """What became of a notice, with the moment, and its mood."""
    if row.outcome == Notification.Outcome.SENT:
        return f"Sent {staff_moment(row.sent_at)}", "good"
    if row.outcome == Notification.Outcome.FAILED:
        return f"Could not be sent, given up {staff_moment(row.failed_at)}", "bad"
    if row.outcome == Notification.Outcome.NOT_NEEDED:
        return Notification.Outcome.NOT_NEEDED.label, "neutral"
    tried = {0: "", 1: ", tried once"}.get(row.attempts, f", tried {row.attempts} times")
    return f"Waiting{tried}", "waiting"


def training_words(state: TrainingState) -> tuple[str, str]:
    return state.label, _TRAINING_MOODS[state]


def paragraphs(body: str) -> list[tuple[str, str]]:
    """An agreement's text as ("heading" or "text", words).

    A line that starts with "## " is a heading; an empty line ends a paragraph, a line's end alone does not.
    """
    found: list[tuple[str, str]] = []
    goes_on = False
    for block in body.replace("\r\n", "\n").split("\n"):
        line = block.strip()
        if line.startswith("## "):
            found.append(("heading", line.removeprefix("## ")))
        elif line and goes_on:
            found[-1] = ("text", f"{found[-1][1]} {line}")
        elif line:
            found.append(("text", line))
        goes_on = bool(line) and not line.startswith("## ")
    return found


def listed_words(entry: StaffListEntry, on: datetime.date) -> tuple[str, str]:
    """How a place on the staff list stands on a day, and the mood of it."""
    if entry.suspended_at is not None:
        return "Suspended", "bad"
    if entry.ends_on is not None and entry.ends_on < on:
        return "Ended", "neutral"
    if entry.starts_on > on:
        return f"Starts {staff_date(entry.starts_on)}", "waiting"
    if entry.ends_on is not None:
        return f"Ends {staff_date(entry.ends_on)}", "attention"
    return "Active", "good"
