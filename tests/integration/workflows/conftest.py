"""Letters, and the people who move them."""

import pytest

from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.worlds import shared


@pytest.fixture
def letters():
    with flows.letters() as kind:
        yield kind


@shared
def host():
    return people.organisation(care_setting="host", agreement="none")


@shared
def clinical_lead(host):
    return people.staff(host, role="clinical_lead")


@shared
def safety_officer(host):
    return people.staff(host, role="clinical_safety_officer")


@shared
def ig_officer(host):
    return people.staff(host, role="ig_officer")


@pytest.fixture
def letter(letters, practice, nurse):
    """A letter the nurse wrote."""
    return letters.write(practice, nurse)


@shared
def letter_flow():
    """The flow of letters, in use."""
    return flows.live_flow()


@pytest.fixture
def waiting(letter, nurse, letter_flow):
    """The nurse's letter, sent in and waiting for a doctor."""
    return flows.open_case(letter, nurse)
