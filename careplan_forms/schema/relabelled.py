"""Which wordings differ between two form documents."""

from typing import Any


def changed_between(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, before, after) of every wording that differs, for the page that says what changed meanwhile."""
    old, new = _labels(before), _labels(after)
    uids = [*old, *(uid for uid in new if uid not in old)]
    return [
        (new.get(uid) or old[uid], old.get(uid, "Not there"), new.get(uid, "Removed"))
        for uid in uids
        if old.get(uid) != new.get(uid)
    ]


def _labels(document: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}

    def read(items: list[dict[str, Any]]) -> None:
        for item in items:
            found[item["uid"]] = item["label"]
            read(item["items"])

    for section in document["sections"]:
        read(section["items"])
    return found
