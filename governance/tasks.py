"""Background work of governance: sealing, bringing waiting events home, sweeping grants, following dates, mail."""

from core.jobs import every, job, schedule
from governance.actors import Actor
from governance.services import audit_spool, grants, groups, notice_mail, sealing, webhook_calls


@every(30, "seal the audit trail")
def seal_audit() -> int:
    """Bring in what waits on disk, then seal what is new; returns the number of seals made."""
    audit_spool.replay()
    count = 0
    while sealing.seal():
        count += 1
    return count


@every(5, "call webhooks")
def call_systems() -> int:
    """Call the systems that are to be told of something; what failed is tried again with growing pauses."""
    return webhook_calls.call_waiting(by=Actor.job("call webhooks"))


@job()
def seal_all_audit() -> int:
    """The nightly sweep over all time: an event that committed days late is sealed as well."""
    return sealing.seal_everything()


@job()
def follow_dates() -> dict[str, int]:
    """Remove expired grants and group memberships. The gate stopped honouring them at their moment."""
    by = Actor.job("follow dates")
    return {"grants": grants.sweep(by=by), "accounts": groups.sync_everybody(by=by)}


@every(5, "mail notices")
def mail_notices() -> int:
    """Mail the notices that wait and are due; what failed is tried again with growing pauses."""
    return notice_mail.mail_waiting(by=Actor.job("mail notices"))


def register_schedules() -> None:
    """Called once the apps are ready."""
    schedule("seal all of the audit trail", "40 3 * * *", seal_all_audit)
    schedule("follow dates of grants and staff lists", "5 * * * *", follow_dates)
