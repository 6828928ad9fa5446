"""The kinds of files a plan may hold, and the limits of a question that asks for files."""

from typing import NamedTuple

from careplan_forms.schema.model import Item

#: A megabyte, as people and file managers count them.
MB = 1_000_000
#: Bytes of one file, when a question sets no limit of its own; and the most it may set.
USUAL_SIZE = 10 * MB
GREATEST_SIZE = 25 * MB
SMALLEST_LIMIT = 100_000
#: Files of one answer, when a question sets no limit of its own; and the most it may set.
MOST_FILES = 10


class FileKind(NamedTuple):
    """How a kind is called, what it is on the wire, and the endings its names have, the usual one first."""

    title: str
    media_type: str
    endings: tuple[str, ...]


KINDS = {
    "pdf": FileKind("PDF", "application/pdf", (".pdf",)),
    "jpeg": FileKind("JPEG", "image/jpeg", (".jpg", ".jpeg")),
    "png": FileKind("PNG", "image/png", (".png",)),
}


def kinds_of(item: Item) -> tuple[str, ...]:
    """The kinds a question takes; all of them when it names none that is known."""
    return tuple(kind for kind in KINDS if kind in item.file_kinds) or tuple(KINDS)


def largest_of(item: Item) -> int:
    """The most bytes a file of a question may have."""
    return min(item.max_size or USUAL_SIZE, GREATEST_SIZE)


def size_in_words(size: int) -> str:
    """ "120 KB", "2.4 MB"; never less than 1 KB."""
    if size < MB - 500:
        return f"{max(1, round(size / 1_000))} KB"
    return f"{size / MB:.1f}".removesuffix(".0") + " MB"
