"""Several people at one moment."""

import itertools
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from django.db import connection


def race(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at once, each on a connection of its own; what each returned or raised, in order."""
    barrier = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[number] = deed()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def won(results: list[Any]) -> list[Any]:
    """What was done."""
    return [result for result in results if not isinstance(result, Exception)]


def lost(results: list[Any]) -> list[type[Exception]]:
    """How the others were refused."""
    return [type(result) for result in results if isinstance(result, Exception)]


def stop_at(module: ModuleType, name: str, call: int, mark: Path) -> None:
    """In a process of its own, to be killed: the call with this number of what the module knows by this name does its
    work, leaves the file `mark` and never ends. However slow the machine, the process is killed there.
    """
    called, calls = getattr(module, name), itertools.count(1)

    def and_stop(*given: Any) -> None:
        called(*given)
        if next(calls) == call:
            mark.touch()
            threading.Event().wait()

    setattr(module, name, and_stop)
