"""What a flow may be chosen by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """Something a flow may be chosen by: its name among the facts of a subject, and the values it has, in words."""

    name: str
    label: str
    values: tuple[tuple[str | bool, str], ...]


#: The values of a fact that is so or is not.
YES_NO: tuple[tuple[str | bool, str], ...] = ((True, "Yes"), (False, "No"))
