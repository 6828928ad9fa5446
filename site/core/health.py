"""Health checks: a registry that any layer may add to, read by `/readyz` and the operator's page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from core.registry import Registry


@dataclass(frozen=True)
class Health:
    """What one check found; `message` is for an operator and names no person."""

    name: str
    ok: bool
    message: str


checks: Registry[Callable[[], Health]] = Registry("health checks")


@checks.register("database")
def database() -> Health:
    """One statement gets through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Health("database", True, "answers")


def report() -> list[Health]:
    """Every check's answer; a check that raises is a check that failed."""
    results = []
    for name, check in checks.items():
        try:
            results.append(check())
        except Exception as error:
            results.append(Health(name, False, type(error).__name__))
    return results
