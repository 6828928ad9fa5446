"""Several people at one moment."""

import threading
import time
from collections.abc import Callable
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


def take_longer(module: ModuleType, name: str, seconds: float) -> None:
    """In a process of its own, to be killed: let what the module calls by this name end later, each time."""
    called = getattr(module, name)

    def slowly(*given: Any) -> None:
        called(*given)
        time.sleep(seconds)

    setattr(module, name, slowly)
