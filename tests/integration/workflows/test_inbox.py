"""The inbox: whose tasks it lists, in which order, how it is narrowed, and that its price does not grow with it."""

import datetime
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.factories.governance import client_of
from tests.worlds import shared
from workflows.models import FlowCase, FlowDelegation, FlowTask, FlowVersion
from workflows.selectors import inbox
from workflows.services import tasks

INBOX = reverse("workflows:inbox")
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def words(soup):
    return re.sub(r"\s+", " ", soup.get_text(" ")).strip()


def page_of(client, query=""):
    response = client.get(f"{INBOX}{query}")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def labels(page):
    return cells(page, 0)


def cells(page, number):
    return [words(row.select("td > div")[number]) for row in page.select("tbody tr")]


def many(letters, count, by, owner, due=None):
    """Letters that wait, written to the tables in two statements: `due` gives the deadline of each by its number."""
    version = FlowVersion.objects.first() or flows.live_flow()
    now = clock.now()
    rows = [
        FlowCase(
            version=version,
            subject_kind=flows.KIND,
            subject_id=letters.write(owner, by).id,
            owner=owner,
            state="waiting",
            opened_at=now - DAY,
        )
        for _ in range(count)
    ]
    return FlowTask.objects.bulk_create(
        FlowTask(
            case=case,
            state="waiting",
            role="doctor",
            organisation=owner,
            opened_at=now - DAY,
            due_at=due(number) if due else now + 3 * DAY,
        )
        for number, case in enumerate(FlowCase.objects.bulk_create(rows))
    )


@shared
def away(practice, doctor, other_doctor):
    """The doctor is away and the other one stands in."""
    now = clock.now()
    return FlowDelegation.objects.create(
        from_user_id=doctor.user_id,
        to_user_id=other_doctor.user_id,
        organisation=practice,
        starts_at=now - DAY,
        ends_at=now + DAY,
        created_by_id=doctor.user_id,
    )


def test_it_shows_what_waits_and_lets_it_be_taken(waiting, doctor):
    client = client_of(doctor)
    page = page_of(client, "?show=free&due=week")
    assert "Waiting for a doctor" in words(page) and "Nobody yet" in words(page)
    form = page.select_one("table form")
    assert words(form.button) == "Take Letter"
    data = {field["name"]: field["value"] for field in form.select("input")}
    response = client.post(form["action"], data, follow=True)
    assert response.redirect_chain[-1][0] == f"{INBOX}?show=free&due=week", "the filters are as they were"
    assert "You have taken the task" in response.content.decode()
    assert words(page_of(client, "?show=mine").select_one("table form button")) == "Give back Letter"
    assert "Every task here is taken." in words(page_of(client, "?show=free"))


@pytest.mark.parametrize("query", ["//evil.example/", "https://evil.example/?a=b", "\r\nLocation: x", "x" * 9000])
def test_taking_a_task_leads_back_to_the_inbox_and_nowhere_else(waiting, doctor, query):
    address = reverse("workflows:claim", args=[waiting.tasks.get().public_id])
    answer = client_of(doctor).post(address, {"query": query})
    assert answer.status_code == 302 and answer["Location"].startswith(f"{INBOX}?")


def test_a_colleagues_task_offers_nothing(waiting, doctor, other_doctor):
    tasks.claim(by=doctor, task=waiting.tasks.get(), now=clock.now())
    page = page_of(client_of(other_doctor))
    assert page.select_one("table form") is None and len(labels(page)) == 1


def test_who_stands_in_sees_what_the_colleague_took(waiting, doctor, other_doctor, away):
    tasks.claim(by=doctor, task=waiting.tasks.get(), now=clock.now())
    page = page_of(client_of(other_doctor), "?show=mine")
    assert "Away: you stand in" in words(page)


@pytest.mark.parametrize(("starts", "ends"), [(-3, -2), (1, 2)])
def test_a_delegation_of_another_time_shows_nothing(waiting, doctor, other_doctor, away, starts, ends):
    tasks.claim(by=doctor, task=waiting.tasks.get(), now=clock.now())
    away.starts_at, away.ends_at = clock.now() + starts * DAY, clock.now() + ends * DAY
    away.save()
    assert not inbox.inbox_of(other_doctor).listed("mine").exists()


def test_who_stands_in_in_another_role_sees_only_what_was_taken(letters, practice, nurse, doctor, away):
    taken, _free = many(letters, 2, nurse, practice)
    away.to_user_id = nurse.user_id
    away.save()
    tasks.claim(by=doctor, task=taken, now=clock.now())
    assert list(inbox.tasks(nurse)) == [taken]


def test_who_stands_in_elsewhere_sees_nothing_of_it(letters, practice, nurse, doctor, away):
    (task,) = many(letters, 1, nurse, practice)
    tasks.claim(by=doctor, task=task, now=clock.now())
    elsewhere = people.staff(people.organisation(), role="doctor")
    away.to_user_id = elsewhere.user_id
    away.save()
    assert not inbox.tasks(elsewhere).exists()


def test_what_waits_for_whoever_sent_it_is_only_theirs(letters, practice, nurse, doctor):
    rows = many(letters, 2, nurse, practice)
    FlowTask.objects.update(role="any")
    FlowCase.objects.filter(pk=rows[0].case_id).update(opened_by=nurse.user_id)
    assert list(inbox.tasks(nurse)) == [rows[0]] and not inbox.tasks(doctor).exists()


def test_what_was_put_in_somebodys_hands_is_theirs_whatever_their_role(letters, practice, nurse, doctor):
    task, _ = many(letters, 2, nurse, practice)
    FlowTask.objects.filter(pk=task.pk).update(claimed_by=nurse.user_id, claimed_at=clock.now())
    assert list(inbox.inbox_of(nurse).listed("mine")) == [task]


def test_a_part_that_is_decided_waits_for_the_others_only(letters, practice, nurse, doctor, other_doctor):
    (task,) = many(letters, 1, nurse, practice)
    task.done_by.set([doctor.user_id])
    assert not inbox.tasks(doctor).exists() and list(inbox.tasks(other_doctor)) == [task]


def test_nobody_but_staff_has_an_inbox(waiting, job_actor, client):
    assert not inbox.tasks(job_actor).exists()
    assert client.get(INBOX).status_code in (302, 403)


def test_a_job_title_elsewhere_does_not_open_it(waiting):
    stranger = people.staff(people.organisation(agreement="none"), role="doctor")
    assert "Nothing waits for you." in words(page_of(client_of(stranger)))


def test_every_page_is_reached_and_left_again_the_one_due_first_at_the_top(letters, practice, nurse, doctor):
    now = clock.now()
    # Two of a kind at each deadline, and every third has none: the hard places of a keyset.
    many(letters, 60, nurse, practice, due=lambda n: None if n % 3 == 0 else now + (n // 4) * HOUR)
    client, seen, address = client_of(doctor), [], ""
    while True:
        page = page_of(client, address)
        seen.append([row["action"] for row in page.select("table form")])
        following = page.select_one("a[rel=next]")
        if following is None:
            break
        address = following["href"]
    assert [len(rows) for rows in seen] == [25, 25, 10]
    everything = [address for rows in seen for address in rows]
    wanted = list(FlowTask.objects.exclude(due_at=None).order_by("due_at", "pk"))
    wanted += FlowTask.objects.filter(due_at=None).order_by("pk")
    assert everything == [reverse("workflows:claim", args=[task.public_id]) for task in wanted]
    for before in reversed(seen[:-1]):
        page = page_of(client, page.select_one("a[rel=prev]")["href"])
        assert [row["action"] for row in page.select("table form")] == before


def test_the_price_does_not_grow_with_the_tasks(letters, practice, nurse, doctor):
    many(letters, 3, nurse, practice)
    client = client_of(doctor)
    page_of(client)
    with CaptureQueriesContext(connection) as few:
        page_of(client)
    many(letters, 57, nurse, practice)
    with CaptureQueriesContext(connection) as lots:
        assert len(labels(page_of(client))) == 25
    assert len(lots) == len(few) <= 13, [query["sql"] for query in lots]


def test_counts_stand_on_the_lists_and_stop_early(letters, practice, nurse, doctor):
    now = clock.now()
    rows = many(letters, 120, nurse, practice, due=lambda n: now - HOUR if n < 5 else None)
    tasks.claim(by=doctor, task=rows[0], now=now)
    with CaptureQueriesContext(connection) as asked:
        counts = inbox.inbox_of(doctor).counts()
    assert counts == {"mine": 1, "free": 100, "overdue": 5, "all": 100}
    assert sum("COUNT" in query["sql"] for query in asked) == 1
    lists = [words(item) for item in page_of(client_of(doctor)).select(".fw-lists li")]
    assert lists == ["Mine 1 task", "Not taken 99+ tasks", "Overdue 5 tasks", "All 99+ tasks"]


def test_a_deadline_is_told_in_words(letters, practice, nurse, doctor):
    now = clock.now()
    many(letters, 2, nurse, practice, due=lambda n: None if n else now - 2 * DAY)
    assert cells(page_of(client_of(doctor)), 1) == ["Overdue by 2 days", "No deadline"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("due=overdue", 1),
        ("due=week", 2),
        ("due=later", 1),
        ("due=none", 1),
        ("taken=nobody", 4),
        ("taken=me", 0),
        ("taken=colleague", 1),
        ("due=overdue&taken=nobody", 0),
        ("due=whenever", 5),
        ("kind=nothing&owner=1", 5),
    ],
)
def test_filters_narrow_it(letters, practice, nurse, doctor, other_doctor, query, found):
    now = clock.now()
    moments = [now - HOUR, now + HOUR, now + 3 * DAY, now + 30 * DAY, None]
    first, *_ = many(letters, 5, nurse, practice, due=lambda n: moments[n])
    tasks.claim(by=other_doctor, task=first, now=now)
    page = page_of(client_of(doctor), f"?{query}")
    assert len(labels(page)) == found
    assert ("not offered any more" in words(page)) == (found == 5)


def test_it_is_narrowed_by_what_it_waits_for(letters, practice, nurse, doctor):
    document = flows.spec()
    document["states"].append({"key": "second", "label": "Second look", "kind": "work", "waits_for": [flows.DOCTOR]})
    flows.live_flow(document)
    first, _ = many(letters, 2, nurse, practice)
    FlowTask.objects.filter(pk=first.pk).update(state="second")
    page = page_of(client_of(doctor), "?waits=letter.second")
    assert labels(page) == ["Second look"]
    assert [words(option) for option in page.select("#id_waits option")] == [
        "Anything",
        "Waiting for a doctor",
        "Second look",
    ]
    assert not page.select("#id_kind, #id_owner"), "what would not narrow is not offered"


def test_the_host_narrows_it_by_organisation(letters, practice, nurse, clinical_lead):
    other = people.organisation()
    rows = [*many(letters, 2, nurse, practice), *many(letters, 1, nurse, other)]
    FlowTask.objects.filter(pk__in=[row.pk for row in rows]).update(
        role="clinical_lead", organisation_id=clinical_lead.organisation_id
    )
    client = client_of(clinical_lead)
    assert len(page_of(client).select("#id_owner option")) == 3
    page = page_of(client, f"?owner={other.public_id}")
    assert len(labels(page)) == 1 and other.name in words(page.select_one("tbody th"))


def test_a_deleted_subject_does_not_break_it(letters, practice, nurse, doctor):
    gone, _ = many(letters, 2, nurse, practice)
    del letters.letters[gone.case.subject_id]
    page = page_of(client_of(doctor))
    assert "No longer there" in words(page) and len(labels(page)) == 2


def test_a_flow_that_was_tampered_with_does_not_break_it(letters, practice, nurse, doctor):
    many(letters, 1, nurse, practice)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workflows_flowversion SET sha256 = 'x'")
    assert labels(page_of(client_of(doctor))) == ["Its flow cannot be read. Tell the service desk"]


def test_what_somebody_writes_is_shown_as_they_wrote_it(letters, practice, nurse, doctor):
    (task,) = many(letters, 1, nurse, practice)
    subject = letters.letters[task.case.subject_id]
    letters.letters[subject.id] = replace(subject, label="<b>Letter</b>", link="/x/?a=1&b='\"")
    page = page_of(client_of(doctor))
    assert words(page.select_one("tbody th")) == "<b>Letter</b>" and not page.select("tbody b")
    assert page.select_one("tbody th a")["href"] == "/x/?a=1&b='\""


def test_several_are_chosen_where_their_flow_lets_them_be_decided_together(letters, practice, nurse, doctor):
    document = flows.spec()
    document["transitions"][2]["bulk"] = True
    flows.live_flow(document)
    rows = many(letters, 2, nurse, practice)
    page = page_of(client_of(doctor))
    form, boxes = page.select_one("form#together"), page.select("tbody input[type=checkbox]")
    assert [box["value"] for box in boxes] == [str(row.public_id) for row in rows]
    assert {(box["form"], box["name"]) for box in boxes} == {(form["id"], "task")}
    assert all(page.select_one(f"label[for='{box['id']}']") for box in boxes)
    chosen = "&".join(f"task={box['value']}" for box in boxes)
    following = BeautifulSoup(client_of(doctor).get(f"{form['action']}?{chosen}").content, "html.parser")
    assert len(following.select("form input[name$=-case]")) == 2


def test_nothing_is_chosen_where_each_is_decided_by_itself(waiting, doctor):
    page = page_of(client_of(doctor))
    assert not page.select("form#together") and not page.select("tbody input[type=checkbox]")


def test_what_one_has_is_handed_over_from_the_list(waiting, doctor):
    tasks.claim(by=doctor, task=waiting.tasks.get(), now=clock.now())
    links = [link["href"] for link in page_of(client_of(doctor)).select("tbody td a")]
    assert links == [reverse("workflows:assign", args=[waiting.tasks.get().public_id])]
