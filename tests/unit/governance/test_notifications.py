"""Telling people: once, and only to those it is for."""

import pytest

from core.exceptions import Absent
from governance.models import Notification, User
from governance.services import notifications


def test_telling_somebody_twice_is_telling_them_once(nurse, mailoutbox, job_actor):
    user = User.objects.get(pk=nurse.user_id)
    for _ in range(2):
        notifications.notify(user=user, topic="task", text="A task waits", key="task-1", by=job_actor)
    assert Notification.objects.count() == 1
    assert notifications.mail_waiting(by=job_actor) == 1
    assert notifications.mail_waiting(by=job_actor) == 0
    assert mailoutbox[0].subject == "Foreword: something needs your attention"


def test_somebody_elses_notice_is_absent(nurse, doctor, job_actor):
    user = User.objects.get(pk=nurse.user_id)
    notice = notifications.notify(user=user, topic="task", text="A task waits", by=job_actor)
    with pytest.raises(Absent):
        notifications.mark_read(public_id=notice.public_id, by=doctor)
