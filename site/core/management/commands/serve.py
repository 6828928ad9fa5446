"""The `serve` command."""

import http.client
import json
import socket
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils.module_loading import import_string

from core import preparation
from core.supervision import Child, Supervisor


class Command(BaseCommand):
    """One command that runs the whole service: web server, worker, and what EXTRA_PROCESSES names."""

    help = "Run the service: web server, worker and, in the demo, the simulators; Ctrl-C stops all of it"
    # `make check` and the deployment run them; here they would cost seconds of every start.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="on which port (default: %(default)s)")
        parser.add_argument("--prepare", action="store_true", help="first bring the database up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        self._check_port(host, port)
        if options["prepare"]:
            preparation.prepare(self.say)
        connections.close_all()
        children = [
            Child("web", [sys.executable, "-m", "core.web", host, str(port), *self._web_arguments()]),
            Child("worker", self._command("worker")),
            *(Child(name, self._command(*arguments)) for name, arguments in settings.EXTRA_PROCESSES),
        ]
        supervisor = Supervisor(children, grace=settings.STOP_GRACE_SECONDS + 1, say=self.say)
        site = str(settings.SITE_DIR)
        given = supervisor.environment.get("PYTHONPATH")
        supervisor.environment["PYTHONPATH"] = f"{site}:{given}" if given else site
        self.say("Starting …")
        threading.Thread(target=self._announce, args=(host, port, supervisor), daemon=True).start()
        supervisor.run()
        self.say("Stopped.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(settings.REPOSITORY / "manage.py"), *arguments]

    def _web_arguments(self) -> list[str]:
        return [str(settings.WEB_THREADS), str(settings.WEB_PROCESSES), str(int(settings.STOP_GRACE_SECONDS))]

    def _check_port(self, host: str, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise CommandError(
                    f"Something else uses port {port}: stop it, or choose another, for example PORT={port + 1}."
                ) from None

    def _announce(self, host: str, port: int, supervisor: Supervisor) -> None:
        """Say where the service is once it answers, and in a demo whom to sign in as."""
        while not supervisor.stopping.wait(0.2):
            if _answers(host, port):
                supervisor.start_the_rest()
                self.say(f"\n{settings.SERVICE_NAME} is at http://{host}:{port}/ (Ctrl-C stops it)")
                if settings.ANNOUNCE:
                    lines = import_string(settings.ANNOUNCE)()
                    self.say(str(lines or ""))
                return


def _answers(host: str, port: int) -> bool:
    """Whether /healthz says ok, asked under a host name the settings allow."""
    allowed = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": allowed[0] if allowed else host})
        return json.load(connection.getresponse()).get("status") == "ok"
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()
