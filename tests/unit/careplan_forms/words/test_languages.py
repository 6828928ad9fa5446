"""Forms drawn in other languages: what is translated, what falls back and says so, and hostile words."""

import pytest

from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.diff import diff_documents
from careplan_forms.schema.document import normalise
from careplan_forms.schema.translating import (
    is_stale,
    laid,
    languages_in,
    lifted,
    progress,
    without_words,
    words_of_section,
)
from tests.unit.careplan_forms.schema.documents import document, item, option, posted, shown_if

TEA = option("tea", display="Tea", translations={"cy": {"display": "Te"}, "ar": {"display": "شاي"}})
COFFEE = option("coffee", display="Coffee")
DRINK = item("drink", "choice", label="Drink", options=[TEA, COFFEE], translations={"cy": {"label": "Diod"}})
FORM = document(
    DRINK,
    item("day", "date", label="Day"),
    item("why", label="Why", hint="Briefly", show_if=shown_if("drink", "tea")),
    item("ok", "yes_no", label="Fine?", absent=["not-known"]),
)


def drawn(language, **answers):
    return compile_form(FORM, language=language).render_section("s", answers)


def test_translated_words_stand_plainly_and_the_others_say_their_language():
    html = drawn("cy")
    assert ">Diod<" in html and ">Te<" in html
    assert '<span lang="en" dir="ltr">Coffee</span>' in html
    assert '<span lang="en" dir="ltr">Briefly</span>' in html


def test_the_products_own_words_are_in_welsh():
    html = drawn("cy")
    assert "Blwyddyn" in html and ">Ie<" in html and "Ddim yn hysbys" in html
    assert "Atebwch hwn os: <span" in html


def test_a_language_the_product_does_not_speak_marks_its_own_words():
    html = drawn("ar")
    assert ">شاي<" in html
    assert '<span lang="en" dir="ltr">Year</span>' in html


def test_english_is_drawn_as_before():
    assert "<span lang=" not in drawn("en")
    assert drawn("en") == compile_form(FORM).render_section("s", {})


def test_answers_keep_the_words_of_the_forms_own_language():
    form = compile_form(FORM, language="cy")
    answers, problems = form.parse_section(
        "s", posted(drink="tea", day__day="1", day__month="Mawrth", day__year="2027")
    )
    assert not problems
    assert answers["drink"]["display"] == "Tea"
    assert answers["day"] == "2027-03-01"
    said = {row.uid: row.text for row in form.rows(answers | {"ok": True})}
    assert (said["drink"], said["day"], said["ok"]) == ("Te", "1 Mawrth 2027", "Ie")


def test_problems_are_told_in_welsh():
    problems = compile_form(FORM, language="cy").parse_section("s", posted(day__day="40"))[1]
    assert problems[0].message.startswith("Ychwanegwch") or "ddyddiad" in problems[0].message


def test_words_without_a_region_stand_in_for_any():
    assert ">Diod<" in drawn("cy-GB")


@pytest.mark.parametrize("code", ["xx", "not a language", "../../etc", "en-GB", '"><script>', "", "CY" * 40])
def test_unknown_languages_break_nothing(code):
    html = drawn(code or "en")
    assert "Drink" in html and "<script" not in html
    assert html.count("<span") == html.count("</span>")


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '" onfocus="alert(1)', "a\u202eb\u2066c", "{the} {0.__class__}", "%s\x00"]
)
def test_hostile_words_stay_words(words):
    told = {"cy": {"label": words, "hint": words}}
    asked = item(
        "a", "choice", hint="H", options=[option(f"o{n}", translations={"cy": {"display": words}}) for n in range(12)]
    )
    html = compile_form(document(asked | {"translations": told}, item("b", "repeat", items=[item("c")])), language="cy")
    page = html.render_section("s", {"a": {"code": "o1", "system": "urn:test", "display": "O1", "text": ""}})
    assert "<script>" not in page and 'onfocus="' not in page
    assert not set(page) & {"\u202e", "\u2066", "\x00"}


def test_a_hostile_own_language_never_reaches_an_attribute():
    evil = compile_form(document(DRINK, language='en"><script>'), language="cy").render_section("s", {})
    assert "<script" not in evil
    assert '<span lang="en" dir="ltr">Coffee</span>' in evil


def test_a_form_in_arabic_falls_back_from_right_to_left():
    html = compile_form(document(item("a", label="اسم"), language="ar"), language="cy").render_section("s", {})
    assert '<span lang="ar" dir="rtl">اسم</span>' in html


def test_progress_counts_texts():
    form = normalise(FORM)
    assert languages_in(form) == ["ar", "cy"]
    told, every = progress(form, "cy")
    assert (told, every) == (2, 9)


def test_words_are_kept_beside_a_section_and_laid_back():
    section = normalise(FORM)["sections"][0]
    kept = lifted(words_of_section(section))
    bare = without_words(section)
    assert "Diod" not in str(bare) and "Te'" not in str(bare)
    laid(words_of_section(bare), kept)
    assert bare == section


def test_a_changed_text_asks_for_another_look():
    section = normalise(FORM)["sections"][0]
    kept = lifted(words_of_section(section))
    label = next(each for each in words_of_section(section) if each.place == "drink/label")
    assert not is_stale(label, "cy", kept)
    section["items"][0]["label"] = "Hot drink"
    label = next(each for each in words_of_section(section) if each.place == "drink/label")
    assert is_stale(label, "cy", kept)


def test_the_differences_tell_changed_words():
    after = document(*(DRINK | {"translations": {"cy": {"label": "Diod boeth"}}}, *FORM["sections"][0]["items"][1:]))
    said = [each.sentence for each in diff_documents(FORM, after)]
    assert said == ["“Drink”: Welsh words changed from Diod to Diod boeth."]
