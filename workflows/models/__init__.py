"""Definitions and their immutable versions; cases, their tasks, decisions and events."""

from workflows.models.case import FlowCase, FlowDecision, FlowEvent, FlowTask
from workflows.models.definition import (
    FlowActivation,
    FlowCandidate,
    FlowCandidateApproval,
    FlowDefinition,
    FlowVersion,
    FlowVersionApproval,
)
from workflows.models.delegation import FlowDelegation
from workflows.models.drafting import DraftAuthor
from workflows.models.migration import FlowCaseMove, FlowMigration
from workflows.models.moderation import FlowSignOffTask, FlowSignOffTaskState
from workflows.models.timing import FlowPause, FlowTimer
from workflows.models.views import SavedView

__all__ = [
    "DraftAuthor",
    "FlowActivation",
    "FlowCandidate",
    "FlowCandidateApproval",
    "FlowCase",
    "FlowCaseMove",
    "FlowDecision",
    "FlowDefinition",
    "FlowDelegation",
    "FlowEvent",
    "FlowMigration",
    "FlowPause",
    "FlowSignOffTask",
    "FlowSignOffTaskState",
    "FlowTask",
    "FlowTimer",
    "FlowVersion",
    "FlowVersionApproval",
    "SavedView",
]
