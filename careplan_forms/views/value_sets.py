"""A list of answers in use: how many plans each answer stands in, and which questions offer the list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from wagtail.snippets.views import snippets

from careplan_forms import design_permissions
from careplan_forms.models import ValueSet
from careplan_forms.selectors import value_set_use
from governance.http import ActorRequest

_LISTS = "Lists of answers"


class ValueSetEditView(snippets.EditView):
    """A list of answers; from here to who uses it, and to a newer edition of it in a file."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bring = f"{reverse('forms_value_set_bring')}?key={self.object.key}"
        links = [
            (reverse("forms_value_set_use", args=[self.object.key]), "Use of this list"),
            (bring, "Bring a newer edition in"),
        ]
        return super().get_context_data(**kwargs) | {"further": links}


@require_GET
def use(request: ActorRequest, key: str) -> HttpResponse:
    """Every option with the number of plans, and where the list is used."""
    actor = request.actor
    design_permissions.check_user_can_shape_some(actor)
    value_set = value_set_use.value_set_by_key(key)
    design_permissions.check_user_can_edit(actor, value_set)
    title = f"Use of “{value_set.title}”"
    context = {
        "header_title": title,
        "header_icon": "list-ol",
        "page_heading": title,
        "breadcrumbs_items": [*crumbs(value_set), {"url": "", "label": title}],
        "value_set": value_set,
        "options": value_set_use.options_in_use(value_set),
        "places": value_set_use.places_using(value_set),
    }
    return render(request, "careplan_forms/designer/value_set_use.html", context)


def crumbs(value_set: ValueSet | None = None) -> list[dict[str, str]]:
    """The way to the lists of answers, and to one of them."""
    found = [
        {"url": reverse("wagtailadmin_home"), "label": "Home"},
        {"url": reverse(ValueSet.snippet_viewset.get_url_name("list")), "label": _LISTS},
    ]
    if value_set is not None:
        edit = reverse(ValueSet.snippet_viewset.get_url_name("edit"), args=[value_set.pk])
        found.append({"url": edit, "label": value_set.title})
    return found
