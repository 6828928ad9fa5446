"""Labels as plain words: no markup, no invisible characters, no length that a page cannot carry."""

import re
import unicodedata
from typing import Any

_KEEP = "\n\t"
_DROPPED_CATEGORIES = {"Cc", "Cs"}
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_WHOLE = re.compile(r"(?is)<(script|style|iframe|object|svg|template)\b.*?(</\1\s*>|$)")
_TAG = re.compile(
    r"(?is)</?(a|abbr|b|big|blockquote|body|br|button|center|code|dd|div|dl|dt|em|embed|font|form|frame|h[1-6]|head|hr"
    r"|html|i|iframe|img|input|label|li|link|meta|object|ol|option|p|pre|s|script|select|small|span|strong|style|sub"
    r"|sup|svg|table|tbody|td|template|textarea|th|thead|tr|u|ul)\b[^<>]*(>|$)"
)
_COMMENT = re.compile(r"(?s)<!--.*?(-->|$)")
_ENTITIES = (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&"))


def clean_text(text: str) -> str:
    """Drop what no database or reader can hold: controls, lone surrogates, direction overrides."""
    if text.isprintable() and text.isascii():
        return text
    return "".join(
        char
        for char in text
        if char in _KEEP or (unicodedata.category(char) not in _DROPPED_CATEGORIES and char not in _BIDI)
    )


def plain(value: Any) -> tuple[str, bool]:
    """Return ``value`` as one line of plain text, and whether markup was taken out of it.

    Unknown tags stay as typed (a label such as "weight < height" must survive); pages escape them.
    """
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return "", False
    text = str(value)
    stripped = _TAG.sub(" ", _WHOLE.sub(" ", _COMMENT.sub(" ", text)))
    had_markup = stripped != text
    if had_markup:
        for entity, char in _ENTITIES:
            stripped = stripped.replace(entity, char)
        stripped = _TAG.sub(" ", _WHOLE.sub(" ", stripped))
    return " ".join(stripped.split()), had_markup


def shorten(text: str, limit: int) -> str:
    """Cut at a word so that the result, with its ellipsis, has at most ``limit`` characters."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head
    return cut.rstrip(" ,;:") + "…"


def slug(text: str, limit: int = 60) -> str:
    """Lower-case letters, digits and hyphens, for keys; empty when nothing of the text is left."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:limit].strip("-")


def as_text(value: Any) -> str:
    """A scalar as text; anything that is not a scalar as nothing."""
    return "" if value is None or isinstance(value, (dict, list, bool)) else str(value)
