"""What the domain may say went wrong. `core.middleware.DomainErrorsMiddleware` turns each into a page."""

from typing import Any


class ForewordError(Exception):
    """Base of every error the domain raises on purpose; its message is fit to be shown to a user."""


class Refused(ForewordError):
    """The request makes no sense as it stands; `message` is a sentence the user can act on.

    `field` names the form field the sentence belongs beside, when there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(ForewordError):
    """This actor may not do this; `decision` carries the reasons in words and who can mend them."""

    def __init__(self, decision: Any) -> None:
        super().__init__("not allowed")
        self.decision = decision


class Absent(ForewordError):
    """There is nothing here for this viewer: the answer for what never existed and for what is not theirs."""


class Conflict(ForewordError):
    """Somebody else changed it first; `changes` lists what changed as (label, before, after) texts."""

    def __init__(self, message: str, changes: list[tuple[str, str, str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.changes = changes or []


class Unavailable(ForewordError):
    """An outside service did not answer; `message` says which and what still works."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
