"""The tables of governance's pages."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from markupsafe import Markup

from core.date_format import staff_moment
from core.form_rendering import macro
from core.pagination import KeysetTable
from core.tables import NHSTable
from governance import presenters
from governance.models import Notification, Organisation, StaffListEntry
from governance.notices import topic, topics
from governance.selectors import organisations, staff

_COLOURS = {"good": "green", "attention": "yellow", "bad": "red", "waiting": "blue", "neutral": "grey"}


def tag(words: str, mood: str) -> Markup:
    return macro("tag", "tag")({"text": words, "colour": _COLOURS[mood]})


class OrganisationTable(NHSTable):
    """The register."""

    caption = "Organisations"
    name = tables.Column(verbose_name="Name")
    ods_code = tables.Column(verbose_name="ODS code")
    care_setting = tables.Column(verbose_name="Kind of care")
    agreement = tables.Column(verbose_name="Agreement", empty_values=(), orderable=False)

    class Meta(NHSTable.Meta):
        model = Organisation
        fields = ("name", "ods_code", "care_setting", "agreement")
        order_by = "name"

    def render_name(self, record: Organisation) -> str:
        address = reverse("governance:organisation", args=[record.public_id])
        return format_html('<a href="{}">{}</a>', address, record.name)

    def render_agreement(self, record: Organisation) -> Markup:
        suspended = tag("Suspended", "bad") + " " if record.suspended_at else Markup("")
        return suspended + tag(*presenters.agreement_words(organisations.state_of(record)))


class SentTable(KeysetTable):
    """What was sent: references only, so that it can be shown and copied as it is."""

    caption = "Notices, the newest first"
    compact = True
    default = "No"
    created_at = tables.Column(verbose_name="Written")
    about_ref = tables.Column(verbose_name="About", empty_values=())
    topic = tables.Column(verbose_name="What")
    to = tables.Column(verbose_name="To", empty_values=())
    channel = tables.Column(verbose_name="How")
    outcome = tables.Column(verbose_name="What became of it", empty_values=())
    read_at = tables.Column(verbose_name="Read", empty_values=())

    class Meta(KeysetTable.Meta):
        model = Notification
        empty_text = "No notice has been sent, or none fits the filters."
        fields = ("created_at", "about_ref", "topic", "to", "channel", "outcome", "read_at")

    def render_created_at(self, value: Any) -> str:
        return format_html('<span class="fw-number">{}</span>', staff_moment(value))

    def render_about_ref(self, record: Notification) -> str:
        return f"{record.about_kind} {record.about_ref}".replace("_", " ").strip() or "Nothing particular"

    def render_topic(self, value: str) -> str:
        return f"{topic(value).label} ({value})" if value in topics else f"Something that happened ({value})"

    def render_to(self, record: Notification) -> str:
        return str(record.user or record.webhook)

    def render_outcome(self, record: Notification) -> Markup:
        return tag(*presenters.outcome_words(record))

    def render_read_at(self, value: Any, record: Notification) -> str:
        if record.channel != Notification.Channel.IN_APP:
            return "Cannot be known"
        return staff_moment(value) or "No"


class StaffTable(NHSTable):
    """An organisation's staff list."""

    caption = "Staff list"
    name = tables.Column(verbose_name="Name", accessor="user", orderable=False)
    role = tables.Column(verbose_name="Role", orderable=False)
    listed = tables.Column(verbose_name="On the list", empty_values=(), orderable=False)
    training = tables.Column(verbose_name="Training", empty_values=(), orderable=False)

    class Meta(NHSTable.Meta):
        model = StaffListEntry
        fields = ("name", "role", "listed", "training")

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def render_name(self, record: StaffListEntry) -> str:
        address = reverse("governance:staff_entry", args=[record.public_id])
        return format_html('<a href="{}">{}</a>', address, record.user.display_name)

    def render_role(self, record: StaffListEntry) -> str:
        title = record.job_title.label if record.job_title else ""
        return f"{record.get_role_display()}{f' ({title})' if title else ''}"

    def render_listed(self, record: StaffListEntry) -> Markup:
        return tag(*presenters.listed_words(record, self.on))

    def render_training(self, record: StaffListEntry) -> Markup:
        return tag(*presenters.training_words(staff.training_of(record)))
