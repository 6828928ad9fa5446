"""Several workers at one moment: everybody is told once."""

from collections import Counter
from functools import partial

import pytest
from django.core import mail

from core import clock, outbound
from governance.models import NoticeChoice, Notification, User
from governance.services import notice_mail, notifications, webhook_calls, webhooks
from tests.factories.races import race
from tests.worlds import shared

pytestmark = [pytest.mark.postgres, pytest.mark.soak, pytest.mark.django_db(transaction=True)]


@shared
def people(nurse, doctor, other_doctor):
    return list(User.objects.filter(pk__in=[nurse.user_id, doctor.user_id, other_doctor.user_id]))


def test_the_same_thing_told_at_once_is_told_once(people, job_actor, rounds):
    for number in range(rounds):
        tell = partial(
            notifications.tell, users=people, topic="task", text="A task waits", key=f"task-{number}", by=job_actor
        )
        results = race(*[tell] * 4)
        assert not [result for result in results if isinstance(result, Exception)], results
        rows = Notification.objects.filter(key=f"task-{number}").values_list("channel", flat=True)
        assert Counter(rows) == {"in_app": len(people), "email": len(people)}


def test_workers_that_mail_at_once_send_each_mail_once(people, job_actor, rounds):
    NoticeChoice.objects.create(user=people[0], mail="daily", chosen_at=clock.now())
    for number in range(rounds):
        mail.outbox.clear()
        for part in range(3):
            notifications.tell(users=people, topic="task", text="x", key=f"{number}.{part}", by=job_actor)
        Notification.objects.filter(outcome="").update(next_attempt_at=clock.now())
        sent = race(*[partial(notice_mail.mail_waiting, by=job_actor)] * 4)
        assert sum(sent) == 7, sent
        assert Counter(message.to[0] for message in mail.outbox) == {
            people[0].email: 1,
            people[1].email: 3,
            people[2].email: 3,
        }
        assert not Notification.objects.filter(outcome="").exists()


def test_workers_that_call_at_once_call_once(practice, host_officer, job_actor, rounds, monkeypatch):
    calls = []
    monkeypatch.setattr(outbound, "post", lambda url, *, content, headers: calls.append(content) or 204)
    webhooks.register_webhook(organisation=practice, url="https://hooks.example/", by=host_officer)
    for number in range(rounds):
        calls.clear()
        webhooks.tell_systems(
            organisation_id=practice.pk, topic="flow.x", key=f"{number}", about=("flow_case", "1"), by=job_actor
        )
        assert sum(race(*[partial(webhook_calls.call_waiting, by=job_actor)] * 4)) == 1
        assert len(calls) == 1
