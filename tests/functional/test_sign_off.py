"""A form goes live: sent, approved by clinical safety and by information governance, each by keyboard alone."""

import pytest

from careplan_forms.models import FormCandidate, FormDefinition
from careplan_forms.selectors import definitions as read
from careplan_forms.services import definitions
from tests.functional.driving import screens
from tests.functional.test_accessibility import WCAG
from tests.functional.test_keyboard import Hands
from tests.integration.careplan_forms.designer.conftest import document

KEY = "winter-plan"


@pytest.fixture(scope="module")
def winter_plan(world):
    """A form of its own, drafted by the clinical lead and never sent: what other tests use stays as it is."""
    return definitions.create_from_document(document=document(key=KEY), by=world.actor("clinical-lead"))


def sound(visitor, path):
    """The page at both widths: nothing for axe to find, nothing that scrolls the page sideways."""
    found = []
    visitor.open(path)
    for width in (1280, 320):
        visitor.resize(width, 800)
        found += [f"{path} at {width}: {each}" for each in visitor.faults(runOnly={"type": "tag", "values": WCAG})]
        found += [f"{path} at {width}: {each}" for each in screens.sideways(visitor.page)]
        visitor.shot(f"sign-off-{path.strip('/').replace('/', '-')[:40]}-{width}")
    visitor.resize(1280, 800)
    return found


def read_warnings(officer):
    """Tick each of them by keyboard."""
    hands = Hands(officer)
    for box in officer.page.locator("fieldset.fw-ticks input").all():
        hands.go(box)
        hands.page.keyboard.press("Space")


def test_two_people_put_a_form_live_without_a_mouse(visit, world, winter_plan):
    lead = visit(world.actor("clinical-lead"))
    assert sound(lead, f"/admin/forms/{winter_plan.public_id}/propose/") == []
    hands = Hands(lead)
    hands.type("What changed, and why", "For the first winter")
    hands.press("Send for sign-off")
    candidate = FormCandidate.objects.get(definition=winter_plan)
    where = f"/admin/forms/candidates/{candidate.public_id}/"
    assert "Two people who wrote none of it decide" in lead.text
    assert "somebody else has to decide" in lead.text and not lead.page.get_by_role("button", name="Approve").count()

    safety = visit(world.actor("safety"))
    safety.open("/admin/")
    assert safety.page.locator(f"a[href='{where}']").count()
    for path in ("/admin/forms/sign-off/", where):
        assert sound(safety, path) == []
    read_warnings(safety)
    Hands(safety).press("Approve")
    assert "The other role still decides" in safety.text and read.live_version(KEY) is None
    assert "You have decided on this" in safety.text

    governance = visit(world.actor("ig"))
    governance.open(where)
    read_warnings(governance)
    hands = Hands(governance)
    hands.type("Comment", "Nothing is collected that is not needed")
    hands.press("Approve")
    assert "Version 1 is live" in governance.text
    assert read.live_version(KEY).sha256 == candidate.sha256
    for path in (where, f"/admin/forms/{winter_plan.public_id}/versions/", "/admin/forms/sign-off/"):
        assert sound(governance, path) == []
    assert FormDefinition.objects.get(key=KEY).live_version.number == 1
