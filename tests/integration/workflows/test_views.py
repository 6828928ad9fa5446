"""Pages of flows: taking a step, the register with its signatures, the panel on a subject's page."""

import datetime
import re
from copy import copy

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.urls import reverse

from core import clock
from governance.models import Agreement
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.factories.governance import client_of
from workflows.models import FlowCase, FlowDefinition
from workflows.presenters.cases import case_panel

pytestmark = pytest.mark.django_db
INBOX = reverse("workflows:inbox")


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def words(soup):
    """What is read out: the headings that a table repeats in its cells, for phones, are not."""
    heard = copy(soup)
    for repeated in heard.select("[aria-hidden=true]"):
        repeated.decompose()
    return re.sub(r"\s+", " ", heard.get_text(" ")).strip()


def decide_address(case, step, letter):
    return (
        f"{reverse('workflows:decide', args=[case.public_id, step])}?shown={letter.content_sha256}&state={case.state}"
    )


def post_decision(client, case, step, letter, **changes):
    data = {"shown": letter.content_sha256, "state": "waiting", "reason": "So"} | changes
    return client.post(reverse("workflows:decide", args=[case.public_id, step]), data)


def test_strangers_have_no_inbox(client, db):
    assert client.get(INBOX).status_code in (302, 403)


def test_a_step_is_confirmed_and_taken(waiting, letter, letters, doctor):
    client = client_of(doctor)
    page = soup_of(client.get(decide_address(waiting, "approve", letter)))
    assert page.h1.string == "Approve" and page.select_one(".nhsuk-caption-l").string == letter.label
    data = {field["name"]: field.get("value", "") for field in page.select("main form input[name]")}
    response = client.post(reverse("workflows:decide", args=[waiting.public_id, "approve"]), data)
    assert response.status_code == 302
    assert letters.sent == [letter.id]


def test_a_missing_reason_is_asked_for_beside_the_field(waiting, letter, doctor):
    response = post_decision(client_of(doctor), waiting, "return", letter, reason=" ")
    page = soup_of(response)
    assert response.status_code == 200
    assert page.select_one("#id_reason") and "Enter the reason" in words(page.select_one(".nhsuk-error-summary"))
    assert FlowCase.objects.get().state == "waiting"


def test_a_long_reason_is_kept_and_named(waiting, letter, doctor):
    page = soup_of(post_decision(client_of(doctor), waiting, "return", letter, reason="x" * 2001))
    assert "2,000 characters or fewer" in words(page)
    assert len(page.select_one("#id_reason").string.strip()) == 2001


@pytest.mark.parametrize(
    ("who", "step", "changes", "status"),
    [
        ("nurse", "approve", {}, 403),
        ("paramedic", "approve", {}, 404),
        ("doctor", "approve", {"shown": "0" * 64}, 409),
        ("doctor", "approve", {"state": "start"}, 409),
        ("doctor", "burn", {}, 409),
        ("doctor", "approve", {"shown": "x" * 100}, 200),
    ],
)
def test_each_wrong_decision_has_its_page(request, waiting, letter, letters, who, step, changes, status):
    response = post_decision(client_of(request.getfixturevalue(who)), waiting, step, letter, **changes)
    assert response.status_code == status
    assert letters.sent == []


def test_a_decision_after_another_gets_the_page_that_says_so(waiting, letter, doctor, other_doctor):
    assert post_decision(client_of(doctor), waiting, "approve", letter).status_code == 302
    assert post_decision(client_of(other_doctor), waiting, "return", letter).status_code == 409


def test_what_one_may_not_do_is_said_before_anything_is_filled(waiting, letter, nurse, practice):
    people.staff(practice, role="doctor")
    response = client_of(nurse).get(decide_address(waiting, "approve", letter))
    assert response.status_code == 403
    said = words(soup_of(response).main)
    assert f"Only a doctor at {practice.name} can do this." in said
    assert f"A doctor at {practice.name}. 1 person can do this now." in said


def test_what_keeps_somebody_from_a_step_leads_to_where_it_is_mended(letters, practice, nurse):
    flows.live_flow(flows.spec(guards=[*flows.guards("not_author", "training_valid", "agreement_in_force")]))
    letter = letters.write(practice, nurse)
    case = flows.open_case(letter, nurse)
    untrained = people.staff(practice, role="doctor", trained=False)
    Agreement.objects.update(ends_on=clock.today() - datetime.timedelta(days=1))
    page = soup_of(client_of(untrained).get(decide_address(case, "approve", letter)))
    links = [link["href"] for link in page.select("main li a")]
    assert links == [reverse("governance:who_helps"), reverse("governance:mine")], "the course has no page yet"
    assert "You have not taken the training" in words(page) and "agreement has ended" in words(page)


def test_the_decision_says_who_else_can_take_it(waiting, letter, doctor, practice):
    page = soup_of(client_of(doctor).get(decide_address(waiting, "approve", letter)))
    assert f"A doctor at {practice.name}. 1 person can do this now." in words(page.select_one("main details"))


def test_a_hidden_case_and_an_absent_one_answer_the_same(waiting, letter, paramedic):
    client = client_of(paramedic)
    hidden = client.get(decide_address(waiting, "approve", letter))
    waiting.public_id = letter.id
    absent = client.get(decide_address(waiting, "approve", letter))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


def panel_of(viewer, letter):
    panel = case_panel(viewer, flows.KIND, letter.id, clock.now())
    return BeautifulSoup(render_to_string("workflows/_case_panel.jinja", {"panel": panel}), "html.parser")


def test_the_panel_tells_the_nurse_who_must_act_and_why_she_cannot(waiting, letter, nurse, doctor, practice):
    panel = panel_of(nurse, letter)
    assert f"A doctor at {practice.name}. 1 person can do this now." in words(panel)
    assert f"Only a doctor at {practice.name} can do this." in words(panel)
    assert [link["href"] for link in panel.select("a")] == [reverse("governance:who_helps")] * 2


def test_the_panel_offers_the_doctor_links_bound_to_what_is_shown(waiting, letter, doctor):
    links = panel_of(doctor, letter).select("a")
    assert [link.string for link in links] == ["Approve", "Return"]
    assert all(letter.content_sha256 in link["href"] for link in links)


def test_the_panel_says_when_nobody_can_act(letters, practice, nurse):
    flows.live_flow()
    letter = letters.write(practice, nurse)
    flows.open_case(letter, nurse)
    assert "Nobody there can do this now." in words(panel_of(nurse, letter))


def test_the_panel_of_a_closed_case_keeps_the_decisions(waiting, letter, doctor, nurse):
    flows.fire(waiting, "return", doctor, reason="Sign it <b>first</b>")
    panel = panel_of(nurse, letter)
    assert "Returned" in words(panel) and "Sign it <b>first</b>" in words(panel)
    assert len(panel.select("ol > li")) == 2 and not panel.select("a")


def test_the_panel_says_that_one_person_wrote_and_approved(letters, practice, doctor):
    flows.live_flow(flows.spec(guards=flows.guards("author_only_if_exempt"), exemption=flows.EXEMPTION))
    letter = letters.write(practice, doctor)
    flows.fire(flows.open_case(letter, doctor), "approve", doctor)
    assert "Written and approved by the same person" in words(panel_of(doctor, letter))


def test_there_is_no_panel_for_whom_the_case_is_hidden(waiting, letter, paramedic):
    assert words(panel_of(paramedic, letter)) == ""


def test_the_register_shows_flows_versions_and_hash(letters, ig_officer):
    version = flows.live_flow()
    client = client_of(ig_officer)
    register = soup_of(client.get(reverse("workflows:flows")))
    assert "Version 1" in words(register) and "Whenever no other flow applies" in words(register)
    flow = soup_of(client.get(register.select_one("tbody a")["href"]))
    page = soup_of(client.get(flow.select_one("tbody a")["href"]))
    assert version.sha256 in words(page)
    assert [caption.string for caption in page.select("caption")] == ["States", "Steps", "Signatures"]


def test_both_sign_and_the_lead_puts_it_to_use(letters, safety_officer, ig_officer, clinical_lead):
    document = flows.spec(guards=flows.guards("author_only_if_exempt"), exemption=flows.EXEMPTION)
    version = flows.version(flows.definition(), document, signed=False)
    address = reverse("workflows:version", args=["letter", 1])
    for officer in (safety_officer, ig_officer):
        client = client_of(officer)
        half = client.post(address, {"sha256": version.sha256, "read": "on"})
        assert "Tick the box if you agree to the exemption" in words(soup_of(half))
        both = client.post(address, {"sha256": version.sha256, "read": "on", "exemption": "on"})
        assert both.status_code == 302
        assert not soup_of(client.get(address)).select("main form")
    lead = client_of(clinical_lead)
    action = soup_of(lead.get(address)).select_one("main form")["action"]
    assert "Version 1 is live" in words(soup_of(lead.post(action, follow=True)))
    assert FlowDefinition.objects.get().live_version == version


def test_an_unsound_version_shows_what_to_mend_and_no_form(letters, safety_officer):
    flows.version(flows.definition(), flows.spec(guards=[]), signed=False)
    page = soup_of(client_of(safety_officer).get(reverse("workflows:version", args=["letter", 1])))
    assert "Whoever wrote it could publish it alone" in words(page)
    assert not page.select("main form")


@pytest.mark.parametrize("who", ["doctor", "nurse", "paramedic"])
def test_the_register_is_not_for_everybody(request, letters, who):
    client = client_of(request.getfixturevalue(who))
    flows.live_flow()
    for name, arguments in (("flows", []), ("flow", ["letter"]), ("version", ["letter", 1])):
        assert client.get(reverse(f"workflows:{name}", args=arguments)).status_code == 403
    assert client.post(reverse("workflows:activate", args=["letter", 1])).status_code == 403


@pytest.mark.parametrize(
    ("name", "arguments"), [("flow", ["moon"]), ("version", ["moon", 1]), ("version", ["letter", 9])]
)
def test_an_absent_flow_is_a_404(letters, ig_officer, name, arguments):
    flows.live_flow()
    assert client_of(ig_officer).get(reverse(f"workflows:{name}", args=arguments)).status_code == 404


def test_no_page_of_ours_scripts_or_styles_inline(waiting, letter, doctor, ig_officer):
    pages = [
        client_of(doctor).get(INBOX),
        client_of(doctor).get(decide_address(waiting, "return", letter)),
        client_of(ig_officer).get(reverse("workflows:version", args=["letter", 1])),
    ]
    for page in map(soup_of, pages):
        assert not page.select("[style], style, script:not([src])")


def test_a_version_is_drawn_with_the_numbers_of_its_steps(letters, ig_officer):
    flows.live_flow()
    page = soup_of(client_of(ig_officer).get(reverse("workflows:version", args=["letter", 1])))
    numbers = {text.string for text in page.select("svg circle + text")}
    named = {row.select_one("th").string.split(".")[0] for row in page.select("table")[1].select("tbody tr")}
    assert numbers == named != set()


def test_the_panel_shows_the_way_as_picture_and_table(waiting, letter, doctor, nurse):
    flows.fire(waiting, "return", doctor, reason="Sign it first")
    panel = panel_of(nurse, letter)
    assert "Now here: end: returned" in words(panel.select_one("svg"))
    taken = {row.select_one("th").string: words(row.select("td")[2]) for row in panel.select("table tbody tr")}
    assert {step.split(". ")[1] for step, said in taken.items() if said != "Not taken"} == {"Send", "Return"}
