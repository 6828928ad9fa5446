"""Our own pages in the administration: Wagtail's frame round a template of ours."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

HOME = {"url": "/admin/", "label": "Home"}


@dataclass(frozen=True)
class Frame:
    """The heading of a page and the way to it."""

    title: str
    crumbs: tuple[dict[str, str], ...] = ()
    section: str = "Sign-off"


def page(request: HttpRequest, template: str, frame: Frame, context: dict[str, Any]) -> HttpResponse:
    """A page; 400 when it holds a form that was sent and not taken."""
    shown = {
        "header_title": frame.section,
        "page_heading": frame.title,
        "header_icon": "circle-check",
        "breadcrumbs_items": [HOME, *frame.crumbs, {"url": "", "label": frame.title}],
    }
    status = 400 if "form" in context and context["form"].is_bound else 200
    return render(request, template, shown | context, status=status)
