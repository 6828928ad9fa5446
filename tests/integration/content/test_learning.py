"""Learning as a learner does it: sign up, read, fail, pass, and be let in."""

import datetime

import pytest
from django.urls import reverse

from content.models import CoursePage, QuizAttempt
from content.services.seeding import seed_content
from core import clock
from governance.actors import Actor
from governance.enums import Action
from governance.gate import decide
from governance.models import TrainingRecord
from tests.factories import governance as make
from tests.worlds import shared

pytestmark = pytest.mark.django_db


@shared
def course():
    seed_content(by=Actor.job("test"))
    return CoursePage.objects.get(key=make.COURSE)


@shared
def novice(practice):
    """A listed nurse who has not taken the course."""
    return make.staff(practice, role="clinician", trained=False)


def answers(course, right=True):
    chosen = {}
    for question in course.quiz:
        options = question.value["answers"].bound_blocks
        chosen[question.id] = next(one.id for one in options if bool(one.value["correct"]) is right)
    return chosen


def send(client, course, chosen):
    return client.post(reverse("content:quiz", args=[course.key]), chosen, follow=True)


def test_seeding_twice_changes_nothing(course):
    before = list(CoursePage.objects.values_list("pk", flat=True))
    seed_content(by=Actor.job("test"))
    assert list(CoursePage.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/professionals/",
        "/joining/",
        "/patients/",
        "/accessibility-statement/",
        "/using-foreword/",
        "/using-foreword/reading-lawfully/",
    ],
)
def test_pages_are_open_to_everybody(course, client, path):
    assert client.get(path).status_code == 200


def test_a_pass_opens_the_gate_at_once(course, novice):
    assert "training-never" in decide(novice, Action.PERSON_FIND).codes
    client = make.client_of(novice)
    page = send(client, course, answers(course))
    assert "You passed" in page.content.decode()
    assert decide(novice, Action.PERSON_FIND).allowed


def test_a_failed_try_says_what_was_wrong_and_records_no_pass(course, novice):
    page = send(make.client_of(novice), course, answers(course, right=False))
    text = page.content.decode()
    assert "Not passed yet" in text
    assert "You need 80%" in text
    assert not TrainingRecord.objects.filter(user_id=novice.user_id).exists()


def failed_try(user_id, course, at):
    return QuizAttempt.objects.create(
        user_id=user_id, course_key=course.key, course_version="1", answers=[], score=0, passed=False, at=at
    )


def test_a_day_has_so_many_tries_and_no_more(course, novice):
    for _ in range(course.most_attempts):
        failed_try(novice.user_id, course, clock.now())
    page = send(make.client_of(novice), course, answers(course))
    assert "come back tomorrow" in page.content.decode()
    assert not TrainingRecord.objects.filter(user_id=novice.user_id).exists()


def test_yesterdays_tries_do_not_count(course, novice):
    for _ in range(course.most_attempts):
        failed_try(novice.user_id, course, clock.now() - datetime.timedelta(hours=25))
    assert "You passed" in send(make.client_of(novice), course, answers(course)).content.decode()


def test_an_unanswered_question_is_named_and_the_others_are_kept(course, novice):
    chosen = answers(course)
    first = next(iter(chosen))
    page = make.client_of(novice).post(reverse("content:quiz", args=[course.key]), chosen | {first: ""})
    text = page.content.decode()
    assert "There is a problem" in text
    assert text.count("checked") == len(chosen) - 1


def test_an_answer_of_another_question_is_refused(course, novice):
    chosen = answers(course)
    ids = list(chosen)
    page = send(make.client_of(novice), course, chosen | {ids[0]: chosen[ids[1]]})
    assert "There is a problem" in page.content.decode()
    assert not QuizAttempt.objects.exists()


def test_a_finished_lesson_leads_to_the_next_and_the_last_to_the_quiz(course, novice):
    client = make.client_of(novice)
    lessons = list(course.lessons())
    seen = [client.post(reverse("content:finish-lesson", args=[lesson.pk])).url for lesson in lessons]
    assert seen == [lessons[1].url, lessons[2].url, reverse("content:quiz", args=[course.key])]


def test_nobody_reads_somebody_elses_result(course, novice, practice):
    send(make.client_of(novice), course, answers(course))
    attempt = QuizAttempt.objects.get()
    other = make.client_of(make.staff(practice, role="doctor"))
    assert other.get(reverse("content:result", args=[attempt.public_id])).status_code == 404


def test_a_certificate_is_confirmed_without_saying_whose_it_is(course, novice, client):
    send(make.client_of(novice), course, answers(course))
    record = TrainingRecord.objects.get(user_id=novice.user_id)
    page = client.post(reverse("content:certificate"), {"code": record.certificate_code.lower()}).content.decode()
    assert "genuine" in page
    assert record.user.email not in page and record.user.last_name not in page
    assert "no certificate" in client.post(reverse("content:certificate"), {"code": "XXXX"}).content.decode()


def test_the_cookie_choice_can_be_made_and_changed(client, db):
    assert "not chosen yet" in client.get("/cookies/").content.decode()
    client.post("/cookies/", {"remember": "yes"})
    assert "You chose to let us" in client.get("/cookies/").content.decode()
    client.post("/cookies/", {"remember": "no"})
    assert "You chose not to" in client.get("/cookies/").content.decode()
