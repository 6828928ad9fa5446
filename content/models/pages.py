"""The public pages."""

from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from content.blocks import BodyBlock
from content.previews import PreviewedPage
from core.fields import StreamField


class ReviewedPage(PreviewedPage, Page):
    """A page that says when it was last checked and when it will be again."""

    intro = models.CharField("introduction", max_length=300, blank=True)
    body = StreamField(BodyBlock(), blank=True)
    reviewed_on = models.DateField("last reviewed", null=True, blank=True)
    review_due_on = models.DateField("next review due", null=True, blank=True)

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("reviewed_on"), FieldPanel("review_due_on")], "Review"),
    ]
    promote_panels: ClassVar[list] = Page.promote_panels

    class Meta:
        abstract = True


class HomePage(ReviewedPage):
    """The front door: what this is, and where each kind of visitor goes next."""

    template = "content/home_page.jinja"
    max_count = 1
    subpage_types: ClassVar[list[str]] = ["content.InformationPage", "content.CoursePage"]


class InformationPage(ReviewedPage):
    """A page of information: for professionals, for information governance, for patients, about the service."""

    template = "content/information_page.jinja"
    parent_page_types: ClassVar[list[str]] = ["content.HomePage", "content.InformationPage"]
    subpage_types: ClassVar[list[str]] = ["content.InformationPage"]
