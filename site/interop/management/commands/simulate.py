"""Serves the bundled simulators on a loopback port, for practice worlds and tests."""

from argparse import ArgumentParser
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.management.base import BaseCommand

from interop.demographics.simulator import Simulator


class QuietHandler(WSGIRequestHandler):
    """Writes no access log: the addresses hold (made-up) numbers of people, and habits outlive practice
    worlds.
    """

    def log_message(self, format: str, *args: Any) -> None:
        return


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """One thread a connection, so that a client which keeps its connection open does not block the next."""

    daemon_threads = True


class Command(BaseCommand):
    """`manage.py simulate --port 8101 [--data FILE]`."""

    help = "Serve the demographics simulator on 127.0.0.1"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8101, help="on which port (default: %(default)s)")
        where = settings.DATA_DIR / "demographics.json"
        parser.add_argument("--data", type=Path, default=where, help="the people it knows, as JSON")

    def handle(self, *args: Any, port: int, data: Path, **options: Any) -> None:
        app = Simulator.from_file(data)
        with make_server("127.0.0.1", port, app, ThreadingServer, QuietHandler) as server:
            self.stdout.write(f"demographics simulator: http://127.0.0.1:{port}/personal-demographics/FHIR/R4")
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return
