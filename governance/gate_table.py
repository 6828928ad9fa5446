"""The gate's table: action × kind of actor → clauses. What is not here is refused.

Order of clauses is the order in which reasons are said. Jobs have no facts: an empty row lets a job through, and jobs
are never given the acts that are a person's (approving, signing, writing).

The person and whoever acts for them have one act of their own, `MY_PLAN_READ`. `PLAN_READ` and `PLAN_WRITE` open the
staff's pages, which show drafts, authors' names and codes, so that no such page can open to them by an oversight.
"""

from governance import clauses as on
from governance.clauses import Clause
from governance.enums import ADMIN_ROLES, Action, ActorKind, RoleKey

R = RoleKey
_STAFF, _PERSON, _DELEGATE = ActorKind.STAFF, ActorKind.PERSON, ActorKind.DELEGATE
_SYSTEM, _JOB = ActorKind.SYSTEM, ActorKind.JOB

#: What only time has done. An urgent-care reader is told of it, warned, and let through to read.
NEVER_ENDED_BY_A_DATE = frozenset({"agreement-ended", "training-expired", "organisation-closed"})


#: Whose clauses look at a grant. For all others the facts are read without, which is quicker.
ASK_FOR_GRANTS = frozenset({Action.STAFF_LIST_MANAGE, Action.ORGANISATION_READ, Action.NOTICE_READ, Action.ADMIN_ENTER})


def _working(*roles: RoleKey) -> tuple[Clause, ...]:
    """The everyday rule: account, list, agreement, training, role."""
    return (on.account, on.listed, on.agreement, on.trained, on.role_in(roles))


def _joining(*roles: RoleKey) -> tuple[Clause, ...]:
    """While an organisation joins there is no agreement yet: account, list and role are enough."""
    return (on.account, on.listed, on.role_in(roles))


_LEAD_OR_IG: tuple[Clause, ...] = (
    on.account,
    on.organisation_open,
    on.any_of((on.listed, on.role_in((R.ORG_LEAD, R.IG_OFFICER))), (on.leads,)),
)
#: The administration: for its roles at the host, and a part of it for editors by grant, wherever they are listed.
_ADMIN_ROLE, _BY_GRANT = on.role_in(ADMIN_ROLES), (on.admin_grant,)
_ALONE: tuple[Clause, ...] = (on.account,)
_LET_THROUGH: tuple[Clause, ...] = ()

TABLE: dict[tuple[Action, ActorKind], tuple[Clause, ...]] = {
    (Action.MY_PLAN_READ, _PERSON): _ALONE,
    (Action.MY_PLAN_READ, _DELEGATE): _ALONE,
    (Action.MY_PLAN_READ, _STAFF): (on.for_a_person,),
    (Action.PLAN_READ, _STAFF): _working(R.CLINICIAN, R.DOCTOR, R.CARE_HOME),
    (Action.PLAN_READ, _JOB): _LET_THROUGH,
    (Action.PLAN_WRITE, _STAFF): _working(R.CLINICIAN, R.DOCTOR),
    (Action.PLAN_SUBMIT, _STAFF): _working(R.CLINICIAN, R.DOCTOR),
    (Action.PLAN_APPROVE, _STAFF): (*_working(R.DOCTOR), on.registered),
    (Action.PLAN_WITHDRAW, _STAFF): _working(R.CLINICIAN, R.DOCTOR),
    (Action.PLAN_SAMPLE, _STAFF): (*_working(R.CLINICAL_LEAD), on.host),
    (Action.PERSON_FIND, _STAFF): _working(R.CLINICIAN, R.DOCTOR),
    (Action.WORKLIST_READ, _STAFF): _working(R.CLINICIAN, R.DOCTOR, R.CARE_HOME),
    (Action.EMERGENCY_READ, _STAFF): (*_working(R.URGENT_READER, R.CLINICIAN, R.DOCTOR), on.urgent_care),
    (Action.AVAILABILITY_READ, _STAFF): _working(R.URGENT_READER, R.CLINICIAN, R.DOCTOR),
    (Action.AVAILABILITY_READ, _SYSTEM): (on.connected, on.organisation_open, on.agreement),
    (Action.FORM_DESIGN, _STAFF): _working(R.CLINICAL_LEAD),
    (Action.FORM_SIGN_OFF, _STAFF): _working(R.CLINICAL_SAFETY_OFFICER, R.IG_OFFICER),
    (Action.FLOW_READ, _STAFF): _joining(R.CLINICAL_LEAD, R.CLINICAL_SAFETY_OFFICER, R.IG_OFFICER, R.OPERATOR),
    (Action.FLOW_DESIGN, _STAFF): _working(R.CLINICAL_LEAD),
    (Action.FLOW_DESIGN, _JOB): _LET_THROUGH,
    (Action.FLOW_SIGN_OFF, _STAFF): _working(R.CLINICAL_SAFETY_OFFICER, R.IG_OFFICER),
    (Action.TASK_READ, _STAFF): (on.account, on.listed),
    (Action.ORGANISATION_READ, _STAFF): (
        on.account,
        on.organisation_open,
        on.any_of(
            _joining(R.IG_OFFICER, R.PRIVACY_OFFICER, R.OPERATOR, R.ORG_LEAD, R.CALDICOTT_GUARDIAN)[1:],
            (on.leads,),
        ),
    ),
    (Action.ORGANISATION_READ, _JOB): _LET_THROUGH,
    (Action.ORGANISATION_JOIN, _STAFF): (*_joining(R.IG_OFFICER), on.host),
    (Action.ORGANISATION_JOIN, _JOB): _LET_THROUGH,
    (Action.AGREEMENT_SIGN, _STAFF): _joining(R.CALDICOTT_GUARDIAN),
    (Action.AGREEMENT_COUNTERSIGN, _STAFF): (*_joining(R.IG_OFFICER, R.CALDICOTT_GUARDIAN), on.host),
    (Action.STAFF_LIST_MANAGE, _STAFF): _LEAD_OR_IG,
    (Action.STAFF_LIST_MANAGE, _JOB): _LET_THROUGH,
    (Action.NOTICE_OWN, _STAFF): _ALONE,
    (Action.NOTICE_OWN, _PERSON): _ALONE,
    (Action.NOTICE_OWN, _DELEGATE): _ALONE,
    (Action.NOTICE_READ, _STAFF): _LEAD_OR_IG,
    (Action.WEBHOOK_SET, _STAFF): (*_joining(R.IG_OFFICER), on.host),
    (Action.AUDIT_READ, _STAFF): _joining(R.PRIVACY_OFFICER, R.IG_OFFICER),
    (Action.REPORT_READ, _STAFF): _working(
        R.COMMISSIONER, R.CLINICAL_LEAD, R.CLINICAL_SAFETY_OFFICER, R.IG_OFFICER, R.ORG_LEAD
    ),
    (Action.REPORT_READ, _JOB): _LET_THROUGH,
    (Action.CONTENT_EDIT, _STAFF): _working(R.CONTENT_EDITOR, R.CLINICAL_LEAD),
    (Action.LEARN, _STAFF): _ALONE,
    (Action.LEARN, _PERSON): _ALONE,
    (Action.LEARN, _DELEGATE): _ALONE,
    (Action.ADMIN_ENTER, _STAFF): (
        on.account,
        on.listed,
        on.any_of((_ADMIN_ROLE,), _BY_GRANT),
        on.any_of((on.host,), _BY_GRANT),
    ),
    (Action.ADMIN_USE, _STAFF): (on.account, on.listed, _ADMIN_ROLE, on.host),
    (Action.OPERATE, _STAFF): _joining(R.OPERATOR),
    (Action.OPERATE, _JOB): _LET_THROUGH,
}
