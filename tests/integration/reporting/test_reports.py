"""Reports as commissioners read them: their own board, the boards of the day, and the same figures in every form."""

import datetime

import pytest
from django.urls import reverse

from core import clock
from core.exceptions import NotAllowed
from governance.models import Area, AreaMembership, OrganisationArea
from governance.selectors import areas
from reporting import selectors
from tests.factories import governance as make
from tests.factories.governance import client_of
from tests.worlds import shared

pytestmark = pytest.mark.django_db
OLD, NEW = datetime.date(2025, 6, 1), datetime.date(2026, 6, 1)
MERGED = datetime.date(2026, 4, 1)


@shared
def geography(practice):
    """The practice lies in a place whose board merged into another on 1 April 2026."""
    place = Area.objects.create(code="08D", name="Haringey", kind="place")
    old = Area.objects.create(code="QMJ", name="North Central London", kind="board", ends_on=MERGED)
    new = Area.objects.create(code="Z9B2Z", name="West and North London", kind="board", starts_on=MERGED)
    start = datetime.date(2022, 7, 1)
    AreaMembership.objects.create(child=place, parent=old, starts_on=start, ends_on=MERGED)
    AreaMembership.objects.create(child=place, parent=new, starts_on=MERGED)
    OrganisationArea.objects.create(organisation=practice, area=place, starts_on=start)
    return place


def test_an_organisation_belongs_to_the_board_of_the_day(geography, practice):
    assert areas.boards(OLD)[practice.pk][0] == "QMJ"
    assert areas.boards(NEW)[practice.pk][0] == "Z9B2Z"
    assert areas.boards(MERGED)[practice.pk][0] == "Z9B2Z"


def test_a_commissioner_sees_the_organisations_of_their_own_board_only(geography, practice):
    commissioner_org = make.organisation(care_setting="commissioner")
    elsewhere = make.organisation()
    OrganisationArea.objects.create(
        organisation=commissioner_org, area=Area.objects.get(code="Z9B2Z"), starts_on=MERGED
    )
    viewer = make.staff(commissioner_org, role="commissioner")
    seen = set(selectors.organisations_in_sight(viewer, NEW))
    assert practice in seen
    assert elsewhere not in seen


def test_a_commissioner_without_a_board_sees_nothing(practice):
    viewer = make.staff(make.organisation(care_setting="commissioner"), role="commissioner")
    assert not selectors.organisations_in_sight(viewer, NEW).exists()


def test_reports_are_not_for_readers_of_plans(paramedic):
    with pytest.raises(NotAllowed):
        selectors.organisations_in_sight(paramedic, NEW)


def this_year():
    year = clock.today().year
    return f"?start_day=1&start_month=1&start_year={year}&end_day=31&end_month=12&end_year={year}"


def test_page_and_csv_say_the_same(geography, practice):
    lead = client_of(make.staff(practice, role="org_lead"))
    from tests.factories import summaries

    summaries.summary(practice)
    page = lead.get(reverse("reporting:report", args=["plans"]) + this_year())
    assert page.status_code == 200
    file = lead.get(reverse("reporting:csv", args=["plans"]) + this_year())
    assert file["Content-Type"].startswith("text/csv")
    for text in (practice.name, "under 5"):
        assert text in page.content.decode()
        assert text in file.content.decode("utf-8-sig")


@pytest.mark.parametrize(
    "asked",
    [
        ("?start_day=31&start_month=2&start_year=2026&end_day=1&end_month=3&end_year=2026"),
        ("?start_day=2&start_month=3&start_year=2026&end_day=1&end_month=3&end_year=2026"),
        ("?start_day=&end_day=1&end_month=3&end_year=2026"),
    ],
)
def test_a_wrong_period_is_answered_at_the_field(practice, asked):
    lead = client_of(make.staff(practice, role="org_lead"))
    page = lead.get(reverse("reporting:report", args=["plans"]) + asked)
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()


def test_an_unknown_report_is_not_found(practice):
    lead = client_of(make.staff(practice, role="org_lead"))
    assert lead.get(reverse("reporting:report", args=["nothing"])).status_code == 404


def test_the_pdf_says_what_the_page_says(geography, practice, django_capture_on_commit_callbacks):
    from io import BytesIO

    from pypdf import PdfReader

    from tests.factories import summaries

    summaries.summary(practice)
    lead = client_of(make.staff(practice, role="org_lead"))
    with django_capture_on_commit_callbacks(execute=True):
        made = lead.post(reverse("reporting:request-pdf", args=["plans"]) + this_year())
    answer = lead.get(made.url)
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(b"".join(answer.streaming_content))).pages)
    assert practice.ods_code in text
    assert "under 5" in text
