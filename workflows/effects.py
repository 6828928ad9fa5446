"""The effects every flow may use to let people and systems know: written with the decision, sent after it."""

from collections.abc import Iterable

from governance.enums import UNLISTED_ROLES, RoleKey
from governance.models import User
from governance.services import notifications, webhooks
from workflows import policies
from workflows.registry import EffectContext, effect
from workflows.selectors import people

SUBMITTER, AUTHORS = "submitter", "authors"
RECIPIENTS = frozenset({SUBMITTER, AUTHORS, *(str(role) for role in RoleKey if role not in UNLISTED_ROLES)})


@effect("notify", label="Tell people", params={"to": str}, choices={"to": RECIPIENTS})
def notify(ctx: EffectContext) -> int:
    """Tell who sent it in, its authors, or those who hold a role at the owning organisation. Never who decided."""
    users = [user for user in _recipients(ctx) if user.pk != ctx.actor.user_id]
    step = policies.spec_of(ctx.case.version).transition(ctx.decision.transition, ctx.decision.from_state)
    return notifications.tell(
        users=users,
        topic="flow.notice",
        text=f"{ctx.subject.label}: {step.label if step else ctx.decision.transition}",
        link=ctx.subject.link,
        key=f"decision:{ctx.decision.pk}",
        about=("flow_case", str(ctx.case.public_id)),
        organisation_id=ctx.case.owner_id,
        by=ctx.actor,
    )


@effect("webhook", label="Tell the organisation's systems")
def webhook(ctx: EffectContext) -> int:
    """Call the systems of the owning organisation with the references of the case and of the step."""
    return webhooks.tell_systems(
        organisation_id=ctx.case.owner_id,
        topic=f"flow.{ctx.decision.transition}",
        key=f"decision:{ctx.decision.pk}",
        about=("flow_case", str(ctx.case.public_id)),
        by=ctx.actor,
    )


def _recipients(ctx: EffectContext) -> Iterable[User]:
    to = str(ctx.params["to"])
    if to in (SUBMITTER, AUTHORS):
        keys = ctx.subject.author_ids if to == AUTHORS else {ctx.case.opened_by_id}
        return User.objects.filter(pk__in=keys - {None}, is_active=True)
    entries = people.holders(organisation_id=ctx.case.owner_id, role=to, now=ctx.now)
    return [entry.user for entry in entries.select_related("user")]
