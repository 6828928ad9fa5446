"""Two people decide at one moment: exactly one decision, and a version only if it was yes."""

import copy

import pytest

from careplan_forms.models import FormActivation, FormCandidateApproval, FormDefinition, FormVersion
from careplan_forms.selectors import definitions as read
from careplan_forms.services import definitions
from core.exceptions import Conflict
from tests.factories import governance as make
from tests.factories.races import lost, race, won
from tests.integration.careplan_forms.designer.conftest import document
from workflows.services import sign_off

pytestmark = [pytest.mark.postgres, pytest.mark.soak, pytest.mark.django_db(transaction=True)]


def test_signing_off_and_sending_back_at_once_has_one_outcome(definition, lead, host, rounds):
    officers = [make.staff(host, role=role) for role in ("clinical_safety_officer", "ig_officer") for _ in range(2)]
    refusing = make.staff(host, role="ig_officer")
    signed_off = 0
    for number in range(1, rounds + 1):
        candidate = proposed(definition, lead, number)
        no = {"candidate": candidate, "sha256": candidate.sha256}
        said = no | {"read": candidate.warnings}
        yes = [lambda by=by, said=said: definitions.approve_candidate(by=by, **said) for by in officers]
        results = race(*yes, lambda said=no: sign_off.reject_candidate(by=refusing, comment="No", **said))
        kept = FormCandidateApproval.objects.filter(candidate=candidate)
        made = [each for each in won(results) if isinstance(each, FormVersion)]
        assert len(won(results)) == kept.count() <= 2 and set(lost(results)) == {Conflict}, results
        assert len(made) == int(not kept.filter(decision="rejected").exists()) == int(hasattr(candidate, "version"))
        signed_off += len(made)
        assert FormVersion.objects.count() == FormActivation.objects.count() == signed_off
        assert not candidate.task_states.filter(status="in_progress").exists()
    live = read.live_version("winter-plan")
    assert (live.number if live else 0) == signed_off


def test_the_two_last_approvals_at_once_make_one_version(definition, lead, host, rounds):
    officers = [make.staff(host, role=role) for role in ("clinical_safety_officer", "ig_officer")]
    for number in range(1, rounds + 1):
        candidate = proposed(definition, lead, number)
        said = {"candidate": candidate, "sha256": candidate.sha256, "read": candidate.warnings}
        results = race(*[lambda by=by, said=said: definitions.approve_candidate(by=by, **said) for by in officers])
        assert not lost(results) and FormVersion.objects.count() == number, results


def proposed(definition, lead, number):
    changed = copy.deepcopy(document())
    changed["sections"][0]["items"][0]["label"] = f"Is it warm, round {number}?"
    definitions.update_sections_from_document(definition=definition, document=changed, by=lead)
    return definitions.create_candidate(definition=definition, by=lead)


def test_an_editor_saving_while_a_form_is_signed_off_does_not_undo_it(
    candidate, definition, safety_officer, ig_officer
):
    definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=ig_officer)
    stale = FormDefinition.objects.get(pk=definition.pk)

    def save():
        stale.title = "Typed meanwhile"
        stale.save()

    race(
        save,
        lambda: definitions.approve_candidate(
            candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=safety_officer
        ),
    )
    assert read.live_version("winter-plan").number == 1
