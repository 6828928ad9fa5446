"""Agreements: two signatures under the text that was shown, and nothing else brings them into force."""

import threading

import pytest
from django.db import connection

from core import clock
from core.exceptions import Absent, Conflict, Refused
from governance.enums import AgreementState
from governance.models import AgreementSignature, AgreementTemplate, AuditEvent, User
from governance.selectors import agreements as agreement_selectors
from governance.services import agreements, organisations
from governance.services.agreements import Evidence
from tests.factories import governance as make

EVIDENCE = Evidence("192.0.2.1", "a browser", "password+totp")


@pytest.fixture
def joining(db, host_officer):
    """An organisation that is joining, its Guardian (an Actor) and a text."""
    org = organisations.register(ods_code="a82000", name="Joining", care_setting="hospice", by=host_officer)
    guardian = make.staff(org, role="caldicott_guardian")
    user = User.objects.get(pk=guardian.user_id)
    organisations.appoint(organisation=org, user=user, post="caldicott_guardian", evidence="Letter", by=host_officer)
    template = AgreementTemplate.objects.create(key="sharing", title="Sharing agreement")
    text = agreements.publish_version(template=template, body="## Purpose\r\nCare.", by=host_officer)
    agreement = agreements.draft(organisation=org, template_version=text, starts_on=clock.today(), by=host_officer)
    return org, guardian, agreement


def name_of(actor):
    return User.objects.get(pk=actor.user_id).get_full_name()


def sign(agreement, by, **changes):
    values = {"shown_sha256": agreement.template_version.sha256, "typed_name": name_of(by), "evidence": EVIDENCE}
    return agreements.sign(agreement=agreement, by=by, **(values | changes))


def countersign(agreement, by):
    return agreements.countersign(
        agreement=agreement,
        shown_sha256=agreement.template_version.sha256,
        typed_name=name_of(by),
        evidence=EVIDENCE,
        by=by,
    )


def test_an_agreement_comes_into_force_by_two_signatures(joining, host_officer):
    _, guardian, agreement = joining
    states = [agreement_selectors.state_of(agreement)]
    agreements.send(agreement=agreement, by=host_officer)
    states.append(agreement_selectors.state_of(agreement))
    signature = sign(agreement, guardian)
    states.append(agreement_selectors.state_of(agreement))
    countersign(agreement, host_officer)
    states.append(agreement_selectors.state_of(agreement))
    assert states == [AgreementState.DRAFT, AgreementState.SENT, AgreementState.SIGNED, AgreementState.IN_FORCE]
    assert signature.document_sha256 == agreement.template_version.sha256
    assert (signature.ip_address, signature.authentication) == ("192.0.2.1", "password+totp")
    assert signature.authentication_in_words == "Password, code from an authenticator app"
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"agreement.sent", "agreement.signed", "organisation.registered", "organisation.post_taken"} <= actions


def test_the_text_that_was_shown_is_the_text_that_is_signed(joining, host_officer):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    with pytest.raises(Conflict):
        sign(agreement, guardian, shown_sha256="0" * 64)
    assert not AgreementSignature.objects.filter(agreement=agreement).exists()


def test_only_todays_guardian_signs(joining, host_officer):
    org, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    successor = make.staff(org, role="caldicott_guardian")
    with pytest.raises(Refused):
        sign(agreement, successor)
    user = User.objects.get(pk=successor.user_id)
    organisations.appoint(organisation=org, user=user, post="caldicott_guardian", evidence="Letter", by=host_officer)
    with pytest.raises(Refused):
        sign(agreement, guardian)
    sign(agreement, successor)


def test_a_guardian_of_another_organisation_finds_nothing_to_sign(joining, host_officer, practice):
    _, _, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    with pytest.raises(Absent):
        sign(agreement, make.staff(practice, role="caldicott_guardian"))


@pytest.mark.parametrize("typed", ["", "   ", "Somebody Else"])
def test_another_name_is_no_signature(joining, host_officer, typed):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    with pytest.raises(Refused) as refused:
        sign(agreement, guardian, typed_name=typed)
    assert refused.value.field == "typed_name"


def test_nobody_countersigns_what_they_signed(joining, host_officer, host):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    sign(agreement, guardian)
    both = make.staff(host, role="ig_officer", user=User.objects.get(pk=guardian.user_id))
    with pytest.raises(Refused):
        countersign(agreement, both)
    assert agreement_selectors.state_of(agreement) == AgreementState.SIGNED


def test_nothing_is_signed_before_it_is_sent_nor_twice(joining, host_officer):
    _, guardian, agreement = joining
    with pytest.raises(Refused):
        sign(agreement, guardian)
    agreements.send(agreement=agreement, by=host_officer)
    sign(agreement, guardian)
    with pytest.raises(Refused):
        sign(agreement, guardian)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_countersignatures_at_once_exactly_one_counts(joining, host_officer, host):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    sign(agreement, guardian)
    officers = [host_officer, make.staff(host, role="ig_officer")]
    barrier, outcomes = threading.Barrier(2), []

    def attempt(officer):
        try:
            barrier.wait()
            countersign(agreement, officer)
            outcomes.append("signed")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "signed"]
    assert AgreementSignature.objects.filter(agreement=agreement, capacity="host").count() == 1


def test_publishing_hashes_the_text_and_the_same_text_twice_is_refused(joining, host_officer):
    _, _, agreement = joining
    text = agreement.template_version
    assert text.body == "## Purpose\nCare.\n"
    with pytest.raises(Refused):
        agreements.publish_version(template=text.template, body=text.body, by=host_officer)
    newer = agreements.publish_version(template=text.template, body="## Purpose\nOther.", by=host_officer)
    assert (newer.number, newer.sha256 != text.sha256) == (2, True)


def test_a_suspension_needs_a_reason_and_ends_the_state_at_once(joining, host_officer):
    _, guardian, agreement = joining
    agreements.send(agreement=agreement, by=host_officer)
    sign(agreement, guardian)
    countersign(agreement, host_officer)
    with pytest.raises(Refused):
        agreements.suspend(agreement=agreement, reason=" ", by=host_officer)
    agreements.suspend(agreement=agreement, reason="Incident", by=host_officer)
    assert agreement_selectors.state_of(agreement) == AgreementState.SUSPENDED
    agreements.resume(agreement=agreement, reason="Resolved", by=host_officer)
    assert agreement_selectors.state_of(agreement) == AgreementState.IN_FORCE
    agreements.terminate(agreement=agreement, reason="Left", by=host_officer)
    assert agreement_selectors.state_of(agreement) == AgreementState.TERMINATED
