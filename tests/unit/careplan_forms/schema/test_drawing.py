import re
from html.parser import HTMLParser

import pytest

from careplan_forms.schema.registry import ITEM_TYPES
from tests.unit.careplan_forms.schema.documents import coded, form, item, option, posted, shown_if

HOSTILE = """"><script>alert('x')</script><img src=x onerror=alert(1)> &amp; '"""


class Page(HTMLParser):
    """Collects what a page is made of and checks that it is well formed."""

    VOID = {"input", "br", "img"}

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.ids = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def everything():
    options = [option("a"), option("b"), option("old", status="retired")]
    asked = [
        item(
            f"i-{key}",
            key,
            label=HOSTILE,
            hint=HOSTILE,
            options=options,
            unit=HOSTILE,
            absent=["not-known", "not-discussed"],
            other=True,
            required="publish",
            max_length=50 if key == "long_text" else None,
            min_label=HOSTILE,
            max_label=HOSTILE,
            bands=[{"from": 0, "to": 9, "text": HOSTILE}],
        )
        for key in ITEM_TYPES
        if key not in ("group", "repeat", "table")
    ]
    many = [option(f"m{n}", display=HOSTILE) for n in range(12)]
    return form(
        *asked,
        item("long-list", "choice", label="Long", options=many, absent=["not-known"], other=True),
        item("g", "group", label=HOSTILE, hint="h", items=[item("in-group", show_if=shown_if("i-yes_no", True))]),
        item(
            "r",
            "repeat",
            label=HOSTILE,
            hint="h",
            absent=["not-known"],
            items=[
                item("r-name", label=HOSTILE),
                item("r-deep", "repeat", items=[item("r-inner", "date", precision=["D", "M", "Y"])]),
            ],
        ),
        item("t", "table", label=HOSTILE, items=[item("t-what", label=HOSTILE), item("t-who", "person")]),
    )


ANSWERS = {
    "i-text": HOSTILE,
    "i-long_text": HOSTILE,
    "i-yes_no": False,
    "i-choice": coded("a", HOSTILE),
    "i-choices": [coded("b"), {"code": "", "system": "", "display": "", "text": HOSTILE}],
    "i-date": "2026-03-04",
    "i-number": {"value": HOSTILE, "unit": ""},
    "i-telephone": HOSTILE,
    "i-email": {"absent": "not-known", "reason": HOSTILE},
    "i-organisation": {"code": HOSTILE, "name": HOSTILE},
    "i-nhs_number": "9434765919",
    "i-person": dict.fromkeys(("name", "role", "organisation", "telephone", "email"), HOSTILE),
    "i-scale": {"value": HOSTILE, "unit": ""},
    "i-signature": {"name": HOSTILE, "role": HOSTILE, "registration": HOSTILE, "date": HOSTILE, "declared": True},
    "i-file": {"kind": "adrt", "what": HOSTILE, "kept": HOSTILE, "signed": HOSTILE, "facts": {"life": HOSTILE}},
    "i-score": {"value": "5", "unit": HOSTILE},
    "t": [{"id": "1", "t-what": HOSTILE, "t-who": {"name": HOSTILE}}],
    "r": [{"id": "1", "r-name": HOSTILE, "r-deep": [{"id": "x", "r-inner": "2026"}]}, {"id": "2"}],
}


def pages(everything):
    problems = everything.validate({}, stage="publish")
    _, typed = everything.parse_section(
        "s", posted(**{"i-text": HOSTILE * 9, "i-date__day": HOSTILE, "i-choice": HOSTILE})
    )
    return [
        everything.render_section("s", {}),
        everything.render_section("s", ANSWERS),
        everything.render_section("s", {}, problems),
        everything.render_section("s", ANSWERS, everything.validate(ANSWERS)),
        everything.render_section("s", {}, typed),
        everything.render_section("s", {}, prefills={"i-text": {"value": HOSTILE, "source": HOSTILE}}),
        everything.error_summary(problems),
    ]


def test_hostile_text_is_escaped_wherever_it_stands(everything):
    for html in pages(everything):
        tags = Page(html).tags
        assert not [
            tag for tag, attrs in tags if tag in ("script", "img") or any(key.startswith("on") for key in attrs)
        ]
        assert not [attrs for _, attrs in tags if "style" in attrs]


def test_every_id_is_unique_and_every_reference_is_met(everything):
    for html in pages(everything)[:-1]:
        page = Page(html)
        assert len(page.ids) == len(set(page.ids))
        for _, attrs in page.tags:
            named = [attrs.get("for"), attrs.get("data-aria-controls"), attrs.get("aria-labelledby")]
            named += (attrs.get("aria-describedby") or "").split()
            assert {each for each in named if each} <= set(page.ids)


def test_every_control_has_a_label(everything):
    page = Page(everything.render_section("s", ANSWERS))
    labelled = {attrs["for"] for tag, attrs in page.tags if tag == "label"}
    controls = [
        attrs
        for tag, attrs in page.tags
        if tag in ("input", "select", "textarea", "output") and attrs.get("type") != "hidden"
    ]
    assert {attrs["id"] for attrs in controls} == labelled


def test_the_error_summary_links_to_controls_that_are_there(everything):
    problems = everything.validate({}, stage="publish")
    links = re.findall(r'href="#([^"]+)"', everything.error_summary(problems))
    assert len(links) == len(problems) > 10
    assert set(links) <= set(Page(everything.render_section("s", {}, problems)).ids)
    assert everything.error_summary([]) == ""


def test_an_error_stands_at_its_field_with_its_prefix_and_what_was_typed():
    asked = form(item("n", "number", label="Dose", hint="In the morning"))
    _, problems = asked.parse_section("s", posted(n="lots <b>"))
    html = asked.render_section("s", {}, problems)
    assert '<span class="nhsuk-u-visually-hidden">Error: </span>Enter the dose as a number, for example 12' in html
    assert 'aria-describedby="q-n-hint q-n-error"' in html
    assert 'value="lots &lt;b&gt;"' in html
    assert "nhsuk-form-group--error" in html


def test_only_the_wrong_part_of_a_date_is_marked():
    asked = form(item("d", "date"))
    _, problems = asked.parse_section("s", posted(d__day="4", d__month="13x", d__year="2026"))
    inputs = re.findall(r"<input [^>]*>", asked.render_section("s", {}, problems))
    marked = [each for each in inputs if "nhsuk-input--error" in each]
    assert len(marked) == 1 and 'name="q-d__month"' in marked[0]


def test_few_options_are_radios_and_many_a_list():
    few = form(item("c", "choice", options=[option(f"o{n}") for n in range(8)])).render_section("s", {})
    many = form(item("c", "choice", options=[option(f"o{n}") for n in range(9)])).render_section(
        "s", {"c": coded("o3")}
    )
    assert few.count('type="radio"') == 8 and "<fieldset" in few and "<select" not in few
    assert '<option value="o3" selected>O3</option>' in many and 'type="radio"' not in many


def test_a_retired_option_is_shown_only_where_it_was_answered():
    asked = form(item("c", "choice", options=[option("a"), option("old", status="retired")]))
    assert "OLD" not in asked.render_section("s", {"c": coded("a")})
    assert "OLD (no longer used)" in asked.render_section("s", {"c": coded("old")})
    assert asked.display("c", coded("old")) == "OLD"


def test_a_condition_on_the_same_page_is_said_and_both_can_be_answered_at_once():
    asked = form(item("a", "yes_no", label="Seen"), item("b", label="By whom", show_if=shown_if("a", True)))
    html = asked.render_section("s", {})
    assert "Answer this if “Seen” is yes" in html
    assert 'name="_shown" value="q-a q-b"' in html
    assert 'class="app-conditional app-conditional--hidden" data-item="b"' in html
    assert "app-conditional--hidden" not in asked.render_section("s", {"a": True})
    answers, _ = asked.parse_section("s", posted(_shown="q-a q-b", a="yes", b="Dr Lee"))
    assert asked.complete(answers) == {"a": True, "b": "Dr Lee"}


def test_a_condition_on_another_page_decides_whether_the_question_is_there():
    from careplan_forms.schema.compiler import compile_form

    asked = compile_form(
        {
            "title": "F",
            "sections": [
                {"key": "one", "title": "1", "items": [item("a", "yes_no")]},
                {"key": "two", "title": "2", "items": [item("b", show_if=shown_if("a", True)), item("c")]},
            ],
        }
    )
    assert "q-b" not in asked.render_section("two", {"a": False})
    assert 'name="_shown" value="q-b q-c"' in asked.render_section("two", {"a": True})
    assert "q-b" not in str(asked.render_section("one", {"a": True}))


def test_known_values_are_offered_for_blank_answers_with_their_source():
    asked = form(item("a", label="Name", prefill="patient.family_name"), item("b", "yes_no"))
    assert asked.prefill_paths == {"a": "patient.family_name"}
    prefills = {"a": {"value": "Lee", "source": "the GP record"}, "b": True}
    html = asked.render_section("s", {}, prefills=prefills)
    assert 'value="Lee"' in html and "Filled in from the GP record. Check that it is right." in html
    assert 'value="Lee"' not in asked.render_section("s", {"a": "Ng"}, prefills=prefills)
    assert re.search(r'value="yes" checked', html)


def test_patients_read_their_own_wording_and_dates_in_words():
    asked = [item("d", "date", label="Date of decision", patient_label="When did you decide?")]
    clinician, patient = form(*asked), form(*asked, audience="patient")
    assert "When did you decide?" in patient.render_section("s", {})
    assert "When did you decide?" not in clinician.render_section("s", {})
    assert (clinician.display("d", "2026-03-04"), patient.display("d", "2026-03-04")) == ("04-Mar-2026", "4 March 2026")
    assert (clinician.display("d", "2026-03"), patient.display("d", "2026")) == ("Mar-2026", "2026")


def test_unusual_uids_become_safe_names_that_cannot_meet():
    uids = ['a"><b', "a b", "é", "a__b", "x" * 200, "0b5f6c1e-3f0a-4a53-9d53-000000000000"]
    asked = form(*(item(uid, label="L") for uid in uids))
    names = [asked.items[uid].name for uid in uids]
    assert len(set(names)) == len(uids)
    assert all(re.fullmatch(r"q-[A-Za-z0-9-]+", name) for name in names)
    answers, _ = asked.parse_section("s", posted(**{asked.items[uid].name[2:]: "x" for uid in uids}))
    assert answers == dict.fromkeys(uids, "x")
    Page(asked.render_section("s", answers))


def test_a_condition_on_an_item_of_an_unknown_type_inside_a_repeat_breaks_nothing():
    asked = form(
        item("a"),
        item("r", "repeat", items=[item("b", "teleport", show_if=shown_if("a", "x")), item("c")]),
        item("d", show_if=shown_if("b", "x")),
    )
    assert asked.visible({"r": [{"id": "1", "b": "x"}]}) == {"a", "r", "c"}
    Page(asked.render_section("s", {"r": [{"id": "1", "c": "x"}]}))


def test_duplicates_and_unknown_types_do_not_break_a_page():
    asked = form(item("a"), item("a", "date"), item("b", "teleport"), item("c"))
    assert list(asked.items) == ["a", "c"]
    Page(asked.render_section("s", {}))
