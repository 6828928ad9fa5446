"""Names of files as they are kept: shown to people, offered at download, never a path on our disk."""

import re
import unicodedata

#: Characters of a name without its ending.
LONGEST_STEM = 100
_LONGEST_SHOWN = 60
_PUNCTUATION = re.compile(r'[<>:"|?*%;=\\/\x00]+')
_ENDING = re.compile(r"\.(?=[^.]*[^\W\d_])[^\W_]{1,5}\Z")
_DOT_BEFORE_LETTER = re.compile(r"\.+(?=[^\d.])")
# Names that some systems take for devices.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\Z", re.IGNORECASE)


def clean_name(name: str, ending: str) -> str:
    """The last part of a name on one line with one ending (`.pdf`), the one that fits its content.

    Folders, characters that turn or hide text, further endings and anything a shell could misread are gone.
    """
    text = _plain(name)
    text = _PUNCTUATION.sub("-", text)
    while (shorter := _ENDING.sub("", text.rstrip(" ."))) != text:
        text = shorter
        if not _ENDING.search(text) or _ENDING.search(text)[0].lower() not in _KNOWN:  # type: ignore[index]
            break
    stem = " ".join(_DOT_BEFORE_LETTER.sub("-", text).split()).strip(" .-")[:LONGEST_STEM].rstrip(" .-")
    if not stem or _DEVICES.match(stem):
        stem = f"file-{stem}" if stem else "file"
    return f"{stem}{ending}"


def shown_name(name: str) -> str:
    """A name as its owner gave it, for a sentence about the file: short, without what could disguise it."""
    text = " ".join(_plain(name).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 12]}…{text[-11:]}"


def _plain(name: str) -> str:
    """The last part of a name without characters that cannot be seen."""
    text = re.split(r"[\\/]", name)[-1]
    text = unicodedata.normalize("NFC", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return "".join(" " if each.isspace() else each for each in text if each.isspace() or _shows(each))


_KNOWN = frozenset({".pdf", ".jpg", ".jpeg", ".png"})


def _shows(character: str) -> bool:
    """Neither control, format (direction, zero width), private, unassigned nor half a character."""
    return unicodedata.category(character)[0] != "C"
