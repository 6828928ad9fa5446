"""Reading in an emergency, as its reader does it: find, say why, read, and nothing more than that."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse

from core.nhs_number import spaced
from governance.models import AuditEvent, StaffListEntry
from tests.chance import without_ids
from tests.factories import governance as make
from tests.factories import summaries
from tests.worlds import shared

pytestmark = pytest.mark.django_db


def signed_in(actor) -> Client:
    """A browser signed in as this actor's account, second factor given."""
    from tests.factories.governance import client_of

    return client_of(actor)


@shared
def crew(paramedic):
    return signed_in(paramedic)


@shared
def plan(practice):
    return summaries.summary(practice)


def give_reason(client, plan, reason="caring_now"):
    return client.post(reverse("careplan_forms:emergency-reason", args=[plan.plan_public_id]), {"reason": reason})


def read(client, plan):
    return client.get(reverse("careplan_forms:emergency-read", args=[plan.plan_public_id]))


def test_a_number_with_spaces_leads_to_the_reason_and_then_to_the_plan(crew, plan):
    found = crew.post(reverse("careplan_forms:emergency-search"), {"nhs_number": " 943 476 5919"})
    assert found.status_code == 302
    assert "9434765919" not in found.url
    assert give_reason(crew, plan).status_code == 302
    page = read(crew, plan)
    assert page.status_code == 200
    assert "Do not attempt CPR" in page.content.decode()


def without_chance(client, number):
    """The answer to a search without the number itself, the minute, the seconds the session lasts and form tokens."""
    page = client.post(reverse("careplan_forms:emergency-search"), {"nhs_number": number}).content.decode()
    page = re.sub(r'value="[A-Za-z0-9]{64}"|data-left="\d+"', "", page)
    return re.sub(r"\d{2}:\d{2}", "", page.replace(spaced(number), "the number"))


def test_the_plan_is_not_shown_before_a_reason_is_given(crew, plan):
    assert read(crew, plan).status_code == 302
    assert (
        "Do not attempt CPR"
        not in crew.get(reverse("careplan_forms:emergency-reason", args=[plan.plan_public_id])).content.decode()
    )


def test_that_somebody_has_died_is_said_before_and_after_the_reason_and_on_paper(crew, plan):
    plan.died_on = datetime.date(2026, 1, 2)
    plan.save()
    asked = crew.get(reverse("careplan_forms:emergency-reason", args=[plan.plan_public_id]))
    give_reason(crew, plan)
    pages = ("emergency-read", "emergency-paper")
    shown = [crew.get(reverse(f"careplan_forms:{page}", args=[plan.plan_public_id])) for page in pages]
    for page in (asked, *shown):
        assert page.status_code == 200
        assert "<dt>Died</dt>" in page.content.decode()
        assert "<dt>Age at death</dt>" in page.content.decode()


def test_every_look_leaves_a_row_with_its_reason_and_no_identity(crew, plan):
    give_reason(crew, plan, "call_advice")
    read(crew, plan)
    event = AuditEvent.objects.filter(action="emergency.read").get()
    assert event.purpose == "call_advice"
    assert event.target_ref == str(plan.plan_public_id)
    everything = without_ids(" ".join(str(value) for value in event.__dict__.values()))
    assert "9434765919" not in everything and "Black" not in everything and "1938" not in everything


def test_no_answer_leaves_when_the_look_cannot_be_recorded(crew, plan, monkeypatch):
    give_reason(crew, plan)

    def broken(*args, **kwargs):
        raise RuntimeError("audit is down")

    monkeypatch.setattr("careplan_forms.services.emergency.record_read", broken)
    crew.raise_request_exception = False
    page = read(crew, plan)
    assert page.status_code == 500
    assert "Do not attempt" not in page.content.decode()


def test_the_access_code_is_absent_until_the_logged_press(crew, plan):
    give_reason(crew, plan)
    assert "C1947Y" not in read(crew, plan).content.decode()
    assert not AuditEvent.objects.filter(action="emergency.access_code").exists()
    shown = crew.post(reverse("careplan_forms:emergency-access-code", args=[plan.plan_public_id]))
    assert "C1947Y" in shown.content.decode()
    assert AuditEvent.objects.filter(action="emergency.access_code").count() == 1
    assert "C1947Y" not in read(crew, plan).content.decode()
    for name in ("paper", "full"):
        response = crew.get(reverse(f"careplan_forms:emergency-{name}", args=[plan.plan_public_id]))
        assert "C1947Y" not in response.content.decode()


def test_a_person_who_withdrew_consent_cannot_be_told_from_one_without_a_plan(crew, practice, plan):
    absent = crew.get(reverse("careplan_forms:emergency-reason", args=[summaries.unknown_plan_id()]))
    type(plan).objects.filter(pk=plan.pk).update(readable=False)
    hidden = crew.get(reverse("careplan_forms:emergency-reason", args=[plan.plan_public_id]))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    none, other = (without_chance(crew, number) for number in ("9434765919", "9434765870"))
    assert none == other


def test_a_practice_nurse_may_not_read_by_the_emergency_door(nurse, plan):
    client = signed_in(nurse)
    assert client.get(reverse("careplan_forms:emergency-search")).status_code == 403
    assert give_reason(client, plan).status_code == 403
    assert read(client, plan).status_code in (302, 403)


def test_a_stranger_is_sent_to_sign_in_or_refused(plan, client):
    assert client.get(reverse("careplan_forms:emergency-search")).status_code in (302, 403)
    assert b"Black" not in read(client, plan).content


def test_a_suspended_reader_is_out_at_once(crew, paramedic, plan):
    give_reason(crew, plan)
    assert read(crew, plan).status_code == 200
    entry = StaffListEntry.objects.get(pk=paramedic.entry_id)
    from core import clock

    entry.suspended_at, entry.suspended_by = clock.now(), entry.user
    entry.save()
    assert b"Do not attempt" not in read(crew, plan).content


def test_nothing_found_says_what_was_searched_and_what_it_does_not_mean(crew):
    page = crew.post(reverse("careplan_forms:emergency-search"), {"nhs_number": "9434765870"}).content.decode()
    assert "No plan found" in page
    assert "943 476 5870" in page
    assert "This does not mean there is no decision on paper." in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the NHS number"),
        ("12345", "10 digits"),
        ("9434765918", "Check the NHS number"),
        ("<script>", "10 digits"),
    ],
)
def test_a_wrong_number_is_kept_and_answered_with_an_instruction(crew, typed, said):
    page = crew.post(reverse("careplan_forms:emergency-search"), {"nhs_number": typed})
    text = page.content.decode()
    assert page.status_code == 200
    assert said in text
    assert "<title>Error: " in text
    assert "<script>" not in text


def test_namesakes_are_listed_without_plan_content(crew, practice, plan):
    summaries.summary(practice, nhs_number="9434765870")
    page = crew.post(
        reverse("careplan_forms:emergency-search"), {"family_name": "BLACK", "postcode": "sw36jj"}
    ).content.decode()
    assert "2 people found" in page
    assert "Do not attempt" not in page
    assert "ending 919" in page


def test_a_restricted_person_is_not_found_by_details(crew, practice, plan):
    plan.identity["restricted"] = True
    plan.save()
    page = crew.post(reverse("careplan_forms:emergency-search"), {"family_name": "Black", "postcode": "SW3 6JJ"})
    assert "No plan found" in page.content.decode()


def test_surname_alone_is_not_enough(crew):
    page = crew.post(reverse("careplan_forms:emergency-search"), {"family_name": "Black"}).content.decode()
    assert "Enter the date of birth or the postcode" in page


def test_pages_of_a_person_are_never_cached(crew, plan):
    give_reason(crew, plan)
    assert "no-store" in read(crew, plan)["Cache-Control"]


def test_the_page_asks_one_query_beyond_session_gate_and_audit(crew, plan, django_assert_max_num_queries):
    give_reason(crew, plan)
    read(crew, plan)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(crew, plan)
    # The gate's own queries look at who may edit a form; every other table of this app is about people and plans.
    about_plans = [q["sql"] for q in queries if re.search(r'"careplan_forms_(?!formdefinition)', q["sql"])]
    assert len(about_plans) == 1


def test_the_page_is_under_ten_kilobytes_and_needs_no_script(crew, plan):
    import gzip

    give_reason(crew, plan)
    content = read(crew, plan).content
    assert len(gzip.compress(content)) < 10_000
    assert b"<script>" not in content


def test_the_page_can_be_had_as_a_pdf_without_the_access_code(crew, plan, django_capture_on_commit_callbacks):
    from io import BytesIO

    from pypdf import PdfReader

    give_reason(crew, plan)
    with django_capture_on_commit_callbacks(execute=True):
        asked = crew.post(reverse("careplan_forms:emergency-request-pdf", args=[plan.plan_public_id]))
    answer = crew.get(asked.url)
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(b"".join(answer.streaming_content))).pages)
    assert "Do not attempt CPR" in text
    assert "BLACK, Margaret" in text
    assert "C1947Y" not in text
    assert AuditEvent.objects.filter(action="emergency.printed").count() == 1


def test_a_pdf_belongs_to_whoever_asked_for_it(crew, plan, ambulance_service, django_capture_on_commit_callbacks):
    give_reason(crew, plan)
    with django_capture_on_commit_callbacks(execute=True):
        asked = crew.post(reverse("careplan_forms:emergency-request-pdf", args=[plan.plan_public_id]))
    colleague = signed_in(make.staff(ambulance_service, role="urgent_reader"))
    assert colleague.get(asked.url).status_code == 404


def menu_of(browser):
    return browser.get("/learning/").content.decode().partition("</header>")[0]


def test_the_way_to_the_search_stands_on_every_page_of_an_urgent_reader(crew, nurse):
    search = f'href="{reverse("careplan_forms:emergency-search")}"'
    assert search in menu_of(crew)
    assert search not in menu_of(signed_in(nurse))


def test_a_wrong_date_of_birth_is_called_by_its_name(crew):
    typed = {"family_name": "Bla\0ck", "date_of_birth_day": "31", "date_of_birth_month": "2"}
    page = crew.post(reverse("careplan_forms:emergency-search"), typed | {"date_of_birth_year": "1938"})
    assert "Date of birth must be a real date" in page.content.decode()
    assert "Remove the characters that cannot be shown from surname" in page.content.decode()
