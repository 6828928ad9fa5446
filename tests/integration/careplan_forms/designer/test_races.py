"""Two people decide at one moment: exactly one decision, and a version only if it was yes."""

import copy

import pytest

from careplan_forms.models import FormActivation, FormCandidateApproval, FormDefinition, FormVersion
from careplan_forms.selectors import definitions as read
from careplan_forms.services import definitions
from core.exceptions import Conflict
from tests.factories import governance as make
from tests.integration.careplan_forms.designer.conftest import document
from tests.integration.careplan_forms.plans.test_races import lost, race, won

pytestmark = [pytest.mark.postgres, pytest.mark.soak, pytest.mark.django_db(transaction=True)]


def test_signing_off_and_sending_back_at_once_has_one_winner(definition, lead, host, rounds):
    officers = [make.staff(host, role="clinical_safety_officer") for _ in range(2)]
    editors = [make.staff(host, role="ig_officer") for _ in range(2)]
    signed_off = 0
    for number in range(1, rounds + 1):
        changed = copy.deepcopy(document())
        changed["sections"][0]["items"][0]["label"] = f"Is it warm, round {number}?"
        definitions.update_sections_from_document(definition=definition, document=changed, by=lead)
        candidate = definitions.create_candidate(definition=definition, by=lead)
        said = {"candidate": candidate, "sha256": candidate.sha256}
        yes = [lambda by=by, said=said: definitions.approve_candidate(by=by, **said) for by in officers]
        no = [lambda by=by, said=said: definitions.reject_candidate(by=by, comment="No", **said) for by in editors]
        results = race(*yes, *no)
        assert len(won(results)) == 1 and set(lost(results)) == {Conflict}, results
        signed_off += isinstance(won(results)[0], FormVersion)
        assert FormCandidateApproval.objects.count() == number
        assert FormVersion.objects.count() == FormActivation.objects.count() == signed_off
    live = read.live_version("winter-plan")
    assert (live.number if live else 0) == signed_off


def test_an_editor_saving_while_a_form_is_signed_off_does_not_undo_it(candidate, definition, lead, safety_officer):
    stale = FormDefinition.objects.get(pk=definition.pk)

    def save():
        stale.title = "Typed meanwhile"
        stale.save()

    race(
        save,
        lambda: definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, by=safety_officer),
    )
    assert read.live_version("winter-plan").number == 1
