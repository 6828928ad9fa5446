"""People, consents, forms and plans. The emergency view reads `PlanSummary` and nothing else."""

from careplan_forms.models.consent import Consent
from careplan_forms.models.definition import (
    FormActivation,
    FormCandidate,
    FormCandidateApproval,
    FormDefinition,
    FormDefinitionSection,
    FormDefinitionUserPermission,
    FormSection,
    FormVersion,
)
from careplan_forms.models.library import QuestionComment, SectionPin
from careplan_forms.models.migration import FormMigration, FormMigrationDraft, FormMigrationPlan
from careplan_forms.models.moderation import FormSignOffTask, FormSignOffTaskState
from careplan_forms.models.patient import Patient, PatientLink
from careplan_forms.models.plan import (
    CarePlan,
    CarePlanUserPermission,
    CarePlanVersion,
    PlanDraft,
    PlanReview,
    PlanShare,
    PlanSubmission,
)
from careplan_forms.models.plan_file import PlanFile
from careplan_forms.models.portal import Delegation, PatientAccount
from careplan_forms.models.summary import AnswerFact, PlanStopMark, PlanSummary
from careplan_forms.models.testing import FormTestCase
from careplan_forms.models.value_set import ValueSet
from careplan_forms.models.withholding import WithheldAnswer

__all__ = [
    "AnswerFact",
    "CarePlan",
    "CarePlanUserPermission",
    "CarePlanVersion",
    "Consent",
    "Delegation",
    "FormActivation",
    "FormCandidate",
    "FormCandidateApproval",
    "FormDefinition",
    "FormDefinitionSection",
    "FormDefinitionUserPermission",
    "FormMigration",
    "FormMigrationDraft",
    "FormMigrationPlan",
    "FormSection",
    "FormSignOffTask",
    "FormSignOffTaskState",
    "FormTestCase",
    "FormVersion",
    "Patient",
    "PatientAccount",
    "PatientLink",
    "PlanDraft",
    "PlanFile",
    "PlanReview",
    "PlanShare",
    "PlanStopMark",
    "PlanSubmission",
    "PlanSummary",
    "QuestionComment",
    "SectionPin",
    "ValueSet",
    "WithheldAnswer",
]
