"""The bed the other tests lie in."""

import pytest
from wagtail.models import Locale, Page

from core.models import JobRun


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_a_test_that_commits_leaves_the_rows_of_the_migrations(time):
    JobRun.objects.create(job="something")
    assert Page.objects.exists()
    assert Locale.objects.exists()


def test_an_ordinary_test_sees_nothing_another_left(db):
    assert not JobRun.objects.exists()
