"""Building the first pages and the first course from `content.seeds`; what exists is left as editors made it."""

import json
from typing import Any

from django.db import transaction
from wagtail.models import Page, Site

from content.models import CoursePage, HomePage, InformationPage, LessonPage
from content.models.review import delivered_with_the_service
from content.seeds import COURSE, PAGES
from content.seeds.pages import HOME
from content.services.reviewing import keep_workflow
from core import clock
from governance.actors import Actor
from governance.services.audit import record


@transaction.atomic
def seed_content(*, by: Actor) -> HomePage:
    """The front page, the pages of information and the first course. Twice is once."""
    with delivered_with_the_service():
        home = HomePage.objects.first() or _home()
        pages = {"": home}
        for spec in PAGES:
            pages[spec["slug"]] = _information(pages[spec["under"]], spec)
        if not home.body:
            home.body = json.dumps(_home_body(pages))
            home.save_revision().publish()
        course = _course(home)
    keep_workflow()
    record(by=by, action="content.seeded", target=("course", course.key))
    return home


def _home() -> HomePage:
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title=HOME["title"], slug="front", intro=HOME["intro"]))
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    old = site.root_page if site.pk else None
    site.root_page, site.site_name = home, "Foreword"
    site.save()
    if old and old.specific_class is Page:
        old.delete()
    return home


def _home_body(pages: dict[str, Page]) -> list[dict[str, Any]]:
    cards = [{"page": pages[spec["slug"]].pk, "description": spec["card"]} for spec in PAGES if "card" in spec]
    label, path = HOME["action"]
    return [
        {"type": "action", "value": {"label": label, "path": path}},
        {"type": "cards", "value": cards},
    ]


def _information(parent: Page, spec: dict[str, Any]) -> InformationPage:
    found = InformationPage.objects.child_of(parent).filter(slug=spec["slug"]).first()
    if found is not None:
        return found
    page = InformationPage(
        title=spec["title"],
        slug=spec["slug"],
        intro=spec["intro"],
        body=json.dumps([_block(kind, value) for kind, value in spec["body"]]),
        reviewed_on=clock.today(),
        review_due_on=clock.today().replace(year=clock.today().year + 1, day=1),
    )
    return parent.add_child(instance=page)


def _block(kind: str, value: Any) -> dict[str, Any]:
    """One seed tuple as StreamField data."""
    if kind == "steps":
        return {"type": kind, "value": [{"heading": heading, "body": body} for heading, body in value]}
    if kind == "warning":
        return {"type": kind, "value": {"heading": value[0], "body": value[1]}}
    if kind == "action":
        return {"type": kind, "value": {"label": value[0], "path": value[1]}}
    return {"type": kind, "value": value}


def _course(home: Page) -> CoursePage:
    found = CoursePage.objects.filter(key=COURSE["key"]).first()
    if found is not None:
        return found
    fields = {name: COURSE[name] for name in ("key", "slug", "title", "version", "minutes", "intro")}
    course = home.add_child(
        instance=CoursePage(**fields, quiz=json.dumps([_question(*each) for each in COURSE["quiz"]]))
    )
    for slug, title, text in COURSE["lessons"]:
        course.add_child(
            instance=LessonPage(slug=slug, title=title, body=json.dumps([{"type": "text", "value": text}]))
        )
    return course


def _question(text: str, answers: list[tuple[str, bool, str]]) -> dict[str, Any]:
    options = [{"text": answer, "correct": right, "feedback": feedback} for answer, right, feedback in answers]
    return {"type": "question", "value": {"text": text, "answers": options}}
