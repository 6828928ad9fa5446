"""Governance's place in the Wagtail administration."""

from wagtail import hooks

from governance.viewsets import GovernanceGroup, governance_group


@hooks.register("register_admin_viewset")
def register_viewsets() -> GovernanceGroup:
    return governance_group
