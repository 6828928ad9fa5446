"""Persons, scales, signatures, documents, tables and scores: typed, judged, read and kept."""

import datetime

import jsonschema_rs
import pytest

from careplan_forms.schema.converters import convert, converts
from careplan_forms.schema.diff import diff_documents
from careplan_forms.schema.items.file_facts import FACTS
from tests.unit.careplan_forms.schema.documents import coded, document, form, item, option, posted, shown_if

ANN = {"name": "Ann Lee", "role": "Daughter", "organisation": "", "telephone": "020 7946 0018", "email": ""}
SIGNED = {
    "name": "Dr Bo Kay",
    "role": "GP",
    "registration": "GMC 7000001",
    "date": "2026-03-02",
    "declared": True,
}
ADRT = {
    "kind": "adrt",
    "what": "",
    "kept": "In the yellow folder",
    "signed": "2026-03-02",
    "facts": {fact.key: "yes" for fact in FACTS["adrt"]},
}
TODAY = datetime.date(2026, 11, 22)


def parsed(asked, **typed):
    return form(asked).parse_section("s", posted(**typed))


def codes(problems):
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (item("a", "person"), ANN),
        (item("a", "scale", min=0, max=10), {"value": "7", "unit": ""}),
        (item("a", "signature"), SIGNED),
        (item("a", "file"), ADRT),
        (item("a", "file"), ADRT | {"kind": "other", "what": "A letter", "facts": {}, "signed": ""}),
    ],
)
def test_what_is_drawn_is_read_back_the_same(asked, value):
    compiled = form(asked)
    compiled_item = compiled.items["a"]
    raw = compiled_item.kind.raw_of(compiled_item.field, value)
    typed = {f"a__{part}" if part else "a": list(each) for part, each in raw.items()}
    answers, problems = compiled.parse_section("s", posted(**typed))
    assert (answers, problems) == ({"a": value}, [])
    assert compiled.validate({"a": value}) == []
    jsonschema_rs.validate(compiled.json_schema(), {"a": value})


@pytest.mark.parametrize("kind", ["person", "scale", "signature", "file"])
def test_nothing_typed_is_no_answer_and_a_reason_is_one(kind):
    asked = item("a", kind, absent=["not-known"], required="publish")
    assert parsed(asked) == ({"a": None}, [])
    reason = {"a": "absent:not-known"} if kind == "scale" else {"a__absent": "not-known"}
    assert parsed(asked, **reason)[0] == {"a": {"absent": "not-known", "reason": ""}}
    problems = form(asked).validate({}, stage="publish")
    assert [problem.uid for problem in problems] == ["a"]


@pytest.mark.parametrize(
    ("asked", "typed", "code", "part"),
    [
        (item("a", "person"), {"a__telephone": "999"}, "person.who", "name"),
        (item("a", "person"), {"a__name": "x" * 151}, "part.too_long", "name"),
        (item("a", "person"), {"a__name": "Bo", "a__telephone": "ring me"}, "person.telephone.real", "telephone"),
        (item("a", "person"), {"a__name": "Bo", "a__email": "bo@"}, "person.email.real", "email"),
        (item("a", "scale"), {"a": "11"}, "choice.unknown", ""),
        (item("a", "scale"), {"a": "٣"}, "choice.unknown", ""),
        (item("a", "scale"), {"a": ["1", "2"]}, "choice.one", ""),
        (item("a", "scale"), {"a": "absent:not-known"}, "choice.unknown", ""),
        (item("a", "signature"), {"a__name": "Bo"}, "signature.role.missing", "role"),
        (item("a", "signature"), {"a__declared": "yes"}, "signature.name.missing", "name"),
        (
            item("a", "signature"),
            {"a__name": "Bo", "a__role": "GP", "a__day": "2", "a__month": "3", "a__year": "2026"},
            "signature.declared",
            "declared",
        ),
        (item("a", "signature"), {"a__day": "31", "a__month": "2", "a__year": "2026"}, "date.real", "day"),
        (
            item("a", "signature"),
            {"a__name": "Bo", "a__role": "GP", "a__day": "2", "a__month": "3", "a__year": "2140", "a__declared": "yes"},
            "signed.later",
            "day",
        ),
        (item("a", "file"), {"a__kept": "Safe"}, "file.kind", "kind"),
        (item("a", "file"), {"a__kind": "<b>"}, "file.kind", "kind"),
        (item("a", "file"), {"a__kind": "adrt", "a__fact-adrt-life": "maybe"}, "file.fact.missing", "fact-adrt-life"),
        (item("a", "file"), {"a__kind": "lpa", "a__kept": "k" * 256}, "part.too_long", "kept"),
    ],
)
def test_each_fault_is_said_at_its_control(asked, typed, code, part):
    answers, problems = parsed(asked, **typed)
    assert codes(problems) == [code]
    assert "a" not in answers
    assert problems[0].field_name == (f"q-a__{part}" if part else "q-a")
    assert f'id="{problems[0].field_name}"' in form(asked).render_section("s", {}, problems)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (item("a", "person"), ANN | {"extra": "x"}),
        (item("a", "person"), {"name": "Ann"}),
        (item("a", "person"), ["Ann"]),
        (item("a", "scale"), {"value": 7, "unit": ""}),
        (item("a", "scale"), {"value": "7", "unit": "mg"}),
        (item("a", "signature"), SIGNED | {"date": "2026-02-30"}),
        (item("a", "signature"), SIGNED | {"declared": "yes"}),
        (item("a", "signature"), SIGNED | {"registration": "<b>"}),
        (item("a", "signature"), SIGNED | {"image": "data:image/png;base64,AAAA"}),
        (item("a", "file"), ADRT | {"kind": "will"}),
        (item("a", "file"), ADRT | {"facts": {"registered": "yes"}}),
        (item("a", "file"), ADRT | {"facts": {"life": True}}),
        (item("a", "file"), ADRT | {"content": "JVBERi0="}),
    ],
)
def test_stored_answers_of_a_wrong_shape_are_found(asked, value):
    assert form(asked).validate({"a": value})
    assert isinstance(form(asked).rows({"a": value})[0].text, str)


def test_answers_read_as_a_person_would_say_them():
    compiled = form(
        item("p", "person"),
        item("s", "scale", min=0, max=10, min_label="no pain", max_label="worst pain"),
        item("g", "signature"),
        item("f", "file"),
    )
    rows = compiled.rows({"p": ANN, "s": {"value": "7", "unit": ""}, "g": SIGNED, "f": ADRT})
    assert [row.text for row in rows][:3] == [
        "Ann Lee, Daughter, 020 7946 0018",
        "7 (0 no pain, 10 worst pain)",
        "Dr Bo Kay, GP, GMC 7000001, signed elsewhere on 2 March 2026",
    ]
    assert rows[3].text.startswith("Advance decision to refuse treatment (ADRT); kept: In the yellow folder; signed on")
    assert "witnessed: yes" in rows[3].text
    assert "binding" not in rows[3].text


@pytest.mark.parametrize(
    ("changes", "facts", "code"),
    [
        ({}, {}, None),
        ({"kept": ""}, {}, "file.kept.missing"),
        ({"signed": ""}, {}, "file.signed.missing"),
        ({}, {"life": None}, "file.fact.missing"),
        ({}, {"witnessed": None}, "file.fact.missing"),
        ({}, {"written": "no"}, "file.adrt.life"),
        ({}, {"signed": "not-known"}, "file.adrt.life"),
        ({}, {"witnessed": "no"}, "file.adrt.life"),
        ({}, {"even_if": "no"}, "file.adrt.life"),
        ({}, {"life": "no", "witnessed": "no", "even_if": None}, None),
        ({}, {"adult": "no"}, "file.adrt.adult"),
        ({"kind": "lpa", "facts": {"registered": "no", "life": "yes", "seen": "no"}}, {}, "file.lpa.registered"),
        ({"kind": "lpa", "facts": {"registered": "yes", "life": "not-known", "seen": "no"}}, {}, None),
        ({"kind": "respect", "facts": {"clinician": "yes"}}, {}, "file.fact.missing"),
        ({"kind": "other", "facts": {}}, {}, "file.what.missing"),
    ],
)
def test_the_checklist_of_a_document_holds_at_approval_and_not_in_a_draft(changes, facts, code):
    merged = {key: said for key, said in (ADRT["facts"] | facts).items() if said is not None}
    value = ADRT | {"facts": merged} | changes
    compiled = form(item("a", "file"))
    assert compiled.validate({"a": value}) == []
    assert codes(compiled.validate({"a": value}, stage="publish")) == ([code] if code else [])
    inside = form(item("r", "repeat", items=[item("a", "file")]))
    assert codes(inside.validate({"r": [{"id": "1", "a": value}]}, stage="publish")) == ([code] if code else [])


def test_a_scale_is_a_number_to_rules_and_calculations():
    compiled = form(
        item("pain", "scale"),
        item("b", show_if=shown_if("pain", 7, ">=")),
        item("z", "calculated", calculation={"add": [{"item": "pain"}, {"value": 1}]}),
    )
    answers = compiled.calculated({"pain": {"value": "7", "unit": ""}}, TODAY)
    assert answers["z"] == {"value": "8", "unit": ""}
    assert "b" in compiled.visible(answers)
    assert "b" not in compiled.visible({"pain": {"value": "6", "unit": ""}})


def test_a_score_adds_the_weights_and_says_what_they_mean():
    weighed = [option(f"w{n}", score=n) for n in range(4)]
    bands = [{"from": 0, "to": 2, "text": "Mild"}, {"from": 3, "to": None, "text": "Severe"}]
    compiled = form(
        item("a", "choice", options=weighed),
        item("b", "choice", options=weighed),
        item("z", "score", calculation={"sum": [{"score": "a"}, {"score": "b"}]}, bands=bands),
    )
    chosen = {"a": coded("w1"), "b": coded("w3")}
    rows = compiled.rows(compiled.calculated(chosen, TODAY))
    assert rows[-1].text == "4 – Severe"
    assert "4 – Severe" in compiled.render_section("s", compiled.calculated(chosen, TODAY))
    _, problems = compiled.parse_section("s", posted(z="99"))
    assert problems == []
    assert "z" not in compiled.parse_section("s", posted(z="99"))[0]


def test_a_table_is_a_repeat_with_its_rows_drawn_together():
    asked = item("t", "table", items=[item("what"), item("who", "person")])
    compiled = form(asked)
    assert "<table" not in compiled.render_section("s", {})
    answers, problems = compiled.parse_section("s", posted(t=["1"], t__1__what="Oxygen", t__1__who__name="Ann"))
    assert not problems
    html = compiled.render_section("s", answers)
    assert "Oxygen</td>" in html and html.count("<tr") == 2
    plain = form(item("t", "repeat", items=[item("what"), item("who", "person")]))
    assert plain.validate(answers) == []
    assert converts(plain.items["t"], compiled.items["t"])
    assert convert(plain, plain.items["t"], compiled.items["t"], answers["t"]) == answers["t"]


def test_a_version_says_what_changed_of_bands_and_ends():

    def version(most, end):
        bands = [{"from": 0, "to": most, "text": "Mild"}]
        return document(item("z", "score", bands=bands), item("s", "scale", min_label=end))

    old, new = version(4, "none"), version(5, "nil")
    assert [change.sentence for change in diff_documents(old, new)] == [
        "“Z”: meaning of the score changed from 0 to 4: Mild to 0 to 5: Mild.",
        "“S”: ends of the scale changed from none to nil.",
    ]
