"""Where people stood when they decided, by what is kept: which organisations hosted the service, who had which task."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from governance.enums import CareSetting
from governance.models import Organisation
from workflows.models import FlowDecision, FlowTask


class Places:
    """Answers for the decisions on some cases, with what it takes read at one go."""

    def __init__(self, cases: Iterable[int]) -> None:
        self._hosting = _hosting()
        self._tasks: dict[tuple[int, datetime.datetime | None], set[tuple[int, int]]] = defaultdict(set)
        done = FlowTask.objects.filter(case__in=list(cases), closed_at__isnull=False, claimed_by__isnull=False)
        for case, at, user, place in done.values_list("case", "closed_at", "claimed_by", "organisation"):
            self._tasks[case, at].add((user, place))

    def of(self, row: FlowDecision) -> dict[str, Any]:
        """`at_host` and `had_task` of the past decision."""
        return {"at_host": self._at_host(row), "had_task": self._had_task(row)}

    def _at_host(self, row: FlowDecision) -> bool | None:
        place = int(row.organisation_ref) if row.organisation_ref.isdigit() else None
        if place not in self._hosting:
            return False
        known = [hosted for at, hosted in self._hosting[place] if at <= row.at]
        return known[-1] if known else None

    def _had_task(self, row: FlowDecision) -> bool | None:
        """A step that is taken puts its tasks away at that very moment, in the hands they were in; a decision that
        waits for others does not.
        """
        person = row.on_behalf_of or row.user_id_text
        if row.awaits or not person.isdigit() or not row.organisation_ref.isdigit():
            return None
        return (int(person), int(row.organisation_ref)) in self._tasks.get((row.case_id, row.at), set())


def _hosting() -> dict[int, list[tuple[datetime.datetime, bool]]]:
    """Organisations that host the service or have: from when on each did, or no longer."""
    rows = Organisation.history.order_by("history_date", "history_id")
    ever = rows.filter(care_setting=CareSetting.HOST).values("id")
    hosts = Organisation.objects.filter(care_setting=CareSetting.HOST)
    found: dict[int, list[tuple[datetime.datetime, bool]]] = {pk: [] for pk in hosts.values_list("pk", flat=True)}
    for pk, at, setting, closed in rows.filter(id__in=ever).values_list(
        "id", "history_date", "care_setting", "closed_on"
    ):
        found.setdefault(pk, []).append((at, setting == CareSetting.HOST and closed is None))
    return found
