"""A new database is made in an order that is quick: the libraries' tables before ours."""

from importlib import import_module

from django.db.migrations.loader import MigrationLoader

OURS = {"careplan_forms", "content", "core", "governance", "workflows"}


def test_every_library_with_tables_comes_before_ours():
    listed = import_module("governance.migrations.0002_after_the_libraries").LIBRARIES
    beneath_the_account = {"auth", "contenttypes"}
    with_tables = {label for label in MigrationLoader(None).migrated_apps if label not in OURS}
    with_steps = {label for label, _ in MigrationLoader(None).disk_migrations}
    assert set(listed) == (with_tables & with_steps) - beneath_the_account
