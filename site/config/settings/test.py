"""The test suite: fast hashing, tasks run at once, nothing leaves the machine."""

import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES, TASKS, TEMPLATES

SECRET_KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
NHS_NUMBER_RANGES = "test"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = STORAGES | {
    "plan-files": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": TASKS["default"] | {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TEMPLATES[0]["OPTIONS"]["environment"] = "config.jinja.strict_environment"  # type: ignore[index]

SCRATCH = Path(tempfile.mkdtemp(prefix="foreword-tests-"))
STATIC_ROOT = SCRATCH / "static"
STATIC_ROOT.mkdir()
AUDIT_SPOOL_DIR = SCRATCH / "audit-spool"
AUDIT_ANCHOR_FILE = SCRATCH / "audit-anchor.jsonl"
