"""Which font can draw which character, and what to print when none can.

People's words may hold anything. Each run of text gets the first font of the chain that has its letters; a character
no font has is printed as its code, visibly, and reported, so that the page can point at its HTML twin.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

#: In the order they are tried; the first is what pages are set in. Files come from the front-end build.
FAMILIES = {
    "Noto Sans": {
        "normal": "NotoSans-Regular",
        "bold": "NotoSans-Bold",
        "italic": "NotoSans-Italic",
        "bold italic": "NotoSans-BoldItalic",
    },
    "Noto Naskh Arabic": {"normal": "NotoNaskhArabic-Regular", "bold": "NotoNaskhArabic-Bold"},
    "Noto Sans Hebrew": {"normal": "NotoSansHebrew-Regular", "bold": "NotoSansHebrew-Bold"},
}
BODY = next(iter(FAMILIES))
#: Signs our fonts lack that plain letters say as well; a code in square brackets would hide a dose limit.
PLAIN = {"≥": ">=", "≤": "<=", "≠": "!=", "→": "->", "←": "<-", "−": "-", "≈": "about ", "\u2011": "-"}
#: Draws nothing by itself: no font needs a glyph for it.
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")


@dataclass
class Report:
    """Characters that no font could draw, as "U+1F600", in the order they were met."""

    missing: list[str] = field(default_factory=list)

    def note(self, code: str) -> None:
        if code not in self.missing:
            self.missing.append(code)


def fonts_directory() -> Path:
    """Where the front-end build leaves the fonts."""
    return Path(settings.SITE_DIR) / "static" / "build" / "fonts"


@cache
def coverage(name: str) -> frozenset[int]:
    """The code points the font file `name` has glyphs for."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    return frozenset(TTFontFile(str(fonts_directory() / f"{name}.ttf")).charToGlyph)


def family_of(character: str) -> str | None:
    """The first family that can draw the character; None when none can."""
    for family, faces in FAMILIES.items():
        if ord(character) in coverage(faces["normal"]):
            return family
    return None


def split_runs(text: str, report: Report) -> list[tuple[str, str]]:
    """`text` as (family, piece) pairs; what no font can draw has become "[U+…]" in the body font.

    Spaces and marks that draw nothing stay with the run before them, so words of one script stay whole.
    """
    runs: list[tuple[str, str]] = []
    for character in unicodedata.normalize("NFC", text):
        if _INVISIBLE.match(character):
            family = runs[-1][0] if runs else BODY
            piece = character if character.isspace() or ord(character) in coverage(FAMILIES[family]["normal"]) else ""
        else:
            family, piece = _drawable(character, report)
        _append(runs, family, piece)
    return _spaces_to_the_body(runs)


def _drawable(character: str, report: Report) -> tuple[str, str]:
    """The character with its family, or what stands for it: plain letters, or else its code."""
    if found := family_of(character):
        return found, character
    if character in PLAIN:
        return BODY, PLAIN[character]
    report.note(code_of(character))
    return BODY, f"[{code_of(character)}]"


def _append(runs: list[tuple[str, str]], family: str, piece: str) -> None:
    if runs and runs[-1][0] == family:
        runs[-1] = (family, runs[-1][1] + piece)
    elif piece:
        runs.append((family, piece))


def _spaces_to_the_body(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Spaces that end a run of another script belong after it: drawn from right to left they would land before it."""
    moved: list[tuple[str, str]] = []
    for family, piece in runs:
        words = piece if family == BODY else piece.rstrip()
        _append(moved, family, words)
        _append(moved, BODY, piece[len(words) :])
    return moved


def code_of(character: str) -> str:
    """How a character is named where it cannot be drawn: U+1F600."""
    return f"U+{ord(character):04X}"
