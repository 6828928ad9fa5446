"""Files as people bring them: papers, pictures, and what pretends to be one."""

import io
import struct
import zlib
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def paper(pages: int = 1) -> bytes:
    """A PDF of blank pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    return _written(writer)


def paper_with_script() -> bytes:
    writer = _one_page()
    act = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('hello')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(act)
    return _written(writer)


def paper_with_file() -> bytes:
    writer = _one_page()
    writer.add_attachment("inside.exe", b"MZ")
    return _written(writer)


def paper_with_password() -> bytes:
    writer = _one_page()
    writer.encrypt("secret", algorithm="RC4-128")
    return _written(writer)


def paper_with_action(**action: str) -> bytes:
    """A PDF whose page has a link that does something: {"S": "/Launch", "F": "calc.exe"}."""
    writer = _one_page()
    inside = {
        NameObject(f"/{key}"): NameObject(value) if value.startswith("/") else TextStringObject(value)
        for key, value in action.items()
    }
    link = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/A"): DictionaryObject(inside),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([link])
    return _written(writer)


def paper_with_disguised_script() -> bytes:
    """The word that starts a script written with an escaped letter."""
    content = paper_with_action(S="/JavaScript", X="y")
    return content.replace(b"/S /JavaScript", b"/S /J#61vaScript")


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    """A picture; `more` goes to Pillow."""
    mode = more.pop("mode", "RGB")
    out = io.BytesIO()
    Image.new(mode, size, 1 if mode == "1" else None).save(out, kind, **more)
    return out.getvalue()


def picture_of_a_place() -> bytes:
    """A JPEG turned on its side, with a place, an owner and a comment noted in it, and a page of the web behind it."""
    noted = Image.Exif()
    noted[0x0112] = 6
    noted[0x013B] = "Dr Owner"
    noted.get_ifd(0x8825)[1] = "N"
    return picture(exif=noted, comment=b"Quentina Zephyrine") + b"<html><script>alert(1)</script>"


def picture_bomb() -> bytes:
    """A PNG of a few bytes that claims 60,000 by 60,000 dots."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def _one_page() -> PdfWriter:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    return writer


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
