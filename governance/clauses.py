"""The clauses the gate is made of. Each looks at an actor's facts and says, in words, what stands in the way."""

from collections.abc import Callable, Collection

from core.registry import Registry
from governance import policies
from governance.decisions import Reason
from governance.enums import AgreementState, RoleKey, TrainingState
from governance.facts import ActorFacts
from governance.helping import ACTING_FOR, DESK, GUARDIAN, LEAD, MINE, SERVICE_DESK

Clause = Callable[[ActorFacts], list[Reason]]

#: One provider (content): the address of the course with this key, or an empty text.
lesson_links: Registry[Callable[[str], str]] = Registry("lesson links")

_AGREEMENT_WORDS = {
    None: ("agreement-none", "Your organisation has no information sharing agreement", DESK),
    AgreementState.DRAFT: ("agreement-not-sent", "Your organisation's agreement has not been sent to be signed", DESK),
    AgreementState.SENT: ("agreement-unsigned", "Your organisation's agreement is waiting to be signed", GUARDIAN),
    AgreementState.SIGNED: (
        "agreement-not-countersigned",
        "Your organisation's agreement is signed and waits to be countersigned",
        DESK,
    ),
    AgreementState.AGREED: ("agreement-not-started", "Your organisation's agreement has not started yet", DESK),
    AgreementState.LAPSED: ("agreement-ended", "Your organisation's agreement has ended", GUARDIAN),
    AgreementState.DECLINED: ("agreement-declined", "Your organisation's Guardian declined the agreement", GUARDIAN),
    AgreementState.WITHDRAWN: ("agreement-not-sent", "Your organisation's agreement was taken back unsigned", DESK),
    AgreementState.SUSPENDED: ("agreement-suspended", "Your organisation's agreement is suspended", DESK),
    AgreementState.TERMINATED: ("agreement-terminated", "Your organisation's agreement was terminated", DESK),
}
_TRAINING_WORDS = {
    TrainingState.NEVER: (
        "training-never",
        "You have not taken the training for your role yet",
        "You: take the course",
        True,
    ),
    TrainingState.EXPIRED: ("training-expired", "Your training has run out", "You: take the course again", True),
    TrainingState.GRACE: (
        "training-grace",
        "Your training has run out. Take the course again in the next days to keep your access",
        "You: take the course again",
        False,
    ),
}


def account(facts: ActorFacts) -> list[Reason]:
    """The account exists and is active."""
    if facts.account_active:
        return []
    return [Reason("account-closed", "Your account is closed", SERVICE_DESK)]


def listed(facts: ActorFacts) -> list[Reason]:
    """On the staff list today, in an organisation that is open and not suspended."""
    if facts.entry is None or facts.organisation is None:
        text = "You are not on the staff list of an organisation you have chosen to act for"
        return [Reason("not-listed", text, LEAD, ACTING_FOR)]
    name = facts.organisation.name
    reasons = list(organisation_open(facts))
    if facts.entry.is_suspended:
        reasons.append(Reason("entry-suspended", f"Your place on the staff list of {name} is suspended", LEAD, MINE))
    elif facts.entry.starts_on > facts.today:
        reasons.append(
            Reason("entry-not-started", f"Your place on the staff list of {name} has not started", LEAD, MINE)
        )
    elif not policies.is_listed(facts.entry, facts.today):
        reasons.append(Reason("entry-ended", f"Your place on the staff list of {name} has ended", LEAD, MINE))
    return reasons


def organisation_open(facts: ActorFacts) -> list[Reason]:
    """The organisation is neither suspended nor closed."""
    if facts.organisation is None:
        text = "You are not acting for an organisation"
        return [Reason("no-organisation", text, LEAD, ACTING_FOR)]
    if facts.organisation.is_suspended:
        text = f"{facts.organisation.name} is suspended from the service"
        return [Reason("organisation-suspended", text, DESK)]
    if facts.organisation.closed_on and facts.organisation.closed_on < facts.today:
        return [Reason("organisation-closed", f"{facts.organisation.name} has closed", DESK)]
    return []


def agreement(facts: ActorFacts) -> list[Reason]:
    """The organisation's agreement is in force. The host runs the service and has nobody to agree with."""
    if facts.organisation is None or facts.organisation.is_host:
        return []
    state = policies.organisation_state(facts.agreements, facts.today)
    if state in policies.IN_FORCE:
        return []
    code, text, fixer = _AGREEMENT_WORDS[state]
    return [Reason(code, text, fixer, MINE if fixer == GUARDIAN else "")]


def trained(facts: ActorFacts) -> list[Reason]:
    """Every course the role needs is passed and in date, or in its days of grace (then a banner says so)."""
    reasons = []
    for requirement in facts.requirements:
        found = _TRAINING_WORDS.get(policies.training_state(requirement, facts.at))
        if found:
            code, text, fixer, blocks = found
            reasons.append(Reason(code, text, fixer, lesson_link(requirement.course_key), blocks=blocks))
    return reasons


def registered(facts: ActorFacts) -> list[Reason]:
    """Approving is a doctor's, with a registration number."""
    if facts.entry is not None and facts.entry.registration_number:
        return []
    text = "Your registration number is not on the staff list"
    return [Reason("no-registration-number", text, LEAD, MINE)]


def urgent_care(facts: ActorFacts) -> list[Reason]:
    """Emergency reading belongs to organisations that give urgent care."""
    if facts.organisation is not None and facts.organisation.is_urgent_care:
        return []
    text = "Only urgent care organisations read plans this way"
    return [Reason("not-urgent-care", text, DESK)]


def host(facts: ActorFacts) -> list[Reason]:
    """Some acts are the host's: the organisation that runs the service."""
    if facts.organisation is not None and facts.organisation.is_host:
        return []
    return [Reason("not-host", "Only the host of the service does this", DESK)]


def leads(facts: ActorFacts) -> list[Reason]:
    """A live grant to lead the organisation; enough while it is joining and has no staff list."""
    if _asked(facts.has_lead_grant):
        return []
    return [Reason("no-lead-grant", "You have no current permission to lead this organisation", DESK)]


def admin_grant(facts: ActorFacts) -> list[Reason]:
    """A live grant on something that is worked on in the administration (one form, say)."""
    if _asked(facts.has_admin_grant):
        return []
    return [Reason("no-admin-grant", "You have no current permission to work on anything here", DESK)]


def connected(facts: ActorFacts) -> list[Reason]:
    """A connected system is known and between its dates."""
    if facts.system is None:
        return [Reason("system-unknown", "This system is not connected", DESK)]
    ended = facts.system.valid_until is not None and facts.system.valid_until <= facts.at
    if facts.at < facts.system.valid_from or ended:
        return [Reason("system-ended", "This system's connection is not valid now", DESK)]
    return []


def for_a_person(facts: ActorFacts) -> list[Reason]:
    """Staff read plans on the staff's pages; their own, or that of somebody they act for, as that and not as staff."""
    text = "You are not acting for yourself, or for somebody you care for"
    return [Reason("not-for-a-person", text, "You: choose whom you act for", ACTING_FOR)]


def role_in(roles: Collection[RoleKey]) -> Clause:
    """The role on the staff list is one of these. Read from the list now, not from what the session remembers."""

    def role(facts: ActorFacts) -> list[Reason]:
        if facts.entry is not None and facts.entry.role in roles:
            return []
        labels = " or ".join(sorted(RoleKey(key).label.lower() for key in roles))
        return [Reason("role", f"Your role does not do this. It needs: {labels}", LEAD, MINE)]

    return role


def any_of(*ways: tuple[Clause, ...]) -> Clause:
    """One of several ways in; when none is open, the reasons of the first that got furthest."""

    def either(facts: ActorFacts) -> list[Reason]:
        answers = [[reason for clause in way for reason in clause(facts)] for way in ways]
        return min(answers, key=lambda reasons: len([reason for reason in reasons if reason.blocks]))

    return either


def _asked(grant: bool | None) -> bool:
    """A grant among the facts; a decision that forgot to ask for it is no decision."""
    if grant is None:
        raise LookupError("This act depends on a grant, and its facts were read without grants")
    return grant


def lesson_link(course_key: str) -> str:
    """Where the course is, or an empty text while no course page exists."""
    return lesson_links.only()(course_key) if len(lesson_links) else ""
