"""Learning: reading lessons, taking the quiz, and the pass that opens the gate."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from content import selectors
from content.exceptions import TooManyAttempts
from content.models import CoursePage, LessonPage, LessonRead, QuizAttempt
from core import clock
from core.exceptions import Refused
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.models import User
from governance.services import training
from governance.services.audit import record

#: After this long, failed tries no longer count against the limit of the day.
COOL_OFF = datetime.timedelta(hours=24)


@transaction.atomic
def mark_read(*, by: Actor, lesson: LessonPage, now: datetime.datetime | None = None) -> LessonRead:
    """Remember that the learner finished a lesson; twice is once."""
    check(by, Action.LEARN)
    reading, created = LessonRead.objects.get_or_create(
        user_id=by.user_id, lesson=lesson, defaults={"read_at": now or clock.now()}
    )
    if created:
        record(by=by, action="lesson.read", target=("lesson", str(lesson.pk)))
    return reading


@transaction.atomic
def take_quiz(
    *, by: Actor, course: CoursePage, answers: Mapping[str, str], now: datetime.datetime | None = None
) -> QuizAttempt:
    """Mark a try and, when it is enough, record the pass in the same transaction.

    `answers` maps a question's block id to the block id of the chosen answer. Raises Refused with the field of the
    first question left out, TooManyAttempts when today's tries are used up.
    """
    check(by, Action.LEARN)
    now = now or clock.now()
    user = User.objects.select_for_update().get(pk=by.user_id)
    if selectors.attempts_since(viewer=by, course=course, since=now - COOL_OFF) >= course.most_attempts:
        raise TooManyAttempts("You have used today's tries. Read the lessons again and come back tomorrow")
    marked = [_mark(question, answers) for question in course.quiz]
    if not marked:
        raise Refused("This course has no quiz yet")
    score = round(100 * sum(one["correct"] for one in marked) / len(marked))
    passed = score >= course.pass_mark
    code = _record_pass(by, user, course, score, now) if passed else ""
    attempt = QuizAttempt.objects.create(
        user=user,
        course_key=course.key,
        course_version=course.version,
        answers=marked,
        score=score,
        passed=passed,
        certificate_code=code,
        at=now,
    )
    record(by=by, action="quiz.taken", target=attempt, detail={"course": course.key, "score": score, "passed": passed})
    return attempt


def _record_pass(by: Actor, user: User, course: CoursePage, score: int, now: datetime.datetime) -> str:
    passed = training.record_completion(
        user=user, course_key=course.key, course_version=course.version, by=by, score=score, passed_at=now
    )
    return passed.certificate_code


def _mark(question: Any, answers: Mapping[str, str]) -> dict[str, Any]:
    chosen = answers.get(question.id, "")
    options = {option.id: option.value for option in question.value["answers"].bound_blocks}
    if chosen not in options:
        raise Refused("Select an answer", field=question.id)
    return {
        "question": question.value["text"],
        "answer": options[chosen]["text"],
        "correct": bool(options[chosen]["correct"]),
        "feedback": options[chosen]["feedback"],
    }
