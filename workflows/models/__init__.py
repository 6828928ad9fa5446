"""Definitions and their immutable versions; cases, their tasks, decisions and events."""

from workflows.models.case import FlowCase, FlowDecision, FlowEvent, FlowTask
from workflows.models.definition import FlowActivation, FlowDefinition, FlowVersion, FlowVersionApproval
from workflows.models.delegation import FlowDelegation
from workflows.models.migration import FlowCaseMove, FlowMigration
from workflows.models.timing import FlowPause, FlowTimer
from workflows.models.views import SavedView

__all__ = [
    "FlowActivation",
    "FlowCase",
    "FlowCaseMove",
    "FlowDecision",
    "FlowDefinition",
    "FlowDelegation",
    "FlowEvent",
    "FlowMigration",
    "FlowPause",
    "FlowTask",
    "FlowTimer",
    "FlowVersion",
    "FlowVersionApproval",
    "SavedView",
]
