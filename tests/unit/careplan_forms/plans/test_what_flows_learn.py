"""What the flow engine learns of a plan that was sent more than once."""

import pytest

from careplan_forms.flow import PlanSubmissionKind
from careplan_forms.models import CarePlan
from tests.factories import careplan_forms as make

pytestmark = pytest.mark.django_db


def test_it_knows_which_questions_changed_and_what_was_sent_before(plan, nurse, doctor, flows):
    make.save(nurse, plan, cpr=make.CPR_DO_NOT)
    first = make.submission(nurse, plan)
    make.approve(doctor, first)
    fresh = CarePlan.objects.get(pk=plan.pk)
    make.save(nurse, fresh, cpr=make.CPR_ATTEMPT)
    second = make.submission(nurse, fresh)
    kind = PlanSubmissionKind()
    subject = kind.load(second.public_id)
    assert len(kind.changed_keys(subject, first.content_sha256)) == 1
    assert kind.changed_keys(subject, second.content_sha256) == frozenset()
    assert kind.changed_keys(subject, "0" * 64) is None
    assert set(kind.lineage(subject)) == {first.public_id, second.public_id}
