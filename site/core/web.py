"""`python -m core.web HOST PORT THREADS PROCESSES GRACE`: granian serving the WSGI application; `serve` starts it.

The process that listens never loads Django; its workers do, and stop when it is gone.
"""

import os
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from core import supervision


def main(arguments: list[str]) -> None:
    host, port, threads, processes, grace = arguments
    supervision.stop_with_parent()
    os.environ[supervision.PARENT] = str(os.getpid())
    Granian(
        "config.wsgi:application",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=int(processes),
        blocking_threads=int(threads),
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
        workers_kill_timeout=max(1, int(grace)),
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
