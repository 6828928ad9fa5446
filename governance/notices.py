"""What notices are about. A mail is made of these words alone, so that no notice can carry a fact about a person.

notices.topics.add("flow.reminder", Topic("Tasks that still wait for you", "A task still waits for you."))
"""

from dataclasses import dataclass

from core.registry import Registry


@dataclass(frozen=True)
class Topic:
    """`label` heads the count in the daily mail; `todo` is the one sentence of a mail about it."""

    label: str
    todo: str


topics: Registry[Topic] = Registry("topics of notices")
_OTHER = Topic("Other notices", "Something needs your attention.")


def topic(key: str) -> Topic:
    """The words of a topic; plain ones for a topic nobody has worded."""
    return topics.get(key) if key in topics else _OTHER
