"""What a learner sees of their own learning."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from wagtail.models import Revision, TaskState

from content.models import CoursePage, LessonPage, LessonRead, QuizAttempt
from core.exceptions import Absent
from governance import gate
from governance.actors import Actor
from governance.enums import Action, CareSetting, RoleKey
from governance.models import StaffListEntry, TrainingRecord, User
from governance.selectors.capacities import current_capacities_of
from governance.selectors.staff import current


@dataclass(frozen=True)
class Progress:
    """How far somebody is with a course."""

    course: CoursePage
    lessons: list[LessonPage]
    read: frozenset[int]
    passed: TrainingRecord | None

    @property
    def next_lesson(self) -> LessonPage | None:
        return next((lesson for lesson in self.lessons if lesson.pk not in self.read), None)

    @property
    def status(self) -> str:
        """The words of the task list."""
        if self.passed:
            return "Completed"
        return "In progress" if self.read else "Not yet started"


def courses() -> QuerySet[CoursePage]:
    """Every published course; anybody may see what there is to learn."""
    return CoursePage.objects.live().public().order_by("title")


def course(key: str) -> CoursePage:
    """The published course with this key; raises Absent."""
    found = courses().filter(key=key).first()
    if found is None:
        raise Absent
    return found


def lesson(viewer: Actor, pk: int) -> LessonPage:
    """A published lesson; raises Absent."""
    found = LessonPage.objects.live().public().filter(pk=pk).first()
    if found is None or not viewer.is_signed_in:
        raise Absent
    return found


def progress_of(*, viewer: Actor, course: CoursePage) -> Progress:
    """The viewer's own progress; a stranger has none."""
    lessons = list(course.lessons())
    if viewer.user_id is None:
        return Progress(course, lessons, frozenset(), None)
    read = LessonRead.objects.filter(user_id=viewer.user_id, lesson__in=lessons).values_list("lesson_id", flat=True)
    passes = TrainingRecord.objects.filter(user_id=viewer.user_id, course_key=course.key)
    return Progress(course, lessons, frozenset(read), passes.order_by("-passed_at").first())


def attempt(*, viewer: Actor, public_id: object) -> QuizAttempt:
    """One of the viewer's own attempts; raises Absent."""
    found = QuizAttempt.objects.filter(public_id=public_id, user_id=viewer.user_id or 0).first()
    if found is None:
        raise Absent
    return found


def attempts_since(*, viewer: Actor, course: CoursePage, since: datetime.datetime) -> int:
    """How many failed tries since a moment."""
    tries = QuizAttempt.objects.filter(user_id=viewer.user_id or 0, course_key=course.key, passed=False)
    return tries.filter(at__gte=since).count()


def certificate(code: str) -> TrainingRecord | None:
    """The pass with this code; whoever has the code may learn that it is genuine, not whose it is."""
    return TrainingRecord.objects.filter(certificate_code=code.strip().upper()).first()


def course_address(key: str) -> str:
    """Where the course is, or an empty text when there is none: what the gate links to."""
    found = courses().filter(key=key).first()
    return found.url or "" if found else ""


def may_review(user: User) -> bool:
    """Whether an account edits pages today, by its role: being a superuser opens nothing."""
    return user.is_active and any(
        gate.decide(capacity.actor, Action.CONTENT_EDIT).allowed for capacity in current_capacities_of(user)
    )


def reviewers() -> QuerySet[User]:
    """Everybody who edits pages at the host today."""
    roles = (RoleKey.CONTENT_EDITOR, RoleKey.CLINICAL_LEAD)
    entries = StaffListEntry.objects.filter(current(), role__in=roles, organisation__care_setting=CareSetting.HOST)
    return User.objects.filter(pk__in=entries.values("user_id"), is_active=True)


def authors_of(state: TaskState) -> set[int]:
    """Whoever wrote any of what is submitted, since what is live, and whoever submitted it."""
    page, revision = state.workflow_state.content_object, state.revision
    written = Revision.objects.for_instance(page).filter(pk__gt=page.live_revision_id or 0)
    return {revision.user_id, state.workflow_state.requested_by_id, *written.values_list("user_id", flat=True)} - {None}


def may_review_this(user: User, state: TaskState) -> bool:
    """Whether an account may decide on what was submitted: it edits pages, and wrote none of this."""
    return may_review(user) and user.pk not in authors_of(state)
