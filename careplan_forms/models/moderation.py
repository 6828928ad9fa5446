"""The tasks of a form's sign-off in Wagtail's workflow; what they may and may not do is `workflows.models.sign_off`."""

from django.db import models

from careplan_forms.models.definition import FormCandidate
from workflows.models.sign_off import SignOffTask, SignOffTaskState, keep_for_sign_off


class FormSignOffTask(SignOffTask):
    """One of the two decisions a form needs."""

    workflow_name = "Form sign-off"

    class Meta:
        verbose_name = "sign-off of a form"
        verbose_name_plural = "sign-offs of forms"

    @classmethod
    def get_description(cls) -> str:
        return "A clinical safety officer or an IG officer decides on the exact text of a form"


class FormSignOffTaskState(SignOffTaskState):
    """One decision on a form, awaited or made."""

    candidate = models.ForeignKey(FormCandidate, on_delete=models.PROTECT, related_name="task_states")

    class Meta:
        verbose_name = "state of a form's sign-off"


keep_for_sign_off(FormSignOffTask, FormSignOffTaskState)
