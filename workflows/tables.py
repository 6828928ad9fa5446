"""The lists of flows: the inbox and the register of definitions."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from markupsafe import Markup

from core.date_format import staff_moment
from core.tables import NHSTable, NumberColumn
from workflows import registry
from workflows.models import FlowDefinition
from workflows.presenters.flows import conditions
from workflows.presenters.inbox import TaskRow


class InboxTable(NHSTable):
    """What waits for the viewer and their team, due first."""

    caption = "What waits for you and your team"
    label = tables.Column("Task", orderable=False)
    state = tables.Column("What it waits for", orderable=False)
    waiting_since = tables.Column("Waiting since", orderable=False)
    due_at = tables.Column("Due", orderable=False)
    taken_by = tables.Column("Taken by", orderable=False)
    public_id = tables.Column("Take or give back", orderable=False)

    class Meta:
        template_name = "tables/table.jinja"
        empty_text = "Nothing waits for you."

    def __init__(self, *args: Any, action: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action

    def render_label(self, value: str, record: TaskRow) -> Any:
        return format_html('<a href="{}">{}</a>', record.link, value) if record.link else value

    def render_waiting_since(self, value: Any) -> str:
        return staff_moment(value)

    def render_due_at(self, value: Any, record: TaskRow) -> str:
        return f"{staff_moment(value)}{' (overdue)' if record.overdue else ''}"

    def render_public_id(self, record: TaskRow) -> Markup:
        return self.action(record)


class FlowTable(NHSTable):
    """The register of definitions."""

    caption = "Flows"
    name = tables.Column("Flow", orderable=False)
    subject_kind = tables.Column("Moves", orderable=False)
    applies_when = tables.Column("Applies when", orderable=False, empty_values=())
    live_version = tables.Column("Live version", orderable=False, default="None")
    open_cases = NumberColumn("Open cases", orderable=False)

    def render_name(self, value: str, record: FlowDefinition) -> Any:
        return format_html('<a href="{}">{}</a>', reverse("workflows:flow", args=[record.key]), value)

    def render_subject_kind(self, value: str) -> str:
        return registry.subjects.get(value).label if value in registry.subjects else value

    def render_applies_when(self, record: FlowDefinition) -> str:
        return conditions(record)

    def render_live_version(self, record: FlowDefinition) -> str:
        return f"Version {record.live_version.number}" if record.live_version else "None"
