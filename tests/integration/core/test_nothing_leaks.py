"""A known person is planted wherever something can go wrong, and every output is searched for them."""

import io
import logging

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config import urls
from core import pdf, redaction
from core.jobs import enqueue_on_commit, queue
from tests.integration.core import example_jobs

PLANTED = ["9434765919", "943 476 5919", "Wójcik", "Wojcik", "1942-03-07", "07/03/1942", "sian@example.org"]
SENTENCE = "Siân Wójcik (943 476 5919, 9434765919), born 1942-03-07 or 07/03/1942, sian@example.org"


def fail(request, words=""):
    name, number = "Siân Wójcik", "9434765919"
    raise ValueError(f"{name} {number} {request.POST} {SENTENCE}")


def accept(request):
    logging.getLogger("careless").warning("got %s", request.POST.get("number"))
    return HttpResponse("ok")


urlpatterns = [path("fail/<str:words>/", fail), path("accept/", accept), *urls.urlpatterns]
handler500 = "core.views.server_error"
handler404 = "core.views.page_not_found"


@pytest.fixture
def output(capfd, monkeypatch):
    """Everything the process wrote, with logging as in production."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(redaction.formatter())
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    monkeypatch.setattr(logging.getLogger(), "level", logging.DEBUG)

    def read() -> str:
        captured = capfd.readouterr()
        return captured.out + captured.err + log.getvalue()

    return read


def assert_clean(text: str, expected: str) -> None:
    """`expected` proves that something was written at all."""
    assert expected in text
    assert [word for word in PLANTED if word in text] == []


@pytest.fixture
def browser(db):
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


def test_a_failing_view_leaks_nothing(browser, output):
    answer = browser.post("/fail/Wojcik/?nhs=9434765919", {"name": "Wójcik", "born": "1942-03-07"})
    assert answer.status_code == 500
    assert "9434765919" not in answer.content.decode()
    text = output()
    assert_clean(text, '"route": "fail/<str:words>/"')
    assert "ValueError" in text


def test_a_form_post_is_logged_by_route_alone(browser, output):
    browser.post("/accept/?who=Wojcik", {"name": "Wójcik", "number": "943 476 5919"})
    text = output()
    assert_clean(text, '"route": "accept/"')
    assert "got [number]" in text


@pytest.mark.parametrize("address", ["/Wojcik/9434765919/", "/fail/?q=Wojcik"])
def test_an_address_nobody_serves_is_not_repeated(browser, output, address):
    assert browser.get(address).status_code == 404
    assert_clean(output(), '"status": 404')


def test_a_failing_job_leaks_nothing(db, output):
    run = enqueue_on_commit(example_jobs.refuse, words=SENTENCE)
    queue.send_due()
    run.refresh_from_db()
    assert_clean(output() + run.error, "job failed")


def test_a_document_that_cannot_be_drawn_is_not_quoted(output):
    bad = f"<style>p {{ {SENTENCE} : ; }} @page {{</style><p style='}}{SENTENCE}'>{SENTENCE}<img src='{SENTENCE}'>"
    try:
        pdf.render_pdf(bad, title="t")
    except pdf.PdfFailed as error:
        logging.getLogger("test").error("no document", exc_info=error)
    logging.getLogger("xhtml2pdf").error("Could not parse: %s", SENTENCE)
    logging.getLogger("xhtml2pdf.context").warning("%s", SENTENCE)
    assert_clean(output(), "words are withheld")


def test_an_exception_nobody_caught_leaks_nothing(output, monkeypatch):
    import sys
    import threading

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    redaction.catch_stray_exceptions()
    logging.captureWarnings(False)

    def stray() -> None:
        raise RuntimeError(SENTENCE)

    thread = threading.Thread(target=stray)
    thread.start()
    thread.join()
    assert_clean(output(), "uncaught exception")


def test_a_log_line_that_cannot_be_written_is_not_printed_raw(output, monkeypatch):
    stream = io.StringIO()
    stream.close()
    broken = logging.StreamHandler(stream)
    broken.setFormatter(redaction.formatter())
    logging.getLogger().addHandler(broken)
    logging.getLogger("test").error("lost %s", SENTENCE)
    logging.getLogger().removeHandler(broken)
    text = output()
    assert "Logging error" not in text


def test_what_a_wagtail_task_failed_with_is_not_kept(db):
    from django_tasks_db.models import DBTaskResult

    trace = f'  File "x.py", line 3, in f\n    draw()\nValueError: {SENTENCE}'
    fields = {"args_kwargs": {}, "task_path": "x", "backend_name": "default", "run_after": "2026-01-01T00:00Z"}
    row = DBTaskResult.objects.create(**fields, traceback=trace)
    row.refresh_from_db()
    assert row.traceback == '  File "x.py", line 3, in f'
