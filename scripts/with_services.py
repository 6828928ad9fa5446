#!/usr/bin/env python
"""with_services COMMAND…: run a command with a PostgreSQL of its own, and with Chromium found.

The server gets a temporary folder, a free port and an unprivileged user, and goes when the command ends, however it
ends. Sets DATABASE_SERVER (a postgresql:// address), POSTGRES_PROGRAMS and CHROMIUM. What is missing is installed with
apt when this runs as root on Debian; anywhere else one sentence says what to type, and the run fails: nothing is ever
skipped.
"""

import ctypes
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

SERVER_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "log_min_messages": "fatal",
}
HEADLESS = "chromium-headless-shell"
#: The first is Chromium without its windows, menus and their work: the same pages in a fifth less processor time.
BROWSERS = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


class Missing(Exception):
    """Something the suite needs is not here; the message says what to type."""


def find_postgres() -> Path | None:
    """The newest folder that holds a whole PostgreSQL: the server and what dumps and restores."""
    candidates = [Path(found).resolve().parent for found in (shutil.which("postgres"),) if found]
    patterns = (
        "/usr/lib/postgresql/*/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
        "/usr/pgsql-*/bin",
    )
    for pattern in patterns:
        candidates += sorted(map(Path, glob.glob(pattern)), reverse=True)
    needed = ("initdb", "postgres", "pg_dump", "pg_restore")
    return next((path for path in candidates if all((path / name).exists() for name in needed)), None)


def find_browser() -> str | None:
    """An executable Chromium or Chrome; the variable CHROMIUM wins."""
    named = os.environ.get("CHROMIUM", "")
    found = [named, *(shutil.which(name) or "" for name in BROWSERS), *MAC_BROWSERS]
    return next((path for path in found if path and Path(path).exists()), None)


def install(packages: list[str]) -> None:
    """Install Debian packages, without letting PostgreSQL's start a cluster of its own."""
    print(f"Installing {' and '.join(packages)} …", flush=True)
    no_cluster = Path("/etc/postgresql-common/createcluster.d/foreword.conf")
    no_cluster.parent.mkdir(parents=True, exist_ok=True)
    no_cluster.write_text("create_main_cluster = false\n")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(["apt-get", "update", "-qq"], check=True, stdout=subprocess.DEVNULL, env=environment)
        has_headless = not subprocess.run(
            ["apt-cache", "show", HEADLESS], capture_output=True, env=environment
        ).returncode
        chosen = [HEADLESS if package == "chromium" and has_headless else package for package in packages]
        get = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *chosen]
        subprocess.run(get, check=True, stdout=subprocess.DEVNULL, env=environment)
    except subprocess.CalledProcessError as error:
        raise Missing(f"apt-get could not install {' and '.join(packages)}: see what it said above.") from error
    finally:
        no_cluster.unlink()


def find_or_install() -> tuple[Path, str]:
    """PostgreSQL's folder and the browser."""
    wanted = {"postgresql": find_postgres(), "chromium": find_browser()}
    missing = [package for package, found in wanted.items() if found is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        # A browser without a font draws boxes and measures nothing.
        install([*missing, "fonts-liberation"] if "chromium" in missing else missing)
    postgres, browser = find_postgres(), find_browser()
    if postgres is None or browser is None:
        raise Missing(
            "The tests need PostgreSQL and Chromium: type `sudo apt install postgresql chromium` "
            "(macOS: `brew install postgresql@16 && brew install --cask chromium`), then the same again."
        )
    return postgres, browser


def server_user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Missing("PostgreSQL cannot run as root, and there is no user named postgres: run this as another user.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def die_with_parent() -> None:
    """Ask Linux to stop the server should this script be killed outright."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


def create_cluster(programs: Path, data: Path, user: str | None) -> None:
    for locale in ("C.UTF-8", "C"):
        command = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "foreword",
            "--auth=trust",
            "-E",
            "UTF8",
            f"--locale={locale}",
        ]
        outcome = subprocess.run([*command, "-N"], user=user, cwd="/", capture_output=True, text=True, check=False)
        if outcome.returncode == 0:
            return
    raise Missing(f"PostgreSQL could not make a cluster: {outcome.stderr.strip()}")


def wait_until_it_answers(server: subprocess.Popen, url: str, data: Path) -> None:
    """Wait for this very server: another one on the port would answer with another folder."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            if row and Path(row[0]).resolve() == data.resolve():
                return
        time.sleep(0.1)
    raise Missing("PostgreSQL did not start: see its log above.")


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """A running server; gives its address and takes everything away afterwards."""
    user = server_user()
    folder = Path(tempfile.mkdtemp(prefix="foreword-services-"))
    folder.chmod(0o711)
    data = folder / "pg"
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
    server = None
    try:
        create_cluster(programs, data, user)
        port = free_port()
        options = [f"-c{name}={value}" for name, value in SERVER_OPTIONS.items()]
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(port), *options],
            user=user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        url = f"postgresql://foreword@127.0.0.1:{port}/postgres"
        wait_until_it_answers(server, url, data)
        yield url
    finally:
        if server:
            server.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                server.wait(20)
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str]) -> int:
    """The command's exit status, run with both services."""
    programs, browser = find_or_install()
    with postgres_server(programs) as url:
        environment = os.environ | {"DATABASE_SERVER": url, "CHROMIUM": browser, "POSTGRES_PROGRAMS": str(programs)}
        child = subprocess.Popen(command, env=environment)

        def pass_on(number: int, frame: object) -> None:
            child.send_signal(number)

        signal.signal(signal.SIGTERM, pass_on)
        signal.signal(signal.SIGINT, lambda *_: None)
        return child.wait()


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return run(arguments)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
