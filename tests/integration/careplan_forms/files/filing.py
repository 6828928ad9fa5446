"""A form that asks for files, and the page that takes them, as a browser uses it."""

import html
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from careplan_forms.selectors import plans as selectors
from tests.factories import careplan_forms as make
from tests.factories import files as brought

PAPER = brought.paper()


def form_with_files():
    """The small form with papers for everybody, papers for doctors, and papers in entries."""
    document = make.document()
    document["sections"][0]["items"] += [
        {
            "uid": "papers",
            "type": "attachment",
            "label": "Signed papers",
            "max_size": 200_000,
            "patient_label": "Papers",
        },
        {"uid": "private", "type": "attachment", "label": "Private papers", "roles": {"see": ["doctor"]}},
        {
            "uid": "letters",
            "type": "repeat",
            "label": "Letters",
            "items": [
                {"uid": "letter-about", "type": "text", "label": "About"},
                {"uid": "letter", "type": "attachment", "label": "Letter", "file_kinds": ["pdf"], "max_items": 1},
            ],
        },
    ]
    return document


def address(name, plan, *args):
    return reverse(f"careplan_forms:{name}", args=[plan.public_id, *args])


def hidden_of(page):
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    found.pop("csrfmiddlewaretoken", None)
    return found


def upload(name="ADRT signed.pdf", content=PAPER):
    return SimpleUploadedFile(name, content, content_type="text/html")


def send(browser, plan, hidden=None, **typed):
    """The page as a browser sends it: what stood on it, and what was typed or chosen."""
    hidden = hidden_of(browser.get(address("plan-section", plan, "about"))) if hidden is None else hidden
    return browser.post(address("plan-section", plan, "about"), hidden | {"_then": "tasks"} | typed)


def papers(plan, uid="papers"):
    return selectors.working_view(plan).answers.get(uid) or []


def text_of(page):
    return html.unescape(page.content.decode())


def in_version(plan, uid="papers"):
    return plan.current_version.answers[uid][0]["id"]
