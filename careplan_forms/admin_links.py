"""Where the administration's dashboards lead for a form that waits for sign-off."""

from typing import Any

from django.urls import reverse

from careplan_forms.models import FormDefinition
from careplan_forms.selectors.definitions import latest_candidate
from careplan_forms.selectors.sign_off import officers
from governance.enums import RoleKey

_SIGNING = (RoleKey.CLINICAL_SAFETY_OFFICER, RoleKey.IG_OFFICER)


def leading_to_candidates(finder: type) -> type:
    """A finder of edit pages that takes those who sign off, and do not edit, to what was proposed last."""

    def get_edit_url(self: Any, instance: FormDefinition) -> str | None:
        address: str | None = super(found, self).get_edit_url(instance)
        if address is not None or self.user is None or not officers(_SIGNING).filter(pk=self.user.pk).exists():
            return address
        candidate = latest_candidate(instance)
        return reverse("forms_candidate", args=[candidate.public_id]) if candidate else None

    found: Any = type("FormLinks", (finder,), {"get_edit_url": get_edit_url})
    return found
