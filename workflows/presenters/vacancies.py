"""Work that nobody at an organisation can do, for its page and for its lead's inbox: why, and what mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.forms import roles_offered
from governance.helping import contact
from governance.models import Organisation
from governance.panels import Panel
from workflows import permissions
from workflows.selectors import vacancies
from workflows.selectors.able import Hindrance
from workflows.selectors.vacancies import Vacancy

_TEMPLATE = "workflows/_vacancies.jinja"


@dataclass(frozen=True)
class VacancyLine:
    """One role, how much waits for it, why nobody acts in it, and where the viewer mends it, as (words, address)."""

    role: str
    waits: str
    why: str
    mends: tuple[tuple[str, str], ...]


def panel(viewer: Actor, kind: str, public_id: UUID) -> Panel | None:
    """For the page of an organisation; nothing while somebody can do everything that waits."""
    if kind != "organisation":
        return None
    organisation, found = vacancies.of_organisation(viewer, public_id)
    return Panel(_TEMPLATE, _lines(viewer, organisation, found)) if found else None


def own_panel(viewer: Actor) -> Panel | None:
    """For the inbox of whoever leads the organisation they act for."""
    seen = vacancies.of_lead(viewer)
    return Panel(_TEMPLATE, _lines(viewer, *seen)) if seen and seen[1] else None


def _lines(viewer: Actor, organisation: Organisation, found: Iterable[Vacancy]) -> list[VacancyLine]:
    manages = gate.decide(viewer, Action.STAFF_LIST_MANAGE, organisation).allowed
    return [
        VacancyLine(
            role=each.role_label,
            waits="1 case waits" if each.waiting == 1 else f"{each.waiting:,} cases wait",
            why=_why(each),
            mends=_mends(viewer, organisation, each, manages),
        )
        for each in found
    ]


def _why(vacancy: Vacancy) -> str:
    if vacancy.why is None:
        return "Nobody on the staff list has this role"
    if vacancy.why is Hindrance.BARRED:
        return "Somebody else has to act: those who have this role wrote it or have decided on it"
    return f"Those who have this role cannot act yet: {vacancy.why.label}"


def _mends(viewer: Actor, organisation: Organisation, vacancy: Vacancy, manages: bool) -> tuple[tuple[str, str], ...]:
    page = reverse("governance:organisation", args=[organisation.public_id])
    if vacancy.why is Hindrance.AGREEMENT:
        return (("See the agreement", f"{page}#agreement"),)
    if vacancy.why not in (None, Hindrance.BARRED):
        return (("See the staff list", f"{page}#people"),)
    if not manages or vacancy.role not in dict(roles_offered(viewer.role)):
        return (("Whom to ask", contact("")),)
    role = permissions.role_words(vacancy.role)
    other = f"another {role}" if vacancy.why else permissions.with_article(vacancy.role)
    new = reverse("governance:staff_new", args=[organisation.public_id])
    ways = [(f"Put {other} on the staff list", f"{new}?role={vacancy.role}")]
    if vacancy.why and permissions.leads(viewer, organisation.pk):
        ways.append(("See everybody’s tasks", reverse("workflows:team")))
    return tuple(ways)
