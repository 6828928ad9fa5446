"""PDFs: kept byte for byte, as a signature may be on them, when nothing in them acts or hides."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from core.uploads.judged import Judged, Refusal

#: Objects looked at; a scan has a few hundred.
MOST_OBJECTS = 100_000
MOST_PAGES = 1_000
_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/RichMediaContent", "/XFA"})
_ACTIONS = frozenset(
    {
        *("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition"),
        *("/Movie", "/Sound", "/RichMediaExecute", "/Trans3D", "/GoTo3DView"),
    }
)
_TYPES = frozenset({"/EmbeddedFile", "/RichMedia", "/Screen", "/Movie", "/FileAttachment", "/3D"})

# What a broken file makes the library say is of no use to anybody.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def judge_paper(content: bytes) -> Judged:
    """The same PDF, which can be opened, has no password, runs nothing and holds no other files. Raises Refusal."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refusal("protected")
        if not 0 < len(reader.pages) <= MOST_PAGES:
            raise Refusal("unreadable")
        if any(_acts(each) for each in _objects(reader.trailer)):
            raise Refusal("active")
    except Refusal:
        raise
    except Exception as error:
        # Whatever a file does to the library that opens it, the answer is the same.
        raise Refusal("unreadable") from error
    return Judged("pdf", content)


def _objects(root: Any) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached. Raises Refusal when there is no end to them."""
    waiting, seen, count = [root], set(), 0
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if (found.idnum, found.generation) in seen:
                continue
            seen.add((found.idnum, found.generation))
            found = found.get_object()
        count += 1
        if count > MOST_OBJECTS:
            raise Refusal("unreadable")
        if isinstance(found, DictionaryObject):
            yield found
            waiting += [found.raw_get(key) for key in found]
        elif isinstance(found, ArrayObject):
            waiting += list.__iter__(found)


def _acts(found: DictionaryObject) -> bool:
    if _KEYS.intersection(found):
        return True
    named = {key: str(found.get(key)) for key in ("/S", "/Subtype", "/Type") if key in found}
    if isinstance(found, StreamObject) and named.get("/Type") == "/EmbeddedFile":
        return True
    return named.get("/S") in _ACTIONS or named.get("/Subtype") in _TYPES
