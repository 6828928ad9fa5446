"""Every screen, at 1280 and 320 px: axe finds nothing, nothing scrolls sideways, titles tell pages and errors apart."""

from collections import Counter
from typing import Any

import pytest

from careplan_forms.models import FormDefinition, ValueSet
from content.models import InformationPage
from governance.models import Agreement, Organisation, StaffListEntry
from tests.factories import governance as make
from tests.functional import practice_world
from tests.functional.driving import screens
from tests.functional.driving.visitor import Visitor
from tests.functional.emergency_plans import readable
from workflows.models import FlowDefinition

#: Wagtail's own: a button beside the fields, 21 px wide on a phone, and the nameless pictures of who else has the page
#: open. The rest of its pages is held to the same rules.
STOCK = ("#w-minimap-toggle", ".w-editing-sessions__session")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def worked(world):
    return practice_world.worked_plan(world, world.person(2), world.person(3))


class Inspector:
    """Opens screen after screen and gathers what is wrong with them, so that one run names every fault."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.found: list[str] = []
        self.titles: Counter[str] = Counter()

    def look(self, path: str, status: int = 200) -> None:
        self.visitor.resize(1280, 800)
        self.visitor.open(path, status)
        self.inspect(path)
        title = self.visitor.page.title()
        self.titles[title] += 1
        if title.startswith("Error: "):
            self.found.append(f"{path}: an error in the title of a page without one")

    def inspect(self, name: str, **axe: Any) -> None:
        page = self.visitor.page
        for width in (1280, 320):
            self.visitor.resize(width, 800)
            self.found += [f"{name} at {width}: {fault}" for fault in self.visitor.faults(**axe)]
        self.found += [f"{name} at 320: {wide}" for wide in screens.sideways(page)[:3]]
        if page.locator("h1").count() != 1:
            self.found.append(f"{name}: {page.locator('h1').count()} h1")

    def look_at_errors(self, name: str) -> None:
        """After something wrong was sent: title, summary, focus, and axe once more."""
        page = self.visitor.page
        if not page.title().startswith("Error: "):
            self.found.append(f"{name}: the title does not begin with Error: ({page.title()})")
        if not page.locator(".nhsuk-error-summary").count():
            self.found.append(f"{name}: no error summary")
        elif "nhsuk-error-summary" not in page.evaluate("() => document.activeElement.className"):
            self.found.append(f"{name}: the summary has not the focus")
        for link in page.locator(".nhsuk-error-summary a").all():
            target = (link.get_attribute("href") or "")[1:]
            if not page.locator(f"[id='{target}']").count():
                self.found.append(f"{name}: {link.inner_text()} leads nowhere")
        self.inspect(f"{name} with errors")

    def send_empty(self, path: str, button: str = "") -> None:
        """Press the button with these words, or else the page's own, with nothing filled in."""
        self.visitor.resize(1280, 800)
        self.visitor.open(path)
        if button:
            self.visitor.press(button)
        else:
            self.visitor.press_last()
        self.look_at_errors(path)

    def done(self) -> None:
        self.found += [f"{count} pages are called {title}" for title, count in self.titles.items() if count > 1]
        assert not self.found, "\n".join(self.found)


@pytest.fixture
def inspect(visit):
    """`inspect(actor)`: an inspector; its findings fail the test when `done()` is called."""
    return lambda who=None: Inspector(visit(who))


PUBLIC = [
    "/",
    "/professionals/",
    "/joining/",
    "/information-governance/",
    "/patients/",
    "/accessibility-statement/",
    "/privacy/",
    "/help/",
    "/cookies/",
    "/using-foreword/",
    "/using-foreword/what-a-plan-says/",
    "/learning/certificates/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
]


def test_public_and_sign_in_pages(inspect):
    inspector = inspect()
    for path in PUBLIC:
        inspector.look(path)
    inspector.look("/nothing-here/", 404)
    inspector.send_empty("/account/login/", "Sign in")
    inspector.send_empty("/account/signup/", "Create account")
    inspector.send_empty("/learning/certificates/", "Check")
    inspector.done()


def test_the_account_s_own_pages(inspect, world):
    inspector = inspect(world.actor("gp"))
    for path in ("/account/email/", "/account/2fa/totp/activate/", "/account/2fa/", "/account/password/set/"):
        inspector.visitor.open(path)
        inspector.inspect(path)
    inspector.visitor.open("/organisations/acting-for/")
    inspector.inspect("acting for")
    inspector.done()


def test_learning(inspect, world):
    inspector = inspect(make.staff(Organisation.objects.get(ods_code="ZZP01"), trained=False))
    inspector.look("/learning/")
    inspector.look("/learning/using-foreword/quiz/")
    inspector.send_empty("/learning/using-foreword/quiz/", "Send my answers")
    inspector.look("/people/", 403)
    inspector.done()


def test_organisations_agreements_staff_and_audit(inspect, world):
    practice = Organisation.objects.get(ods_code="ZZP01")
    agreement = Agreement.objects.get(organisation=practice)
    entry = StaffListEntry.objects.filter(organisation=practice).first()
    here = f"/organisations/{practice.public_id}"
    inspector = inspect(world.actor("ig"))
    of_one = [f"{here}/{path}" for path in ("", "details/", "history/", "staff/new/")]
    for path in ("/organisations/", "/organisations/new/", *of_one):
        inspector.look(path)
    for path in ("", "history/", "suspend/", "terminate/"):
        inspector.look(f"/organisations/agreements/{agreement.public_id}/{path}")
    sent = Agreement.objects.get(organisation__ods_code="ZZP05")
    for path in ("", "withdraw/"):
        inspector.look(f"/organisations/agreements/{sent.public_id}/{path}")
    for path in ("", "history/", "end/", "suspend/"):
        inspector.look(f"/organisations/staff/{entry.public_id}/{path}")
    for path in (f"{here}/posts/new/", f"{here}/agreements/new/", f"{here}/suspend/", "/organisations/audit/"):
        inspector.look(path)
    for path in ("/notices/", f"{here}/sent/", f"{here}/webhooks/"):
        inspector.look(path)
    inspector.visitor.open(f"{here}/sent/?about=x")
    inspector.look_at_errors(f"{here}/sent/")
    inspector.send_empty(f"{here}/webhooks/", "Connect")
    inspector.visitor.fill("Address", "https://hooks.example/told")
    inspector.visitor.press("Connect")
    inspector.inspect("the secret of a connected system")
    for path in ("", "plan-nurse-or-patient/", "plan-nurse-or-patient/1/"):
        inspector.look(f"/tasks/flows/{path}")
    for path in ("1/try/", "cases/", "replay/"):
        inspector.look(f"/tasks/flows/plan-nurse-or-patient/{path}")
    for path in ("", "away/", "away/new/", "team/", "together/", "which-flow/"):
        inspector.look(f"/tasks/{path}")
    inspector.done()


def test_a_guardian_s_signature_and_forms_sent_empty(inspect, world):
    inspector = inspect(world.actor("host-guardian"))
    inspector.look("/organisations/")
    inspector.done()
    draft = Agreement.objects.get(organisation__ods_code="ZZP05")
    officer = inspect(world.actor("ig"))
    officer.look(f"/organisations/agreements/{draft.public_id}/")
    officer.send_empty("/organisations/new/")
    officer.done()


def test_finding_a_person_and_what_is_recorded_of_them(inspect, world, worked, national_service):
    inspector = inspect(world.actor("nurse"))
    visitor = inspector.visitor
    here = f"/people/{worked.plan.patient.public_id}"
    for path in ("/people/", f"{here}/", f"{here}/consent/", f"{here}/death/"):
        inspector.look(path)
    inspector.send_empty("/people/", "Find by NHS number")
    inspector.send_empty(f"{here}/consent/", "Record the decision")
    inspector.send_empty(f"{here}/death/")
    visitor.open("/people/")
    visitor.fill("NHS number", world.person(4).nhs_number)
    visitor.press("Find by NHS number")
    inspector.inspect("is this the right person")
    visitor.open("/people/")
    visitor.fill("NHS number", make_unknown_number())
    visitor.press("Find by NHS number")
    inspector.inspect("a person nobody knows")
    inspector.done()


def make_unknown_number() -> str:
    from tests.factories.careplan_forms import next_nhs_number

    return next_nhs_number()


def test_a_plan_its_versions_and_the_worklist(inspect, world, worked):
    inspector = inspect(world.actor("gp"))
    here = f"/plans/{worked.plan.public_id}"
    inspector.look("/worklist/")
    paths = ["", "approved/2/", "versions/", "versions/1/", "versions/2/", "versions/compare/?from=1&to=2", "viewers/"]
    for path in [*paths, "care-team/", "stop-marks/", "withheld/", "withdraw/", "sent/"]:
        inspector.look(f"{here}/{path}")
    inspector.look(f"{here}/submissions/{worked.submission.public_id}/")
    inspector.visitor.press("Approve this plan")
    inspector.inspect("the interruption before CPR changes")
    inspector.send_empty(f"{here}/stop-marks/")
    inspector.send_empty(f"{here}/withheld/", "Do not show this answer")
    inspector.send_empty(f"{here}/withdraw/")
    inspector.done()


def test_the_person_s_own_pages_and_who_is_given_them(inspect, world):
    plan = world.plans[0]
    here = f"/plans/{plan.public_id}/access"
    nurse = inspect(world.actor("nurse"))
    for path in ("/", "/account/", "/others/"):
        nurse.look(here + path)
    nurse.send_empty(f"{here}/account/", "Give the account")
    nurse.send_empty(f"{here}/others/", "Give access")
    nurse.done()
    for persona in ("patient", "carer"):
        inspector = inspect(world.actor(persona))
        inspector.look("/my-plan/")
        inspector.look(f"/my-plan/{plan.public_id}/")
        inspector.done()
    past = inspect(world.actor("past-carer"))
    past.look("/my-plan/")
    past.look(f"/my-plan/{plan.public_id}/", 404)
    past.done()


def test_every_section_empty_and_with_errors(inspect, world, worked):
    inspector = inspect(world.actor("nurse"))
    here = f"/plans/{worked.draft.public_id}"
    inspector.look(f"{here}/tasks/")
    inspector.look(f"{here}/check/")
    inspector.send_empty(f"{here}/check/", "Confirm and send for approval")
    for section in worked.draft.form_version.document["sections"]:
        path = f"{here}/sections/{section['key']}/"
        inspector.look(path)
        typed = inspector.visitor.page.locator("main textarea:visible, main input[type=text]:visible").first
        typed.fill("x" * 6000)
        inspector.visitor.press("Save section")
        inspector.look_at_errors(path)
        inspector.visitor.open(path)
        inspector.visitor.press("Forget it and show what is saved")
    inspector.done()


def test_emergency_screens(inspect, world):
    crew = world.actor("paramedic")
    summary = readable(crew)
    inspector = inspect(crew)
    here = f"/urgent/{summary.plan_public_id}"
    inspector.look("/urgent/")
    inspector.send_empty("/urgent/", "Find by NHS number")
    inspector.look(f"{here}/reason/")
    inspector.send_empty(f"{here}/reason/", "Open the plan")
    inspector.visitor.choose("Why are you opening this plan?", "I am caring for this person now")
    inspector.visitor.press("Open the plan")
    for path in (f"{here}/", f"{here}/paper/"):
        inspector.look(path)
    inspector.done()


def test_reports(inspect, world):
    inspector = inspect(world.actor("commissioner"))
    inspector.look("/reports/")
    for key in ("plans", "place-of-death", "empty-questions"):
        inspector.look(f"/reports/{key}/")
    inspector.visitor.open("/reports/plans/?start_day=31&start_month=2&start_year=2026&end_day=1")
    inspector.look_at_errors("a report for no period")
    inspector.done()


def test_a_form_that_changed_under_a_living_plan(inspect, world, worked):
    plan, migration = worked.draft, practice_world.move_form_under(world, worked.draft)
    lead = inspect(world.actor("clinical-lead"))
    here = f"/admin/forms/migrations/{migration.public_id}/"
    row = migration.mapping["items"][0]["uid"]
    for path in ("/admin/forms/migrations/", here, f"{here}questions/{row}/", f"{here}start/"):
        lead.visitor.open(path)
        for width in (1280, 320):
            lead.visitor.resize(width, 800)
            faults = lead.visitor.faults(STOCK, runOnly={"type": "tag", "values": WCAG})
            lead.found += [f"{path} at {width}: {fault}" for fault in faults]
    lead.done()
    nurse = inspect(world.actor("nurse"))
    for path in (f"/plans/{plan.public_id}/", f"/plans/{plan.public_id}/form-change/", "/worklist/?show=form_changed"):
        nurse.look(path)
    nurse.visitor.open(f"/plans/{plan.public_id}/form-change/")
    page = nurse.visitor.page
    nurse.visitor.go(page.get_by_role("button", name="Move the plan to the new form"))
    nurse.look_at_errors("losses not read")
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Move the plan to the new form").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/")
    nurse.done()


def test_our_additions_to_the_administration(inspect, world):
    definition = FormDefinition.objects.get(key="urgent-care-plan")
    inspector = inspect(world.actor("clinical-lead"))
    section, answers = definition.section_links.first().section_id, ValueSet.objects.first()
    here = "/admin/forms"
    paths = [f"{here}/{kind}/" for kind in ("definitions", "sections", "answers")]
    paths += [f"{here}/definitions/edit/{definition.pk}/", f"{here}/sections/edit/{section}/"]
    paths += [f"{here}/answers/edit/{answers.pk}/", f"{here}/definitions/history/{definition.pk}/"]
    paths += [f"{here}/bring/", f"{here}/lists/bring/", f"{here}/lists/{answers.key}/use/"]
    paths += [f"{here}/sections/uses/{section}/", f"{here}/{definition.public_id}/languages/?language=cy"]
    paths += [f"{here}/{definition.public_id}/{page}/" for page in ("propose", "versions", "items", "drafts")]
    paths += [f"{here}/{definition.public_id}/drafts/{page}/" for page in ("version/1", "throw-away")]
    paths += [f"{here}/{definition.public_id}/paper/draft/", f"{here}/{definition.public_id}/languages/cy/"]
    moved = definition.live_version.document["sections"][1]["items"][0]["uid"]
    paths.append(f"{here}/{definition.public_id}/move/?uid={moved}")
    flow = FlowDefinition.objects.get(key="plan-review")
    paths += [f"/admin/flows/definitions/edit/{flow.pk}/", f"/admin/flows/{flow.public_id}/propose/"]
    paths += [f"/admin/pages/{InformationPage.objects.first().pk}/edit/", "/admin/reports/workflow_tasks/"]
    for path in paths:
        inspector.visitor.resize(1280, 800)
        inspector.visitor.open(path)
        for width in (1280, 320):
            inspector.visitor.resize(width, 800)
            faults = inspector.visitor.faults(STOCK, runOnly={"type": "tag", "values": WCAG})
            inspector.found += [f"{path} at {width}: {fault}" for fault in faults]
    safety = inspect(world.actor("safety"))
    safety.visitor.open("/admin/forms/sign-off/")
    inspector.found += safety.visitor.faults(runOnly={"type": "tag", "values": WCAG})
    inspector.done()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_focus_is_seen_and_never_covered(visit, world, worked, width):
    nurse = visit(world.actor("nurse"), width=width, height=640)
    for path in ("/worklist/", "/people/", f"/plans/{worked.draft.public_id}/sections/contacts/"):
        nurse.open(path)
        stops = nurse.tab_stops()
        assert stops[0] == "Skip to main content"


def test_help_stands_in_the_same_place_everywhere(visit, world):
    visitor = visit(world.actor("nurse"))
    places = set()
    for path in ("/", "/people/", "/worklist/", "/learning/"):
        visitor.open(path)
        link = visitor.page.get_by_role("contentinfo").get_by_role("link").first
        places.add((link.inner_text(), link.get_attribute("href")))
    assert places == {("Help", "/help/")}
