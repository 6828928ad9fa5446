"""What somebody who decides on a plan is offered, and what they are told when it still waits afterwards."""

from dataclasses import dataclass

from django.http import QueryDict

from careplan_forms.forms.plans import RETURN, PlanDecisionForm
from careplan_forms.models import PlanSubmission
from careplan_forms.services import submissions
from careplan_forms.services.approvals import APPROVE
from governance.actors import Actor
from governance.enums import RoleKey
from workflows.models import FlowCase
from workflows.presenters.deciding import Offer, offers
from workflows.selectors.cases import subject_of
from workflows.selectors.decided import SinceThen, since_last
from workflows.services import cases
from workflows.services.explanations import WhoCan

TELL_THE_LEAD = "Your organisation’s lead has to add somebody to the staff list"
#: Steps with a place of their own on the page.
APART = (RETURN, "withdraw")


@dataclass(frozen=True)
class Choice:
    """A step as the page offers it; without a form when it is not open to the reader."""

    offer: Offer
    form: PlanDecisionForm | None


def choices(
    viewer: Actor, submission: PlanSubmission, case: FlowCase | None, posted: QueryDict | None
) -> dict[str, Choice]:
    """Every step out of where a submission stands, by key, with what was posted of one in its form; none when it is
    decided.
    """
    if case is None:
        return {}
    initial = {"shown": submission.content_sha256, "state": case.state}
    sent = posted.get("decision") if posted else None
    found = {}
    for key, offer in offers(viewer, case).items():
        form = PlanDecisionForm.of(offer, posted if key == sent else None, step=key, initial=initial)
        found[key] = Choice(offer, form if offer.is_open or key == sent else None)
    return found


def leading_on(found: dict[str, Choice]) -> list[Choice]:
    """Those the page offers as the decision itself."""
    return [choice for key, choice in found.items() if key not in APART]


def since(viewer: Actor, submission: PlanSubmission, case: FlowCase | None) -> SinceThen | None:
    """What changed since the text the viewer last decided on. Where that is what stands approved now, the page says so
    anyway.
    """
    if case is None:
        return None
    found = since_last(viewer, subject_of(case))
    base = submission.base_version
    return None if found and base and base.content_sha256 == found.sha256 else found


def what_follows(by: Actor, submission: PlanSubmission, step: str) -> str:
    """What is said to somebody whose decision is recorded and brought no version into being."""
    recorded = f"Your {'approval' if step == APPROVE else 'decision'} is recorded."
    case = submissions.open_case_of(submission)
    if case is None:
        return recorded
    asked = cases.who_must_act(case)
    able = [who for who in asked if not who.is_vacant]
    words = " or ".join(dict.fromkeys(_next(by, who) for who in able or asked))
    if asked and not able:
        return f"{recorded} It now waits for {words}: nobody there can do so now. {TELL_THE_LEAD}"
    return f"{recorded} It now waits for {words}" if words else recorded


def _next(by: Actor, who: WhoCan) -> str:
    """Somebody in one's own role is a second one: one has decided, and it waits for somebody else."""
    if who.role == by.role and who.organisation_id == by.organisation_id:
        return f"a second {RoleKey(who.role).label.lower()}"
    return who.words
