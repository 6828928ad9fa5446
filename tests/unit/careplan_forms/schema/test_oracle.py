"""The compiled form against the plain Django form: same answers, same questions at fault, for anything posted."""

import random
from typing import Any

from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan_forms.schema import oracle_parts
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.document import sha256_of
from careplan_forms.schema.oracle import oracle_result
from tests.unit.careplan_forms.schema.documents import document, posted

TYPES = (
    *("text", "long_text", "yes_no", "choice", "choices", "number"),
    *("date", "telephone", "email", "nhs_number", "organisation"),
    *("person", "scale", "signature", "file", "calculated", "score"),
)
WORKED_OUT = ("calculated", "score")
PARTS = ("text", "day", "month", "year", "code", "name", "absent", "reason-not-known", "reason-not-discussed")
AWKWARD = (
    *("", " ", "0", "00", "-0", "007", "1.50", "+3", "1,234.5", "12,34", "١٢", "1e5", "NaN", "Infinity", "--1", "x"),
    *("yes", "no", "Yes", "absent:not-known", "absent:bogus", "not-known", "not-discussed", "c0", "c1", "o2", "c9"),
    *("31", "29", "2", "feb", "Sept", "MARCH", "13", "2024", "2023", "1849", "2151", "24", "1900"),
    *("020 7946 0018", "+44 20 7946 0018 ext 12", "(020)7946-0018 x9", "999", "12", "+", "07700 900 1234567890123"),
    *("ann@example.com", "ann@example", "a b@example.com", "ann@exa_mple.com", "a@b.co", "@", "a..b@example.com"),
    *("943 476 5919", "9434765918", "943-476-5919", "1111111111", "0000000000", "A81001", "a8 1001", "A!", "AB"),
    *("adrt", "lpa", "respect", "other", "GMC 7000001", "10", "12", "not at all", "2 March"),
    *("<script>alert(1)</script>", "a\x00b", "a\r\nb", "\u202eevil", "x" * 300, "é" * 256, "\ud800", "tab\there"),
)

LEAST = {"number": st.sampled_from([None, 1, "2.5"]), "scale": st.sampled_from([None, 0, 1])}
MOST = {"number": st.sampled_from([None, 3, 100]), "scale": st.sampled_from([None, 5, 12])}
texts = st.sampled_from(AWKWARD) | st.text(max_size=20) | st.from_regex(r"[0-9+,.]{1,8}", fullmatch=True)


OF_TYPE = {
    "person": ("role", "organisation", "telephone", "email"),
    "signature": ("role", "registration", "declared"),
    "file": ("kind", "what", "kept", *(each for each in oracle_parts.CONTROLS if each.startswith("fact-"))),
}


DAY = {"day": "2", "month": "march", "year": "2024"}
#: A posting that is right as a whole; one part of it is then changed at most.
WHOLE = {
    "person": {"name": "Ann Lee", "role": "GP", "telephone": "020 7946 0018", "email": "ann@example.com"},
    "signature": {"name": "Ann Lee", "role": "GP", "registration": "GMC 7000001", "declared": "yes"} | DAY,
    "file": {"kind": "adrt", "kept": "Kitchen drawer", "fact-adrt-adult": "yes", "fact-adrt-life": "no"} | DAY,
    "scale": {"": "4"},
}


@st.composite
def items(draw: Any, number: int, kinds: tuple[str, ...] = TYPES) -> dict[str, Any]:
    kind = draw(st.sampled_from(kinds))
    options = [
        {
            "code": f"c{n}",
            "id": f"o{n}",
            "system": "urn:test",
            "display": f"Option {n}",
            "status": draw(st.sampled_from(["active", "active", "retired"])),
        }
        for n in range(draw(st.integers(1, 11)))
    ]
    return {
        "uid": f"i{number}",
        "type": kind,
        "label": draw(st.sampled_from(["Dose", "Who decided?", "The place", "", "<b>GP</b> name"])),
        "absent": draw(st.sampled_from([[], ["not-known"], ["not-known", "not-discussed"]])),
        "other": draw(st.booleans()),
        "options": options if kind in ("choice", "choices") else [],
        "max_length": draw(st.sampled_from([None, None, 5, 40])) if kind in ("text", "long_text", "email") else None,
        "min": draw(LEAST.get(kind, st.none())),
        "max": draw(MOST.get(kind, st.none())),
        "calculation": {"add": [{"value": 1}, {"value": 2}]} if kind in WORKED_OUT else None,
        "decimals": draw(st.sampled_from([None, 0, 1])) if kind == "number" else None,
        "unit": draw(st.sampled_from(["", "mg"])) if kind == "number" else "",
        "precision": draw(st.sampled_from([["D"], ["D", "M", "Y"], ["M", "Y"], ["Y"], ["D", "M"]])),
        "required": draw(st.sampled_from(["never", "publish"])),
    }


@st.composite
def postings(draw: Any, kinds: tuple[str, ...] = TYPES) -> tuple[list[dict[str, Any]], MultiValueDict]:
    asked = [draw(items(number, kinds)) for number in range(draw(st.integers(1, 5)))]
    data = posted()
    for item in asked:
        parts = ("", *PARTS, *OF_TYPE.get(item["type"], ()))
        if item["type"] in WHOLE and draw(st.booleans()):
            whole = WHOLE[item["type"]]
            changed = {draw(st.sampled_from([*whole, "absent"])): draw(texts)} if draw(st.booleans()) else {}
            for part, text in (whole | changed).items():
                data.setlist(f"q-{item['uid']}__{part}" if part else f"q-{item['uid']}", [text])
            continue
        for part in parts:
            if draw(st.integers(0, 2)) == 0:
                name = f"q-{item['uid']}__{part}" if part else f"q-{item['uid']}"
                data.setlist(name, draw(st.lists(texts, min_size=1, max_size=2)))
    return asked, data


def compiled(asked: list[dict[str, Any]]) -> CompiledForm:
    made = document(*asked)
    return CompiledForm(made, sha256_of(made), "en", "clinician")


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(postings())
def test_compiled_form_and_django_form_keep_the_same_answers_and_find_the_same_faults(posting):
    asked, data = posting
    form = compiled(asked)
    answers, problems = form.parse_section("s", data)
    kept, at_fault = oracle_result(asked, data)
    assert {problem.uid for problem in problems} == at_fault
    assert answers == kept


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(postings(tuple(WHOLE)))
def test_they_agree_on_answers_of_several_parts_that_are_all_but_right(posting):
    asked, data = posting
    answers, problems = compiled(asked).parse_section("s", data)
    assert (answers, {problem.uid for problem in problems}) == oracle_result(asked, data)


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(postings())
def test_what_is_kept_is_valid_and_is_drawn_so_that_it_reads_back_the_same(posting):
    asked, data = posting
    form = compiled(asked)
    answers, _ = form.parse_section("s", data)
    assert form.validate(answers) == []
    again = posted()
    for uid, value in answers.items():
        place = form.items[uid]
        for part, values in place.kind.raw_of(place.field, value).items():
            again.setlist(f"{place.name}__{part}" if part else place.name, list(values))
    read = (uid for uid, item in form.items.items() if item.type not in WORKED_OUT)
    assert form.parse_section("s", again) == (dict.fromkeys(read) | answers, [])


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(postings())
def test_fast_drawing_gives_the_bytes_of_slow_drawing(posting):
    asked, data = posting
    form = compiled(asked)
    answers, _ = form.parse_section("s", data)
    for uid, value in answers.items():
        place = form.items[uid]
        slow = place.kind.html(place.field, place.name, place.kind.raw_of(place.field, value), None)
        assert place.draw(value) == slow


def test_a_hundred_and_eighty_random_answers_agree():
    chance = random.Random(7)
    asked = [
        {"uid": f"i{n}", "type": TYPES[n % len(TYPES)], "label": "L", "options": [{"code": "c0", "display": "A"}]}
        for n in range(180)
    ]
    data = posted()
    for item in asked:
        for part in ("", "day", "month", "year", "code", "name", *OF_TYPE.get(item["type"], ())):
            data.setlist(f"q-{item['uid']}__{part}" if part else f"q-{item['uid']}", [chance.choice(AWKWARD)])
    answers, problems = compiled(asked).parse_section("s", data)
    assert (answers, {problem.uid for problem in problems}) == oracle_result(asked, data)
