"""Child processes that never outlive their parent, and the parent that keeps them running."""

import os
import signal
import threading
import time

#: Set by the supervisor for its children: its process id.
PARENT = "FOREWORD_SUPERVISOR"


def stop_with_parent(seconds: float = 0.5) -> None:
    """Have this process stop by SIGTERM, then at once, when the process that started it is gone.

    A parent that is killed outright cannot stop its children, and no signal tells them on macOS; so they look. Does
    nothing outside a supervisor.
    """
    if PARENT not in os.environ:
        return
    parent = os.getppid()

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(seconds)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
        os._exit(1)

    threading.Thread(target=look, name="parent watch", daemon=True).start()
