"""PDFs as background work: asked for, waited for on a page that needs no script, fetched, and thrown away.

An upper layer registers how a kind of document is written; its view asks for one, then answers with `respond`:

    @documents.writers.register("plan")
    def write_plan(version_id: str) -> documents.Source: ...

    run = documents.request_document("plan", owner=actor_reference, version_id=str(version.pk))
    return documents.respond(request, run.pk, owner=actor_reference, what="We are drawing the plan.")
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from core import clock, exceptions
from core.jobs import enqueue_on_commit, every, job
from core.models import JobRun
from core.registry import Registry

#: A drawn document is somebody's plan: it is kept only long enough to be fetched.
KEEP = datetime.timedelta(hours=1)
FOLDER = "documents"


@dataclass(frozen=True)
class Source:
    """What a writer gives: a whole HTML document, a title and a file name that name no person."""

    html: str
    title: str
    filename: str
    language: str = "en-GB"


writers: Registry[Callable[..., Source]] = Registry("writers of documents")


def request_document(kind: str, *, owner: str, key: str | None = None, **arguments: Any) -> JobRun:
    """Ask the worker for a document. Only `owner` (a reference of whoever asks) can fetch it.

    Who may have the document is for the caller to decide, and to record, before this.
    """
    writers.get(kind)
    return enqueue_on_commit(draw, key=key, kind=kind, owner=owner, arguments=arguments)


@job(queue="reports", max_attempts=3)
def draw(kind: str, owner: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Write, draw and store one document; gives where it is and which characters could not be drawn."""
    from core.pdf import render_pdf

    source = writers.get(kind)(**arguments)
    pdf = render_pdf(source.html, title=source.title, language=source.language)
    name = default_storage.save(f"{FOLDER}/{uuid4()}.pdf", ContentFile(pdf.content))
    return {"file": name, "filename": source.filename, "missing": list(pdf.missing), "pages": pdf.pages}


def find(run_id: UUID | str, *, owner: str) -> JobRun:
    """The run of a document `owner` asked for; raises Absent for every other."""
    try:
        run = JobRun.objects.filter(pk=run_id, job=draw.path).first()
    except (ValidationError, ValueError):
        run = None
    if run is None or run.arguments.get("owner") != owner:
        raise exceptions.Absent
    return run


def respond(
    request: HttpRequest, run_id: UUID | str, *, owner: str, what: str = "", title: str = "Making your PDF"
) -> HttpResponseBase:
    """The PDF when it is there; until then a page (status 202) that asks again at this same address.

    Raises Unavailable when it could not be made, and Absent when it is somebody else's or was thrown away.
    """
    run = find(run_id, owner=owner)
    if run.state == JobRun.State.FAILED:
        raise exceptions.Unavailable("We could not make the PDF. The page itself can be read and printed.")
    if run.state != JobRun.State.DONE:
        context = {"title": title, "what": what, "poll_url": request.path, "check_url": request.path}
        return _never_kept(render(request, "errors/still_working.jinja", context, status=202))
    if run.result is None or not default_storage.exists(run.result["file"]):
        raise exceptions.Absent
    file = default_storage.open(run.result["file"])
    answer = FileResponse(file, content_type="application/pdf", filename=run.result["filename"])
    return _never_kept(answer)


def _never_kept(answer: HttpResponse | FileResponse) -> HttpResponse | FileResponse:
    """No cache between us and the reader keeps the document or the wait for it."""
    answer["Cache-Control"] = "no-store, private"
    return answer


@every(seconds=300, name="throw away drawn documents")
def discard_old() -> int:
    """Delete files of documents made longer ago than `KEEP`; gives how many."""
    old = JobRun.objects.filter(job=draw.path, state=JobRun.State.DONE, finished_at__lt=clock.now() - KEEP)
    gone = 0
    for run in old.exclude(result=None):
        default_storage.delete((run.result or {})["file"])
        JobRun.objects.filter(pk=run.pk).update(result=None)
        gone += 1
    return gone
