"""The section editor's help: rules read out in the words of the checks."""

import json

from django.http import JsonResponse
from django.views.decorators.http import require_POST

from careplan_forms import design_permissions
from careplan_forms.presenters.designing import MOST_ITEMS, MOST_PARTS, sentences
from careplan_forms.schema.document import DocumentError
from governance.http import ActorRequest


@require_POST
def in_words(request: ActorRequest) -> JsonResponse:
    """The sentences of conditions as they stand in an editor; it says back what it was given and reads nothing else."""
    design_permissions.check_user_can_shape_some(request.actor)
    try:
        asked = json.loads(request.body)
        parts, items = asked["parts"], asked["items"]
        if not isinstance(parts, list) or not isinstance(items, list):
            raise TypeError
        if len(parts) > MOST_PARTS or len(items) > MOST_ITEMS:
            raise ValueError
        return JsonResponse({"sentences": sentences(parts, items)})
    except (ValueError, TypeError, KeyError, RecursionError, DocumentError):
        return JsonResponse({"error": "This could not be read."}, status=400)
