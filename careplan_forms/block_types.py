"""Fields of the section editor that only some item types have."""

from typing import Any

from wagtail import blocks

from careplan_forms.schema.decimals import decimal_of

JSONDict = dict[str, Any]
OPEN_END = "–"


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
    """A whole number as one, however an editor sent it."""
    return int(number) if isinstance(number, float) and number == int(number) else number


def scale_fields() -> list[tuple[str, blocks.Block]]:
    """The two ends of a scale."""
    return [
        ("min", blocks.FloatBlock(required=False, label="Least", help_text="A whole number; 0 when left empty")),
        ("min_label", blocks.CharBlock(required=False, max_length=60, label="What the least means")),
        ("max", blocks.FloatBlock(required=False, label="Most", help_text="A whole number; 10 when left empty")),
        ("max_label", blocks.CharBlock(required=False, max_length=60, label="What the most means")),
    ]
