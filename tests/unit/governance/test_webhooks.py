"""Connected systems: signed, once, with references alone, and no more when they do not answer."""

import datetime
import hashlib
import hmac
import http.server
import json
import threading

import pytest
import time_machine

from core import clock
from core.exceptions import Absent, NotAllowed, Refused
from governance.models import AuditEvent, Notification
from governance.services import webhook_calls, webhooks

PLANTED = "Mrs Jane Patient 943 476 5919"


class _System(http.server.ThreadingHTTPServer):
    """An organisation's system: keeps what it was told, answers what it is set to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.told = 204, []
        self.url = f"http://127.0.0.1:{self.server_port}/told?by=foreword"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def system(settings):
    settings.OUTBOUND_TO_PRIVATE_ADDRESSES = True
    server = _System()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(system, practice, host_officer):
    return webhooks.register_webhook(organisation=practice, url=system.url, by=host_officer)


@pytest.fixture
def tell(practice, job_actor):
    def tell(key="step-1", topic="flow.approve"):
        about = ("flow_case", "3f2a91bc-0000-4000-8000-000000000000")
        return webhooks.tell_systems(organisation_id=practice.pk, topic=topic, key=key, about=about, by=job_actor)

    return tell


def calls(job_actor):
    return webhook_calls.call_waiting(by=job_actor)


def row():
    return Notification.objects.get(channel="webhook")


def test_a_system_is_told_once_signed_and_with_references_alone(system, hook, tell, job_actor):
    assert [tell(), tell()] == [1, 1]
    assert [calls(job_actor), calls(job_actor)] == [1, 0]
    ((path, headers, body),) = system.told
    told = json.loads(body)
    assert path == "/told?by=foreword" and headers["Host"] == system.url.split("/")[2]
    assert set(told) == {"id", "event", "about", "created_at"}
    assert told["event"] == "flow.approve" and told["about"]["kind"] == "flow_case"
    assert told["id"] == headers["Foreword-Event"] == str(row().public_id)
    moment, signed = headers["Foreword-Signature"].removeprefix("t=").split(",v1=")
    expected = hmac.new(hook[1].encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert signed == expected and abs(int(moment) - clock.now().timestamp()) < 60
    assert row().outcome == "sent" and row().sent_at


def test_nothing_written_about_a_case_goes_out(system, hook, practice, job_actor, tell):
    tell()
    Notification.objects.update(text=PLANTED, link=f"/{PLANTED}")
    calls(job_actor)
    ((path, headers, body),) = system.told
    assert not any(
        word in f"{path}{headers}{body}"
        for word in ("Jane", "Patient", "943 476", "9434765919", "943%20476", "943+476")
    )


def test_a_system_that_comes_back_is_told_once(system, hook, tell, job_actor):
    tell()
    moment, system.status = clock.now(), 503
    for hours, status in ((0, 503), (2, 302), (4, 200), (6, 200)):
        system.status = status
        with time_machine.travel(moment + datetime.timedelta(hours=hours)):
            calls(job_actor)
    assert len(system.told) == 3
    assert {path for path, _, _ in system.told} == {"/told?by=foreword"}, "redirections are not followed"
    assert len({headers["Foreword-Event"] for _, headers, _ in system.told}) == 1
    hook[0].refresh_from_db()
    assert (row().outcome, row().attempts, hook[0].failures) == ("sent", 3, 0)


def test_a_system_that_never_answers_is_given_up_and_officers_are_told(
    system, hook, tell, job_actor, host_officer, lead, doctor
):
    system.status, moment = 500, clock.now()
    for number in range(3):
        tell(f"step-{number}")
    for hours in range(20):
        with time_machine.travel(moment + datetime.timedelta(hours=2 * hours)):
            calls(job_actor)
    hook[0].refresh_from_db()
    assert (hook[0].stopped_for, hook[0].failures) == ("failing", webhook_calls.MAX_FAILURES)
    assert len(system.told) == webhook_calls.MAX_FAILURES
    assert set(Notification.objects.filter(channel="webhook").values_list("outcome", flat=True)) == {"failed"}
    told = Notification.objects.filter(topic="webhook.stopped", channel="in_app")
    assert set(told.values_list("user_id", flat=True)) == {host_officer.user_id, lead.user_id}
    assert tell("step-9") == 0
    assert AuditEvent.objects.filter(action="webhook.gave_up").count() == 1


def test_a_system_that_was_stopped_can_be_told_again(system, hook, tell, job_actor, host_officer):
    tell()
    webhooks.stop_webhook(webhook=hook[0], by=host_officer)
    assert calls(job_actor) == 0
    webhooks.start_webhook(webhook=hook[0], by=host_officer)
    assert tell("step-2") == 1 and calls(job_actor) == 1
    assert len(system.told) == 1


def test_the_secret_stands_nowhere_in_the_clear(hook):
    row, secret = hook
    assert secret.encode() not in bytes(row.secret)


def test_an_address_is_told_once_and_must_be_one_we_call(system, hook, practice, host_officer, settings):
    with pytest.raises(Refused, match="already told"):
        webhooks.register_webhook(organisation=practice, url=system.url, by=host_officer)
    settings.OUTBOUND_TO_PRIVATE_ADDRESSES = False
    for url in ("http://hooks.example/", "https://10.0.0.1/", f"https://hooks.example/{'x' * 300}"):
        with pytest.raises(Refused) as refusal:
            webhooks.register_webhook(organisation=practice, url=url, by=host_officer)
        assert refusal.value.field == "url"


def test_only_information_governance_of_the_host_says_which_systems_are_told(hook, practice, lead, doctor):
    for actor in (lead, doctor):
        with pytest.raises((NotAllowed, Absent)):
            webhooks.register_webhook(organisation=practice, url="https://hooks.example/", by=actor)
        with pytest.raises((NotAllowed, Absent)):
            webhooks.stop_webhook(webhook=hook[0], by=actor)


def test_a_test_is_one_call_and_stands_among_what_was_sent(hook, system, host_officer, lead, job_actor):
    row, _ = hook
    webhooks.send_test(webhook=row, by=host_officer)
    assert calls(job_actor) == 1
    told = json.loads(system.told[0][2])
    assert told["event"] == "webhook.test" and told["about"] == {"kind": "webhook", "id": str(row.public_id)}
    assert Notification.objects.get().outcome == Notification.Outcome.SENT
    assert AuditEvent.objects.filter(action="webhook.tested").exists()
    with pytest.raises(NotAllowed):
        webhooks.send_test(webhook=row, by=lead)
    with pytest.raises(Refused):
        webhooks.send_test(webhook=webhooks.stop_webhook(webhook=row, by=host_officer), by=host_officer)
