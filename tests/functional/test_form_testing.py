"""A form in its four previews; a test case kept and ticked, without scripts too; by keyboard; axe at two widths."""

import pytest

from careplan_forms.models import FormDefinition
from tests.functional.test_accessibility import STOCK, WCAG, inspect  # noqa: F401


@pytest.fixture
def definition(world):
    return FormDefinition.objects.get(key="urgent-care-plan")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_test_case_is_kept_from_the_preview_and_ticked(visit, world, definition, scripts):
    lead = visit(world.actor("clinical-lead"), scripts=scripts)
    here = f"/admin/forms/{definition.public_id}"
    lead.open(f"{here}/preview/?person=at-home-no-cpr")
    lead.choose("Does the person need an interpreter?", "Yes")
    lead.press("Show what these answers do")
    assert "Shown because “Does the person need an interpreter?” is yes." in lead.page.content()
    name = f"Interpreter {scripts}"
    lead.fill("Name of the test case", name)
    lead.press("Keep as test case")
    assert f"Test case “{name}”" in lead.text
    box = lead.page.get_by_label("“Which language or dialect should the interpreter speak?” is shown.", exact=False)
    assert box.is_checked()
    lead.press("Save the test case")
    assert "22 test cases" in lead.text or "23 test cases" in lead.text
    assert "all as expected" in lead.text


def test_the_four_previews_of_one_person(visit, world, definition):
    lead = visit(world.actor("clinical-lead"), scripts=False)
    lead.open(f"/admin/forms/{definition.public_id}/preview/?person=at-home-no-cpr")
    for mode, said in (
        ("As urgent care reads it", "Do not attempt CPR"),
        ("On paper (A4)", "Do not attempt CPR"),
        ("As the person fills it in", "Why is this shown?"),
        ("As a clinician fills it in", "Why is this shown?"),
    ):
        lead.page.get_by_label("Look at it").select_option(label=mode)
        lead.press("Show")
        assert said in lead.page.content(), mode


def test_an_explanation_opens_by_keyboard(visit, world, definition):
    lead = visit(world.actor("clinical-lead"), scripts=False)
    lead.open(f"/admin/forms/{definition.public_id}/preview/?person=at-home-no-cpr")
    summary = lead.page.locator("details.app-why summary").first
    lead.tab_to(summary)
    lead.page.keyboard.press("Enter")
    assert lead.page.get_by_text("Always shown.").first.is_visible()


def test_the_pages_of_previews_and_test_cases(inspect, world, definition):  # noqa: F811
    inspector = inspect(world.actor("clinical-lead"))
    here = f"/admin/forms/{definition.public_id}"
    case = definition.test_cases.get(key="cpr-refused-in-advance")
    ours = [f"{here}/preview/?person={case.key}&as={mode}" for mode in ("clinician", "patient", "emergency", "paper")]
    admin = [f"{here}/tests/", f"{here}/tests/{case.public_id}/", f"{here}/tests/{case.public_id}/delete/"]
    for path in [*ours, *admin]:
        inspector.visitor.resize(1280, 800)
        inspector.visitor.open(path)
        for width in (1280, 320):
            inspector.visitor.resize(width, 800)
            without = STOCK if path in admin else ()
            faults = inspector.visitor.faults(without, runOnly={"type": "tag", "values": WCAG})
            inspector.found += [f"{path} at {width}: {fault}" for fault in faults]
            wide = inspector.visitor.page.evaluate("document.documentElement.scrollWidth")
            if path in ours and wide > width:
                inspector.found.append(f"{path} at {width}: scrolls sideways to {wide}")
    inspector.done()
