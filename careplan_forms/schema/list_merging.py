"""A newer edition of a list of answers over the one we have: nothing is dropped, what is gone is retired."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.document import OPTION_DEFAULTS

JSONDict = dict[str, Any]


@dataclass
class ListChanges:
    """What an edition would do, by the displays of options."""

    added: list[str] = field(default_factory=list)
    retitled: list[tuple[str, str]] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    offered_again: list[str] = field(default_factory=list)
    same: int = 0

    @property
    def nothing(self) -> bool:
        """Whether the edition says what the list says already."""
        return not (self.added or self.retitled or self.retired or self.offered_again)

    def as_dict(self) -> JSONDict:
        return {
            "added": self.added,
            "retitled": [{"from": old, "to": new} for old, new in self.retitled],
            "retired": self.retired,
            "offered_again": self.offered_again,
            "same": self.same,
        }

    def sentences(self) -> list[str]:
        """The changes in words, one a line."""
        said = [f"Added: “{each}”." for each in self.added]
        said += [f"Reworded: “{old}” becomes “{new}”." for old, new in self.retitled]
        said += [f"No longer offered, still readable: “{each}”." for each in self.retired]
        said += [f"Offered again: “{each}”." for each in self.offered_again]
        return [*said, f"{self.same} stay as they are."]


def merged(known: list[JSONDict], brought: list[JSONDict], today: datetime.date) -> tuple[list[JSONDict], ListChanges]:
    """The options after an edition is taken over, and what that changes; both lists in document shape.

    Options are the same when system and code are. One that the edition lacks is retired from `today`.
    """
    changes = ListChanges()
    fresh = {(each["system"], each["code"]): OPTION_DEFAULTS | each for each in brought}
    ids = {each["id"] for each in known}
    result = []
    for option in known:
        edition = fresh.pop((option["system"], option["code"]), None)
        result.append(_gone(option, today, changes) if edition is None else _renewed(option, edition, today, changes))
    for edition in fresh.values():
        changes.added.append(edition["display"])
        result.append(edition | {"id": _free(edition["id"], ids)})
    return result, changes


def _gone(option: JSONDict, today: datetime.date, changes: ListChanges) -> JSONDict:
    if option["status"] == "retired":
        changes.same += 1
        return option
    changes.retired.append(option["display"])
    return option | {"status": "retired", "retired_on": today.isoformat()}


def _renewed(option: JSONDict, edition: JSONDict, today: datetime.date, changes: ListChanges) -> JSONDict:
    renewed = option | {"display": edition["display"]}
    renewed["translations"] = (option.get("translations") or {}) | (edition.get("translations") or {})
    if edition["status"] != option["status"]:
        retired = edition["status"] == "retired"
        day = (edition.get("retired_on") or today.isoformat()) if retired else None
        renewed |= {"status": edition["status"], "retired_on": day}
        renewed["replaced_by"] = option["replaced_by"] if retired else None
        (changes.retired if retired else changes.offered_again).append(edition["display"])
    if edition["display"] != option["display"]:
        changes.retitled.append((option["display"], edition["display"]))
    elif edition["status"] == option["status"]:
        changes.same += 1
    return renewed


def _free(wanted: str, ids: set[str]) -> str:
    name, number = wanted, 2
    while name in ids:
        name, number = f"{wanted}-{number}", number + 1
    ids.add(name)
    return name
