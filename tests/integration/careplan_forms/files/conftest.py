"""A plan of a form that asks for files."""

import pytest

from careplan_forms import file_store
from careplan_forms.models import CarePlan
from tests.factories import careplan_forms as make
from tests.factories import files as brought
from tests.factories import governance as people
from tests.integration.careplan_forms.files.filing import form_with_files, send, upload
from tests.unit.careplan_forms.plans.conftest import flows, form, national_service, outsider
from tests.worlds import shared

__all__ = ["flows", "form", "national_service", "outsider"]


@pytest.fixture(autouse=True)
def _empty_store():
    for public_id, _ in list(file_store.stored()):
        file_store.remove(public_id)


@shared
def plan(nurse, flows):
    make.form_version(form_with_files())
    return make.plan(nurse)


@pytest.fixture
def browser(nurse):
    return people.client_of(nurse)


@pytest.fixture
def approved(plan, browser, nurse, doctor, other_doctor):
    """A version with a paper for everybody and one for doctors."""
    send(people.client_of(doctor), plan, **{"q-private__upload": upload("private.pdf", brought.paper(2))})
    send(browser, plan, **{"q-papers__upload": upload('Papier "é" <b>.pdf')})
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    make.approve(other_doctor, make.submission(nurse, plan))
    return CarePlan.objects.get(pk=plan.pk)
