"""Limits by role: to FHIR and back, whoever they name, and never wider than they were."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan_forms.schema.document import normalise
from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.fhir.urls import ROLE_CODES, ROLES
from careplan_forms.schema.fhir.writing import export_questionnaire
from careplan_forms.schema.roles import OTHERS, READERS, read_roles
from tests.unit.careplan_forms.fhir.making import form, item, line, question, read
from tests.unit.careplan_forms.schema.documents import document
from tests.unit.careplan_forms.schema.documents import item as ours

DOCTORS = {"see": ["doctor", "clinician"], "edit": ["doctor"], "require": []}
NAMES = st.sampled_from([*READERS, *OTHERS, "ward_clerk"])
LIMIT = st.none() | st.lists(NAMES, unique=True, max_size=4)
LIMITS = st.none() | st.fixed_dictionaries({"see": LIMIT, "edit": LIMIT, "require": LIMIT})
QUESTIONS = st.sampled_from(["text", "yes_no", "date", "number", "person", "scale", "signature", "file", "guidance"])


@st.composite
def forms(draw):
    """Limited questions, some in limited groups, repeats and tables."""
    items = [ours(f"q{number}", draw(QUESTIONS), roles=draw(LIMITS)) for number in range(draw(st.integers(1, 4)))]
    holder = draw(st.sampled_from(["group", "repeat", "table"]))
    inside = [ours("in-1", roles=draw(LIMITS)), ours("in-2", "yes_no", roles=draw(LIMITS))]
    options = [{"id": "a", "code": "a", "display": "A"}]
    items += [
        ours("many", "choices", options=options, roles=draw(LIMITS)),
        ours("held", holder, items=inside, roles=draw(LIMITS)),
    ]
    return normalise(document(*items, key="k", url="https://example.org/k"))


def limits_of(items):
    return {each["uid"]: each["roles"] for each in items} | {
        uid: roles for each in items for uid, roles in limits_of(each["items"]).items()
    }


def limits_in(form_document):
    return limits_of([each for section in form_document["sections"] for each in section["items"]])


@settings(max_examples=60)
@given(forms())
def test_every_limit_comes_home_as_it_went(made):
    back = read_questionnaire(export_questionnaire(made).resource)
    assert limits_in(normalise(back.document)) == limits_in(made)


def told(**parts):
    codings = [
        {"url": part, "valueCoding": {"system": ROLE_CODES, "code": role}}
        for part, roles in parts.items()
        for role in roles
    ]
    return {"url": ROLES, "extension": codings}


def test_limits_are_codings_of_our_list_of_roles():
    out = export_questionnaire(document(ours("q", roles=DOCTORS), key="k", url="https://example.org/k")).resource
    [element] = [each for page in out["item"] for each in page.get("item", [page]) if each["linkId"] == "q"]
    assert told(see=["doctor", "clinician"], edit=["doctor"], require=["nobody"]) in element["extension"]
    assert not any("roles" in str(each.get("valueString")) for each in element["extension"])


def test_a_role_nobody_has_here_is_named_and_widens_nothing():
    result = read(question("q", extension=[told(see=["ward_clerk"])]))
    assert item(result, "q")["roles"] == {"see": ["ward_clerk"], "edit": None, "require": None}
    assert "ward_clerk" in " ".join(line(result, "q").reasons) and line(result, "q").outcome == "kept but not executed"


@pytest.mark.parametrize(
    "parts",
    [
        None,
        "see",
        [5],
        [{"url": "see"}],
        [{"url": "hear", "valueCoding": {"system": ROLE_CODES, "code": "doctor"}}],
        [{"url": "see", "valueCoding": {"system": "https://elsewhere.example", "code": "doctor"}}],
    ],
)
def test_limits_that_cannot_be_read_are_nobody_s_and_said(parts):
    result = read(question("q", extension=[{"url": ROLES, "extension": parts}]))
    limits = read_roles(item(result, "q")["roles"])
    assert limits.see == limits.edit == frozenset()
    assert line(result, "q").outcome == "refused" and "nobody may" in " ".join(line(result, "q").reasons)


def test_limits_of_the_wrong_shape_go_out_as_nobody_s():
    for roles in ("doctor", {"see": "doctor", "edit": 5}):
        made = document(ours("q", roles=roles), key="k", url="https://example.org/k")
        back = read_questionnaire(export_questionnaire(made).resource).document
        limits = read_roles(limits_in(normalise(back))["q"])
        assert limits.see == limits.edit == frozenset()


def test_limits_changed_here_replace_those_that_came():
    source = form(
        question("q", extension=[told(see=["doctor"]), {"url": "https://elsewhere.example/x", "valueString": "kept"}])
    )
    made = normalise(read_questionnaire(copy.deepcopy(source)).document)
    assert export_questionnaire(made).resource["item"] == [source["item"][0] | {"id": limits_uid(made)}]
    for section in made["sections"]:
        for each in section["items"]:
            each["roles"] = {"see": ["clinician"], "edit": None, "require": None}
    [element] = export_questionnaire(made).resource["item"]
    assert element["extension"] == [source["item"][0]["extension"][1], told(see=["clinician"])]


def limits_uid(made):
    [uid] = limits_in(made)
    return uid
