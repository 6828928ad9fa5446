"""Two at one moment: one account for a person, one person for an account."""

import pytest
from django.db import IntegrityError, transaction

from careplan_forms.models import PatientAccount
from core import clock
from core.exceptions import Refused
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories import portal as given
from tests.factories.races import lost, race, won
from tests.worlds import shared


@pytest.mark.django_db
@pytest.mark.parametrize("twice", ["user", "patient"])
def test_the_database_itself_refuses_a_second_open_account(nurse, form_in_use, twice):
    first = given.account(nurse, make.plan(nurse))
    other = make.plan(nurse)
    rows = {"user": people.user(), "patient": other.patient} | {twice: getattr(first, twice)}
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientAccount.objects.create(opened_at=clock.now(), **rows)


@shared
def form_in_use():
    return make.form_version()


@pytest.mark.postgres
@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_two_accounts_at_once_for_one_person_make_one(nurse, practice, rounds):
    make.form_version()
    colleagues = [people.staff(practice) for _ in range(3)]
    for _ in range(rounds):
        plan = make.plan(nurse)
        results = race(*[lambda by=by, plan=plan: given.account(by, plan) for by in colleagues])
        assert len(won(results)) == 1 and set(lost(results)) == {Refused}, results
        assert PatientAccount.objects.filter(patient=plan.patient, ended_at=None).count() == 1


@pytest.mark.postgres
@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_one_address_for_two_people_at_once_is_one_person_s(nurse, practice, rounds):
    make.form_version()
    for number in range(rounds):
        both = [make.plan(nurse), make.plan(nurse)]
        email = f"shared{number}@example.org"
        results = race(*[lambda plan=plan, email=email: given.account(nurse, plan, email) for plan in both])
        assert len(won(results)) == 1 and set(lost(results)) == {Refused}, results
