"""What the administration offers on pages: review by a second person instead of publishing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin import messages

from content.models.review import UNREVIEWED, is_reviewed
from content.services import reviewing

# By now Wagtail has connected its own mails.
reviewing.register()


@hooks.register("insert_editor_js")
def name_fields_of_blocks() -> SafeString:
    """Wagtail leaves a block that is one field without a name for whoever hears the page."""
    return format_html('<script src="{}" defer></script>', static("content/page_editor.js"))


@hooks.register("construct_page_action_menu")
def leave_out_publishing(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The way live is "Submit"; a page whose newest text was reviewed can be put live again."""
    page = context.get("page")
    revision = page.latest_revision if page is not None else None
    if revision is None or not is_reviewed(revision):
        menu_items[:] = [item for item in menu_items if item.name != "action-publish"]


@hooks.register("before_create_page")
def create_as_draft(request: HttpRequest, parent: Any, kind: type) -> None:
    """Publishing asked for while creating: what was typed is kept as a draft."""
    if request.POST.get("action-publish"):
        words = request.POST.copy()
        del words["action-publish"]
        request.POST = words  # type: ignore[assignment]
        messages.error(request, UNREVIEWED)


@hooks.register("before_publish_page")
def send_for_review_instead(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Publishing asked for all the same: the draft is kept, and a sentence says what to do."""
    revision = page.latest_revision
    if revision is not None and is_reviewed(revision):
        return None
    messages.error(request, UNREVIEWED)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def send_one_by_one_for_review(
    request: HttpRequest, action_type: str, objects: list[Any], action_class: Any
) -> HttpResponse | None:
    """Pages are not published many at once: each is submitted, so that somebody reads it."""
    if action_type != "publish" or request.method != "POST":
        return None
    messages.error(request, UNREVIEWED)
    return redirect("wagtailadmin_home")


@hooks.register("before_copy_page")
def copy_as_drafts(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A copy starts as a draft: nobody has reviewed it where it will stand."""
    if request.method != "POST" or not request.POST.get("publish_copies"):
        return None
    messages.error(request, UNREVIEWED)
    return redirect("wagtailadmin_pages:copy", page.pk)
