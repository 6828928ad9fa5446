"""Faults that an import leaves for a person to decide: conditions kept word for word that nothing here runs."""

from collections.abc import Mapping

from careplan_forms.schema.findings import Findings, Spot

#: A condition that always holds: how somebody says that an item is always to be shown.
ALWAYS = '{"all": []}'


def conditions(spots: list[Spot]) -> Findings:
    """Items whose own condition cannot be run, until somebody gave them another one."""
    for spot in spots:
        residue = spot.item.get("residue")
        kept = residue.get("not_run") if isinstance(residue, Mapping) else None
        if not isinstance(kept, Mapping):
            continue
        shown = _rule(spot)
        if shown == kept.get("show_if"):
            reason = str(kept.get("reason") or "nothing says why").partition(";")[0]
            yield spot.find("condition-not-run", "show_if", reason=reason[:200], always=ALWAYS)


def _rule(spot: Spot) -> object:
    """The present condition of an item, or of the repeat that was wrapped round it."""
    around = spot.around[-1].item if spot.around else {}
    wrapped = around.get("residue")
    if isinstance(wrapped, Mapping) and wrapped.get("repeats") and wrapped["repeats"] == spot.item.get("link_id"):
        return around.get("show_if")
    return spot.item.get("show_if")
