"""The panel of an organisation's page about roles nobody holds."""

from uuid import UUID

from governance.actors import Actor
from governance.panels import Panel
from workflows.selectors import vacancies


def panel(viewer: Actor, kind: str, public_id: UUID) -> Panel | None:
    """Nothing while every role that work waits for is held."""
    found = vacancies.of_organisation(viewer, public_id) if kind == "organisation" else []
    return Panel("workflows/_vacancies.jinja", found) if found else None
