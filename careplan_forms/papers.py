"""Blank forms on paper: what the page, its PDF and the file's name say of a version or of the present draft."""

import html
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.template.loader import render_to_string
from markupsafe import Markup

from careplan_forms.models import FormDefinition
from careplan_forms.schema.audience import view_of
from careplan_forms.schema.compiler import CompiledForm, compile_form
from careplan_forms.schema.document import sha256_of
from careplan_forms.schema.languages import direction, name_of
from careplan_forms.schema.markup import safe
from careplan_forms.schema.paper import Sheet, sheets_of
from careplan_forms.schema.translating import offered_in
from careplan_forms.selectors import definitions, form_drafts
from core import glyphs
from core.documents import Source, request_document
from core.models import JobRun
from governance.enums import RoleKey

BLANK = "blank-form"
#: How a draft is called in addresses, where a version has its number.
DRAFT = "draft"

For = Literal["staff", "person"]
READERS: dict[For, str] = {"staff": "For staff", "person": "For the person"}
#: Sentences that the frame of a paper needs, under the names they have in templates.
_FRAME = ("how", "not_shared", "whose", "whose_number", "by", "by_role", "by_date", "entered")


@dataclass(frozen=True, slots=True)
class Edition:
    """A form as it stood: its document, which one it is, and how names of its files begin."""

    definition: FormDefinition
    document: dict[str, Any]
    sha256: str
    number: int | None
    signed_off: str = ""

    @property
    def name(self) -> str:
        """How people call it."""
        return f"Version {self.number}" if self.number else "Draft, not signed off: not for use with people"

    @property
    def stem(self) -> str:
        """The start of the names of its files."""
        return f"{self.definition.key}-{f'v{self.number}' if self.number else DRAFT}"

    @property
    def address(self) -> str:
        """What stands for it in addresses."""
        return str(self.number or DRAFT)


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A blank form for one reader in one language."""

    edition: Edition
    title: Markup
    sheets: tuple[Sheet, ...]
    reader: For
    language: str
    say: dict[str, Markup]

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return direction(self.language)


def edition_of(definition: FormDefinition, number: str) -> Edition:
    """A version by its number as typed, or the present draft. Raises Absent."""
    if number == DRAFT:
        document = form_drafts.document_of(definition)
        return Edition(definition, document, sha256_of(document), None)
    version = definitions.version_numbered(definition, number[:9])
    signed_off = version.published_at.date().isoformat()
    return Edition(definition, version.document, version.sha256, version.number, signed_off)


def languages_of(edition: Edition) -> dict[str, str]:
    """The languages a form can be had in, its own first: {code: name}."""
    return {each: name_of(each) for each in offered_in(edition.document)}


def blank_form(edition: Edition, *, reader: str, language: str) -> BlankForm:
    """The blank form; a reader or language it does not have becomes staff, or the form's own language."""
    offered = list(languages_of(edition))
    chosen = language if language in offered else offered[0]
    who: For = "person" if reader == "person" else "staff"
    form = _form(edition, who, chosen)
    say = {key: safe(form.say.say(f"paper.{key}")) for key in _FRAME} | {
        key: safe(form.say.say(key)) for key in ("day", "month", "year")
    }
    return BlankForm(edition, safe(form.title), sheets_of(form, for_staff=who == "staff"), who, chosen, say)


def _form(edition: Edition, reader: For, language: str) -> CompiledForm:
    audience: Literal["patient", "clinician"] = "patient" if reader == "person" else "clinician"
    whole = compile_form(edition.document, sha256=edition.sha256, language=language, audience=audience)
    return view_of(whole, RoleKey.PATIENT if reader == "person" else None)


def pdf_html(paper: BlankForm, *, large: bool) -> str:
    """The paper as the document a PDF is drawn from."""
    return render_to_string(
        "careplan_forms/designer/blank_pdf.jinja", {"paper": paper, "large": large, "readers": READERS}
    )


def can_be_drawn(paper: BlankForm) -> bool:
    """Whether our PDFs can draw the form: every letter, and from left to right. A browser prints the others."""
    if paper.direction == "rtl":
        return False
    report = glyphs.Report()
    glyphs.split_runs(html.unescape(pdf_html(paper, large=False)), report)
    return not report.missing


def request_blank(paper: BlankForm, *, owner: str, large: bool) -> JobRun:
    """Ask the worker for the PDF."""
    return request_document(
        BLANK,
        owner=owner,
        definition=str(paper.edition.definition.public_id),
        number=paper.edition.address,
        reader=paper.reader,
        language=paper.language,
        large=large,
    )


def write_blank(definition: str, number: str, reader: str, language: str, large: bool) -> Source:
    """The PDF of a blank form. Whoever asked was checked when they asked."""
    edition = edition_of(definitions.definition_by_id(UUID(definition)), number)
    paper = blank_form(edition, reader=reader, language=language)
    name = "-".join([edition.stem, f"for-{paper.reader}", *([paper.language] if paper.language != "en" else [])])
    return Source(
        html=pdf_html(paper, large=large),
        title=f"Blank form: {edition.document['title']}",
        filename=f"{name}.pdf",
        language=paper.language if paper.language != "en" else "en-GB",
    )
