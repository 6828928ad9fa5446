"""What can be previewed in the administration in several ways, each with several test people."""

from typing import Any

from django.utils.functional import cached_property
from wagtail.models import PreviewableMixin


class Previewed(PreviewableMixin):
    """A form, or a section of one; the ways of looking and the pages are those of `views.designer`."""

    # A page asks eight times.
    @cached_property
    def preview_modes(self) -> list[tuple[str, str]]:
        from careplan_forms.views.designer import modes_of

        return modes_of(self)

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        from careplan_forms.views.designer import preview

        return preview(request, self, mode_name)
