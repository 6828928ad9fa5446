"""Definitions and their immutable versions; cases, their tasks, decisions and events."""

from workflows.models.case import FlowCase, FlowDecision, FlowEvent, FlowTask, FlowTimer
from workflows.models.definition import FlowActivation, FlowDefinition, FlowVersion, FlowVersionApproval
from workflows.models.delegation import FlowDelegation
<<<<<<< HEAD
from workflows.models.views import SavedView
=======
from workflows.models.migration import FlowCaseMove, FlowMigration
>>>>>>> bca4bcf (Give every move between versions the same record, states and batches; keep where cases go on)

__all__ = [
    "FlowActivation",
    "FlowCase",
    "FlowCaseMove",
    "FlowDecision",
    "FlowDefinition",
    "FlowDelegation",
    "FlowEvent",
    "FlowMigration",
    "FlowTask",
    "FlowTimer",
    "FlowVersion",
    "FlowVersionApproval",
    "SavedView",
]
