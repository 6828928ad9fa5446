"""The guards every flow may use. What governance knows is asked of governance, in its words."""

from django.db.models import Q

from governance import clauses
from governance.enums import RoleKey
from governance.helping import SIGNATORIES
from workflows.engine.lint import EXEMPTION_GUARD
from workflows.engine.lint_deciding import SMALL_CHANGE_GUARD
from workflows.policies import AUTHOR_MESSAGE, EARLIER_DECIDER_GUARD, NOT_AUTHOR
from workflows.registry import Guard, GuardContext, GuardResult, guard, guards
from workflows.selectors import decided, votes


@guard("not_author", label="The decider did not write it", bars_authors=True)
def not_author(ctx: GuardContext) -> GuardResult:
    """Nobody decides on what they wrote, neither in person nor through a colleague."""
    if not ctx.alone:
        return GuardResult.passed()
    return GuardResult.blocked(NOT_AUTHOR, AUTHOR_MESSAGE, fixer="A colleague who did not write it")


@guard(EXEMPTION_GUARD, label="An author may decide only under a signed exemption")
def author_only_if_exempt(ctx: GuardContext) -> GuardResult:
    """An author may decide alone when clinical safety and information governance signed that for this
    version.
    """
    if not ctx.alone or ctx.exemption:
        return GuardResult.passed()
    message = "You wrote this. This flow has no signed exemption that lets the author decide alone"
    return GuardResult.blocked("no-exemption", message, fixer=SIGNATORIES)


@guard(EARLIER_DECIDER_GUARD, label="The decider has not decided on it before")
def not_earlier_decider(ctx: GuardContext) -> GuardResult:
    """Each decision on a case is another person's; sending it in does not count as one."""
    ids = [str(user_id) for user_id in ctx.decider_ids]
    earlier = ctx.case.decisions.filter(Q(user_id_text__in=ids) | Q(on_behalf_of__in=ids))
    if any(not decision.evidence.get("opening") for decision in earlier):
        message = "You decided on this before. Somebody else has to take the next step"
        return GuardResult.blocked("earlier-decider", message, fixer="A colleague who has not decided on it")
    return GuardResult.passed()


@guard("document_unchanged_since_read", label="It has not changed since it was sent and read")
def document_unchanged_since_read(ctx: GuardContext) -> GuardResult:
    """What is decided on is what was sent in, but for what the step calls insignificant; and what was shown."""
    same = not votes.changed(ctx.subject, ctx.transition, ctx.case.subject_sha256)
    if same and ctx.shown_sha256 in (None, ctx.subject.content_sha256):
        return GuardResult.passed()
    message = "It has changed since it was sent. It has to be sent again before anybody can decide on it"
    return GuardResult.blocked("changed-since-sent", message, ctx.subject.link, "Whoever sent it")


@guard(SMALL_CHANGE_GUARD, label="Nothing significant changed since it was last agreed")
def nothing_significant_changed(ctx: GuardContext) -> GuardResult:
    """It was agreed before, and what changed since then is nothing the step calls significant."""
    agreed = decided.last_agreed(ctx.subject)
    if agreed is None:
        message = "It has not been agreed before, so all of it has to be decided on"
    elif votes.changed(ctx.subject, ctx.transition, agreed.sha256):
        message = "Something significant changed since it was last agreed, so it has to be decided on as a whole"
    else:
        return GuardResult.passed()
    return GuardResult.blocked("significant-change", message, ctx.subject.link, "Those who decide on the whole")


def _asks_governance(name: str, label: str, *asked: clauses.Clause) -> None:
    """Register a guard that asks nothing but what governance knows of the decider: its first blocking reason."""

    def evaluate(ctx: GuardContext) -> GuardResult:
        for reason in (reason for clause in asked for reason in clause(ctx.facts)):
            if reason.blocks:
                return GuardResult.blocked(reason.code, reason.text, reason.link, reason.fixer)
        return GuardResult.passed()

    guards.add(name, Guard(label, evaluate, clauses=asked))


_DOCTOR = (clauses.role_in((RoleKey.DOCTOR,)), clauses.registered)
_asks_governance("role_registered", "The decider is a doctor with a registration number", *_DOCTOR)
_asks_governance("agreement_in_force", "The organisation's agreement is in force", clauses.agreement)
_asks_governance("staff_listed", "The decider is on the staff list", clauses.listed)
_asks_governance("training_valid", "The decider's training is in date", clauses.trained)
