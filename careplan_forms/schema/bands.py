"""What a score means."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from careplan_forms.schema.decimals import decimal_of


@dataclass(frozen=True, slots=True)
class Band:
    """What a score from `least` to `most` means; an end that is left out is open."""

    least: Decimal | None
    most: Decimal | None
    text: str


def bands_in(bands: Any) -> tuple[Band, ...]:
    """The bands of an item as read; what has the wrong shape is passed over."""
    read = [each for each in (bands if isinstance(bands, list) else []) if isinstance(each, dict)]
    return tuple(Band(decimal_of(each["from"]), decimal_of(each["to"]), _text(each["text"])) for each in read)


def worked_out(item: dict[str, Any]) -> dict[str, Any]:
    """What only calculated values, scores and scales have."""
    return {
        "calculation": item["calculation"],
        "bands": bands_in(item["bands"]),
        "min_label": _text(item["min_label"]),
        "max_label": _text(item["max_label"]),
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
