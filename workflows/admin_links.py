"""Where Wagtail's lists and dashboards lead those who sign off and do not edit."""

from typing import Any

from workflows.models.sign_off import SIGNING_ROLES
from workflows.selectors.sign_off import latest_candidate, officers
from workflows.services.sign_off_notices import link_to


def leading_to_candidates(finder: type) -> type:
    """A finder of edit pages that takes those who sign off, and do not edit, to what was proposed last."""

    def get_edit_url(self: Any, instance: Any) -> str | None:
        address: str | None = super(found, self).get_edit_url(instance)
        signing = [role for role, _ in SIGNING_ROLES]
        if address is not None or self.user is None or not officers(signing).filter(pk=self.user.pk).exists():
            return address
        candidate = latest_candidate(instance)
        return link_to(candidate) if candidate else None

    found: Any = type("SignOffLinks", (finder,), {"get_edit_url": get_edit_url})
    return found
