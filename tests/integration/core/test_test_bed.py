"""The bed the other tests lie in."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Locale, Page

from core.models import JobRun
from governance.models import AuditEvent
from governance.services.groups import BY_GRANT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_commits_leaves_the_first_rows_as_they_were(turn):
    assert Group.objects.get(name=BY_GRANT).permissions.exists()
    assert Locale.objects.get().language_code != "xx"
    assert Page.objects.exists()
    assert not (JobRun.objects.exists() or AuditEvent.objects.exists())
    JobRun.objects.create(job="something")
    Group.objects.all().delete()
    Locale.objects.update(language_code="xx")


def test_an_ordinary_test_sees_nothing_another_left(db):
    assert not JobRun.objects.exists()
