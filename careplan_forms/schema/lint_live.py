"""Faults a form has only beside the version that is live: what people in an emergency would no longer be shown."""

from collections.abc import Iterator, Mapping
from typing import Any

from careplan_forms.schema.emergency import SLOT_FIELDS
from careplan_forms.schema.findings import Finding


def against_live(live: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Finding]:
    """A field of the emergency view that the live version fills and the new one would not; both in full form."""
    filled = {item["slot"] for _, item in _items(document) if item["slot"]}
    for section, item in _items(live):
        slot = item["slot"]
        if not slot or slot in filled:
            continue
        filled.add(slot)
        known = SLOT_FIELDS.get(slot)
        shown = known.description if known else slot
        yield Finding(
            code="slot-removed",
            severity="error",
            path="/sections",
            message=f"The emergency view would lose “{shown}”, which “{item['label']}” fills in the version now live.",
            how_to_mend="Put the question back, or let another question fill that place in the emergency view.",
            section=section,
        )


def _items(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for section in document["sections"]:
        rest = list(section["items"])
        while rest:
            item = rest.pop(0)
            yield section["key"], item
            rest = [*item["items"], *rest]
