"""Training records: a pass in a course, which opens the gate at the next request."""

import datetime
import secrets

from django.db import transaction

from core import clock, events
from core.exceptions import Refused
from governance.actors import Actor
from governance.enums import ActorKind
from governance.models import TrainingRecord, User
from governance.services import audit

#: Without letters and digits that are mistaken for each other when a certificate is read out.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@transaction.atomic
def record_completion(
    *,
    user: User,
    course_key: str,
    by: Actor,
    course_version: str = "1",
    score: int | None = None,
    source: str = "e-learning",
    passed_at: datetime.datetime | None = None,
) -> TrainingRecord:
    """Record that `user` passed a course. One's own pass, or recorded by a job; a refresher is a new record.

    Raises Refused for somebody else's pass and for one in the future.
    """
    if by.kind != ActorKind.JOB and by.user_id != user.pk:
        raise Refused("A pass can only be recorded for the person who took the course")
    at = passed_at or clock.now()
    if at > clock.now():
        raise Refused("A course cannot have been passed in the future", "passed_at")
    record = TrainingRecord.objects.create(
        user=user,
        course_key=course_key,
        course_version=course_version,
        passed_at=at,
        score=score,
        source=source,
        certificate_code=_certificate_code(),
    )
    detail = {"course": course_key, "version": course_version, "certificate": record.certificate_code}
    audit.record(by=by, action="training.passed", target=user, detail=detail)
    events.publish("training.passed", {"user": str(user.public_id), "course": course_key})
    return record


def _certificate_code() -> str:
    """Twelve characters, 59 bits: nobody guesses one that exists."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
