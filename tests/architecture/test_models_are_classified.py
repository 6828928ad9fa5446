"""Every model is one of three: written once, changed with its history kept, or plainly mutable.

A new model fails here until somebody has decided which; that decision is the point.
"""

import pytest
from django.apps import apps

from core.immutability import ImmutableError, ImmutableModel
from tests.architecture import rules

#: Versions, decisions, signatures, audit: inserted and read.
WRITTEN_ONCE = {
    "careplan_forms.CarePlanVersion",
    "careplan_forms.Consent",
    "careplan_forms.FormActivation",
    "careplan_forms.FormCandidate",
    "careplan_forms.FormCandidateApproval",
    "careplan_forms.FormMigrationPlan",
    "careplan_forms.FormVersion",
    "careplan_forms.PlanReview",
    "careplan_forms.PlanSubmission",
    "content.PageReview",
    "content.QuizAttempt",
    "governance.AgreementEvent",
    "governance.AgreementSignature",
    "governance.AgreementTemplateVersion",
    "governance.AuditEvent",
    "governance.AuditSeal",
    "governance.AuditSealedEvent",
    "governance.TrainingRecord",
    "workflows.DraftAuthor",
    "workflows.FlowActivation",
    "workflows.FlowCaseMove",
    "workflows.FlowCandidate",
    "workflows.FlowCandidateApproval",
    "workflows.FlowDecision",
    "workflows.FlowEvent",
    "workflows.FlowVersion",
    "workflows.FlowVersionApproval",
}

#: Governance and reference records: who changed what and why stays visible.
KEEPS_HISTORY = {
    "careplan_forms.Delegation",
    "careplan_forms.FormTestCase",
    "careplan_forms.Patient",
    "careplan_forms.PatientAccount",
    "governance.Agreement",
    "governance.AgreementTemplate",
    "governance.Area",
    "governance.AreaMembership",
    "governance.OrgContact",
    "governance.Organisation",
    "governance.OrganisationArea",
    "governance.Role",
    "governance.StaffListEntry",
    "governance.TrainingRequirement",
}

#: Drafts, pointers, projections, work in hand: what happened to them is in the audit trail.
MUTABLE = {
    "careplan_forms.AnswerFact",
    "careplan_forms.CarePlan",
    "careplan_forms.CarePlanUserPermission",
    "careplan_forms.FormDefinition",
    "careplan_forms.FormDefinitionSection",
    "careplan_forms.FormDefinitionUserPermission",
    "careplan_forms.FormMigration",
    "careplan_forms.FormMigrationDraft",
    "careplan_forms.FormSection",
    "careplan_forms.FormSignOffTask",
    "careplan_forms.FormSignOffTaskState",
    "careplan_forms.PatientLink",
    "careplan_forms.PlanDraft",
    "careplan_forms.PlanShare",
    "careplan_forms.PlanStopMark",
    "careplan_forms.PlanSummary",
    "careplan_forms.QuestionComment",
    "careplan_forms.SectionPin",
    "careplan_forms.ValueSet",
    "careplan_forms.PlanFile",
    "careplan_forms.WithheldAnswer",
    "content.CoursePage",
    "content.HomePage",
    "content.InformationPage",
    "content.LessonPage",
    "content.LessonRead",
    "content.PageReviewTask",
    "content.PageReviewTaskState",
    "core.JobRun",
    "core.OutboxDelivery",
    "core.OutboxEvent",
    "core.Schedule",
    "governance.JobTitle",
    "governance.NoticeChoice",
    "governance.Notification",
    "governance.OrganisationUserPermission",
    "governance.SystemAccess",
    "governance.TemporaryGrant",
    "governance.User",
    "governance.Webhook",
    "workflows.FlowCase",
    "workflows.FlowDefinition",
    "workflows.FlowDelegation",
    "workflows.FlowMigration",
    "workflows.FlowPause",
    "workflows.FlowSignOffTask",
    "workflows.FlowSignOffTaskState",
    "workflows.FlowTask",
    "workflows.FlowTimer",
    "workflows.SavedView",
}


def ours() -> list:
    """Our models, without the history tables the library makes and without tables between two models."""
    models = [model for model in apps.get_models() if model._meta.app_label in rules.LAYERS]
    return [model for model in models if not model.__name__.startswith("Historical")]


def keeps_history(model) -> bool:
    return hasattr(model, "history") and hasattr(model._meta, "simple_history_manager_attribute")


def test_every_model_is_in_exactly_one_list():
    listed = [*WRITTEN_ONCE, *KEEPS_HISTORY, *MUTABLE]
    assert len(listed) == len(set(listed))
    assert {model._meta.label for model in ours()} == set(listed)


def test_models_written_once_refuse_to_be_changed():
    assert {model._meta.label for model in ours() if issubclass(model, ImmutableModel)} == WRITTEN_ONCE


def test_models_that_keep_history_do_and_no_other():
    assert {model._meta.label for model in ours() if keeps_history(model)} == KEEPS_HISTORY


@pytest.mark.parametrize("label", sorted(WRITTEN_ONCE))
def test_no_way_of_the_manager_changes_a_row_written_once(label):
    model = apps.get_model(label)
    for manager in {model._default_manager, model._base_manager, getattr(model, "objects", model._default_manager)}:
        rows = manager.all()
        if manager is model._base_manager and type(manager).__module__ == "django.db.models.manager":
            continue  # Django's plain base manager is not a way anybody's code takes; the architecture rules see to it.
        for attempt in (lambda: rows.update(pk=None), rows.delete, lambda: rows.bulk_update([], [])):  # noqa: B023
            with pytest.raises(ImmutableError):
                attempt()
