"""Faults of single items: identity, type, wording, options, limits."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from careplan_forms.schema import lint_options
from careplan_forms.schema.code_systems import SNOMED
from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.findings import Findings, Spot, finding, listed, text
from careplan_forms.schema.items.date import is_real
from careplan_forms.schema.items.kinds import CONTAINERS, NUMBERS, REPEATS
from careplan_forms.schema.lint_types import types
from careplan_forms.schema.registry import ITEM_TYPES, answer_type
from careplan_forms.schema.verhoeff import is_snomed_id
from careplan_forms.schema.wording import ABSENT

CODED = ("choice", "choices")


def identities(spots: Iterable[Spot]) -> Findings:
    """Items without a uid, and uids or link ids that two items share."""
    uids: Counter[str] = Counter()
    links: Counter[str] = Counter()
    for spot in spots:
        link = text(spot.item.get("link_id")) or spot.uid
        if not spot.uid:
            yield spot.find("uid-missing", "uid")
        elif uids[spot.uid]:
            yield spot.find("uid-duplicate", "uid")
        elif link and links[link]:
            yield spot.find("link-id-duplicate", "link_id", key=link)
        uids[spot.uid] += 1
        links[link] += 1


def item(spot: Spot, value_sets: Mapping[str, Any]) -> Findings:
    """All faults of one item but its identity, its condition and its slot."""
    yield from _shapes(spot)
    if spot.type not in ITEM_TYPES:
        yield spot.find("type-unknown", "type", key=spot.type[:50], known=", ".join(ITEM_TYPES))
        return
    if not text(spot.item.get("label")).strip() and spot.type != "group":
        yield spot.find("label-empty", "label")
    yield from _children(spot)
    yield from _codes(spot)
    if spot.type in CODED:
        yield from _choice(spot, value_sets)
    yield from _limits(spot)
    yield from _settings(spot)
    yield from types(spot)


_SHAPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "uid": (str, "text"),
    "link_id": (str, "text"),
    "type": (str, "text"),
    "label": (str, "text"),
    "hint": (str, "text"),
    "patient_label": (str, "text"),
    "code": (list, "a list"),
    "absent": (list, "a list"),
    "options": (list, "a list"),
    "items": (list, "a list"),
    "precision": (list, "a list"),
    "slot_values": (dict, "an object"),
    "residue": (dict, "an object"),
    "value_set": (str, "text"),
    "slot": (str, "text"),
    "prefill": (str, "text"),
    "unit": (str, "text"),
    "other": (bool, "true or false"),
    "recommended": (bool, "true or false"),
    "warnings": (list, "a list"),
    "bands": (list, "a list"),
    "min_label": (str, "text"),
    "max_label": (str, "text"),
}


def _shapes(spot: Spot) -> Findings:
    for key, (wanted, said) in _SHAPES.items():
        value = spot.item.get(key)
        if value is not None and not isinstance(value, wanted):
            yield finding(
                "shape-wrong",
                f"{spot.path}/{key}",
                section=spot.section,
                uid=spot.uid,
                what=f"“{key}” of {spot.what}",
                wanted=said,
            )
    for number, child in enumerate(listed(spot.item.get("items"))):
        if not isinstance(child, Mapping):
            path = f"{spot.path}/items/{number}"
            yield finding("shape-wrong", path, section=spot.section, what="An item", wanted="an object")


def _children(spot: Spot) -> Findings:
    children = listed(spot.item.get("items"))
    if spot.type in CONTAINERS:
        if not children:
            yield spot.find("group-empty", "items")
    elif children:
        yield spot.find("items-ignored", "items")


def _codes(spot: Spot) -> Findings:
    for number, coding in enumerate(listed(spot.item.get("code"))):
        if not isinstance(coding, Mapping):
            yield spot.find("limit-wrong", f"code/{number}", key="a code that is not an object")
        elif coding.get("system") == SNOMED and not is_snomed_id(text(coding.get("code"))):
            yield spot.find("snomed-check-digit", f"code/{number}", key=str(coding.get("code"))[:30])


def _choice(spot: Spot, value_sets: Mapping[str, Any]) -> Findings:
    named = text(spot.item.get("value_set"))
    if named:
        if named not in value_sets:
            yield spot.find("value-set-unknown", "value_set", key=named)
            return
        value_set = value_sets[named]
        offered = listed(value_set.get("options")) if isinstance(value_set, Mapping) else []
    else:
        offered = listed(spot.item.get("options"))
        yield from options(offered, f"{spot.path}/options", spot.what, spot.section, spot.uid)
    if not any(isinstance(option, Mapping) for option in offered):
        yield spot.find("choice-without-options", "options")
    elif all(option.get("status") == "retired" for option in offered if isinstance(option, Mapping)):
        yield spot.find("options-all-retired", "options")


def options(offered: Any, path: str, what: str, section: str = "", uid: str = "") -> Findings:
    """Faults of a list of options, of a question or a value set."""
    here = {"section": section, "uid": uid, "what": what}
    known = [each for each in listed(offered) if isinstance(each, Mapping)]
    ids = {text(each.get("id")) or text(each.get("code")) for each in known}
    seen: Counter[tuple[str, str]] = Counter()
    for number, option in enumerate(listed(offered)):
        at = f"{path}/{number}"
        if not isinstance(option, Mapping):
            yield finding("shape-wrong", at, section, uid, what=f"An option of {what}", wanted="an object")
            continue
        code, display = text(option.get("code")), text(option.get("display")).strip()
        name = display or code
        if not code:
            yield finding("option-without-code", at, **here)
        elif not display:
            yield finding("option-without-display", at, key=code, **here)
        yield from _option_twice(option, name, seen, at, here)
        if option.get("system") == SNOMED and code and not is_snomed_id(code):
            yield finding("snomed-check-digit", at, key=code[:30], **here)
        if option.get("replaced_by") and text(option["replaced_by"]) not in ids:
            yield finding("option-replacement-unknown", at, key=name, **here)
    yield from lint_options.life(offered, path, what, section, uid)


def _option_twice(
    option: Mapping[str, Any], name: str, seen: Counter[tuple[str, str]], at: str, here: dict[str, str]
) -> Findings:
    code, system = text(option.get("code")), text(option.get("system"))
    own = [("id", text(option.get("id")) or code), (f"code {system}", code)]
    if any(key and seen[kind, key] for kind, key in own):
        yield finding("option-duplicate", at, key=name, **here)
    elif name and seen["display", name] and option.get("status") != "retired":
        yield finding("option-display-duplicate", at, key=name, **here)
    seen.update([*own, ("display", name)])


def _limits(spot: Spot) -> Findings:
    low, high = spot.item.get("min"), spot.item.get("max")
    for key, value in (("min", low), ("max", high)):
        if value is not None and not _is_limit(spot.type, value):
            yield spot.find("limit-wrong", key, key=f"{key} {str(value)[:50]}")
    if spot.type in NUMBERS and _crossed(decimal_of(low), decimal_of(high)):
        yield spot.find("limits-crossed", "min")
    if spot.type == "date" and _crossed(_day(low), _day(high)):
        yield spot.find("limits-crossed", "min")
    for key, least in (("max_length", 1), ("decimals", 0), ("min_items", 0), ("max_items", 1)):
        value = spot.item.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
            yield spot.find("limit-wrong", key, key=f"{key} {str(value)[:50]}")
    if _crossed(decimal_of(spot.item.get("min_items")), decimal_of(spot.item.get("max_items"))):
        yield spot.find("limits-crossed", "min_items")


def _is_limit(kind: str, value: Any) -> bool:
    if kind in NUMBERS:
        return decimal_of(value) is not None
    return kind == "date" and isinstance(value, str) and (value == "today" or is_real(value))


def _day(value: Any) -> str | None:
    return value if isinstance(value, str) and is_real(value) else None


def _crossed(low: Any, high: Any) -> bool:
    return low is not None and high is not None and low > high


def _settings(spot: Spot) -> Findings:
    if spot.item.get("required") not in (None, "never", "publish"):
        yield spot.find("required-unknown", "required")
    for reason in listed(spot.item.get("absent")):
        if not isinstance(reason, str) or reason not in ABSENT:
            yield spot.find("absent-unknown", "absent", key=str(reason)[:50], known=", ".join(ABSENT))
    precision = listed(spot.item.get("precision"))
    if any(each not in ("D", "M", "Y") for each in precision):
        yield spot.find("precision-unknown", "precision")
    if answer_type(spot.type) is None and spot.item.get("required") == "publish" and spot.type not in REPEATS:
        yield spot.find("limit-wrong", "required", key="required, though it takes no answer")
