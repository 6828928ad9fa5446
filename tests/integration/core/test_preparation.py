"""Preparing the service to start, also after somebody stopped it half-way."""

import pytest

from core import preparation


def test_a_migration_stopped_after_its_last_step_is_gone_through_again(db, tmp_path, settings, monkeypatch):
    settings.DATA_DIR, settings.DEMO = tmp_path, False
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    called = []

    def migrate(name, **how):
        called.append(name)
        if len(called) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(preparation, "call_command", migrate)
    monkeypatch.setattr(preparation.migration_state, "pending", lambda: [] if called else [("core", "0001")])
    with pytest.raises(KeyboardInterrupt):
        preparation.prepare(print)
    preparation.prepare(print)
    preparation.prepare(print)
    assert called.count("migrate") == 2
