"""What files are by their content, and what is made of them."""

import io
import zipfile

import pytest
from PIL import Image

from core.uploads import Refusal, apart, judge
from core.uploads.opening import judge_here
from core.uploads.papers import MOST_OBJECTS
from tests.factories import files


def refused(content, judging=judge_here):
    with pytest.raises(Refusal) as caught:
        judging(content)
    return caught.value.code


def test_a_paper_is_kept_byte_for_byte():
    content = files.paper(3)
    assert judge_here(content) == ("pdf", content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (files.paper_with_password(), "protected"),
        (files.paper_with_script(), "active"),
        (files.paper_with_file(), "active"),
        (files.paper_with_disguised_script(), "active"),
        (files.paper_with_action(S="/Launch", F="calc.exe"), "active"),
        (files.paper_with_action(S="/SubmitForm", F="https://x.example"), "active"),
        (files.paper_with_action(S="/GoToR", F="//host/share"), "active"),
        (files.paper()[:200], "unreadable"),
        (b"%PDF-1.7\n" + b"<" * 5000, "unreadable"),
        (b"%PDF-1.7\n%%EOF", "unreadable"),
        (b"%PDF-", "unreadable"),
        (b"%PDF-1.4\n" + b"[" * 200_000, "unreadable"),
    ],
)
def test_a_paper_that_acts_hides_or_cannot_be_opened_is_refused(content, code):
    assert refused(content) == code


def test_a_link_to_the_web_in_a_paper_is_harmless():
    content = files.paper_with_action(S="/URI", URI="https://www.example.org")
    assert judge_here(content).content == content


def test_a_paper_without_end_is_given_up(monkeypatch):
    monkeypatch.setattr("core.uploads.papers.MOST_OBJECTS", 5)
    assert MOST_OBJECTS > 5 and refused(files.paper(3)) == "unreadable"


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (files.picture(), "jpeg"),
        (files.picture(mode="L"), "jpeg"),
        (files.picture(mode="CMYK"), "jpeg"),
        *((files.picture("PNG", mode=mode), "png") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    ],
)
def test_a_picture_is_drawn_anew_at_its_size(made, kind):
    judged = judge_here(made)
    with Image.open(io.BytesIO(judged.content)) as drawn:
        assert (judged.kind, drawn.format, drawn.size) == (kind, kind.upper(), (40, 20))


def test_what_a_camera_notes_and_what_hides_behind_a_picture_is_gone():
    content = files.picture_of_a_place()
    assert b"Dr Owner" in content and b"Quentina" in content
    kept = judge_here(content).content
    for hidden in (b"Dr Owner", b"Quentina", b"<script>", b"Exif"):
        assert hidden not in kept
    with Image.open(io.BytesIO(kept)) as drawn:
        # Turned upright, as its camera noted.
        assert drawn.size == (20, 40) and not drawn.getexif()


def test_words_in_a_png_are_gone_and_clear_parts_stay_clear():
    from PIL import PngImagePlugin

    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Quentina")
    kept = judge_here(files.picture("PNG", mode="P", pnginfo=words, transparency=0)).content
    assert b"Quentina" not in kept
    with Image.open(io.BytesIO(kept)) as drawn:
        assert drawn.info == {"transparency": 0}


def test_a_picture_that_claims_to_be_huge_is_refused_unopened():
    assert len(files.picture_bomb()) < 200
    assert refused(files.picture_bomb()) == "pixels"


@pytest.mark.parametrize("content", [files.picture()[:150], b"\xff\xd8\xff" + b"\0" * 500, files.picture("PNG")[:40]])
def test_a_broken_picture_is_refused(content):
    assert refused(content) == "unreadable"


def _zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "0" * 1_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n%PDF-1.7",
        b"MZ" + files.paper(),
        _zip(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>x</script>",
        files.picture("GIF"),
        files.picture("TIFF"),
    ],
)
def test_every_other_kind_is_refused_whatever_its_name(content):
    assert refused(content) == "kind" and refused(content, judge) == "kind"


def test_a_process_of_its_own_comes_to_the_same():
    content = files.paper()
    assert judge(content) == ("pdf", content)
    assert judge(files.picture()) == judge_here(files.picture())
    assert refused(files.paper_with_script(), judge) == "active"


@pytest.mark.parametrize(
    "program", ["import os; os.abort()", "import time; time.sleep(60)", "x = bytearray(10**13)", "print('nonsense')"]
)
def test_a_file_that_kills_or_holds_up_its_process_is_refused(program, monkeypatch):
    monkeypatch.setattr(apart, "_PROGRAM", program)
    monkeypatch.setattr(apart, "PATIENCE", 0.5)
    assert refused(files.paper(), judge) == "unreadable"
