"""Every address × every persona × GET and POST against the table; side doors stay closed."""

from collections import Counter, defaultdict
from functools import cache

import pytest
from django.conf import settings
from django.test import Client

from governance.enums import ADMIN_ROLES
from tests import bed
from tests.factories import governance as make
from tests.permissions import doors, personas
from tests.permissions.table import ADMIN_PREFIX, TABLE
from tests.worlds import shared

#: Shadowed by a redirect to the one login door, or needed to leave.
ADMIN_EXITS = ("admin/login/", "admin/password_reset/", "admin/logout/")
#: Words and pictures of the administration itself: the same for everybody, nothing of ours in them.
ADMIN_FURNITURE = ("admin/jsi18n/", "admin/sprite/")
#: One's own settings, and who else has the same thing open.
ADMIN_OWN = ("admin/account/", "admin/dismissibles/", "admin/editing-sessions/")
SECTIONS = sorted({route.split("/")[0] for route in TABLE})


@shared
def everybody():
    return personas.people()


@pytest.fixture
def world(everybody, tmp_path, settings):
    settings.AUDIT_SPOOL_DIR = tmp_path / "spool"
    return everybody


def test_every_address_has_a_row():
    missing = [route for route in doors.routes() if route not in TABLE and not route.startswith(ADMIN_PREFIX)]
    assert missing == []


def test_every_row_is_an_address():
    gone = sorted(set(TABLE) - set(doors.routes()))
    assert gone == []


def section(name):
    known = set(doors.routes())
    return [(route, row) for route, row in TABLE.items() if route.split("/")[0] == name and route in known]


@pytest.mark.parametrize("name", SECTIONS)
def test_every_door_opens_to_whom_the_table_says_and_to_nobody_else(world, name):
    wrong = []
    for persona in personas.ALL:
        client = world.client(persona)
        for route, row in section(name):
            for method, expected in expectations(row):
                if persona not in knocking(route, method):
                    continue
                found = doors.outcome(client, method, row.path or doors.address(route))
                if found != expected.of(persona):
                    wrong.append(f"{method} {route} for {persona}: {found}, not {expected.of(persona)}")
                if route == "account/logout/":
                    client = world.client(persona)
    assert wrong == []


def expectations(row):
    return (("GET", row.get), ("POST", row.post))


def cells():
    """The whole table: route, method, persona, answer."""
    for route, row in TABLE.items():
        for method, expected in expectations(row):
            for persona in personas.ALL:
                yield route, method, persona, expected.of(persona)


@cache
def turns():
    """One persona for each answer the table expects at each address, everybody in turn, the rarest first."""
    alike, chances, taken = defaultdict(list), Counter(), Counter()
    for route, method, persona, answer in cells():
        alike[route, method, answer].append(persona)
        chances[persona, method, answer] += 1
    chosen = set()
    for (route, method, answer), people in alike.items():
        keys = {persona: (persona, method, answer) for persona in people}
        persona = min(people, key=lambda each: (taken[keys[each]], chances[keys[each]]))
        taken[keys[persona]] += 1
        chosen.add((route, method, persona))
    return chosen


def knocking(route, method):
    """Who knocks at an address: everybody on SQLite, on another database one persona of each answer by turns.

    Who is let in is decided in Python from what is known of the persona, which is asked of the database in the same
    words at every address; what an address itself asks depends on the answer. So both meet the other database.
    """
    return [each for each in personas.ALL if bed.uses_sqlite() or (route, method, each) in turns()]


def test_every_answer_at_an_address_and_every_answer_to_a_persona_has_its_turn():
    met = [cell for cell in cells() if cell[:3] in turns()]
    assert {(route, method, answer) for route, method, _, answer in met} == {
        (route, method, answer) for route, method, _, answer in cells()
    }
    assert {cell[1:] for cell in met} == {cell[1:] for cell in cells()}


@cache
def admin_routes():
    return [route for route in doors.routes() if route.startswith(ADMIN_PREFIX)]


OUTSIDERS = ("stranger", "learner", "patient", "doctor", "suspended")


def outsiders_at(route):
    """Who knocks at an address of the administration: all of them, on another database one by turns (`knocking`)."""
    turn = admin_routes().index(route) % len(OUTSIDERS)
    return OUTSIDERS if bed.uses_sqlite() else OUTSIDERS[turn : turn + 1]


@pytest.mark.parametrize("persona", OUTSIDERS)
def test_no_address_of_the_administration_opens_to_outsiders(world, persona):
    client = world.client(persona)
    opened = []
    for route in admin_routes():
        if route.startswith((*ADMIN_EXITS, *ADMIN_FURNITURE)) or persona not in outsiders_at(route):
            continue
        for method in ("GET", "POST"):
            found = doors.outcome(client, method, doors.address(route))
            if found != doors.SHUT:
                opened.append(f"{method} {route}: {found}")
    assert opened == []


def test_an_editor_by_grant_finds_the_designer_and_no_other_address_of_the_administration(everybody):
    from governance.identity.admin_door import routes_by_grant

    designer = (*ADMIN_FURNITURE, *ADMIN_OWN, *routes_by_grant.get("formdefinition"))
    client = make.client_of(personas.form_editor())
    opened, broken = [], []
    for route in admin_routes():
        if route.startswith(ADMIN_EXITS):
            continue
        for method in ("GET", "POST"):
            found = doors.outcome(client, method, doors.address(route))
            if found == doors.BROKEN:
                broken.append(f"{method} {route}")
            elif found != doors.SHUT and route != ADMIN_PREFIX and not route.startswith(designer):
                opened.append(f"{method} {route}: {found}")
    assert (opened, broken) == ([], [])


@pytest.mark.parametrize("persona", sorted(ADMIN_ROLES))
def test_the_front_page_of_the_administration_opens_to_its_roles(world, persona, job_actor):
    from governance.models import User
    from governance.services import groups

    groups.sync(user=User.objects.get(pk=world.actors[persona].user_id), by=job_actor)
    assert doors.outcome(world.client(persona), "GET", "/admin/") == doors.OPEN


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_reset/", "/_util/login/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_there_is_one_login_door(everybody, path, method):
    answer = Client().generic(method, path)
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/"


@pytest.mark.parametrize("path", ["/django-admin/", "/admin/api/main/pages/", "/api/v2/pages/", "/api/v3/pages/"])
def test_no_other_way_in_answers_a_stranger(everybody, path):
    assert doors.outcome(Client(), "GET", path) in (doors.ABSENT, doors.SHUT)


def test_outside_the_demo_there_is_no_personas_door():
    assert settings.DEMO is False
    assert not [route for route in doors.routes() if route.startswith("demo/")]
