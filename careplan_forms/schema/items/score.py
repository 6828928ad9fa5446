"""A score: the sum of the weights of chosen options, or any other number, and what it means in words."""

from decimal import Decimal
from typing import Any

from careplan_forms.schema.bands import Band
from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.items.calculated import CalculatedType
from careplan_forms.schema.model import Item


def band_of(item: Item, value: Any) -> Band | None:
    """The band a score falls in; None when it is in none."""
    number: Decimal | None = decimal_of(value.get("value")) if isinstance(value, dict) else None
    if number is None:
        return None
    for band in item.bands:
        if (band.least is None or number >= band.least) and (band.most is None or number <= band.most):
            return band
    return None


class ScoreType(CalculatedType):
    """A calculated number read with the words of its band: "12 – Moderate"."""

    key = "score"
    title = "Score"

    def text(self, item: Item, value: Any) -> str:
        said = super().text(item, value)
        band = band_of(item, value)
        return f"{said} – {band.text}" if band and band.text else said
