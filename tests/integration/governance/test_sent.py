"""What was sent to whom, for those who must prove it; and the page of the systems that are told."""

import re

import pytest

from governance.models import AuditEvent, Notification, User, Webhook
from governance.services import notifications
from tests.factories import governance as people

CASE = "3f2a91bc-0000-4000-8000-000000000000"


@pytest.fixture
def told(nurse, practice, job_actor):
    """A notice about a case of the practice, to the nurse."""
    user = User.objects.get(pk=nurse.user_id)
    notifications.tell(
        users=[user],
        topic="flow.reminder",
        text="Letter for Jane Patient",
        about=("flow_case", CASE),
        organisation_id=practice.pk,
        by=job_actor,
    )
    return user


def test_a_lead_sees_what_was_sent_by_references_alone(client_of, lead, practice, told):
    page = client_of(lead).get(f"/organisations/{practice.public_id}/sent/").content.decode()
    table = page[page.index("<table") : page.index("</table")]
    assert table.count(f"flow case {CASE}") == 2
    assert f"user {str(told.public_id)[:8]}" in table
    assert "By email" in table and "On the page" in table and "Waiting" in table
    assert not any(words in page for words in ("Jane", told.last_name, told.email))
    assert AuditEvent.objects.filter(action="notices.read").exists()


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        *[("about=3f2a91bc", 2), (f"about={CASE}", 2), ("about=ffffffff", 0), ("channel=email", 1)],
        *[("outcome=sent", 1), ("outcome=failed", 0), ("about=%27%3B--", 2), ("channel=pigeon", 2)],
    ],
)
def test_the_list_narrows_and_a_wrong_question_is_said_to_be_one(client_of, lead, practice, told, query, rows):
    page = client_of(lead).get(f"/organisations/{practice.public_id}/sent/?{query}").content.decode()
    assert page.count(f"flow case {CASE}") == rows
    assert ("<title>Error:" in page) == (query.startswith("about=%27") or "pigeon" in query)


def test_nobody_sees_what_was_sent_about_others_work(client_of, lead, nurse, practice, told):
    elsewhere = people.organisation()
    stranger = people.staff(elsewhere, role="org_lead")
    assert client_of(stranger).get(f"/organisations/{practice.public_id}/sent/").status_code == 404
    assert client_of(nurse).get(f"/organisations/{practice.public_id}/sent/").status_code == 403


def test_the_list_costs_the_same_however_long(client_of, lead, practice, told, django_assert_max_num_queries):
    row = Notification.objects.get(channel="email")
    rows = [
        Notification(user=people.user(), channel="email", organisation=practice, topic=row.topic, outcome="sent")
        for _ in range(30)
    ]
    Notification.objects.bulk_create(rows)
    client = client_of(lead)
    client.get(f"/organisations/{practice.public_id}/sent/")
    with django_assert_max_num_queries(14):
        page = client.get(f"/organisations/{practice.public_id}/sent/").content.decode()
    assert "32 results" in page


def test_the_secret_of_a_system_is_shown_once(client_of, host_officer, practice):
    client, address = client_of(host_officer), f"/organisations/{practice.public_id}/webhooks/"
    page = client.post(address, {"url": "https://hooks.example/a"}).content.decode()
    assert re.search(r'id="secret" type="text" value="[\w-]{43}" readonly', page)
    again = client.get(address).content.decode()
    assert 'id="secret"' not in again and "https://hooks.example/a" in again
    hook = Webhook.objects.get()
    stopped = client.post(f"/organisations/webhooks/{hook.public_id}/stop/", follow=True).content.decode()
    assert "Stopped by information governance" in stopped
    started = client.post(f"/organisations/webhooks/{hook.public_id}/start/", follow=True).content.decode()
    assert "nhsuk-tag--green" in started and "Send a test" in started
    client.post(f"/organisations/webhooks/{hook.public_id}/test/")
    sent = client.get(f"/organisations/{practice.public_id}/sent/?channel=webhook").content.decode()
    assert "Tests of connected systems" in sent and "Cannot be known" in sent


@pytest.mark.parametrize("url", ["", "http://hooks.example/", "https://10.0.0.1/", "javascript:alert(1)"])
def test_an_address_we_do_not_call_is_said_beside_the_field(client_of, host_officer, practice, url):
    address = f"/organisations/{practice.public_id}/webhooks/"
    page = client_of(host_officer).post(address, {"url": url}).content.decode()
    assert "<title>Error:" in page and "nhsuk-error-message" in page
    assert not Webhook.objects.exists()


def test_where_nothing_was_sent_the_page_says_so(client_of, lead, practice):
    page = client_of(lead).get(f"/organisations/{practice.public_id}/sent/").content.decode()
    assert "No notice has been sent, or none fits the filters." in page
