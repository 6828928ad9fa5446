"""What is found of a file. Standard library only: the process that opens files imports this and little else."""

from typing import NamedTuple


class Judged(NamedTuple):
    """A file that may be kept: `pdf`, `jpeg` or `png`, and the bytes to keep (pictures are drawn anew)."""

    kind: str
    content: bytes


class Refusal(Exception):
    """A file that is not kept. `code` is one of CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


#: kind: none of ours · unreadable: damaged, or too hard to open · protected: by a password · active: does something
#: when it is opened, or holds other files · pixels: a picture larger than any paper.
CODES = frozenset({"kind", "unreadable", "protected", "active", "pixels"})
