"""HTML to PDF, with our own fonts and nothing fetched: no network, no file outside the front-end build.

xhtml2pdf takes seconds of CPU and does one document at a time in a process: call this from a job (core/documents.py),
never from a view. Every PDF has an HTML twin; tables of more than fifty rows belong to reportlab.
"""

import io
import logging
from dataclasses import dataclass

from core import glyphs

#: xhtml2pdf ends a render that takes longer; the job then fails instead of holding up the others.
MAX_SECONDS = 120
SKIP = {"style", "script", "title", "head"}


class PdfFailed(Exception):
    """The document could not be drawn; carries no part of it."""


@dataclass(frozen=True)
class Pdf:
    """The file, and the characters ("U+1F600") printed as codes: name the HTML twin when there are any."""

    content: bytes
    missing: tuple[str, ...]
    pages: int


def render_pdf(html: str, *, title: str, language: str = "en-GB") -> Pdf:
    """Draw a whole HTML document as an A4 PDF.

    `title` is what a reader's window shows, so it names the kind of document and never a person. Pictures and style
    sheets may be `data:` addresses or paths inside `site/static/build/`; anything else is left out. Raises PdfFailed.
    """
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    report = glyphs.Report()
    source = _prepare(html, title, language, report)
    build = glyphs.fonts_directory().parent
    policy = ResourceAccessPolicy.server(build, allow_remote=False, max_render_seconds=MAX_SECONDS)
    drawn = io.BytesIO()
    try:
        status = pisa.CreatePDF(
            source, dest=drawn, path=str(build / "document.html"), encoding="utf-8", resource_policy=policy
        )
    except Exception as error:
        raise PdfFailed(type(error).__name__) from None
    if status.err:
        raise PdfFailed(f"{status.err} errors")
    content, pages = _finish(drawn.getvalue(), title, language)
    return Pdf(content, tuple(report.missing), pages)


def font_faces() -> str:
    """The style rules that embed our fonts."""
    rules = []
    for family, faces in glyphs.FAMILIES.items():
        for face, name in faces.items():
            weight = "bold" if "bold" in face else "normal"
            style = "italic" if "italic" in face else "normal"
            rules.append(
                f'@font-face {{font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
                f'src: url("fonts/{name}.ttf");}}'
            )
    return "\n".join(rules) + f'\nhtml, body {{font-family: "{glyphs.BODY}";}}'


def _prepare(html: str, title: str, language: str, report: glyphs.Report) -> str:
    """The document with our fonts declared, its language set, and every run of text in a font that can draw it."""
    from lxml import etree
    from lxml import html as markup

    root = markup.document_fromstring(html)
    root.set("lang", language)
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    for element in [*head.findall("title"), *root.iter("base", "script")]:
        element.getparent().remove(element)
    etree.SubElement(head, "title").text = title
    style = etree.Element("style")
    style.text = font_faces()
    head.insert(0, style)
    body = root.find("body")
    if body is not None:
        for element in list(body.iter()):
            if isinstance(element.tag, str) and element.tag not in SKIP:
                _set_runs(element, report)
    return "<!DOCTYPE html>" + markup.tostring(root, encoding="unicode")


def _set_runs(element, report: glyphs.Report) -> None:
    """Wrap what the body font cannot draw, in the element's own text and in what follows each of its children."""
    children = list(element)
    if element.text:
        text, spans = _as_spans(element.text, report)
        element.text = text
        for position, span in enumerate(spans):
            element.insert(position, span)
    for child in children:
        if child.tail:
            tail, spans = _as_spans(child.tail, report)
            child.tail = tail
            place = element.index(child) + 1
            for position, span in enumerate(spans):
                element.insert(place + position, span)


def _as_spans(text: str, report: glyphs.Report) -> tuple[str, list]:
    """Leading text in the body font, then one span per run in another font, with the body text after it as its tail."""
    from lxml import etree

    lead = ""
    spans: list[etree._Element] = []
    for family, piece in glyphs.split_runs(text, report):
        if family == glyphs.BODY:
            if spans:
                spans[-1].tail = (spans[-1].tail or "") + piece
            else:
                lead += piece
        else:
            span = etree.Element("span", style=f"font-family: '{family}'")
            span.text = piece
            spans.append(span)
    return lead, spans


def _finish(content: bytes, title: str, language: str) -> tuple[bytes, int]:
    """Say the language and the title in the file, and nothing about the software that made it."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

    reader = PdfReader(io.BytesIO(content))
    writer = PdfWriter(clone_from=reader)
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    preferences = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    writer.root_object[NameObject("/ViewerPreferences")] = preferences
    writer.add_metadata({"/Title": title, "/Creator": "", "/Producer": "", "/Author": ""})
    finished = io.BytesIO()
    writer.write(finished)
    return finished.getvalue(), len(reader.pages)


logging.getLogger("xhtml2pdf").setLevel(logging.ERROR)
