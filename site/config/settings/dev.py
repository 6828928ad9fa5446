"""A developer's machine, and `make run`: local addresses, no HTTPS, no demo data."""

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, STORAGES, env

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
# A developer's own machine may be told by webhook, also without https.
OUTBOUND_TO_PRIVATE_ADDRESSES = True
STOP_GRACE_SECONDS = env.float("STOP_GRACE_SECONDS", default=3.0)
# Static files are served from where they lie: nothing has to be collected before the first page.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)


def _local_secret() -> str:
    """A secret made once for this checkout, so that sessions survive a restart."""
    from django.core.management.utils import get_random_secret_key

    path = DATA_DIR / "secret-key"
    if not path.exists():
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _local_secret()
