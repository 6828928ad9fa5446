"""What the gate answers: allowed or not, how far, and every reason in words with who can mend it."""

from dataclasses import dataclass
from typing import Literal

from governance.enums import Mode
from governance.helping import contact


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, for a person to read.

    `code` is for tests and the trail; `text` says what is the matter; `fixer` who can mend it; `link` where whoever
    reads it can mend it or begin to. Where they cannot, `contact` is the way on: whom to ask.
    `about` the actor (said on a 403 page) or the object (never said: the page is a 404). A reason that does not
    block is a banner over what was allowed.
    """

    code: str
    text: str
    fixer: str = ""
    link: str = ""
    about: Literal["actor", "object"] = "actor"
    blocks: bool = True

    @property
    def contact(self) -> str:
        """Where those who can mend it are reached."""
        return contact(self.fixer)


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer. When allowed, `reasons` are banners; when not, everything that stands in the way."""

    allowed: bool
    mode: Mode = Mode.FULL
    reasons: tuple[Reason, ...] = ()

    @property
    def about_object(self) -> bool:
        """Whether only the object stands in the way, so that the answer must be that there is none."""
        blocking = [reason for reason in self.reasons if reason.blocks]
        return bool(blocking) and all(reason.about == "object" for reason in blocking)

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]
