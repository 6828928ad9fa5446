"""Choosing in the designer: what one may open, and the sections of the library."""

from typing import Any

from django.shortcuts import get_object_or_404
from wagtail.permissions import policy_registry
from wagtail.snippets.views import chooser

from careplan_forms.models import FormSection
from careplan_forms.selectors import form_drafts


class OpenToChooser:
    """A chooser offers, and names, what its user may open, not every row there is."""

    def get_object_list(self) -> Any:
        user = self.request.user  # type: ignore[attr-defined]
        policy = policy_registry.get_by_type(self.model_class)  # type: ignore[attr-defined]
        rows = policy.instances_user_has_any_permission_for(user, ["change"])
        return rows | form_drafts.shared_sections() if self.model_class is FormSection else rows  # type: ignore[attr-defined]

    def get_object(self, pk: str) -> Any:
        return get_object_or_404(self.get_object_list(), pk=pk if pk.isdecimal() else None)

    def get_objects(self, pks: list[str]) -> Any:
        return self.get_object_list().filter(pk__in=[pk for pk in pks if pk.isdecimal()])


def _open_to(view_class: type) -> type:
    return type(view_class.__name__, (OpenToChooser, view_class), {})


class DesignChooserViewSet(chooser.SnippetChooserViewSet):
    """Choosing a section for a form."""

    choose_view_class = _open_to(chooser.ChooseView)
    choose_results_view_class = _open_to(chooser.ChooseResultsView)
    chosen_view_class = _open_to(chooser.SnippetChosenView)
    chosen_multiple_view_class = _open_to(chooser.SnippetChosenMultipleView)
