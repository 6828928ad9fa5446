"""Which migrations a database lacks, told by names alone: no migration is imported, so a health check may ask."""

import pkgutil
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@cache
def names_on_disk() -> frozenset[tuple[str, str]]:
    """(app label, migration name) of every installed app."""
    found = set()
    for config in apps.get_app_configs():
        name, _ = MigrationLoader.migrations_module(config.label)
        try:
            folder = import_module(name) if name else None
        except ModuleNotFoundError:
            continue
        if folder is not None and hasattr(folder, "__path__"):
            for module in pkgutil.iter_modules(folder.__path__):
                if not module.ispkg and module.name[0] not in "_~":
                    found.add((config.label, module.name))
    return frozenset(found)


def pending() -> list[tuple[str, str]]:
    """Migrations on disk that the database has not had, in no order that could be run."""
    applied = MigrationRecorder(connection).applied_migrations().keys()
    return sorted(names_on_disk() - set(applied))
