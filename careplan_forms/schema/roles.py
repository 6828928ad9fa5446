"""Who may see, change and must answer an item: read from a document, and said in English.

Each of the three is None (whoever may read or write the plan, as everywhere else) or a set of roles; an empty set is
nobody. What an item stands in limits it too, and nobody changes what they may not see.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Limit = frozenset[str] | None

DOCTOR, CLINICIAN, CARE_HOME = "doctor", "clinician", "care_home"
URGENT_READER, PATIENT, DELEGATE = "urgent_reader", "patient", "delegate"

#: The roles that can ever be shown something of a plan, in the order they are offered and said.
READERS = (DOCTOR, CLINICIAN, CARE_HOME, URGENT_READER, PATIENT, DELEGATE)
#: Those of them that answer questions.
WRITERS = (DOCTOR, CLINICIAN, PATIENT, DELEGATE)
#: The other roles of the service, which a form may name though no plan is shown to them.
OTHERS = (
    *("clinical_lead", "clinical_safety_officer", "ig_officer", "caldicott_guardian", "privacy_officer"),
    *("org_lead", "commissioner", "content_editor", "operator", "learner"),
)

_MANY = {
    DOCTOR: "doctors",
    CLINICIAN: "clinicians who are not doctors",
    CARE_HOME: "care home staff",
    URGENT_READER: "urgent care readers",
    PATIENT: "the person",
    DELEGATE: "carers and attorneys",
}


@dataclass(frozen=True, slots=True)
class Roles:
    """The limits of one item, without those of what it stands in."""

    see: Limit = None
    edit: Limit = None
    require: Limit = None


NO_LIMITS = Roles()


def read_roles(roles: Any) -> Roles:
    """The limits a document names. A limit of the wrong shape is kept as nobody: hiding is safer than showing."""
    if roles is None:
        return NO_LIMITS
    if not isinstance(roles, dict):
        return Roles(see=frozenset(), edit=frozenset())
    return Roles(*(_limit(roles.get(key)) for key in ("see", "edit", "require")))


def allows(limit: Limit, role: str) -> bool:
    """Whether a limit lets a role through."""
    return limit is None or role in limit


def both(one: Limit, other: Limit) -> Limit:
    """What two limits leave together."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def people(limit: Iterable[str]) -> str:
    """Roles as people are called in a sentence: "doctors and care home staff"."""
    named = set(limit)
    said = [_MANY[role] for role in READERS if role in named]
    if DOCTOR in named and CLINICIAN in named:
        said[1] = "other clinicians"
    said += sorted(role.replace("_", " ") for role in limit if role not in READERS)
    if not said:
        return "nobody"
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def whom(limit: Limit) -> str:
    """The same for a limit, or that there is none."""
    return "everybody who may read the plan" if limit is None else people(limit)


def who_may(limit: Limit, what: str) -> str:
    """A limit as a sentence, such as "Only doctors may change this"; empty where there is none."""
    if limit is None:
        return ""
    return f"Only {people(limit)} may {what} this" if limit else f"Nobody may {what} this"


def who_must(limit: Limit) -> str:
    """Who must answer, as a sentence; empty where no limit is set."""
    if limit is None:
        return ""
    said = people(limit)
    return f"{said[0].upper()}{said[1:]} must answer this" if limit else "Nobody has to answer this"


def in_words(roles: Roles) -> list[str]:
    """All limits of an item, each a sentence."""
    said = (who_may(roles.see, "see"), who_may(roles.edit, "change"), who_must(roles.require))
    return [each for each in said if each]


def _limit(limit: Any) -> Limit:
    if limit is None:
        return None
    return frozenset(each for each in limit if isinstance(each, str)) if isinstance(limit, list) else frozenset()
