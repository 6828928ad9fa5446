"""What a flow looks like while it is edited."""

from typing import Any

from wagtail.models import PreviewableMixin


class PreviewedFlow(PreviewableMixin):
    """The drawing, the steps and the checks beside the editor; the page is that of `views.flow_previews`."""

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        from workflows.views.flow_previews import preview

        return preview(request, self)
