"""One login door, a strict content policy with one exception, and the two addresses that watch the service."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from core import clock, health, migration_state
from core.jobs.reaper import PRESENCE
from core.models import JobRun
from tests.worlds import shared

PASSWORD = "correct horse battery staple"


@shared
def operator():
    return get_user_model().objects.create_superuser("operator@example.org", PASSWORD)


@pytest.mark.parametrize(
    "door",
    [
        "/admin/login/",
        "/admin/password_reset/",
        "/admin/password_reset/done/",
        "/admin/password_reset/complete/",
        "/admin/login",
        "/accounts/login/",
        "/django-admin/login/",
        "/login/",
    ],
)
@pytest.mark.parametrize("names", [("username", "password"), ("login", "password")])
def test_no_stock_login_lets_anybody_in(operator, client, door, names):
    fields = dict(zip(names, (operator.email, PASSWORD), strict=True))
    answer = client.post(door, fields, follow=False)
    assert "_auth_user_id" not in client.session
    assert answer.status_code in (301, 302, 403, 404, 405)


def test_a_stock_login_leads_to_the_one_door_and_forgets_where_it_was_sent(db, client):
    answer = client.get("/admin/login/?next=https://elsewhere.example/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))


def test_the_admin_sends_strangers_to_the_one_door(db, client):
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_no_route_serves_djangos_own_admin_or_its_logins():
    for name in ("admin:index", "admin:login", "login", "password_reset"):
        with pytest.raises(NoReverseMatch):
            get_resolver().reverse(name)


def directives(answer) -> dict[str, str]:
    pairs = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in pairs}


@pytest.mark.parametrize("address", ["/account/login/", "/nothing/here/", "/healthz"])
def test_every_page_of_ours_has_the_strict_policy(db, client, address):
    policy = directives(client.get(address))
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in str(policy)
    assert "style-src-elem" not in policy
    assert policy["object-src"] == policy["frame-ancestors"] == "'none'"


def test_the_admin_may_add_style_elements_and_nothing_more(operator, rf):
    from csp.middleware import CSPMiddleware
    from django.http import HttpResponse

    from core.wagtail_csp import WagtailNonceMiddleware

    page = b"<script>initDateChooser('x')</script><script>steal()</script>"
    stack = CSPMiddleware(WagtailNonceMiddleware(lambda request: HttpResponse(page)))
    answer = stack(rf.get("/admin/pages/"))
    policy = directives(answer)
    assert policy["style-src-elem"] == "'self' 'unsafe-inline'"
    assert policy["style-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert answer.content.count(b"nonce=") == 1
    elsewhere = stack(rf.get("/administration/"))
    assert "style-src-elem" not in directives(elsewhere)
    assert b"nonce" not in elsewhere.content


def test_the_process_answers_without_asking_anything(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@shared
def working_worker():
    later = clock.now() + datetime.timedelta(minutes=1)
    return JobRun.objects.create(job=PRESENCE, state=JobRun.State.RUNNING, worker="w", lease_until=later)


def test_the_service_is_ready_when_every_part_is(working_worker, client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    wanted = {"database", "migrations", "worker", "queue", "outbox", "cache", "storage"}
    assert wanted <= set(answer.json()["checks"])


def old_job():
    JobRun.objects.create(job="x")
    JobRun.objects.filter(job="x").update(enqueued_at=clock.now() - datetime.timedelta(minutes=11))


@pytest.mark.parametrize(("part", "trouble"), [
    ("worker", lambda patch: JobRun.objects.filter(job=PRESENCE).update(lease_until=clock.now())),
    ("queue", lambda patch: old_job()),
    ("migrations", lambda patch: patch.setattr(migration_state, "names_on_disk", lambda: {("core", "9999")})),
    ("cache", lambda patch: patch.setattr(cache, "get", lambda key: None)),
    ("storage", lambda patch: patch.setattr(health.default_storage, "save", lambda *given: 1 / 0)),
])  # fmt: skip
def test_one_part_in_trouble_makes_the_service_not_ready(working_worker, monkeypatch, part, trouble):
    trouble(monkeypatch)
    found = {result.name: result for result in health.report()}
    assert not found[part].ok


def test_a_check_that_raises_is_a_check_that_failed(working_worker, monkeypatch):
    monkeypatch.setitem(health.checks._entries, "broken", lambda: 1 / 0)
    found = {result.name: result for result in health.report()}
    assert (found["broken"].ok, found["broken"].message) == (False, "ZeroDivisionError")


def test_readiness_says_so_in_its_status(db):
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert answer.json()["checks"]["worker"] == "none is running"


def test_a_request_id_is_echoed_when_it_is_one_and_replaced_when_it_is_not(client):
    good = client.get("/healthz", headers={"X-Request-ID": "9b2d7a36-5ff1-4d3e-9c1e-0a5a8f0f7d11"})
    assert good["X-Request-ID"] == "9b2d7a36-5ff1-4d3e-9c1e-0a5a8f0f7d11"
    bad = client.get("/healthz", headers={"X-Request-ID": "x <script>"})
    assert "<" not in bad["X-Request-ID"]
