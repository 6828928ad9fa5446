"""The emergency view in a real browser: what stands on the first screen, in which states, and what never shows.

Measured in Noto Sans, which is wider than Arial and Helvetica, so that machines without those fonts agree.
"""

import datetime
import gzip
import re
from typing import Any

import pytest

from careplan_forms.enums import StopMark
from governance.models import AuditEvent
from tests.factories import summaries
from tests.functional.driving import screens
from tests.functional.emergency_plans import LONGEST_FACTS, readable

KNOWN_FONT = """async () => {
  for (const [weight, file] of [["normal", "NotoSans-Regular"], ["bold", "NotoSans-Bold"]]) {
    const face = new FontFace("arial", `url(/static/build/fonts/${file}.ttf)`, {weight});
    document.fonts.add(await face.load());
  }
}"""

#: Screen → the slots that stand on it whole, for the reference plan.
FIRST_SCREEN = {
    (360, 640): range(1, 7),
    (390, 844): range(1, 9),
    (810, 1080): range(1, 12),
    (1080, 810): range(1, 12),
    (1366, 657): range(1, 12),
    (320, 256): range(1, 2),
}
#: Screen → the last slot that begins on it, at the longest texts.
LONGEST_BEGINS = {(360, 640): 3, (390, 844): 3, (320, 256): 2}


@pytest.fixture
def crew(world):
    return world.actor("paramedic")


@pytest.fixture
def read(visit, crew):
    """`read(summary, **context)`: a crew member who has given a reason and sees the view."""

    def open_view(summary: Any, **context: Any):
        visitor = visit(crew, **({"width": 360, "height": 640} | context))
        visitor.open(f"/urgent/{summary.plan_public_id}/reason/")
        visitor.choose("Why are you opening this plan?", "I am caring for this person now")
        visitor.press("Open the plan")
        return visitor

    return open_view


def test_the_first_screen_of_each_size_holds_its_slots(read, crew):
    visitor = read(readable(crew))
    visitor.page.evaluate(KNOWN_FONT)
    for (width, height), wanted in FIRST_SCREEN.items():
        visitor.resize(width, height)
        slots = screens.slots(visitor.page)
        assert list(slots) == list(range(1, 12)), "the order of the slots is fixed"
        late = {number: slots[number]["bottom"] for number in wanted if slots[number]["bottom"] > height}
        assert not late, f"{width}x{height}: these slots end below the first screen: {late}"
        assert not screens.sideways(visitor.page)
    visitor.resize(320, 256)
    words = visitor.page.locator(".fw-em-cpr__words").bounding_box()
    assert words["y"] + words["height"] <= 256, "the decision's words are on the first screen at 400 % zoom"


def test_the_longest_texts_push_nothing_essential_off_the_first_screen(read, crew):
    visitor = read(readable(crew, facts=LONGEST_FACTS))
    visitor.page.evaluate(KNOWN_FONT)
    for (width, height), last in LONGEST_BEGINS.items():
        visitor.resize(width, height)
        slots = screens.slots(visitor.page)
        assert all(slots[number]["top"] < height for number in range(1, last + 1)), (width, height)
        assert not screens.sideways(visitor.page)
        assert not screens.clipped(visitor.page)
    hidden = LONGEST_FACTS["limits.focus"][0][-40:]
    assert hidden in visitor.page.locator("details").first.text_content()


#: What the product itself writes in slots 1 to 3 of the reference plan.
FIXED = [
    *("Known as", "Born", "Sex", "NHS number", "Address", "Treatment limits", "Do not attempt CPR", "discussed with:"),
    *("If the person can decide now, ask them.", "Give all other treatment as below."),
    *("Hospital: only if stated below", "Do not", "Only if"),
]


def test_slots_one_to_three_take_at_most_45_words_beside_the_fixed_lines(read, crew):
    slots = screens.slots(read(readable(crew)).page)
    text = " ".join(" ".join(slots[number]["text"].split()) for number in (1, 2, 3))
    for fixed in FIXED:
        assert fixed in text
        text = text.replace(fixed, " ", 1)
    assert len(text.split()) <= 45, text


@pytest.mark.parametrize("width", [320, 360])
def test_readers_may_space_the_text_out_and_lose_nothing(read, crew, width):
    visitor = read(readable(crew), width=width, height=640, bypass_csp=True)
    visitor.page.add_style_tag(content=screens.TEXT_SPACING)
    assert not screens.sideways(visitor.page)
    assert not screens.clipped(visitor.page)


def test_few_tab_stops_each_seen_and_large_enough(read, crew):
    visitor = read(readable(crew))
    assert len(visitor.tab_stops()) <= 10
    for target in screens.targets(visitor.page):
        if target["text"] == "Skip to main content":
            continue
        assert min(target["width"], target["height"]) >= 24, target
        if target["tag"] == "BUTTON" or target["href"].startswith("tel:"):
            assert target["height"] >= 44, target


def test_five_questions_are_answered_in_order_by_the_text_alone(read, crew):
    visitor = read(readable(crew), scripts=False)
    texts = {number: slot["text"] for number, slot in screens.slots(visitor.page).items()}
    answers = [
        (2, "Do not attempt CPR"),
        (3, "Hospital: only if stated below"),
        (6, "Known allergies: Penicillin: rash"),
        (8, "020 7946 0000"),
        (11, "Review due"),
    ]
    for slot, words in answers:
        assert words in texts[slot]
    flat = visitor.text
    assert [flat.index(words) for _, words in answers] == sorted(flat.index(words) for _, words in answers)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_key_safe_code_comes_with_one_logged_press(read, crew, scripts):
    summary = readable(crew)
    visitor = read(summary, scripts=scripts)
    assert "C1947Y" not in visitor.page.content()
    looks = AuditEvent.objects.filter(action="emergency.access_code", target_ref=str(summary.plan_public_id))
    assert not looks.exists()
    visitor.press("Show key safe code")
    assert "C1947Y" in visitor.page.locator("[data-slot='9']").inner_text()
    assert looks.count() == 1
    visitor.page.emulate_media(media="print")
    assert not visitor.page.locator(".fw-em-code").is_visible()
    visitor.page.emulate_media(media="screen")
    visitor.open(f"/urgent/{summary.plan_public_id}/")
    assert "C1947Y" not in visitor.page.content()


def test_the_code_hides_after_a_minute_where_scripts_run(read, crew):
    visitor = read(readable(crew), alone=True)
    visitor.page.clock.install()
    visitor.press("Show key safe code")
    code = visitor.page.locator("[data-slot='9']")
    assert "C1947Y" in code.inner_text()
    visitor.page.clock.fast_forward(61_000)
    assert "C1947Y" not in code.inner_text()
    # Whoever stands at the door with cold hands has it again by one more press, which is logged too.
    visitor.press("Show key safe code again")
    assert "C1947Y" in code.inner_text()


def test_paper_shows_the_plan_and_not_the_buttons(read, crew):
    visitor = read(readable(crew))
    visitor.page.emulate_media(media="print")
    page = visitor.page
    for gone in (".fw-em-bar", ".fw-em-button", ".fw-em-links"):
        assert not page.locator(gone).first.is_visible(), gone
    assert "998" in page.locator(".fw-print-header").inner_text()
    assert page.locator(".fw-em-cpr__words").is_visible()
    after = page.evaluate("() => getComputedStyle(document.querySelector('.fw-em-call'), '::after').content")
    assert after in ("none", "normal"), "no address is printed behind a link"


@pytest.mark.parametrize("colours", [{"forced_colors": "active"}, {"color_scheme": "dark"}])
def test_the_decision_reads_without_our_colours(read, crew, colours):
    visitor = read(readable(crew))
    visitor.page.emulate_media(**colours)
    assert visitor.page.locator(".fw-em-cpr__words").inner_text() == "Do not attempt CPR"
    assert not visitor.faults()


def test_the_page_is_small(read, crew):
    visitor = read(readable(crew))
    whole = visitor.page.request.get(visitor.page.url).body()
    assert len(gzip.compress(whole, 6)) < 10_000


LONG_AGO = datetime.date(2026, 3, 4)
FACTS = summaries.REFERENCE_FACTS
STATES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "review overdue": (
        {"review_on": LONG_AGO},
        ["Review overdue since", "Do not attempt CPR"],
        ["Review due "],
    ),
    "decision overdue": (
        {"facts": FACTS | {"cpr.review_on": ["2026-01-02"]}},
        ["Do not attempt CPR", "Review was due 02-Jan-2026"],
        ["not recorded"],
    ),
    "newer draft": ({"newer_draft": True}, ["A newer draft exists, not approved"], []),
    "withdrawn": (
        {"withdrawn_at": datetime.datetime(2026, 3, 4, 10, 30, tzinfo=datetime.UTC)},
        ["BLACK, Margaret", "Plan withdrawn on", "This does not mean there is no decision on paper."],
        ["attempt CPR", "Penicillin", "Show key safe code"],
    ),
    "deceased": (
        {"died_on": LONG_AGO},
        ["Died", "Age at death"],
        [],
    ),
    "conflict": (
        {"facts": FACTS | {"cpr.decision": ["attempt", "do_not_attempt"]}},
        ["Conflict: two CPR decisions are recorded"],
        [],
    ),
    "refusal conflict": (
        {"facts": FACTS | {"cpr.decision": ["attempt"], "adrt.refuses_cpr": ["yes"]}},
        ["Conflict: attempt CPR is recorded beside a refusal"],
        [],
    ),
    "stop mark": (
        {"stop_marks": [{"mark": StopMark.CHANGED_MIND, "slot": "cpr"}]},
        ["The person has changed their mind"],
        [],
    ),
    "nothing recorded": (
        {"facts": {}, "has_access_code": False},
        [
            "CPR decision not recorded",
            "Presume in favour of attempting CPR.",
            "Treatment limits not recorded",
            "Hospital: not recorded",
            "Allergies not recorded",
            "Advance decision: not asked",
            "Not discussed",
        ],
        ["Show key safe code"],
    ),
    "attempt": ({"facts": FACTS | {"cpr.decision": ["attempt"]}}, ["Attempt CPR"], ["Do not attempt"]),
}


@pytest.mark.parametrize("state", STATES)
def test_each_state_says_what_is_known_and_has_no_faults(read, crew, state):
    fields, said, unsaid = STATES[state]
    visitor = read(readable(crew, **fields))
    for words in said:
        assert words in visitor.text, f"{state}: {words}"
    for words in unsaid:
        assert words not in visitor.text, f"{state}: {words}"
    assert not visitor.faults()
    assert not screens.sideways(visitor.page)


def test_a_stop_mark_stands_inside_the_slot_it_touches(read, crew):
    visitor = read(readable(crew, stop_marks=[{"mark": StopMark.BEING_REVIEWED, "slot": "limits"}]))
    assert "Being reviewed" in visitor.page.locator("[data-slot='3']").inner_text()


def test_only_a_decision_not_to_attempt_is_red(read, crew):
    def colour(visitor) -> str:
        return visitor.page.locator(".fw-em-cpr").evaluate("e => getComputedStyle(e).backgroundColor")

    assert colour(read(readable(crew))) == "rgb(213, 40, 27)"
    attempt = read(readable(crew, facts=FACTS | {"cpr.decision": ["attempt"]}))
    assert colour(attempt) == "rgba(0, 0, 0, 0)"


def test_two_of_the_same_name_are_told_apart_without_their_plans(visit, crew):
    person = {"family_name": "Quillfeather", "postcode": "ZZ99 7XX"}
    for given in ("Ada", "Bess"):
        readable(crew, person=person | {"given_names": given})
    visitor = visit(crew, width=360, height=640)
    visitor.open("/urgent/")
    visitor.page.get_by_text("No NHS number: search by other details").click()
    visitor.fill("Surname", "quillfeather")
    visitor.fill("Postcode", "zz997xx")
    visitor.press("Find by these details")
    assert visitor.heading == "2 people found"
    assert "CPR" not in visitor.text
    assert not re.search(r"\d{3} \d{3} \d{4}", visitor.text), "whole NHS numbers stay out of lists"
    assert not visitor.faults()
