"""The tasks of a flow's sign-off in Wagtail's workflow; what they may and may not do is `models.sign_off`."""

from django.db import models

from workflows.models.definition import FlowCandidate
from workflows.models.sign_off import SignOffTask, SignOffTaskState, keep_for_sign_off


class FlowSignOffTask(SignOffTask):
    """One of the two decisions a flow needs."""

    workflow_name = "Flow sign-off"

    class Meta:
        verbose_name = "sign-off of a flow"
        verbose_name_plural = "sign-offs of flows"

    @classmethod
    def get_description(cls) -> str:
        return "A clinical safety officer or an IG officer decides on the exact text of a flow"


class FlowSignOffTaskState(SignOffTaskState):
    """One decision on a flow, awaited or made."""

    candidate = models.ForeignKey(FlowCandidate, on_delete=models.PROTECT, related_name="task_states")

    class Meta:
        verbose_name = "state of a flow's sign-off"


keep_for_sign_off(FlowSignOffTask, FlowSignOffTaskState)
