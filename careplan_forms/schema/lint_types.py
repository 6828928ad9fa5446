"""Faults of the settings that only some item types have: scales, scores, texts with links, tables, files."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.findings import Findings, Spot, listed, text
from careplan_forms.schema.items.file_kinds import GREATEST_SIZE, KINDS, MOST_FILES, SMALLEST_LIMIT, size_in_words
from careplan_forms.schema.items.scale import HIGHEST, LOWEST, MOST_POINTS
from careplan_forms.schema.rich import refused

MOST_COLUMNS = 6


def types(spot: Spot) -> Findings:
    """All faults of what is particular to the type of an item."""
    judge = _JUDGES.get(spot.type)
    if judge is not None:
        yield from judge(spot)
    if spot.type != "scale" and (text(spot.item.get("min_label")) or text(spot.item.get("max_label"))):
        yield spot.find("setting-stray", "min_label", key="words for the ends of a scale")
    if spot.type != "score" and listed(spot.item.get("bands")):
        yield spot.find("setting-stray", "bands", key="bands of a score")
    if spot.type != "attachment" and (listed(spot.item.get("file_kinds")) or spot.item.get("max_size") is not None):
        yield spot.find("setting-stray", "file_kinds", key="limits of files")


def _scale(spot: Spot) -> Findings:
    least, most = (_limit(spot, key, default) for key, default in (("min", LOWEST), ("max", HIGHEST)))
    whole = least is not None and most is not None and least % 1 == 0 and most % 1 == 0
    if not whole or not 1 <= most - least < MOST_POINTS:  # type: ignore[operator]
        yield spot.find("scale-range", "min")
    if not text(spot.item.get("min_label")).strip() or not text(spot.item.get("max_label")).strip():
        yield spot.find("scale-ends", "min_label")


def _limit(spot: Spot, key: str, default: int) -> Decimal | None:
    given = spot.item.get(key)
    return Decimal(default) if given is None else decimal_of(given)


def _score(spot: Spot) -> Findings:
    bands = listed(spot.item.get("bands"))
    if not bands:
        yield spot.find("score-without-bands", "bands")
    read: list[tuple[Decimal, Decimal, str]] = []
    for number, band in enumerate(bands):
        ends = _ends(band)
        if ends is None:
            yield spot.find("band-wrong", f"bands/{number}", key=_name(band))
            continue
        for least, most, other in read:
            if ends[0] <= most and least <= ends[1]:
                yield spot.find("bands-overlap", f"bands/{number}", key=other, other=_name(band))
        read.append((*ends, _name(band)))


def _ends(band: Any) -> tuple[Decimal, Decimal] | None:
    """Both ends, open ones as infinite; None when the band cannot be read."""
    if not isinstance(band, Mapping) or not text(band.get("text")).strip():
        return None
    ends = [
        Decimal(open_end) if band.get(key) is None else decimal_of(band[key])
        for key, open_end in (("from", "-Infinity"), ("to", "Infinity"))
    ]
    least, most = ends
    return None if least is None or most is None or least > most else (least, most)


def _name(band: Any) -> str:
    return text(band.get("text"))[:60] if isinstance(band, Mapping) else str(band)[:60]


def _body(spot: Spot) -> Findings:
    gone = refused(text(spot.item.get("label")))
    if gone:
        yield spot.find("body-refused", "label", key=", ".join(gone[:5]))


def _table(spot: Spot) -> Findings:
    columns = len(listed(spot.item.get("items")))
    if columns > MOST_COLUMNS:
        yield spot.find("table-wide", "items", count=columns, most=MOST_COLUMNS)


def _attachment(spot: Spot) -> Findings:
    for kind in listed(spot.item.get("file_kinds")):
        if kind not in KINDS:
            yield spot.find("file-kind", "file_kinds", key=str(kind)[:50], known=", ".join(KINDS))
    size = spot.item.get("max_size")
    if size is not None and (type(size) is not int or not SMALLEST_LIMIT <= size <= GREATEST_SIZE):
        least, most = size_in_words(SMALLEST_LIMIT), size_in_words(GREATEST_SIZE)
        yield spot.find("file-size", "max_size", key=str(size)[:50], least=least, most=most)
    for key in ("min_items", "max_items"):
        count = spot.item.get(key)
        if type(count) is int and count > MOST_FILES:
            yield spot.find("file-count", key, count=count, most=MOST_FILES)


_JUDGES = {"scale": _scale, "score": _score, "body": _body, "table": _table, "attachment": _attachment}
