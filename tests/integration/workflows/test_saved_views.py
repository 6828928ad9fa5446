"""Views of the inbox: naming filters, opening with them, renaming and deleting, and that they are nobody else's."""

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.exceptions import Absent, Refused
from governance.models import AuditEvent
from tests.factories.governance import client_of
from workflows.models import SavedView
from workflows.selectors import saved_views as selectors
from workflows.services import saved_views as service

INBOX, NEW = reverse("workflows:inbox"), reverse("workflows:view_new")
OVERDUE = "show=free&due=overdue"


def save(by, name="Late", query=OVERDUE, **fields):
    return service.save_view(by=by, name=name, query=query, **fields)


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def test_the_filters_of_the_inbox_become_a_link_under_a_name(waiting, doctor):
    client = client_of(doctor)
    offer = soup_of(client.get(f"{INBOX}?{OVERDUE}&after=nonsense")).select_one(f"a[href^='{NEW}']")["href"]
    page = soup_of(client.get(offer))
    said = [cell.get_text(strip=True) for cell in page.select("dl dt, dl dd")]
    assert said == ["List", "Not taken", "Due", "Overdue"]
    answer = client.post(offer, {"name": "  Late   reviews "})
    assert answer["Location"] == f"{INBOX}?{OVERDUE}"
    link = soup_of(client.get(answer["Location"])).select_one("[aria-label='Your views'] a[aria-current]")
    assert link.string == "Late reviews" and link["href"] == f"?{OVERDUE}"
    again = soup_of(client.get(f"{INBOX}?due=overdue&show=free"))
    assert again.select_one("[aria-label='Your views'] a[aria-current]"), "the same filters in another order"
    assert not again.select(f"a[href^='{NEW}']"), "what is saved is not offered again"


def test_the_inbox_opens_with_the_one_chosen(waiting, doctor):
    save(doctor, is_default=True)
    client = client_of(doctor)
    assert client.get(INBOX)["Location"] == f"{INBOX}?{OVERDUE}"
    assert client.get(f"{INBOX}?show=all").status_code == 200
    save(doctor, "Mine", "show=mine", is_default=True)
    assert client.get(INBOX)["Location"] == f"{INBOX}?show=mine"
    assert [row.is_default for row in selectors.views_of(doctor)] == [False, True]


def test_a_view_is_renamed_and_deleted(waiting, doctor):
    row = save(doctor)
    client, address = client_of(doctor), reverse("workflows:view", args=[row.public_id])
    assert client.post(address, {"name": "Later", "is_default": "on"})["Location"] == f"{INBOX}?{OVERDUE}"
    row.refresh_from_db()
    assert (row.name, row.is_default) == ("Later", True)
    client.post(reverse("workflows:view_delete", args=[row.public_id]))
    assert not SavedView.objects.exists() and client.get(address).status_code == 404
    actions = (
        AuditEvent.objects.filter(action__startswith="inbox_view.").order_by("at").values_list("action", flat=True)
    )
    assert list(actions) == ["inbox_view.saved", "inbox_view.changed", "inbox_view.deleted"]


@pytest.mark.parametrize("way", ["view", "view_delete"])
def test_a_view_is_nobody_elses(waiting, doctor, other_doctor, way):
    row = save(doctor)
    answer = client_of(other_doctor).post(reverse(f"workflows:{way}", args=[row.public_id]), {"name": "Mine now"})
    assert answer.status_code == 404
    row.refresh_from_db()
    assert row.name == "Late" and selectors.views_of(other_doctor) == []
    with pytest.raises(Absent):
        selectors.view(other_doctor, row.public_id)
    with pytest.raises(Refused):
        service.change_view(by=other_doctor, view=row, name="Mine now", is_default=True)
    service.delete_view(by=other_doctor, view=row)
    assert SavedView.objects.get() == row


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("  ", OVERDUE, "Enter a name"),
        ("x" * 61, OVERDUE, "60 characters or fewer"),
        ("LATE", OVERDUE, "of this name already"),
        ("New", "show=all&page=2&nonsense=1", "Choose a list or a filter first"),
    ],
)
def test_a_wrong_view_is_refused_in_words(waiting, doctor, name, query, sentence):
    save(doctor)
    page = client_of(doctor).post(f"{NEW}?{query}", {"name": name})
    assert page.status_code == 200 and sentence in page.content.decode()
    assert SavedView.objects.count() == 1


def test_twenty_are_enough(waiting, doctor):
    for number in range(service.MOST_VIEWS):
        save(doctor, f"View {number}")
    with pytest.raises(Refused, match="Delete one"):
        save(doctor, "One more")


def test_the_table_itself_keeps_one_default_and_one_of_a_name(waiting, doctor):
    save(doctor, is_default=True)
    for fields in ({"name": "LATE"}, {"name": "Other", "is_default": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(user_id=doctor.user_id, query="due=none", **fields)


@pytest.mark.parametrize(
    ("query", "tidy"),
    [
        ("taken=me&show=free&due=overdue", "show=free&due=overdue&taken=me"),
        ("show=all&due=&after=abc&query=x", ""),
        (f"due={'x' * 5000}", ""),
        ("due=%3Cscript%3E", "due=%3Cscript%3E"),
        ("due=overdue&due=today", "due=today"),
    ],
)
def test_an_address_is_tidied_up(query, tidy):
    assert service.tidied(query) == tidy


def test_a_view_that_asks_for_what_is_gone_says_so_and_can_be_deleted(waiting, doctor):
    row = save(doctor, query="waits=gone.state")
    client = client_of(doctor)
    assert "not offered any more" in client.get(f"{INBOX}?{row.query}").content.decode()
    page = client.get(reverse("workflows:view", args=[row.public_id])).content.decode()
    assert "not offered any more" in page and "Delete this view" in page
