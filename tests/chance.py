"""What chance writes into a page or a row: identifiers, digests, tokens, fractions of a second."""

import re

#: Hexadecimal digits in groups, or many signs of any kind in one piece; and what stands behind the seconds of a time.
_BY_CHANCE = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9A-Za-z_-]{20,}\b|(?<=:\d\d)\.\d+")


def without_ids(text: str) -> str:
    """The text without what is different each time, in which any four digits may stand."""
    return _BY_CHANCE.sub("", text)
