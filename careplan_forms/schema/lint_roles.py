"""Faults of limits by role: unreadable, contradictory, or keeping a fact from those who need it."""

from collections.abc import Iterable, Mapping
from typing import Any

from careplan_forms.schema.calculation_parts import calculation_references
from careplan_forms.schema.findings import Findings, Spot, listed, text
from careplan_forms.schema.items.kinds import CALCULATED
from careplan_forms.schema.roles import (
    CLINICIAN,
    DOCTOR,
    OTHERS,
    READERS,
    URGENT_READER,
    WRITERS,
    Limit,
    allows,
    both,
    people,
    read_roles,
)
from careplan_forms.schema.rules import references

_PARTS = ("see", "edit", "require")


def roles(spots: list[Spot]) -> Findings:
    """All faults of the limits of a document."""
    if not any(spot.item.get("roles") for spot in spots):
        return
    by_uid: dict[str, Spot] = {}
    for spot in spots:
        by_uid.setdefault(spot.uid, spot)
    for spot in spots:
        given = spot.item.get("roles")
        if given is not None and not _readable(given):
            yield spot.find("roles-shape-wrong", "roles")
            continue
        if given:
            yield from _unknown(spot, given)
            yield from _contradictions(spot)
        yield from _kept_from(spot)
        yield from _sources(spot, by_uid)


def _readable(given: Any) -> bool:
    if not isinstance(given, Mapping):
        return False
    lists = [given.get(part) for part in _PARTS]
    return all(each is None or (isinstance(each, list) and all(isinstance(one, str) for one in each)) for each in lists)


def _unknown(spot: Spot, given: Mapping[str, Any]) -> Findings:
    named = [role for part in _PARTS for role in given.get(part) or ()]
    for role in dict.fromkeys(named):
        if role not in (*READERS, *OTHERS):
            yield spot.find("roles-unknown", "roles", key=role[:60])


def _contradictions(spot: Spot) -> Findings:
    own = read_roles(spot.item.get("roles"))
    sees, edits = _sees(spot), _edits(spot)
    unseen = [role for role in own.edit or () if not allows(own.see, role)]
    if unseen:
        yield spot.find("roles-edit-unseen", "roles/edit", key=people(unseen))
    cannot = [role for role in own.require or () if not (allows(edits, role) and allows(sees, role))]
    if cannot:
        yield spot.find("roles-require-uneditable", "roles/require", key=people(cannot))
    outside = [role for role in own.see or () if spot.around and not allows(_sees(spot.around[-1]), role)]
    if outside:
        yield spot.find("roles-wider-than-around", "roles/see", key=people(outside))
    for part, words in (("see", "see"), ("edit", "change")):
        limit: Limit = getattr(own, part)
        if limit is not None and CLINICIAN in limit and DOCTOR not in limit:
            yield spot.find("roles-doctor-left-out", f"roles/{part}", key=words)


def _kept_from(spot: Spot) -> Findings:
    """What a limit, perhaps that of a group around, keeps from those who cannot do without it."""
    if _takes_no_answer(spot):
        return
    sees, edits = _sees(spot), _edits(spot)
    slot = text(spot.item.get("slot"))
    if slot and not allows(sees, URGENT_READER):
        yield spot.find("roles-slot-hidden", "roles/see", key=slot[:60])
    if not allows(sees, DOCTOR):
        yield spot.find("roles-doctor-blind", "roles/see")
    if spot.type not in CALCULATED and not any(allows(both(sees, edits), role) for role in WRITERS):
        needed = spot.item.get("required") == "publish"
        yield spot.find("roles-nobody-answers" if needed else "roles-nobody-edits", "roles/edit")


def _sources(spot: Spot, by_uid: Mapping[str, Spot]) -> Findings:
    if _takes_no_answer(spot):
        return
    may = both(_sees(spot), _edits(spot))
    for uid in dict.fromkeys(_looked_at(spot.item)):
        source = by_uid.get(uid)
        if source is None:
            continue
        blind = [role for role in READERS if role in WRITERS and allows(may, role) and not allows(_sees(source), role)]
        if blind:
            yield spot.find("roles-rule-source", "roles", source=source.what, key=people(blind))


def _looked_at(item: Mapping[str, Any]) -> Iterable[str]:
    rules = [item.get("show_if"), item.get("required_if")]
    rules += [each.get("rule") for each in listed(item.get("warnings")) if isinstance(each, Mapping)]
    yield from (uid for rule in rules for uid in references(rule))
    yield from calculation_references(item.get("calculation"))


def _takes_no_answer(spot: Spot) -> bool:
    return spot.type in ("group", "guidance")


def _sees(spot: Spot) -> Limit:
    """Who sees an item at its place: what it stands in limits it too."""
    limit: Limit = None
    for each in (*spot.around, spot):
        limit = both(limit, read_roles(each.item.get("roles")).see)
    return limit


def _edits(spot: Spot) -> Limit:
    limit: Limit = None
    for each in (*spot.around, spot):
        limit = both(limit, read_roles(each.item.get("roles")).edit)
    return limit
