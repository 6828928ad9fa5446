"""Who is acting, and for whom: the value every service and selector is given."""

from dataclasses import dataclass, replace
from uuid import UUID

from governance.enums import ActorKind, RoleKey

#: How the label of background work begins.
JOB_LABEL = "job "


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor for the length of one request, job or command.

    `user_id` is a User's key (None for systems, jobs and strangers); `entry_id`, `organisation_id` and `role` come
    from the staff-list entry somebody acts under; `on_behalf_of` is the patient reference for a delegate or the
    colleague's user id under a delegation; `purpose` is the reason given for reading. `label` is what audit rows show:
    for people a role and a reference, never a name. `urgent_care` says that the organisation gives urgent care,
    `admin_by_grant` that a grant opens a part of the administration; menus use them, the gate reads the facts itself.
    """

    kind: ActorKind
    label: str
    user_id: int | None = None
    entry_id: int | None = None
    organisation_id: int | None = None
    role: RoleKey | None = None
    urgent_care: bool = False
    admin_by_grant: bool = False
    on_behalf_of: str = ""
    client_id: str = ""
    session: str = ""
    request_id: str = ""
    route: str = ""
    purpose: str = ""

    @classmethod
    def job(cls, name: str) -> "Actor":
        """The actor of background work and of commands; `name` says which."""
        return cls(kind=ActorKind.JOB, label=f"{JOB_LABEL}{name}")

    @classmethod
    def anonymous(cls, request_id: str = "") -> "Actor":
        return cls(kind=ActorKind.ANONYMOUS, label="not signed in", request_id=request_id)

    @property
    def is_signed_in(self) -> bool:
        return self.kind not in (ActorKind.ANONYMOUS, ActorKind.JOB)

    def for_purpose(self, purpose: str) -> "Actor":
        """The same actor having given a reason."""
        return replace(self, purpose=purpose)


def reference(public_id: UUID) -> str:
    """How a person appears where a name may not: the first block of their public id."""
    return str(public_id)[:8]
