"""What the mails about flows say."""

from governance.notices import Topic, topics


def register() -> None:
    """Called once the apps are ready."""
    topics.add("flow.reminder", Topic("Tasks that still wait for you", "A task still waits for you."))
    topics.add("flow.escalation", Topic("Tasks past their deadline", "A task at your organisation is overdue."))
    topics.add("flow.sign_off", Topic("Flows and their sign-off", "There is news of the sign-off of a flow."))
    topics.add("flow.move", Topic("Moves of open cases", "There is news of a move of open cases."))
    topics.add("flow.notice", Topic("Steps that were taken", "Something you asked to hear of has happened."))
    topics.add(
        "flow.vacancy", Topic("Work that nobody can do", "Work at your organisation waits, and nobody there can do it.")
    )
