"""Texts with links: a short list of tags, links to the web, to an email address or a telephone, and nothing else.

Whoever writes no tags may write `[words](https://example.org)`, and `- ` or `* ` at the start of a line for a list.
"""

import re
from html.parser import HTMLParser

from careplan_forms.schema.markup import esc

_INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "a": "a"}
_LISTS = ("ul", "ol")
_BLOCKS = ("p", *_LISTS)
#: Tags whose text is not for reading.
_SILENT = ("script", "style", "template", "noscript", "textarea", "title", "svg", "math", "iframe", "object")
TAGS = ("p", "ul", "ol", "li", "strong", "em", "br", "a")

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[!?]")
_TAG_NAME = re.compile(r"</?([a-zA-Z][^\s<>/]*)[^<>]*>|<([!?])")
_WEB = re.compile(r"https?://[a-zA-Z0-9][^\s<>\"'\\`{}]*\Z", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s<>\"'\\`{}@]+@[^\s<>\"'\\`{}@]+\Z", re.IGNORECASE)
_CALL = re.compile(r"tel:\+?[0-9][0-9().-]{1,24}\Z", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,1000})\)")
_DEEPEST = 20


def rich_html(text: str) -> str:
    """The text as HTML that may stand in a page whatever was written."""
    return _Cleaner(text if _TAG.search(text) else _tagged(text)).html


def rich_text(text: str) -> str:
    """The text alone, one line a paragraph, for paper, tables and sentences."""
    return _Cleaner(text if _TAG.search(text) else _tagged(text)).text


def refused(text: str) -> list[str]:
    """What of the text is not kept: tags and addresses, each once."""
    return list(dict.fromkeys(_Cleaner(text if _TAG.search(text) else _tagged(text)).refused))


def tags_in(text: str) -> set[str]:
    """The names of the tags in a text, comments and the like as they begin."""
    return {(name or mark).lower() for name, mark in _TAG_NAME.findall(text)}


def is_address(href: str) -> bool:
    """Whether a link may go there: http, https, mailto or tel, written without tricks."""
    return any(shape.match(href) for shape in (_WEB, _MAIL, _CALL))


def _tagged(text: str) -> str:
    """Paragraphs, lists and links written without tags, as tags."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    return "".join(_paragraph(part) for part in parts if part)


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    if all(line.startswith(("- ", "* ")) for line in lines):
        return f"<ul>{''.join(f'<li>{_linked(line[2:])}</li>' for line in lines)}</ul>"
    return f"<p>{'<br>'.join(_linked(line) for line in lines)}</p>"


def _linked(line: str) -> str:
    return _LINK.sub(lambda found: f'<a href="{found.group(2)}">{found.group(1)}</a>', esc(line))


class _Cleaner(HTMLParser):
    """Writes the kept tags anew, balanced and in their places; text is always escaped."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._said: list[str] = []
        self._open: list[str] = []
        self._silent = 0
        self.refused: list[str] = []
        self.feed(text)
        self.close()
        self._close_to(0)
        self.html = "".join(self._out)
        self.text = "\n".join(" ".join(line.split()) for line in "".join(self._said).split("\n") if line.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        if self._silent or (tag not in TAGS and tag not in _INLINE):
            self.refused.append(f"<{tag[:30]}>")
        elif tag == "br":
            self._write("<br>")
            self._said.append("\n")
        elif tag == "li":
            self._item()
        elif tag in _BLOCKS:
            self._block(tag)
        else:
            self._inline(_INLINE[tag], dict(attrs).get("href") or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _SILENT:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
            return
        name = _INLINE.get(tag, tag)
        if not self._silent and name in self._open:
            self._close_to(len(self._open) - 1 - self._open[::-1].index(name))

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if data.strip():
            self._into_list_item()
        self._out.append(esc(data))
        self._said.append(data.replace("\n", " "))

    def _inline(self, tag: str, href: str) -> None:
        if tag == "a" and not is_address(href):
            self.refused.append(href[:60] or "a link to nowhere")
        elif tag not in self._open and len(self._open) < _DEEPEST:
            self._into_list_item()
            start = f'<a href="{esc(href)}" rel="noopener noreferrer">' if tag == "a" else f"<{tag}>"
            self._start(tag, start)

    def _block(self, tag: str) -> None:
        if "p" in self._open:
            self._close_to(self._open.index("p"))
        inside = "li" in self._open
        if (tag == "p" and inside) or len(self._open) >= _DEEPEST:
            return
        while self._open and self._open[-1] in ("strong", "em", "a"):
            self._close_to(len(self._open) - 1)
        if self._open and self._open[-1] in _LISTS:
            self._start("li", "<li>")
        self._said.append("\n")
        self._start(tag, f"<{tag}>")

    def _item(self) -> None:
        lists = [index for index, tag in enumerate(self._open) if tag in _LISTS]
        if not lists:
            self.refused.append("<li>")
            return
        self._close_to(lists[-1] + 1)
        self._said.append("\n")
        self._start("li", "<li>")

    def _into_list_item(self) -> None:
        if self._open and self._open[-1] in _LISTS:
            self._start("li", "<li>")

    def _start(self, tag: str, html: str) -> None:
        self._open.append(tag)
        self._out.append(html)

    def _write(self, html: str) -> None:
        self._into_list_item()
        self._out.append(html)

    def _close_to(self, depth: int) -> None:
        while len(self._open) > depth:
            tag = self._open.pop()
            self._out.append(f"</{tag}>")
            if tag in _BLOCKS or tag == "li":
                self._said.append("\n")
