"""Fields of the section editor that only some item types have."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail import blocks

from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.items.date import is_real
from careplan_forms.schema.items.file_kinds import GREATEST_SIZE, KINDS, MB, MOST_FILES, USUAL_SIZE

JSONDict = dict[str, Any]
OPEN_END = "–"
TODAY = "today"
_PRECISION = [("D", "Day, month and year"), ("M", "Month and year"), ("Y", "Year")]


def band_lines(bands: Any) -> str:
    """Bands one a line, as `0|4|Minimal`; nothing when a line could not say them, so that they are kept."""
    rows = bands if isinstance(bands, list) else []
    if not all(isinstance(row, dict) and str(row.get("text") or "").strip() for row in rows):
        return ""
    return "\n".join("|".join((_end(row.get("from")), _end(row.get("to")), row["text"])) for row in rows)


def bands_in(lines: str) -> list[JSONDict]:
    """Bands written one a line."""
    rows = [[part.strip() for part in line.split("|", 2)] for line in lines.splitlines() if line.strip()]
    return [{"from": _number(row[0]), "to": _number(row[1]), "text": row[2]} for row in rows if len(row) == 3]


def _end(limit: Any) -> str:
    return OPEN_END if limit is None else str(limit)


def _number(text: str) -> Any:
    number = decimal_of(text)
    if number is None:
        return None if text in (OPEN_END, "-") else text
    return int(number) if number == number.to_integral_value() else float(number)


def tidy(number: Any) -> Any:
    """A whole number as one, however an editor sent it; an empty limit is none."""
    if number == "":
        return None
    return int(number) if isinstance(number, float) and number == int(number) else number


class DayLimitBlock(blocks.CharBlock):
    """The first or the last day a date may be: a day, or the day on which the question is answered."""

    def __init__(self, label: str) -> None:
        help_text = "A day like 2027-03-31, or the word today; no limit when left empty"
        super().__init__(required=False, max_length=10, label=label, help_text=help_text)

    def clean(self, value: Any) -> Any:
        limit = super().clean(value).lower()
        if limit and limit != TODAY and not is_real(limit):
            raise ValidationError("Enter a real day, like 2027-03-31, or the word today")
        return limit


def date_fields() -> list[tuple[str, blocks.Block]]:
    """How exactly a date may be given, and between which days."""
    precision = blocks.MultipleChoiceBlock(
        choices=_PRECISION, default=["D"], widget=forms.CheckboxSelectMultiple, label="May be given as"
    )
    return [("precision", precision), ("min", DayLimitBlock("Earliest")), ("max", DayLimitBlock("Latest"))]


def megabytes(size: Any) -> int | None:
    """Bytes as the whole megabytes an editor enters; None for what that could not say."""
    return size // MB if isinstance(size, int) and size % MB == 0 else None


def file_fields() -> list[tuple[str, blocks.Block]]:
    """Which files a question takes: kinds, size and number."""
    kinds = blocks.MultipleChoiceBlock(
        choices=[(kind, each.title) for kind, each in KINDS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Kinds of files",
        help_text="All of these when none is ticked",
    )
    most = GREATEST_SIZE // MB
    size = blocks.IntegerBlock(
        required=False,
        min_value=1,
        max_value=most,
        label="Largest file, in MB",
        help_text=f"{USUAL_SIZE // MB} when left empty",
    )
    return [
        ("file_kinds", kinds),
        ("max_size", size),
        ("min_items", blocks.IntegerBlock(required=False, min_value=0, max_value=MOST_FILES, label="Files at least")),
        (
            "max_items",
            blocks.IntegerBlock(
                required=False,
                min_value=1,
                max_value=MOST_FILES,
                label="Files at most",
                help_text=f"{MOST_FILES} when left empty",
            ),
        ),
    ]


def scale_fields() -> list[tuple[str, blocks.Block]]:
    """The two ends of a scale."""
    return [
        ("min", blocks.FloatBlock(required=False, label="Least", help_text="A whole number; 0 when left empty")),
        ("min_label", blocks.CharBlock(required=False, max_length=60, label="What the least means")),
        ("max", blocks.FloatBlock(required=False, label="Most", help_text="A whole number; 10 when left empty")),
        ("max_label", blocks.CharBlock(required=False, max_length=60, label="What the most means")),
    ]
