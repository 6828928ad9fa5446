import pytest
from time_machine import travel

from tests.unit.careplan_forms.schema.documents import coded, form, item, option, posted


def one(kind, data, **more):
    """The answer and the problem of a single posted question."""
    answers, problems = form(
        item("q", kind, label="Date of review" if kind == "date" else "Dose", **more)
    ).parse_section("s", data)
    assert len(problems) <= 1
    return answers.get("q"), problems[0] if problems else None


@pytest.mark.parametrize(
    ("kind", "data", "answer"),
    [
        ("text", posted(q="  Ann\tLee \n"), "Ann Lee"),
        ("text", posted(q="a\x00\u202eb"), "ab"),
        ("long_text", posted(q=" one\r\ntwo \r\n"), "one\ntwo"),
        ("yes_no", posted(q="no"), False),
        ("number", posted(q="007.50"), {"value": "7.50", "unit": ""}),
        ("number", posted(q="-0.0"), {"value": "0.0", "unit": ""}),
        ("number", posted(q="1,250"), {"value": "1250", "unit": ""}),
        ("telephone", posted(q=" 020 7946 0018 ext 4 "), "020 7946 0018 ext 4"),
        ("email", posted(q="ann.lee@example.co.uk"), "ann.lee@example.co.uk"),
        ("nhs_number", posted(q="943 476-5919"), "9434765919"),
        ("organisation", posted(q__code="a8 1001", q__name=""), {"code": "A81001", "name": ""}),
        ("date", posted(q__day="4", q__month="March", q__year="2027"), "2027-03-04"),
        ("date", posted(q__day="04", q__month="sept", q__year="2027"), "2027-09-04"),
        ("text", posted(q=""), None),
        ("date", posted(q__day="", q__month=" ", q__year=""), None),
    ],
)
def test_what_is_typed_becomes_an_answer(kind, data, answer):
    assert one(kind, data) == (answer, None)


@pytest.mark.parametrize(
    ("kind", "data", "more", "code", "field", "message"),
    [
        (
            "text",
            posted(q="x" * 36),
            {"max_length": 35},
            "too_long",
            "q-q",
            "Shorten the dose to 35 characters or fewer",
        ),
        ("number", posted(q="ten"), {}, "number.real", "q-q", "Enter the dose as a number, for example 12"),
        ("number", posted(q="0"), {"min": 1}, "number.min", "q-q", "Enter the dose as 1 or more"),
        ("number", posted(q="5.5"), {"max": "5.25"}, "number.max", "q-q", "Enter the dose as 5.25 or less"),
        ("number", posted(q="1.5"), {"decimals": 0}, "number.whole", "q-q", "Enter the dose as a whole number"),
        (
            "date",
            posted(q__day="31", q__month="2", q__year="2027"),
            {},
            "date.real",
            "q-q__day",
            "Enter the date of review as a real date, for example 27 3 2027",
        ),
        (
            "date",
            posted(q__month="2", q__year="2027"),
            {},
            "date.parts",
            "q-q__day",
            "Add the day to the date of review",
        ),
        ("date", posted(q__day="2"), {}, "date.parts", "q-q__month", "Add the month and year to the date of review"),
        (
            "date",
            posted(q__day="2", q__month="3", q__year="27"),
            {},
            "date.real",
            "q-q__year",
            "Enter the date of review as a real date, for example 27 3 2027",
        ),
        (
            "date",
            posted(q__day="2", q__month="3", q__year="1066"),
            {},
            "date.year",
            "q-q__year",
            "Enter the date of review with a year between 1850 and 2150",
        ),
        (
            "date",
            posted(q__day="1", q__month="1", q__year="2020"),
            {"min": "2021"},
            "date.min",
            "q-q__day",
            "Change the date of review to 2021 or later",
        ),
        (
            "telephone",
            posted(q="call me"),
            {},
            "telephone.real",
            "q-q",
            "Enter the dose as a telephone number, like 020 7946 0018",
        ),
        (
            "email",
            posted(q="ann@"),
            {},
            "email.real",
            "q-q",
            "Enter the dose as an email address, like name@example.com",
        ),
        (
            "nhs_number",
            posted(q="9434765918"),
            {},
            "nhs_number.real",
            "q-q",
            "Enter the dose as the 10 digits of an NHS number, like 943 476 5919",
        ),
        (
            "organisation",
            posted(q__code="A!"),
            {},
            "organisation.code",
            "q-q__code",
            "Enter the ODS code of the dose as 3 to 10 letters and digits, like A81001",
        ),
        ("yes_no", posted(q="maybe"), {}, "missing.yes_no", "q-q", "Select yes or no for “Dose”"),
        (
            "choice",
            posted(q="zzz"),
            {"options": [option("a")]},
            "choice.unknown",
            "q-q",
            "Select the dose from the list",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_as_an_instruction(kind, data, more, code, field, message):
    answer, problem = one(kind, data, **more)
    assert answer is None
    assert (problem.code, problem.field_name, problem.message) == (code, field, message)
    assert problem.typed


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Date of birth", "Enter the date of birth"),
        ("NHS number", "Enter the NHS number"),
        ("eRS reference", "Enter the eRS reference"),
        ("Where the medicines are kept", "Enter where the medicines are kept"),
        ("Who decided?", "Enter an answer to “Who decided?”"),
        ("", "Enter an answer"),
    ],
)
def test_a_missing_answer_is_asked_for_by_the_name_of_its_question(label, said):
    asked = form({"uid": "q", "type": "text", "label": label, "required": "publish"})
    assert [problem.message for problem in asked.validate({}, stage="publish")] == [said]


def test_limits_are_inclusive():
    assert one("number", posted(q="1.0"), min=1, max=1)[1] is None
    assert one("date", posted(q__day="1", q__month="1", q__year="2026"), min="2026-01-01", max="2026-01-01")[1] is None


def test_ten_equal_digits_pass_the_check_digit_and_are_still_no_nhs_number():
    assert one("nhs_number", posted(q="1111111111"))[1].code == "nhs_number.real"


def test_partial_dates_keep_the_precision_they_were_given_with():
    partial = {"precision": ["D", "M", "Y"]}
    assert one("date", posted(q__month="3", q__year="2027"), **partial)[0] == "2027-03"
    assert one("date", posted(q__year="2027"), **partial)[0] == "2027"
    assert (
        one("date", posted(q__day="1", q__year="2027"), **partial)[1].message == "Add the month to the date of review"
    )
    assert one("date", posted(q__year="2027"), precision=["D", "M"])[1].message == "Add the month to the date of review"


@travel("2026-06-30T23:30:00Z")
def test_today_as_a_limit_is_the_date_in_london():
    assert one("date", posted(q__day="1", q__month="7", q__year="2026"), max="today")[1] is None
    late = one("date", posted(q__day="2", q__month="7", q__year="2026"), max="today")[1]
    assert late.message == "Change the date of review to 1 July 2026 or earlier"


def test_coded_choices_are_posted_by_option_id_or_code_and_carry_their_display():
    options = [option("a", id="first"), option("b")]
    assert one("choice", posted(q="first"), options=options)[0] == coded("a")
    assert one("choice", posted(q="b"), options=options)[0] == coded("b")
    assert one("choices", posted(q=["b", "first"]), options=options)[0] == [coded("a"), coded("b")]


def test_free_text_stands_beside_or_instead_of_a_code():
    options = [option("a")]
    assert one("choice", posted(q="a", q__text=" mostly "), options=options, other=True)[0] == coded("a", "mostly")
    alone = {"code": "", "system": "", "display": "", "text": "mostly"}
    assert one("choice", posted(q__text="mostly"), options=options, other=True)[0] == alone
    assert one("choices", posted(q="a", q__text="mostly"), options=options, other=True)[0] == [coded("a"), alone]
    assert one("choice", posted(q__text="mostly"), options=options)[0] is None


@pytest.mark.parametrize("kind", ["text", "date", "number", "organisation", "choice", "choices", "yes_no"])
def test_not_discussed_is_an_answer_with_its_reason(kind):
    more = {"absent": ["not-known", "not-discussed"], "options": [option("a")]}
    data = (
        posted(q="absent:not-discussed")
        if kind in ("choice", "choices", "yes_no")
        else posted(q__absent="not-discussed")
    )
    data["q-q__reason-not-discussed"] = " Too tired \n today "
    assert one(kind, data, **more) == ({"absent": "not-discussed", "reason": "Too tired today"}, None)


def test_an_answer_and_a_reason_for_having_none_cannot_both_stand():
    problem = one("text", posted(q="x", q__absent="not-known"), absent=["not-known"])[1]
    assert problem.message == "Enter the dose or select “Not known”, not both"
    both = one("number", posted(q="1", q__absent=["not-known", "not-asked"]), absent=["not-known", "not-asked"])[1]
    assert both.message == "Select only one reason why there is no answer to “Dose”"
    date = one("date", posted(q__year="1", q__absent="not-known"), absent=["not-known"])[1]
    assert date.field_name == "q-q__day"


def test_reasons_that_are_not_offered_are_ignored():
    assert one("text", posted(q__absent="not-asked"), absent=["not-known"]) == (None, None)


def test_only_questions_that_were_on_the_page_are_answered_or_cleared():
    asked = form(item("a"), item("b"), item("c", "choices", options=[option("x")]))
    assert asked.parse_section("s", posted(_shown="q-a q-c", a="1", b="2")) == ({"a": "1", "c": None}, [])
    assert asked.parse_section("s", posted(_shown="-", a="1")) == ({}, [])


def test_a_question_with_a_problem_is_left_out_so_that_what_was_saved_stays():
    answers, problems = form(item("a"), item("b", "number")).parse_section("s", posted(a="1", b="x"))
    assert answers == {"a": "1"}
    assert problems[0].typed == {"": ["x"]}


def test_a_retired_option_may_stay_but_not_be_chosen_anew():
    asked = form(item("q", "choice", label="Place", options=[option("a"), option("old", status="retired")]))
    data = posted(q="old")
    assert asked.parse_section("s", data, {"q": coded("old")}) == ({"q": coded("old")}, [])
    answers, problems = asked.parse_section("s", data, {"q": coded("a")})
    assert answers == {}
    assert problems[0].message == "Select the place again: “OLD” is no longer offered"
    assert asked.validate({"q": coded("old")}) == []


def test_values_that_are_not_text_are_ignored():
    class Odd:
        def getlist(self, key):
            return [] if key == "_shown" else [None, 7, {"x": 1}]

    answers, problems = form(item("a"), item("b", "date"), item("r", "repeat", items=[item("c")])).parse_section(
        "s", Odd()
    )
    assert (answers, problems) == ({"a": None, "b": None, "r": None}, [])
