"""What every test of a module asks for is built once for the module, and each test is handed a copy.

A fixture written with `@shared` builds rows and returns what a test works with. When all tests of a module that touch
the database ask for it, it is built inside one transaction that lasts as long as the module; each test runs in a
savepoint of it, as ever undone at its end, on a deep copy of what was returned. A module in which one test does without
it, or commits, gets it anew for each test: no test meets a row it did not ask for.
"""

import copy
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

_COMMITTING = {"transactional_db", "live_server"}
WORLD = pytest.StashKey["World"]()


class World:
    """The rows a module's tests share, by the names of their fixtures, in the order they were built."""

    def __init__(self) -> None:
        self.built: dict[str, Any] = {}
        self.copies: dict[str, Any] = {}
        self.test = ""

    def copy_of(self, name: str, test: str) -> Any:
        """What the test works with: one copy of everything for each test, so that what was one object still is."""
        if self.test != test:
            self.test, self.copies = test, copy.deepcopy(self.built)
        return self.copies[name]


def shared(build: Callable[..., Any]) -> Any:
    """A fixture that a module may build once; it takes other fixtures by name, as any does."""

    def give(request: pytest.FixtureRequest, **given: Any) -> Any:
        module = request.node.getparent(pytest.Module)
        world = module.stash.get(WORLD, None) if module is not None else None
        if world is not None and request.fixturename in world.built:
            return world.copy_of(request.fixturename, request.node.nodeid)
        return build(**given)

    names = list(inspect.signature(build).parameters)
    kinds = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in ["request", "db", *names]]
    wrapper = lambda request, db, **given: give(request, **given)  # noqa: E731 - pytest reads the signature below
    wrapper.__signature__ = inspect.Signature(kinds)  # type: ignore[attr-defined]
    wrapper.__name__, wrapper.__doc__, wrapper.__module__ = build.__name__, build.__doc__, build.__module__
    wrapper.builds = build  # type: ignore[attr-defined]
    return pytest.fixture(wrapper)


@contextmanager
def opened(request: pytest.FixtureRequest) -> Iterator[None]:
    """The world of the request's module while the block runs; nothing when its tests have nothing in common."""
    module = request.node
    # Tests that touch no database come last in a run, apart from the others of their module.
    builders = _in_common(module) if _touches(request._pyfuncitem) else {}
    if not builders:
        yield
        return
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    with blocker.unblock():
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined] # as Django marks those of its own test cases
        outer.__enter__()
    try:
        world = module.stash[WORLD] = World()
        with blocker.unblock():
            for name, build in builders.items():
                given = {each: world.built[each] for each in inspect.signature(build).parameters}
                world.built[name] = build(**given)
        yield
    finally:
        del module.stash[WORLD]
        with blocker.unblock():
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def _in_common(module: pytest.Module) -> dict[str, Callable[..., Any]]:
    """The builders that every test of the module asks for, each after what it is built from."""
    items = [item for item in module.session.items if item.getparent(pytest.Module) is module]
    touching = [item for item in items if _touches(item)]
    if len(touching) < 2 or any(_commits(item) for item in touching):
        return {}
    names = set.intersection(*(set(item.fixturenames) for item in touching))
    item = min(touching, key=lambda each: each.nodeid)
    found: dict[str, Callable[..., Any]] = {}
    for name in item.fixturenames:
        if name in names:
            _add(name, item, found)
    return found


def _add(name: str, item: Any, found: dict[str, Callable[..., Any]]) -> bool:
    """Add a fixture after all it is built from, in the order in which a test would have had them built. False when the
    module cannot share it, because it or something it is built from is no shared fixture.
    """
    if name in found:
        return True
    definitions = item.session._fixturemanager.getfixturedefs(name, item)
    build = getattr(definitions[-1].func, "builds", None) if definitions else None
    if build is None or not all(_add(each, item, found) for each in inspect.signature(build).parameters):
        return False
    found[name] = build
    return True


def _touches(item: Any) -> bool:
    return bool(item.get_closest_marker("django_db") or {"db", *_COMMITTING} & set(item.fixturenames))


def _commits(item: Any) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(_COMMITTING & set(item.fixturenames))
