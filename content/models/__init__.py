"""Pages people read before they sign in, and courses they take before they may do more."""

from content.models.learning import CoursePage, LessonPage, LessonRead, QuizAttempt
from content.models.pages import HomePage, InformationPage
from content.models.review import PageReview, PageReviewTask, PageReviewTaskState

__all__ = [
    "CoursePage",
    "HomePage",
    "InformationPage",
    "LessonPage",
    "LessonRead",
    "PageReview",
    "PageReviewTask",
    "PageReviewTaskState",
    "QuizAttempt",
]
