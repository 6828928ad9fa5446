"""Courses, lessons, and what learners did. A pass itself is a governance record: it opens the gate."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from content.blocks import BodyBlock, QuizBlock
from content.previews import PreviewedPage
from core.fields import StreamField
from core.immutability import ImmutableModel


class CoursePage(PreviewedPage, Page):
    """A course: lessons below it and a quiz at its end. `key` is what a role's training requirement names."""

    key = models.SlugField(unique=True, max_length=50)
    version = models.CharField(max_length=20, default="1")
    intro = models.CharField("introduction", max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    pass_mark = models.PositiveSmallIntegerField("pass mark in percent", default=80)
    most_attempts = models.PositiveSmallIntegerField("attempts in a day", default=3)
    quiz = StreamField(QuizBlock(), blank=True)

    template = "content/course_page.jinja"
    parent_page_types: ClassVar[list[str]] = ["content.HomePage"]
    subpage_types: ClassVar[list[str]] = ["content.LessonPage"]
    content_panels: ClassVar[list] = [
        *Page.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel(n) for n in ("key", "version", "minutes", "pass_mark", "most_attempts")], "Course"),
        FieldPanel("quiz"),
    ]

    def clean(self) -> None:
        super().clean()
        for question in self.quiz:
            right = [answer for answer in question.value["answers"] if answer["correct"]]
            if len(right) != 1:
                raise ValidationError({"quiz": f"Mark exactly one answer as correct: {question.value['text']}"})

    def lessons(self) -> models.QuerySet["LessonPage"]:
        """The published lessons in order."""
        return LessonPage.objects.child_of(self).live().order_by("path")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from content.selectors import progress_of

        context = super().get_context(request, *args, **kwargs)
        return context | {"progress": progress_of(viewer=request.actor, course=self)}


class LessonPage(PreviewedPage, Page):
    """One lesson of a course, ten minutes at most."""

    body = StreamField(BodyBlock(), blank=True)

    template = "content/lesson_page.jinja"
    parent_page_types: ClassVar[list[str]] = ["content.CoursePage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("body")]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | {"course": self.get_parent().specific}


class LessonRead(models.Model):
    """Somebody finished a lesson."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lessons_read")
    lesson = models.ForeignKey(LessonPage, on_delete=models.CASCADE, related_name="readings")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "lesson"], name="one_reading_per_lesson")]

    def __str__(self) -> str:
        return f"lesson {self.lesson_id} read"


class QuizAttempt(ImmutableModel):
    """One try at a quiz: what was answered, the score, and whether it was enough. A new try is a new row."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="quiz_attempts")
    course_key = models.SlugField()
    course_version = models.CharField(max_length=20)
    answers = models.JSONField(help_text="[{question, answer, correct, feedback}] as they were shown")
    score = models.PositiveSmallIntegerField(help_text="Percent")
    passed = models.BooleanField()
    certificate_code = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "course_key", "-at"], name="attempts_by_learner")]

    def __str__(self) -> str:
        return f"attempt {str(self.public_id)[:8]}"
