"""Forms speak in instructions and lead people to the field at fault."""

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import MaxLengthValidator

from core.exceptions import Refused
from core.forms import DateField, LongTextField, NHSForm, NHSNumberField, error_summary, refusals_on


class Visit(NHSForm):
    family_name = forms.CharField(label="Family name", max_length=10)
    nhs_number = NHSNumberField()
    born = DateField(label="What is their date of birth?", subject="date of birth")
    place = forms.ChoiceField(
        label="Preferred place", choices=[("home", "Home"), ("other", "Other")], widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="Needs", choices=[("i", "Interpreter"), ("h", "Hearing loop")], widget=forms.CheckboxSelectMultiple
    )
    paper = forms.FileField(label="Signed document")
    agreed = forms.BooleanField(label="I have read this")
    mail = forms.EmailField(label="Email address", required=False)
    mood = forms.CharField(label="How are they?", required=True)


class TwoLines(NHSForm):
    text = LongTextField(label="Notes", max_length=3)


def summary_of(form):
    soup = BeautifulSoup(str(form.error_summary()), "html.parser")
    return {line.get_text(" ", strip=True): (line.a or {}).get("href") for line in soup.select("li")}


def test_every_missing_answer_is_named_with_what_to_do_and_a_way_there():
    assert summary_of(Visit({})) == {
        "Enter family name": "#id_family_name",
        "Enter the NHS number": "#id_nhs_number",
        "Enter date of birth": "#id_born_day",
        "Select preferred place": "#id_place",
        "Select at least one answer": "#id_needs",
        "Choose a file for signed document": "#id_paper",
        "Confirm: I have read this": "#id_agreed",
        "Enter an answer": "#id_mood",
    }


def test_every_summary_link_leads_to_a_control_of_the_page():
    form = Visit({})
    page = BeautifulSoup(str(form.error_summary() + form.render_fields()), "html.parser")
    for link in page.select(".nhsuk-error-summary a"):
        target = page.find(id=link["href"][1:])
        assert target is not None and target.name in ("input", "select", "textarea"), link


def test_the_summary_takes_focus_without_a_script():
    box = BeautifulSoup(str(Visit({}).error_summary()), "html.parser").div
    assert box["tabindex"] == "-1" and box.has_attr("autofocus")


def test_a_form_without_errors_or_not_yet_sent_has_no_summary():
    assert Visit().error_summary() == ""
    assert TwoLines({"text": "abc"}).error_summary() == ""


def test_the_date_link_leads_to_the_box_at_fault():
    form = Visit({"born_day": "3", "born_month": "14", "born_year": "1940"})
    assert summary_of(form)["Date of birth must have a month from 1 to 12"] == "#id_born_month"


def test_too_long_says_the_limit_and_names_the_field():
    assert "Family name must be 10 characters or fewer" in summary_of(Visit({"family_name": "x" * 11}))


def test_a_message_leaves_out_that_the_field_is_optional():
    class Worded(NHSForm):
        code = forms.CharField(label="Registration body (optional)", max_length=3)

    assert summary_of(Worded({"code": "12345"})) == {"Registration body must be 3 characters or fewer": "#id_code"}


def test_an_email_address_in_the_wrong_shape_gets_an_example():
    words = "Enter an email address in the correct format, like name@example.com"
    assert words in summary_of(Visit({"mail": "nobody"}))


def test_wording_one_form_leaves_validators_of_other_code_alone():
    shared = MaxLengthValidator(3)

    class Worded(NHSForm):
        name = forms.CharField(max_length=3)

    Worded.base_fields["name"].validators = [shared]
    assert summary_of(Worded({"name": "12345"})) == {"Name must be 3 characters or fewer": "#id_name"}
    with pytest.raises(forms.ValidationError, match="Ensure this value has at most 3 characters"):
        shared("12345")


def test_a_form_keeps_messages_it_worded_itself():
    class Own(NHSForm):
        name = forms.CharField(error_messages={"required": "Tell us who this is about"})

    assert list(summary_of(Own({}))) == ["Tell us who this is about"]


def test_what_was_typed_is_shown_again_as_it_was():
    form = Visit({"family_name": "O'Neill & <Sons>", "born_day": "31", "born_month": "Feb", "born_year": "40"})
    page = BeautifulSoup(str(form.render_fields("family_name", "born")), "html.parser")
    assert page.find(id="id_family_name")["value"] == "O'Neill & <Sons>"
    assert [page.find(id=f"id_born_{box}")["value"] for box in ("day", "month", "year")] == ["31", "Feb", "40"]


def test_a_line_break_counts_once_however_the_browser_sends_it():
    assert TwoLines({"text": "a\r\nb"}).is_valid()
    assert TwoLines({"text": "a\r\nb"}).fields["text"].clean("a\r\nb") == "a\nb"


def test_several_forms_share_one_summary_in_page_order():
    first, second = TwoLines({"text": ""}, prefix="a"), TwoLines({"text": ""}, prefix="b")
    soup = BeautifulSoup(str(error_summary(first, second)), "html.parser")
    assert [link["href"] for link in soup.select("a")] == ["#id_a-text", "#id_b-text"]
    assert len(soup.select(".nhsuk-error-summary")) == 1


def test_a_formset_is_summed_up_with_its_forms():
    rows = forms.formset_factory(TwoLines, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-text": "12345"}
    soup = BeautifulSoup(str(error_summary(rows(data))), "html.parser")
    assert soup.select_one("a")["href"] == "#id_form-0-text"
    assert len(soup.select("li")) == 2


def test_an_error_of_the_whole_form_stands_in_the_summary_without_a_link():
    class Both(TwoLines):
        def clean(self):
            raise forms.ValidationError("These two answers cannot both be true")

    assert summary_of(Both({"text": "a"})) == {"These two answers cannot both be true": None}


def test_a_file_reaches_the_form():
    form = Visit({}, {"paper": SimpleUploadedFile("a.pdf", b"%PDF")})
    assert "paper" not in form.errors


class Shown(NHSForm):
    key = forms.CharField()
    shown = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("about", "stands_at"), [("key", "key"), ("shown", "__all__"), ("no-such-field", "__all__"), (None, "__all__")]
)
def test_a_refusal_stands_at_the_field_it_is_about_if_that_can_be_seen(about, stands_at):
    form = Shown({"key": "a", "shown": "b"})
    assert form.is_valid()
    with refusals_on(form):
        raise Refused("That was taken", field=about)
    assert form.errors == {stands_at: ["That was taken"]}
