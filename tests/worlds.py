"""What tests of a module have in common is built once, and each test is handed a copy.

A fixture written with `@shared` builds rows and returns what a test works with. Tests of a module that ask for the same
run one after the other; what they share is built once, layer upon layer: first what most of them ask for, in a
transaction; in that, what fewer of them do; and so on. Each test runs in a savepoint of its own, as ever undone at its
end, on deep copies of what was returned. What one test alone asks for is built for it, and for a test that commits
everything is: no test meets a row it did not ask for.
"""

import copy
import inspect
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby, pairwise
from typing import Any

import pytest
from django.db import transaction

_COMMITTING = {"transactional_db", "live_server"}
WORLD = pytest.StashKey["World"]()


def shared(build: Callable[..., Any]) -> Any:
    """A fixture that tests may share; it takes other fixtures by name, as any does."""

    def give(request: pytest.FixtureRequest, **given: Any) -> Any:
        world = request.config.stash[WORLD]
        if request.fixturename in world.built:
            return world.copy_of(request.fixturename, request.node.nodeid)
        return build(**given)

    names = list(inspect.signature(build).parameters)
    kinds = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in ["request", "db", *names]]
    wrapper = lambda request, db, **given: give(request, **given)  # noqa: E731 - pytest reads the signature below
    wrapper.__signature__ = inspect.Signature(kinds)  # type: ignore[attr-defined]
    wrapper.__name__, wrapper.__doc__, wrapper.__module__ = build.__name__, build.__doc__, build.__module__
    wrapper.builds = build  # type: ignore[attr-defined]
    return pytest.fixture(wrapper)


class World:
    """What is built now: one layer for each fixture shared, each within the one before it.

    `layers` says for every test which ones it stands on, from the bottom up: module and fixture.
    """

    def __init__(self) -> None:
        self.layers: dict[pytest.Item, list[tuple[str, str]]] = {}
        self.after: dict[pytest.Item, pytest.Item] = {}
        self.built: dict[str, Any] = {}
        self.copies: dict[str, Any] = {}
        self.test = ""
        #: Each layer, its transaction, and what was built before it, as it was.
        self._open: list[tuple[tuple[str, str], Any, dict[str, Any]]] = []

    def copy_of(self, name: str, test: str) -> Any:
        """What the test works with: one copy of everything for each test, so that what was one object still is."""
        if self.test != test:
            self.test, self.copies = test, copy.deepcopy(self.built)
        return self.copies[name]

    def enter(self, item: pytest.Item) -> None:
        """Build what the test stands on, unless it is there."""
        self._leave_all_but(self.layers.get(item, []))
        for layer in self.layers.get(item, [])[len(self._open) :]:
            self._build(layer, _builder(item, layer[1]))

    def leave(self, item: pytest.Item) -> None:
        """The test is over: take away what the next one does not stand on."""
        self._leave_all_but(self.layers.get(self.after.get(item), []))  # type: ignore[arg-type]

    def _build(self, layer: tuple[str, str], build: Callable[..., Any]) -> None:
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined] # as Django marks those of its own test cases
        block.__enter__()
        self._open.append((layer, block, copy.deepcopy(self.built)))
        try:
            self.built[layer[1]] = build(**{name: self.built[name] for name in inspect.signature(build).parameters})
        except BaseException:
            self._leave_all_but([each for each, *_ in self._open[:-1]])
            raise

    def _leave_all_but(self, kept: list[tuple[str, str]]) -> None:
        while [layer for layer, *_ in self._open] != kept[: len(self._open)]:
            _, block, self.built = self._open.pop()
            transaction.set_rollback(True)
            block.__exit__(None, None, None)


def plan(items: list[pytest.Item]) -> World:
    """Put tests that share most beside each other, within their modules, and say what each stands on."""
    world = World()
    ordered: list[pytest.Item] = []
    for _, run in groupby(items, key=lambda item: (item.getparent(pytest.Module), _touches(item))):
        tests = list(run)
        ordered += _side_by_side(tests, world) if _touches(tests[0]) else tests
    items[:] = ordered
    world.after = dict(pairwise(ordered))
    return world


def _side_by_side(tests: list[pytest.Item], world: World) -> list[pytest.Item]:
    asked = {item: {} if _commits(item) else _builders(item) for item in tests}
    counts = Counter(name for names in asked.values() for name in names)
    known: dict[str, None] = {}
    for item in sorted(tests, key=lambda each: each.nodeid):
        known |= dict.fromkeys(asked[item])
    # What something is built from is asked for at least as often, and known before it.
    order = sorted(known, key=lambda name: -counts[name])
    for item in tests:
        module = item.nodeid.split("::")[0]
        world.layers[item] = [(module, name) for name in order if name in asked[item]]
    return _grouped(tests, world, 0)


def _grouped(tests: list[pytest.Item], world: World, depth: int) -> list[pytest.Item]:
    """The tests by what they stand on at a depth, and so on above it; nothing is shared by one test alone."""
    groups: dict[tuple[str, str] | None, list[pytest.Item]] = {}
    for item in tests:
        layers = world.layers[item]
        groups.setdefault(layers[depth] if len(layers) > depth else None, []).append(item)
    ordered: list[pytest.Item] = []
    for layer, group in groups.items():
        if layer is None or len(group) == 1:
            for item in group:
                del world.layers[item][depth:]
            ordered += group
        else:
            ordered += _grouped(group, world, depth + 1)
    return ordered


def _builders(item: Any) -> Iterable[str]:
    """The shared fixtures a test asks for, each after what it is built from, in the order the test would build them."""
    found: dict[str, None] = {}
    for name in item.fixturenames:
        _add(name, item, found)
    return found


def _add(name: str, item: Any, found: dict[str, None]) -> bool:
    """Add a fixture after all it is built from; False when it, or something it is built from, is no shared one."""
    if name in found:
        return True
    build = _builder(item, name)
    if build is None or not all(_add(each, item, found) for each in inspect.signature(build).parameters):
        return False
    found[name] = None
    return True


def _builder(item: Any, name: str) -> Any:
    definitions = item.session._fixturemanager.getfixturedefs(name, item)
    return getattr(definitions[-1].func, "builds", None) if definitions else None


def _touches(item: Any) -> bool:
    return bool(item.get_closest_marker("django_db") or {"db", *_COMMITTING} & set(getattr(item, "fixturenames", ())))


def _commits(item: Any) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(_COMMITTING & set(item.fixturenames))
