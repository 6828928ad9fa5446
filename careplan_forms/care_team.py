"""What waits for a decision is asked of a plan's care team as it is now.

An organisation that joins while a case waits is asked too, one that left is asked no more. Told after commit: a
decision holds its case and then the plan, so nothing that holds the plan may wait for its case.
"""

from typing import Any

from careplan_forms.enums import SUBMISSION_KIND
from careplan_forms.models import CarePlan
from core import clock
from core.events import after_commit
from workflows.services import tasks

TEAM_CHANGED = "plan.team_changed"


def register() -> None:
    after_commit(TEAM_CHANGED, subscriber="tasks of the care team")(_ask_anew)


def _ask_anew(event: Any) -> None:
    plan = CarePlan.objects.select_related("waiting_submission").get(public_id=event.payload["plan"])
    if plan.waiting_submission is not None:
        tasks.ask_anew(subject_kind=SUBMISSION_KIND, subject_id=plan.waiting_submission.public_id, now=clock.now())
