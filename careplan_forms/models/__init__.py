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
    ValueSet,
)
from careplan_forms.models.patient import Patient
from careplan_forms.models.plan import CarePlan, CarePlanUserPermission, CarePlanVersion, PlanDraft, PlanShare, PlanSubmission
from careplan_forms.models.summary import AnswerFact, PlanStopMark, PlanSummary

__all__ = [
    "AnswerFact",
    "CarePlan",
    "CarePlanUserPermission",
    "CarePlanVersion",
    "Consent",
    "FormActivation",
    "FormCandidate",
    "FormCandidateApproval",
    "FormDefinition",
    "FormDefinitionSection",
    "FormDefinitionUserPermission",
    "FormSection",
    "FormVersion",
    "Patient",
    "PlanDraft",
    "PlanShare",
    "PlanStopMark",
    "PlanSubmission",
    "PlanSummary",
    "ValueSet",
]
