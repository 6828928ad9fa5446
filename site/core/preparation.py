"""What has to be there before the service can start; each step is skipped when it was done for the same inputs."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection

from core import migration_state

Say = Callable[[str], None]


def prepare(say: Say) -> None:
    """Bring database, cache table, static files and the demo world up to date, saying what is being done."""
    _set_aside_a_demo_of_another_shape(say)
    # Permissions are made after the last migration: whoever stops it there leaves none pending, and it unfinished.
    unfinished = Stamp("migrating", [])
    if migration_state.pending() or unfinished.exists():
        say("Making the database (once, about half a minute) …")
        unfinished.set()
        call_command("migrate", interactive=False, verbosity=0)
        unfinished.forget()
    if settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
        _make_cache_table()
    if "Manifest" in settings.STORAGES["staticfiles"]["BACKEND"]:
        _collect_static_files(say)
    if settings.DEMO and "seed_demo" in get_commands():
        _seed(say)


def _make_cache_table() -> None:
    if settings.CACHES["default"]["LOCATION"] not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)


def _collect_static_files(say: Say) -> None:
    stamp = Stamp("static", [settings.SITE_DIR / "static", settings.REPOSITORY / "requirements.txt"])
    if not stamp.is_current():
        say("Collecting style sheets, scripts and fonts …")
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.set()


def _set_aside_a_demo_of_another_shape(say: Say) -> None:
    """Practice data made by other migrations of the same names cannot be read: it is set aside and made again.

    Only ever the SQLite file of a demo: nobody's data is in it.
    """
    path = Path(str(connection.settings_dict["NAME"]))
    if not settings.DEMO or connection.vendor != "sqlite":
        return
    ours = [path for pattern in ("*/migrations", "site/*/migrations") for path in settings.REPOSITORY.glob(pattern)]
    stamp = Stamp("demo-shape", ours)
    if path.exists() and stamp.exists() and not stamp.is_current():
        say("The shape of the data changed; setting the old practice data aside.")
        connection.close()
        path.replace(path.with_suffix(".old.sqlite3"))
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        Stamp("demo-seed", []).forget()
    stamp.set()


def _seed(say: Say) -> None:
    from django.contrib.auth import get_user_model

    stamp = Stamp("demo-seed", [settings.SITE_DIR / "config" / "demo"])
    if stamp.is_current() and get_user_model().objects.exists():
        return
    say("Making a world to practise in: organisations, people and plans, all of them made up …")
    call_command("seed_demo")
    stamp.set()


class Stamp:
    """Remembers, in the data directory, the digest of the files a step was done for."""

    def __init__(self, name: str, inputs: Iterable[Path]) -> None:
        self.path = Path(settings.DATA_DIR) / "stamps" / name
        self.inputs = list(inputs)

    def digest(self) -> str:
        digest = hashlib.sha256()
        files = [file for given in self.inputs for file in ([given] if given.is_file() else given.rglob("*"))]
        for file in sorted(file for file in files if file.is_file() and "__pycache__" not in file.parts):
            digest.update(str(file).encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def exists(self) -> bool:
        return self.path.exists()

    def is_current(self) -> bool:
        return self.exists() and self.path.read_text() == self.digest()

    def set(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.digest())

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
