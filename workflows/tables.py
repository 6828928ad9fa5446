"""The lists of flows: the inbox and the register of definitions."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from core.pagination import KeysetTable
from core.tables import NHSTable, NumberColumn
from workflows import registry
from workflows.models import FlowDefinition
from workflows.presenters.flows import conditions
from workflows.presenters.inbox import Deadline, TaskRow

_BESIDE = "nhsuk-body-s nhsuk-u-margin-bottom-0 nhsuk-u-font-weight-normal nhsuk-u-secondary-text-colour"
_COLOURS = {"bad": "red", "attention": "yellow", "neutral": "grey"}


class InboxTable(KeysetTable):
    """What waits for the viewer and their team, due first; drawn by `workflows/_inbox_table.jinja`."""

    caption = "What waits for you and your team"
    label = tables.Column("Task")
    state = tables.Column("What it waits for")
    due = tables.Column("Due")
    waits = tables.Column("How long")
    taken_by = tables.Column("Taken by")
    public_id = tables.Column("Action")

    def render_label(self, value: str, record: TaskRow) -> Any:
        named = format_html('<a href="{}" data-row>{}</a>', record.link, value) if record.link else value
        return format_html('{}<div class="{}">{}</div>', named, _BESIDE, record.beside) if record.beside else named

    def render_due(self, value: Deadline) -> Any:
        if not value.tag:
            return value.words
        return format_html(
            '<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong> {}', _COLOURS[value.mood], value.tag, value.words
        )

    def render_waits(self, value: str, record: TaskRow) -> Any:
        since = format_html('<span class="fw-number">{}</span>', record.since)
        return format_html('{}<div class="{}">since {}</div>', value.capitalize(), _BESIDE, since)

    def render_taken_by(self, value: str, record: TaskRow) -> Any:
        if not record.stands_in:
            return value
        return format_html('{}<div class="{}">Away: you stand in</div>', value, _BESIDE)


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
