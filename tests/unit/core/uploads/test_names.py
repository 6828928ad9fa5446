"""Names of files as they are kept."""

import pytest

from core.uploads import clean_name


@pytest.mark.parametrize(
    ("brought", "kept"),
    [
        ("Letter 12.3.2026.pdf", "Letter 12.3.2026.pdf"),
        ("Letter 12.3.2026", "Letter 12.3.2026.pdf"),
        ("Küche.PDF", "Küche.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fakepath\\scan.pdf", "scan.pdf"),
        ("gpj.\u202efdp.exe", "gpj-fdp.pdf"),
        ("a\u200bb.pdf", "ab.pdf"),
        ("scan.pdf.exe", "scan.pdf"),
        ("invoice.exe.pdf", "invoice-exe.pdf"),
        ("Mr.Smith.pdf", "Mr-Smith.pdf"),
        ('a";filename=b.pdf', "a-filename-b.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie- x.pdf"),
        ("con.pdf", "file-con.pdf"),
        (".pdf", "file.pdf"),
        ("..", "file.pdf"),
        ("", "file.pdf"),
        ("\x00\x1f.pdf", "file.pdf"),
        ("a\ud800.pdf", "a\ufffd.pdf"),
    ],
)
def test_a_name_says_what_it_is_and_does_nothing(brought, kept):
    assert clean_name(brought, ".pdf") == kept


def test_a_long_name_is_shortened_and_keeps_its_ending():
    assert clean_name("x" * 300 + ".jpeg", ".jpg") == "x" * 100 + ".jpg"
