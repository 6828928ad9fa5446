"""Nothing breaks the content policy and nothing asks another machine, on the site and in the administration.

The `visit` fixture fails a test when anything did; these tests go where scripts are busiest.
"""

import datetime

import pytest
from wagtail.models import Page

from careplan_forms.models import FormDefinition, ValueSet
from core import clock
from governance.models import User


@pytest.fixture
def definition(world):
    return FormDefinition.objects.get(key="urgent-care-plan")


def test_the_public_site_by_its_own_links(visit, world):
    stranger = visit()
    waiting, seen = ["/"], set()
    while waiting and len(seen) < 30:
        path = waiting.pop(0)
        seen.add(path)
        response = stranger.page.goto(stranger.origin + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        policy = response.headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        links = stranger.page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.pathname)")
        waiting += [link for link in dict.fromkeys(links) if link not in seen and link not in waiting]
    assert len(seen) > 10


def test_the_form_designer(visit, world, definition):
    lead = visit(world.actor("clinical-lead"))
    section = definition.section_links.first().section_id
    lead.open("/admin/")
    lead.open("/admin/forms/definitions/")
    lead.open(f"/admin/forms/definitions/edit/{definition.pk}/")
    lead.open(f"/admin/forms/sections/edit/{section}/")
    lead.page.get_by_role("button", name="Insert a block").first.click()
    lead.page.get_by_role("option").first.click()
    lead.open("/admin/forms/sections/add/")
    lead.open(f"/admin/forms/answers/edit/{ValueSet.objects.first().pk}/")
    lead.open(f"/admin/forms/definitions/history/{definition.pk}/")
    lead.open(f"/admin/forms/{definition.public_id}/propose/")
    lead.open(f"/admin/forms/{definition.public_id}/versions/")


def test_sign_off_and_the_editor_of_pages(visit, world):
    safety = visit(world.actor("safety"))
    safety.open("/admin/")
    safety.open("/admin/forms/sign-off/")
    editor = visit(world.actor("editor"))
    page = Page.objects.get(slug="joining")
    for path in ("/admin/", "/admin/pages/", f"/admin/pages/{page.pk}/edit/", f"/admin/pages/{page.pk}/history/"):
        editor.open(path)
    editor.open("/admin/images/")
    editor.open("/admin/documents/")


def test_a_page_is_previewed_beside_its_fields(visit, world):
    editor = visit(world.actor("editor"))
    page = Page.objects.get(slug="joining")
    editor.open(f"/admin/pages/{page.pk}/edit/")
    editor.page.get_by_role("button", name="Toggle preview").click()
    shown = editor.page.frame_locator("iframe").first
    assert shown.locator("h1").inner_text().strip() == page.title


def test_an_editor_of_one_form_finds_all_the_form_s_pages_are_made_of(visit, world, definition):
    lead, nurse = visit(world.actor("clinical-lead")), world.actor("nurse")
    lead.open(f"/admin/forms/{definition.public_id}/editors/")
    lead.fill("Work email address", User.objects.get(pk=nurse.user_id).email)
    lead.fill("Last day", f"{clock.today() + datetime.timedelta(days=60):%Y-%m-%d}")
    lead.fill("Reason", "Rewrites the questions on medicines")
    lead.press("Let them edit this form")
    editor = visit(nurse)
    editor.open("/worklist/")
    editor.follow("Administration")
    editor.open(f"/admin/forms/definitions/edit/{definition.pk}/")
    section = definition.section_links.first().section_id
    editor.open(f"/admin/forms/sections/edit/{section}/")
    editor.page.wait_for_load_state("networkidle")
    editor.page.get_by_role("button", name="Toggle preview").click()
    editor.page.wait_for_load_state("networkidle")
    # An open preview would go on asking after the grant has ended, and be refused in its frame.
    editor.open("/worklist/")
    lead.press("End for", exact=False)
    editor.open("/admin/forms/definitions/", 403)
