"""Telling people: once, by the way they chose, and only to those it is for. Rows prove what was sent."""

import datetime

import pytest
import time_machine
from django.core import mail

from core import clock
from core.clock import LONDON
from core.exceptions import Absent, Refused
from governance.models import Notification, User
from governance.services import notice_mail, notifications
from tests.worlds import shared

PLANTED = "Mrs Jane Patient 943 476 5919 has cancer"


@shared
def user(nurse):
    return User.objects.get(pk=nurse.user_id)


@pytest.fixture
def tell(user, job_actor):
    def tell(text="A task waits", **fields):
        fields = {"users": [user], "topic": "task", "by": job_actor} | fields
        return notifications.tell(text=text, **fields)

    return tell


def mails(job_actor):
    return notice_mail.mail_waiting(by=job_actor)


def rows(channel="email"):
    return Notification.objects.filter(channel=channel).order_by("pk")


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON)


class _Closed:
    """A mail server that refuses a number of times, then takes everything."""

    def __init__(self, monkeypatch, times):
        self.left, self.send = times, mail.EmailMessage.send
        monkeypatch.setattr(mail.EmailMessage, "send", lambda message: self(message))

    def __call__(self, message):
        if self.left:
            self.left -= 1
            raise ConnectionRefusedError(PLANTED)
        return self.send(message)


def test_telling_somebody_twice_is_telling_them_once(user, job_actor, mailoutbox):
    for _ in range(2):
        notifications.notify(user=user, topic="task", text="A task waits", key="task-1", by=job_actor)
    assert rows("in_app").count() == rows().count() == 1
    assert mails(job_actor) == 1
    assert mails(job_actor) == 0
    assert mailoutbox[0].subject == "Foreword: something needs your attention"
    sent = rows().get()
    assert (sent.outcome, sent.attempts) == ("sent", 1) and sent.sent_at
    assert mailoutbox[0].message()["Message-ID"] == sent.message_id


def test_what_an_undone_decision_would_have_told_nobody_hears(tell, job_actor):
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        tell()
        raise RuntimeError
    assert not Notification.objects.exists()
    assert mails(job_actor) == 0


@pytest.mark.parametrize("digest", [False, True])
def test_what_was_written_in_a_notice_is_in_no_mail(tell, nurse, job_actor, mailoutbox, digest):
    if digest:
        notifications.choose(mail="daily", by=nurse)
    tell(PLANTED, link=f"/people/?q={PLANTED}"[:200], topic="flow.reminder")
    with time_machine.travel(notifications.next_digest(clock.now())):
        assert mails(job_actor) == 1
    whole = str(mailoutbox[0].message())
    # The whole number: three digits of it may be in an id of the mail.
    number = ("943 476 5919", "9434765919", "943%20476", "943+476")
    assert not any(word in whole for word in ("Jane", "Patient", "cancer", "people", *number))
    assert "Foreword" in mailoutbox[0].subject and "/notices/" in mailoutbox[0].body


def test_a_mail_server_that_comes_back_gets_exactly_one_mail(tell, job_actor, mailoutbox, monkeypatch):
    tell()
    _Closed(monkeypatch, 2)
    moment = clock.now()
    for hours in range(4):
        with time_machine.travel(moment + datetime.timedelta(hours=hours)):
            mails(job_actor)
            mails(job_actor)
    assert len(mailoutbox) == 1
    sent = rows().get()
    assert (sent.outcome, sent.attempts, sent.error) == ("sent", 3, "")


def test_a_server_that_stays_away_is_given_up_on_and_the_row_says_so(tell, job_actor, mailoutbox, monkeypatch):
    tell()
    _Closed(monkeypatch, 99)
    moment = clock.now()
    for days in range(12):
        with time_machine.travel(moment + datetime.timedelta(days=days)):
            mails(job_actor)
    failed = rows().get()
    assert not mailoutbox
    assert (failed.outcome, failed.attempts) == ("failed", notice_mail.MAX_ATTEMPTS) and failed.failed_at
    assert "ConnectionRefusedError" in failed.error and "Jane" not in failed.error


def test_a_worker_that_died_after_sending_sends_again_under_the_same_name(tell, job_actor, mailoutbox, monkeypatch):
    tell()

    class Killed(BaseException):
        pass

    def die(message):
        mailoutbox.append(message)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(mail.EmailMessage, "send", die)
        mails(job_actor)
    assert mails(job_actor) == 0, "the other worker is trusted for a while"
    with time_machine.travel(clock.now() + notice_mail.PATIENCE):
        assert mails(job_actor) == 1
    assert len({message.message()["Message-ID"] for message in mailoutbox}) == 1


def test_the_daily_mail_is_one_with_counts(tell, nurse, job_actor, mailoutbox):
    with time_machine.travel(at("2026-11-21 12:00"), tick=False):
        notifications.choose(mail="daily", by=nurse)
        for number in range(3):
            tell(topic="flow.reminder", key=f"a{number}")
        tell(topic="flow.escalation")
        assert mails(job_actor) == 0
    with time_machine.travel(at("2026-11-22 06:59"), tick=False):
        assert mails(job_actor) == 0
    with time_machine.travel(at("2026-11-22 07:00"), tick=False):
        tell(topic="flow.reminder", key="tomorrow's")
        assert mails(job_actor) == 1
        assert mails(job_actor) == 0
    (one,) = mailoutbox
    assert "Tasks that still wait for you: 3" in one.body and "Tasks past their deadline: 1" in one.body
    assert rows().filter(outcome="sent").values("message_id").distinct().count() == 1
    assert rows().filter(outcome="").count() == 1


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-28 08:00", "2026-03-29 07:00"),
        ("2026-03-29 00:30", "2026-03-29 07:00"),
        ("2026-10-24 08:00", "2026-10-25 07:00"),
        ("2026-10-25 01:30", "2026-10-25 07:00"),
        ("2026-11-22 07:00", "2026-11-23 07:00"),
        ("2026-11-22 06:59", "2026-11-22 07:00"),
    ],
)
def test_the_daily_mail_goes_at_seven_also_when_the_clocks_change(now, due):
    assert notifications.next_digest(at(now)) == at(due)


def test_what_was_read_on_the_page_is_not_mailed_any_more(tell, nurse, job_actor, mailoutbox):
    notifications.choose(mail="daily", by=nurse)
    tell()
    notifications.mark_all_read(by=nurse)
    with time_machine.travel(notifications.next_digest(clock.now())):
        assert mails(job_actor) == 0
    assert rows().get().outcome == "not_needed"


def test_who_wants_no_mail_gets_none_and_finds_the_notice_on_the_page(tell, nurse, job_actor):
    tell(key="before")
    notifications.choose(mail="never", by=nurse)
    tell(key="after")
    assert rows("in_app").count() == 2
    assert [row.outcome for row in rows()] == ["not_needed"]
    assert mails(job_actor) == 0


def test_choosing_mails_at_once_sends_what_waited_for_the_morning(tell, nurse, job_actor):
    notifications.choose(mail="daily", by=nurse)
    tell()
    notifications.choose(mail="at_once", by=nurse)
    assert mails(job_actor) == 1


def test_no_such_way_is_refused(nurse):
    with pytest.raises(Refused):
        notifications.choose(mail="pigeon", by=nurse)


def test_a_closed_account_is_not_mailed(tell, user, job_actor, mailoutbox):
    tell()
    user.is_active = False
    user.save()
    assert mails(job_actor) == 0
    assert not mailoutbox and rows().get().outcome == "not_needed"


def test_many_people_cost_no_more_queries_than_few(tell, nurse, doctor, paramedic, django_assert_max_num_queries):
    everybody = list(User.objects.filter(pk__in=[nurse.user_id, doctor.user_id, paramedic.user_id]))
    with django_assert_max_num_queries(5):
        assert tell(users=everybody, key="all") == 3


def test_somebody_elses_notice_is_absent(user, doctor, job_actor):
    notice = notifications.notify(user=user, topic="task", text="A task waits", by=job_actor)
    with pytest.raises(Absent):
        notifications.mark_read(notice=notice.notice, by=doctor)
