"""The end of the workflow of a page. Wagtail imports this before any model, so it imports none."""

from typing import Any

from django.core.exceptions import PermissionDenied


def publish_reviewed(workflow_state: Any, user: Any = None) -> None:
    """Put the revision that was reviewed live, not the latest: that may be one nobody has seen.

    A workflow whose tasks were all taken away ends without a review, and so without publishing.
    """
    state = workflow_state.current_task_state
    if state is None:
        raise PermissionDenied("A page goes live when a second person has reviewed it, and nobody was asked to.")
    state.revision.publish(user=user, skip_permission_checks=True)
