"""The form that comes with the product: what it must ask, and how little a minimum plan takes."""

import re

import pytest

from careplan_forms import seeds
from careplan_forms.schema.compiler import compile_form
from careplan_forms.schema.emergency import MANDATORY_SLOTS
from careplan_forms.schema.linter import lint
from careplan_forms.schema.verhoeff import is_snomed_id

SNOMED = "http://snomed.info/sct"
GROUPS = ["What matters", "About the person", "Medicines", "Emergency facts", "Documents"]

# SCCI1580's starred items; record dates are set by the server, review by the submission.
STARRED = {
    "consent", "family-name", "given-names", "date-of-birth", "address", "nhs-number", "nhs-number-status",
    "carer-support", "gp-name", "gp-practice", "main-condition",
}  # fmt: skip
NINE_FACTS = {
    "person-confirmed", "consent", "cpr-decision", "cpr-talked-with", "treatment-focus", "hospital", "adrt",
    "care-first", "death-first", "allergies", "just-in-case", "contact",
}  # fmt: skip
INSIDE_REPEATS = {
    "contact-name", "contact-phone", "professional-name", "other-condition-name", "allergy-what", "just-in-case-name",
    "contingency-line", "only-if-line", "do-not-line", "adrt-treatment", "document-type",
}  # fmt: skip


@pytest.fixture(scope="module")
def document():
    return seeds.form("urgent-care-plan")


@pytest.fixture(scope="module")
def form(document):
    return compile_form(document)


def all_items(document):
    pending = [item for section in document["sections"] for item in section["items"]]
    while pending:
        item = pending.pop(0)
        yield item
        pending = item.get("items", []) + pending


def choose(document, uid, option_id):
    item = next(each for each in all_items(document) if each["uid"] == uid)
    option = next(each for each in document["value_sets"][item["value_set"]]["options"] if each["id"] == option_id)
    return {"code": option["code"], "system": option["system"], "display": option["display"], "text": ""}


@pytest.fixture
def prefilled(document):
    """What is known before anybody types: demographics and the recorded agreement."""
    return {
        "consent": choose(document, "consent", "person"),
        "family-name": "Tester",
        "given-names": "Pat",
        "date-of-birth": "1938-03-12",
        "nhs-number": "9434765919",
        "nhs-number-status": choose(document, "nhs-number-status", "01"),
        "address": "1 Test Street\nTesttown",
        "gp-practice": {"code": "A81001", "name": "A practice"},
    }


@pytest.fixture
def minimum(document):
    """The smallest plan that answers everything in earnest."""
    return {
        "care-first": choose(document, "care-first", "home"),
        "death-first": choose(document, "death-first", "home"),
        "person-confirmed": True,
        "contact": [
            {"id": "1", "contact-name": "District nurses", "contact-phone": "020 7946 0018", "contact-24h": True},
            {"id": "2", "contact-name": "Sam Tester", "contact-phone": "020 7946 0019"},
        ],
        "carer-support": choose(document, "carer-support", "some"),
        "gp-name": "Dr Test",
        "main-condition": "Heart failure",
        "allergies": choose(document, "allergies", "none-known"),
        "just-in-case": choose(document, "just-in-case", "not-prescribed"),
        "treatment-focus": choose(document, "treatment-focus", "comfort"),
        "hospital": choose(document, "hospital", "if-needed"),
        "adrt": choose(document, "adrt", "none"),
        "cpr-decision": choose(document, "cpr-decision", "do-not-attempt"),
        "cpr-talked-with": [choose(document, "cpr-talked-with", "person")],
    }


def answers_given(answers):
    return sum(
        sum(len(entry) - 1 for entry in value) if isinstance(value, list) and "id" in value[0] else 1
        for value in answers.values()
    )


def test_the_linter_has_nothing_to_say(document):
    assert [finding for finding in lint(document) if finding.code != "rule-later"] == []


def test_a_minimum_plan_takes_eighteen_answers_and_can_be_approved(form, prefilled, minimum):
    assert answers_given(minimum) <= 18
    assert form.validate(prefilled | minimum, stage="publish") == []


@pytest.mark.parametrize(
    "uid", sorted({"person-confirmed", "care-first", "death-first", "cpr-decision", "hospital", "adrt", "contact"})
)
def test_no_answer_of_the_minimum_plan_can_be_left_out(form, prefilled, minimum, uid):
    del minimum[uid]

    assert [problem.uid for problem in form.validate(prefilled | minimum, stage="publish")] == [uid]


@pytest.mark.parametrize("reason", ["not-known", "not-discussed"])
def test_each_of_the_nine_facts_may_be_unknown_or_not_discussed(form, prefilled, minimum, reason):
    absent = {"absent": reason, "reason": "Too tired to talk"}
    answers = prefilled | minimum | dict.fromkeys(NINE_FACTS - {"cpr-talked-with"}, absent)
    del answers["cpr-talked-with"]

    assert form.validate(answers, stage="publish") == []
    assert form.validate(prefilled | minimum | {"cpr-talked-with": absent}, stage="publish") == []


@pytest.mark.parametrize(
    ("uid", "reason"),
    [("address", "unavailable"), ("gp-practice", "not-applicable"), ("given-names", "not-applicable")],
)
def test_a_person_whose_record_withholds_or_lacks_a_detail_can_have_a_plan(form, prefilled, minimum, uid, reason):
    answers = prefilled | minimum | {uid: {"absent": reason, "reason": "Withheld by the record"}}

    assert form.validate(answers, stage="publish") == []


def test_an_empty_draft_and_any_half_of_one_may_be_saved(form, minimum):
    assert form.validate({}) == []
    assert form.validate(dict(list(minimum.items())[::2])) == []


def test_only_starred_items_and_the_nine_facts_are_needed_for_approval(document):
    required = {item["uid"] for item in all_items(document) if item.get("required") == "publish"}

    assert required == STARRED | NINE_FACTS | INSIDE_REPEATS


def test_what_the_national_record_knows_is_filled_in(form):
    assert {
        "family-name": "patient.family_name",
        "given-names": "patient.given_names",
        "date-of-birth": "patient.date_of_birth",
        "nhs-number": "patient.nhs_number",
        "nhs-number-status": "patient.verification",
        "address": "patient.address",
        "gp-practice": "patient.gp_practice",
        "consent": "consent.basis",
    }.items() <= form.prefill_paths.items()


def test_every_emergency_fact_has_its_slot(document):
    slots = {item.get("slot") for item in all_items(document)}

    assert {field for fields in MANDATORY_SLOTS.values() for field in fields} <= slots


def test_a_minimum_plan_fills_the_emergency_view(form, prefilled, minimum):
    slots = form.slots(prefilled | minimum)

    assert slots["cpr.decision"] == ["do_not_attempt"]
    assert slots["cpr.discussed_with"] == ["The person"]
    assert slots["limits.hospital"] == ["only_if"]
    assert slots["limits.focus"] == ["Comfort first"]
    assert slots["consent.basis"] == ["given"]
    assert slots["adrt.state"] == ["none"]
    assert slots["allergies.state"] == ["none_known"]
    assert slots["medicines.state"] == ["not_in_home"]
    assert slots["place.death_first"] == ["Home"]
    assert slots["contacts"][0] == {"name": "District nurses", "phone": "020 7946 0018", "available_24h": True}


def test_the_key_safe_code_is_secret(form):
    answers = {"key-safe": True, "key-safe-code": "1234"}

    assert "access.code" not in form.slots(answers)
    assert form.secret_slots(answers) == {"access.code": ["1234"]}
    assert form.secret_uids == {"key-safe-code"}


def test_what_matters_comes_first_and_cpr_last_of_what_is_asked(document):
    groups = list(dict.fromkeys(section["group"] for section in document["sections"]))
    keys = [section["key"] for section in document["sections"]]

    assert groups == GROUPS
    assert keys[0] == "what-matters"
    assert keys[-2:] == ["cpr", "documents"]
    assert 10 <= len(keys) <= 14


def test_sections_are_short_enough_for_a_page(form):
    for section in form.sections:
        shown = [item for item in form.asked(section.key) if item.uid in form.visible({})]
        assert len(shown) <= 12, section.key


@pytest.mark.parametrize(
    ("answers", "shown", "hidden"),
    [
        ({}, set(), {"adrt-refusal", "attorney-name", "just-in-case-where", "cpr-talked-with", "key-safe-code"}),
        ({"adrt": "none"}, set(), {"adrt-refusal", "adrt-location", "adrt-adult"}),
        ({"adrt": "reported"}, {"adrt-refusal", "adrt-location"}, {"adrt-adult", "adrt-written"}),
        ({"adrt": "seen-recorded"}, {"adrt-refusal", "adrt-adult"}, {"adrt-written"}),
        ({"adrt": "seen-incomplete", "adrt-life-sustaining": True}, {"adrt-written", "adrt-witness-signed"}, set()),
        ({"attorney": "reported"}, {"attorney-reported"}, {"attorney-name", "attorney-life-sustaining"}),
        ({"attorney": "registered"}, {"attorney-name", "attorney-life-sustaining"}, {"attorney-reported"}),
        ({"just-in-case": "prescribed"}, {"just-in-case-medicine"}, {"just-in-case-where"}),
        ({"just-in-case": "in-home"}, {"just-in-case-where", "just-in-case-until"}, set()),
        ({"allergies": "known"}, {"allergy"}, set()),
        ({"cpr-decision": "attempt"}, {"cpr-talked-with", "cpr-decided-by"}, {"cpr-no-talk"}),
    ],
)
def test_questions_appear_when_they_apply(document, form, answers, shown, hidden):
    given = {uid: choose(document, uid, each) if isinstance(each, str) else each for uid, each in answers.items()}
    visible = form.visible(given)

    assert shown <= visible
    assert not hidden & visible


@pytest.mark.parametrize("talked_with", [{"absent": "not-discussed", "reason": "x"}, "nobody"])
def test_a_decision_nobody_was_asked_about_asks_why(document, form, talked_with):
    if talked_with == "nobody":
        talked_with = [choose(document, "cpr-talked-with", "nobody")]
    answers = {"cpr-decision": choose(document, "cpr-decision", "attempt"), "cpr-talked-with": talked_with}

    assert "cpr-no-talk" in form.visible(answers)


def test_an_attorney_whose_document_nobody_saw_raises_no_flag(document, form):
    assert form.slots({"attorney": choose(document, "attorney", "reported")})["attorney.state"] == ["not_recorded"]
    assert form.slots({"attorney": choose(document, "attorney", "registered")})["attorney.state"] == ["present"]


def test_labels_are_short_and_plain(document):
    for item in all_items(document):
        assert len(item["label"]) <= 100, item["uid"]
        assert len(item.get("hint", "")) <= 80, item["uid"]
        assert not item["label"].isupper()


def test_names_are_stable_slugs_that_are_also_uids(document):
    uids = [item["uid"] for item in all_items(document)]

    assert len(uids) == len(set(uids))
    for item in all_items(document):
        assert item["uid"] == item["link_id"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", item["uid"])


def test_every_coded_question_has_room_for_words_or_a_closed_list(document):
    closed = {
        "sex", "nhs-number-status", "consent", "capacity", "attorney", "priority", "adrt", "allergies",
        "allergy-severity", "cpr-decision", "gsf-stage", "register", "heart-device", "planning-talk",
    }  # fmt: skip
    without = {i["uid"] for i in all_items(document) if i["type"] in ("choice", "choices") and not i.get("other")}

    assert without == closed


def test_a_caller_may_change_what_it_gets():
    seeds.form("urgent-care-plan")["sections"].clear()

    assert seeds.form("urgent-care-plan")["sections"]


def test_codes_on_questions_are_snomed_and_pass_their_check_digit(document):
    codes = [code for item in all_items(document) for code in item.get("code", [])]

    assert len(codes) >= 10
    assert all(code["system"] == SNOMED and is_snomed_id(code["code"]) for code in codes)
