"""What stays empty: hidden is not unanswered, a reason is not empty, and small numbers stay hidden."""

import datetime

import pytest
from django.urls import reverse

from careplan_forms.enums import FactKind
from careplan_forms.models import AnswerFact
from careplan_forms.services import projection
from core import clock
from reporting import selectors
from reporting.reports import empty_questions
from reporting.reports.base import Period
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.worlds import shared

pytestmark = pytest.mark.django_db
PERIOD = Period(datetime.date(2026, 1, 1), datetime.date(2099, 1, 1))
PERIOD_ASKED = "?start_day=1&start_month=1&start_year=2020&end_day=31&end_month=12&end_year=2029"


@shared
def flows():
    make.flows()


@shared
def lead(practice):
    return people.staff(practice, role="clinical_lead")


@pytest.fixture
def approved(nurse, doctor, flows):
    make.form_version()

    def several(count, **answers):
        return [make.approved_plan(nurse, doctor, **answers) for _ in range(count)]

    return several


def rows_of(table):
    return {row[0]: row[1:] for row in table.rows}


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        (None, ["empty"]),
        ("", ["empty"]),
        ([], ["empty"]),
        ("Prose", ["answered"]),
        (False, ["answered"]),
        ({"absent": "not-known", "reason": ""}, ["absent"]),
        ([{"code": "a"}, {"code": "b"}], ["answered", "more"]),
        ([{"id": "1", "name": "x"}], ["answered"]),
    ],
)
def test_every_question_that_was_shown_has_one_row_that_counts(answer, kinds):
    assert [row["kind"] for row in projection.facts_of(answer)] == kinds


def test_a_hidden_question_is_not_unanswered(approved):
    approved(1, cpr=make.CPR_ATTEMPT)
    kinds = dict(AnswerFact.objects.exclude(kind=FactKind.MORE).values_list("item_uid", "kind"))
    assert kinds["cpr"] == FactKind.ANSWERED
    assert FactKind.EMPTY in kinds.values()
    assert "cpr-why" not in kinds


def test_the_report_counts_shown_empty_and_reasons_apart(approved, lead):
    approved(6, cpr=make.CPR_DO_NOT, **{"cpr-why": "Frail heart"})
    questions, organisations, roles = empty_questions.tables(lead, PERIOD)
    by_label = rows_of(questions)
    labels = {item["uid"]: item["label"] for section in make.document()["sections"] for item in section["items"]}
    assert by_label[labels["cpr"]][:2] == ("6", "0")
    assert "100%" in {row[-1] for row in by_label.values()}
    assert len(organisations.rows) == 1
    assert list(rows_of(roles)) == ["Clinician"]


def test_small_numbers_are_hidden_on_page_and_in_the_file(approved, lead):
    approved(2, cpr=make.CPR_DO_NOT, **{"cpr-why": "Frail heart"})
    for table in empty_questions.detail(lead, PERIOD):
        if "questions" in table.caption:
            assert {cell for row in table.rows for cell in row[1:] if cell.isdigit()} <= {"0"}
    browser = people.client_of(lead)
    page = browser.get(reverse("reporting:report", args=["empty-questions"]) + PERIOD_ASKED)
    assert page.status_code == 200
    assert "under 5" in page.content.decode()
    file = browser.get(reverse("reporting:csv", args=["empty-questions"]) + PERIOD_ASKED).content.decode("utf-8-sig")
    assert "questions by organisation and role" in file


def test_each_sees_only_the_organisations_in_their_scope(approved, practice):
    approved(6, cpr=make.CPR_DO_NOT, **{"cpr-why": "Frail heart"})
    elsewhere = people.organisation(name="Elsewhere Practice")
    assert empty_questions.tables(people.staff(elsewhere, role="org_lead"), PERIOD) == []
    commissioner = people.staff(people.organisation(care_setting="commissioner"), role="commissioner")
    assert empty_questions.tables(commissioner, PERIOD) == []
    assert empty_questions.tables(people.staff(practice, role="org_lead"), PERIOD)


def test_counting_is_one_query_beside_the_gate_s(approved, lead, django_assert_num_queries):
    approved(1, cpr=make.CPR_DO_NOT, **{"cpr-why": "Frail heart"})
    with django_assert_num_queries(2) as queries:
        selectors.shown_and_answered(viewer=lead, start=PERIOD.start, end=PERIOD.end)
    assert "answers" not in queries.captured_queries[-1]["sql"]


def limited_to(*roles, **asked):
    """A form of which only some roles see one question; with `asked`, one more question, limited too."""
    document = make.document()
    about = document["sections"][0]["items"]
    about[1]["roles"] = {"see": list(roles), "edit": None, "require": None}
    if asked:
        about.append(asked | {"roles": about[1]["roles"]})
    make.form_version(document)
    return about[1]["label"]


def total(table):
    return sum(int(row[1]) for row in table.rows)


def test_what_a_form_keeps_from_the_viewer_s_role_is_in_no_row_and_in_no_total(nurse, doctor, flows, practice, lead):
    label = limited_to("doctor", "clinician", "ig_officer")
    for _ in range(6):
        make.approved_plan(nurse, doctor, cpr=make.CPR_ATTEMPT)
    questions, organisations, roles = empty_questions.tables(lead, PERIOD)
    shown = rows_of(questions)
    assert label not in shown and "CPR decision" in shown
    seeing = empty_questions.tables(people.staff(practice, role="ig_officer"), PERIOD)
    assert label in rows_of(seeing[0])
    assert [total(table) for table in (organisations, roles)] == [total(table) - 6 for table in seeing[1:]]
    assert not any(label in row for table in empty_questions.detail(lead, PERIOD) for row in table.rows)


def test_a_preferred_place_that_is_kept_from_the_viewer_s_role_counts_as_not_known(
    nurse, doctor, flows, practice, lead
):
    home = {"code": "110481000000108", "system": "http://snomed.info/sct", "display": "Home"}
    place = {
        "uid": "place",
        "type": "choice",
        "label": "Place",
        "slot": "place.death_first",
        "options": [home | {"id": "h"}],
    }
    limited_to("doctor", "clinician", "ig_officer", **place)
    died = make.approved_plan(nurse, doctor, cpr=make.CPR_ATTEMPT, place=home | {"text": ""}).patient
    type(died).objects.filter(pk=died.pk).update(died_on=clock.today(), actual_place_of_death="876879006")

    def counted(viewer):
        return list(selectors.deaths(viewer=viewer, start=PERIOD.start, end=PERIOD.end))

    assert counted(people.staff(practice, role="ig_officer")) == [(practice.pk, home["code"], "", "876879006")]
    assert counted(lead) == [(practice.pk, "", "", "876879006")]
