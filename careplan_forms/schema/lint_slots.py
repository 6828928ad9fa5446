"""Faults of the emergency mapping: what the emergency view would not show, or show twice."""

from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.emergency import MANDATORY_SLOTS, SLOT_FIELDS, SlotField
from careplan_forms.schema.findings import Findings, Spot, finding, listed, text

# Fields that several questions may fill together.
_SHARED = ("list", "entries")


def slots(spots: list[Spot], value_sets: Mapping[str, Any]) -> Findings:
    """All faults of the slots of a document."""
    filled: dict[str, Spot] = {}
    for spot in spots:
        slot = text(spot.item.get("slot"))
        if not slot:
            continue
        known = SLOT_FIELDS.get(slot)
        if known is None:
            yield spot.find("slot-unknown", "slot", key=slot[:60])
            continue
        if slot in filled and known.kind not in _SHARED:
            yield spot.find("slot-twice", "slot", key=slot)
        filled.setdefault(slot, spot)
        yield from _parent(spot, slot)
        yield from _mapping(spot, known, value_sets)
    yield from _facts(filled)


def _facts(filled: Mapping[str, Spot]) -> Findings:
    if not filled:
        yield finding("slot-none", "/sections")
        return
    for fact, fields in MANDATORY_SLOTS.items():
        missing = [field for field in fields if field not in filled]
        if missing:
            yield finding("slot-missing", "/sections", key=fact, slots=", ".join(missing))
        for field in fields:
            if field in filled and filled[field].item.get("required") != "publish":
                yield filled[field].find("slot-not-required", "required", key=fact)


def _parent(spot: Spot, slot: str) -> Findings:
    """A field of an entry (contacts.phone) belongs inside the repeat that fills the whole (contacts)."""
    parent = slot.rpartition(".")[0]
    if parent in SLOT_FIELDS and not any(each.item.get("slot") == parent for each in spot.around):
        yield spot.find("slot-outside-repeat", "slot", key=slot, parent=parent)


def _mapping(spot: Spot, known: SlotField, value_sets: Mapping[str, Any]) -> Findings:
    mapped = spot.item.get("slot_values")
    mapped = mapped if isinstance(mapped, Mapping) else {}
    answers = _answers(spot, value_sets)
    tokens = known.tokens if known.kind == "token" else ("yes", "no") if known.kind == "flag" else ()
    if not tokens:
        return
    said = ", ".join(tokens)
    for answer, token in mapped.items():
        if not isinstance(token, str) or token not in tokens:
            yield spot.find(
                "slot-token-unknown", "slot_values", key=str(answer)[:60], token=str(token)[:60], known=said
            )
        if answers and answer not in answers:
            yield spot.find("slot-mapping-stray", "slot_values", key=str(answer)[:60])
    if known.kind == "token":
        for answer, must in answers.items():
            if must and answer not in mapped and answer not in tokens:
                yield spot.find("slot-unmapped", "slot_values", key=answer[:60], known=said)


def _answers(spot: Spot, value_sets: Mapping[str, Any]) -> dict[str, bool]:
    """The answers of a question as `slot_values` names them, and whether each must be mapped."""
    absent = {f"{prefix}{each}": False for each in listed(spot.item.get("absent")) for prefix in ("", "absent:")}
    if spot.type == "yes_no":
        spelled = spot.item.get("slot_values")
        true_false = isinstance(spelled, Mapping) and ("true" in spelled or "false" in spelled)
        names = {"true": True, "false": True} if true_false else {"yes": True, "no": True}
        return {**names, **absent}
    named = value_sets.get(text(spot.item.get("value_set")))
    offered = named.get("options") if isinstance(named, Mapping) else spot.item.get("options")
    codes = {
        text(each.get("code")) or text(each.get("id")): each.get("status") != "retired"
        for each in listed(offered)
        if isinstance(each, Mapping)
    }
    return {**codes, **absent} if codes else {}
