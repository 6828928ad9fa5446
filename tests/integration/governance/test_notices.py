"""The page of one's own notices, and what the header says of them."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.models import NoticeChoice, Notification, User
from governance.services import notifications


@pytest.fixture
def tell(job_actor):
    def tell(actor, text="A task waits", **fields):
        user = User.objects.get(pk=actor.user_id)
        return notifications.notify(user=user, topic="task", text=text, by=job_actor, **fields)

    return tell


def header(response):
    """The link to the notices in the header, in words; empty when there is none."""
    found = re.search(r'class="fw-header__link" href="/notices/"[^>]*>([^<]*)<', response.content.decode())
    return found[1] if found else ""


def test_the_header_counts_what_is_not_read_until_it_is(client_of, nurse, doctor, tell):
    client, links = client_of(nurse), ["/tasks/", "https://elsewhere.example/", "//elsewhere.example/", ""]
    for number, link in enumerate(links):
        tell(nurse, f"Notice {number}", link=link)
    tell(doctor)
    assert header(client.get("/notices/")) == "Notices (4 not read)"
    addresses = [f"/notices/{row.notice}/" for row in Notification.objects.filter(user=nurse.user_id, channel="in_app")]
    went = {client.get(address).headers["Location"] for address in addresses}
    assert went == {"/tasks/", "/notices/"}
    assert header(client.get("/notices/")) == "Notices"


def test_everything_is_read_with_one_button(client_of, nurse, tell):
    client = client_of(nurse)
    tell(nurse)
    assert "Mark all as read" in client.get("/notices/").content.decode()
    client.post("/notices/read/")
    page = client.get("/notices/").content.decode()
    assert "Mark all as read" not in page and "Not read" not in page


def test_counting_costs_no_query_of_its_own(client_of, nurse, tell, django_assert_num_queries):
    client = client_of(nurse)
    client.get("/notices/")
    with CaptureQueriesContext(connection) as before:
        client.get("/organisations/acting-for/")
    tell(nurse)
    with django_assert_num_queries(len(before)):
        response = client.get("/organisations/acting-for/")
    assert header(response) == "Notices (1 not read)"


def test_the_header_of_an_urgent_reader_holds_the_link_only_when_something_waits(client_of, paramedic, tell):
    client = client_of(paramedic)
    assert header(client.get("/organisations/acting-for/")) == ""
    tell(paramedic)
    assert header(client.get("/organisations/acting-for/")) == "Notices (1 not read)"


def test_somebody_elses_notice_and_none_at_all_are_the_same(client_of, nurse, doctor, tell):
    client, theirs = client_of(nurse), tell(doctor)
    answers = [client.get(f"/notices/{key}/") for key in (theirs.notice, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    theirs.refresh_from_db()
    assert theirs.read_at is None


@pytest.mark.parametrize("choice", NoticeChoice.Mail.values)
def test_the_choice_of_mails_is_kept(client_of, nurse, choice):
    client = client_of(nurse)
    page = client.post("/notices/", {"mail": choice}, follow=True).content.decode()
    assert "Your choice of emails is saved" in page
    assert NoticeChoice.objects.get().mail == choice
    assert re.search(rf'value="{choice}"[^>]*checked', page)


@pytest.mark.parametrize("data", [{}, {"mail": "pigeon"}])
def test_no_choice_is_asked_for_again(client_of, nurse, data):
    page = client_of(nurse).post("/notices/", data).content.decode()
    assert "<title>Error:" in page
    assert not NoticeChoice.objects.exists()
