"""Each Django widget becomes the design system's component for it."""

import pytest
from bs4 import BeautifulSoup
from django import forms

from core.forms import DateBoxes, DateField, LongTextField, NHSForm


def drawn(field, value=None, *, data=None, **options):
    class One(NHSForm):
        answer = field

    form = One(data) if data is not None else One(initial={"answer": value})
    return BeautifulSoup(str(form.render_field("answer", **options)), "html.parser")


CHOICES = [("a", "Apple"), ("b", "Banana"), ("c", "Cherry")]


def test_checkboxes_are_not_taken_for_radios():
    field = forms.MultipleChoiceField(label="Fruit", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    page = drawn(field, ["a", "c"])
    boxes = page.select("input.nhsuk-checkboxes__input[type=checkbox]")
    assert [box["value"] for box in boxes if box.has_attr("checked")] == ["a", "c"]
    assert page.legend.get_text(strip=True) == "Fruit"
    assert not page.select("input[type=radio]")


def test_radios_take_hints_dividers_and_a_question_of_their_own():
    field = forms.ChoiceField(label="Fruit", choices=CHOICES, widget=forms.RadioSelect)
    page = drawn(
        field,
        "c",
        item_hints={"a": "Crisp"},
        divider_before={"c": "or"},
        conditional={"c": "<b>not markup</b>"},
    )
    assert [radio["value"] for radio in page.select("input[type=radio]") if radio.has_attr("checked")] == ["c"]
    assert page.select_one(".nhsuk-radios__divider").get_text(strip=True) == "or"
    assert page.select_one(".nhsuk-radios__hint").get_text(strip=True) == "Crisp"
    assert page.select_one(".nhsuk-radios__conditional").get_text(strip=True) == "<b>not markup</b>"


def test_a_list_keeps_its_choice_and_escapes_its_words():
    field = forms.ChoiceField(label="Fruit", choices=[("x", "<script>"), *CHOICES])
    page = drawn(field, "b")
    assert page.select_one("option[selected]")["value"] == "b"
    assert not page.find("script") and page.option.get_text(strip=True) == "<script>"


def test_grouped_choices_are_laid_flat():
    field = forms.ChoiceField(choices=[("Fruit", CHOICES), ("z", "Other")], widget=forms.RadioSelect)
    assert [radio["value"] for radio in drawn(field).select("input")] == ["a", "b", "c", "z"]


def test_one_box_to_tick_is_its_own_label():
    page = drawn(forms.BooleanField(label="I agree"), True)
    assert page.label.get_text(strip=True) == "I agree"
    assert page.input.has_attr("checked") and page.fieldset is None


def test_a_long_text_counts_characters_and_keeps_every_space():
    text = "one\n   two\n\nthree"
    page = drawn(LongTextField(max_length=50), text)
    assert page.textarea.string == text
    assert page.select_one("[data-module=nhsuk-character-count]")["data-maxlength"] == "50"


def test_a_password_is_never_sent_back():
    page = drawn(forms.CharField(widget=forms.PasswordInput), data={"answer": "hunter2 hunter2"})
    assert "hunter2" not in str(page)
    assert page.select_one("[data-module=nhsuk-password-input]")


def test_a_file_field_is_a_plain_file_control():
    assert drawn(forms.FileField(label="Document")).input["type"] == "file"


def test_numbers_have_no_spinner_but_a_number_keyboard():
    whole, part = drawn(forms.IntegerField(), 5).input, drawn(forms.DecimalField(), "1.5").input
    assert (whole["type"], whole["inputmode"], whole["value"]) == ("text", "numeric", "5")
    assert (part["type"], part["inputmode"]) == ("text", "decimal")


def test_email_and_telephone_keep_their_types():
    assert drawn(forms.EmailField()).input["type"] == "email"
    telephone = forms.CharField(widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
    assert drawn(telephone).input["type"] == "tel"
    assert drawn(telephone).input["autocomplete"] == "tel"


def test_the_browser_neither_bubbles_nor_cuts_off():
    page = drawn(forms.CharField(max_length=5, min_length=2, widget=forms.TextInput(attrs={"placeholder": "x"})))
    assert not {"maxlength", "minlength", "required", "placeholder"} & page.input.attrs.keys()


def test_an_error_is_tied_to_its_control():
    page = drawn(forms.CharField(label="Name", help_text="In full"), data={})
    described = page.input["aria-describedby"].split()
    assert "In full" in page.find(id=described[0]).get_text()
    assert "Enter name" in page.find(id=described[1]).get_text()
    assert "nhsuk-input--error" in page.input["class"]


def test_only_the_box_at_fault_is_marked():
    data = {"answer_day": "3", "answer_month": "", "answer_year": "1940"}
    page = drawn(DateField(subject="date of birth"), data=data)
    marked = [box["name"] for box in page.select("input.nhsuk-input--error")]
    assert marked == ["answer_month"]


def test_a_birth_date_fills_itself_in():
    page = drawn(DateField(widget=DateBoxes(attrs={"autocomplete": "bday"})), "1940-02-03")
    assert [(box["autocomplete"], box["value"]) for box in page.select("input")] == [
        ("bday-day", "3"),
        ("bday-month", "2"),
        ("bday-year", "1940"),
    ]


def test_the_label_can_be_the_heading_of_the_page():
    assert drawn(forms.CharField(label="Who?"), heading=True).h1.get_text(strip=True) == "Who?"
    radios = forms.ChoiceField(label="Which?", choices=CHOICES, widget=forms.RadioSelect)
    assert drawn(radios, heading=True).legend.h1.get_text(strip=True) == "Which?"


def test_hidden_fields_stay_hidden():
    page = drawn(forms.CharField(widget=forms.HiddenInput), "7")
    assert page.input["type"] == "hidden" and page.label is None


def test_a_library_widget_still_gets_label_and_error():
    class Odd(forms.Widget):
        def render(self, name, value, attrs=None, renderer=None):
            return '<odd-one name="answer"></odd-one>'

    page = drawn(forms.CharField(label="Odd", widget=Odd()), data={})
    assert page.find("odd-one") and page.label.get_text(strip=True) == "Odd"
    assert "Enter odd" in page.select_one(".nhsuk-error-message").get_text()


def test_a_misspelt_option_is_refused():
    with pytest.raises(TypeError, match="labl"):
        drawn(forms.CharField(), labl="x")
