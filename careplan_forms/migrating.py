"""What happens to living plans when another version of their form goes live: their move is prepared."""

from core.events import transactional
from core.models import OutboxEvent


def register() -> None:
    """Called once the apps are ready."""
    # Importing the service makes its jobs known to the worker.
    import careplan_forms.services.migration_running  # noqa: F401
    from careplan_forms.services.sign_off import PUBLISHED

    transactional(PUBLISHED)(propose)


def propose(event: OutboxEvent) -> None:
    """Prepare the move to the version that went live, in the transaction in which it did."""
    from careplan_forms.models import FormVersion
    from careplan_forms.services.migrations import propose_migrations
    from governance.actors import Actor

    form, number = event.payload["form"], event.payload["version"]
    version = FormVersion.objects.select_related("definition").get(definition__key=form, number=number)
    propose_migrations(version=version, by=Actor.job("forms"))
