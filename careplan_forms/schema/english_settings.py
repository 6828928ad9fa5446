"""Limits and bands of items read out in plain English."""

from careplan_forms.schema.arithmetic import number_text
from careplan_forms.schema.bands import Band
from careplan_forms.schema.items.file_kinds import KINDS, kinds_of, size_in_words
from careplan_forms.schema.model import Item


def limits_in_words(item: Item) -> str:
    """How little and how much an answer may be."""
    limits = {
        "at least": item.min,
        "at most": item.max,
        "characters": item.max_length,
        "decimal places": item.decimals,
        "files from" if item.type == "attachment" else "entries from": item.min_items or None,
        "files to" if item.type == "attachment" else "entries to": item.max_items,
        "kinds of files": " or ".join(KINDS[kind].title for kind in kinds_of(item)) if item.file_kinds else None,
        "size of a file up to": size_in_words(item.max_size) if item.max_size else None,
        "precision": "/".join(item.precision) if item.type == "date" else None,
    }
    return ", ".join(f"{name} {value}" for name, value in limits.items() if value is not None)


def bands_in_words(item: Item) -> str:
    """What a score means: "0 to 4: Minimal; 5 or more: Mild"."""
    return "; ".join(f"{_range(band)}: {band.text}" for band in item.bands)


def _range(band: Band) -> str:
    least = "" if band.least is None else number_text(band.least)
    most = "" if band.most is None else number_text(band.most)
    if least and most:
        return least if least == most else f"{least} to {most}"
    return f"{least} or more" if least else f"{most} or less" if most else "any"
