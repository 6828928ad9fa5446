"""PDFs: our fonts, nothing fetched, nothing lost in silence; asked for, waited for, fetched once, thrown away."""

import datetime
import http.server
import io
import threading
from uuid import uuid4

import pypdf
import pytest

from core import clock, documents, exceptions, glyphs, pdf
from core.jobs import queue
from core.models import JobRun


def text_of(drawn: pdf.Pdf) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(drawn.content)).pages)


def test_title_and_language_are_said_and_the_maker_is_not():
    drawn = pdf.render_pdf("<h1>Plan</h1>", title="Plan on one page", language="cy")
    reader = pypdf.PdfReader(io.BytesIO(drawn.content))
    assert reader.metadata.title == "Plan on one page"
    assert reader.root_object["/Lang"] == "cy"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert not reader.metadata.producer


def test_every_font_is_embedded():
    drawn = pdf.render_pdf("<p>Ŵ <b>bold</b> <i>aslant</i> שלום سلام</p>", title="t")
    fonts = pypdf.PdfReader(io.BytesIO(drawn.content)).pages[0]["/Resources"]["/Font"].values()
    used = {str(font.get_object()["/BaseFont"]): "/FontDescriptor" in font.get_object() for font in fonts}
    families = {name.split("+")[-1] for name, embedded in used.items() if embedded}
    assert {"NotoSans-Regular", "NotoSans-Bold", "NotoSans-Italic"} <= families
    assert any("Hebrew" in name for name in families)
    assert any("Arabic" in name for name in families)


@pytest.mark.parametrize("words", ["Siân Wójcik", "ŵŷ łęśż", "Αθήνα", "Москва", "½ £ € – “quoted” •", "שלום"])
def test_words_of_many_scripts_are_drawn_as_they_are(words):
    drawn = pdf.render_pdf(f"<p>before {words} after</p>", title="t")
    assert drawn.missing == ()
    assert f"before {words} after" in text_of(drawn)


def test_a_sign_no_font_has_is_printed_as_its_code_and_reported():
    drawn = pdf.render_pdf("<p>My dog \U0001f600 <b>and \u4e2d</b> tail \U0001f600</p>", title="t")
    assert drawn.missing == ("U+1F600", "U+4E2D")
    assert "My dog [U+1F600] and [U+4E2D] tail [U+1F600]" in text_of(drawn)


def test_a_limit_stays_readable_without_its_sign():
    drawn = pdf.render_pdf("<p>if pain \u2265 4 \u2192 call</p>", title="t")
    assert "if pain >= 4 -> call" in text_of(drawn)
    assert drawn.missing == ()


def test_spaces_after_words_from_right_to_left_stay_after_them():
    runs = glyphs.split_runs("a שלום עולם b", glyphs.Report())
    assert runs == [("Noto Sans", "a "), ("Noto Sans Hebrew", "שלום עולם"), ("Noto Sans", " b")]


@pytest.fixture
def listener():
    """A web server on this machine that notes who asks it for anything."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.asked = asked
    yield server
    server.shutdown()
    server.server_close()


ATTACKS = [
    '<img src="{url}/a.png">',
    '<link rel="stylesheet" href="{url}/a.css">',
    "<style>@import url('{url}/b.css');</style>",
    "<style>@page {{ background-image: url('{url}/c.png'); }}</style>",
    "<style>@font-face {{ font-family: X; src: url('{url}/d.ttf'); }} p {{ font-family: X; }}</style>",
    '<iframe src="{url}/e.html"></iframe><object data="{url}/f.svg"></object>',
    '<base href="{url}/"><img src="g.png">',
    '<p style="background-image: url({url}/h.png)">x</p>',
    '<pdf:include src="{url}/i.html"/>',
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_document_fetches_nothing_from_the_network(attack, listener):
    url = f"http://127.0.0.1:{listener.server_port}"
    try:
        pdf.render_pdf(f"<html><head></head><body><p>kept</p>{attack.format(url=url)}</body></html>", title="t")
    except pdf.PdfFailed:
        pass
    assert listener.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "file://{path}",
        "{path}",
        "../../../../../../../..{path}",
        "fonts/../../../../../../../../../..{path}",
        "{uri}",
    ],
)
def test_a_document_reads_no_file_outside_the_front_end_build(address, tmp_path):
    from PIL import Image

    picture = tmp_path / "secret.png"
    Image.effect_noise((200, 200), 90).convert("RGB").save(picture)
    source = address.format(path=picture, uri=picture.as_uri())
    drawn = pdf.render_pdf(f'<p>kept</p><img src="{source}">', title="t")
    page = pypdf.PdfReader(io.BytesIO(drawn.content)).pages[0]
    assert len(page.images) == 0
    assert "kept" in text_of(drawn)


def test_a_picture_in_the_document_itself_is_drawn():
    import base64

    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(made, "PNG")
    address = "data:image/png;base64," + base64.b64encode(made.getvalue()).decode()
    drawn = pdf.render_pdf(f'<img src="{address}" width="20" height="20">', title="t")
    assert len(pypdf.PdfReader(io.BytesIO(drawn.content)).pages[0].images) == 1


@pytest.fixture
def kind(monkeypatch):
    def write(words: str) -> documents.Source:
        return documents.Source(f"<p>{words}</p>", "A test", "test.pdf")

    monkeypatch.setattr(documents.writers, "_entries", {"test": write})
    return "test"


def test_a_document_is_waited_for_and_then_fetched(db, kind, rf):
    run = documents.request_document(kind, owner="me", words="Tea at four")
    waiting = documents.respond(rf.get("/x"), run.pk, owner="me", what="We are drawing it.")
    assert waiting.status_code == 202
    assert b'http-equiv="refresh"' in waiting.content
    assert b"We are drawing it." in waiting.content
    queue.send_due()
    answer = documents.respond(rf.get("/x"), run.pk, owner="me")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store, private"
    drawn = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    assert "Tea at four" in drawn.pages[0].extract_text()


@pytest.mark.parametrize("stranger", [True, False])
def test_somebody_elses_document_is_absent_like_one_that_never_was(db, kind, rf, stranger):
    run = documents.request_document(kind, owner="me", words="Tea")
    with pytest.raises(exceptions.Absent):
        documents.respond(rf.get("/x"), run.pk if stranger else uuid4(), owner="you" if stranger else "me")


def test_a_document_that_cannot_be_made_says_so(db, kind, rf):
    run = documents.request_document(kind, owner="me", words="Tea")
    JobRun.objects.filter(pk=run.pk).update(state=JobRun.State.FAILED)
    with pytest.raises(exceptions.Unavailable, match="could not make the PDF"):
        documents.respond(rf.get("/x"), run.pk, owner="me")


def test_a_document_is_thrown_away_after_an_hour(db, kind, rf):
    run = documents.request_document(kind, owner="me", words="Tea")
    queue.send_due()
    assert documents.discard_old() == 0
    JobRun.objects.filter(pk=run.pk).update(finished_at=clock.now() - datetime.timedelta(minutes=61))
    assert documents.discard_old() == 1
    assert documents.discard_old() == 0
    with pytest.raises(exceptions.Absent):
        documents.respond(rf.get("/x"), run.pk, owner="me")
