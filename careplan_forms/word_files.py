"""The words of a form in one language as a CSV file: out to a translator, and back with a report.

A cell is never run as a formula: one that begins like one gets an apostrophe on the way out and loses it on the way
in, so that every text comes back as it went.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from careplan_forms.schema.languages import name_of
from careplan_forms.schema.lint_translations import missing_placeholders
from careplan_forms.schema.markup import UNSHOWABLE
from careplan_forms.schema.rich import tags_in
from careplan_forms.services.translations import LONGEST, Line
from core.exceptions import Refused

KEY, ORIGINAL, WORDS, STATE = "Key", "Original", "Translation", "State"
MOST_BYTES, MOST_ROWS = 5 * 1024 * 1024, 20_000
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_LANGUAGE = re.compile(rf"{WORDS} \(([^)]*)\)\Z")
_SAVE_AS = "In a spreadsheet, save it as “CSV UTF-8” and bring it again"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file; `number` is that of the spreadsheet, its first row the headings."""

    number: int
    key: str
    original: str
    words: str


@dataclass(slots=True)
class Report:
    """What becomes of a file. With any fault nothing of it is kept."""

    given: list[Line] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    unknown: list[Row] = field(default_factory=list)
    stale: list[Row] = field(default_factory=list)
    replaced: list[tuple[Line, str]] = field(default_factory=list)
    empty: int = 0
    same: int = 0

    @property
    def new(self) -> int:
        """How many texts get their first words."""
        return len(self.given) - len(self.replaced)


def words_csv(lines: Iterable[Line], language: str) -> bytes:
    """Every text with its words, in UTF-8 with a byte-order mark, so that a spreadsheet reads the accents."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((KEY, ORIGINAL, f"{WORDS} ({language})", STATE))
    for line in lines:
        writer.writerow([_guarded(cell) for cell in (line.name, line.text, line.words, state_of(line))])
    return out.getvalue().encode("utf-8-sig")


def state_of(line: Line) -> str:
    """How far one text is."""
    if not line.words:
        return "not translated"
    return "look again: the original changed" if line.look_again else "translated"


def _guarded(text: str) -> str:
    return f"'{text}" if _RISKY.match(text) else text


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def report_on(content: bytes, lines: list[Line], language: str) -> Report:
    """Judge a file that came back. Raises Refused for one that cannot be read as a whole."""
    known = {line.name: line for line in lines}
    report, seen = Report(), dict[str, str]()
    for row in _rows(content, language):
        line = known.get(row.key)
        if line is None:
            report.unknown.append(row)
        elif not row.words.strip():
            report.empty += 1
        elif seen.setdefault(row.key, row.words) != row.words:
            report.faults.append((row.number, f"“{row.key}” is in the file twice, with different words. Keep one"))
        elif fault := _fault(row, line):
            report.faults.append((row.number, fault))
        else:
            _take(report, row, line)
    return report


def _take(report: Report, row: Row, line: Line) -> None:
    if _plain(row.words) == _plain(line.words):
        report.same += 1
        return
    is_stale = _plain(row.original) != _plain(line.text)
    if is_stale:
        report.stale.append(row)
    if line.words:
        report.replaced.append((line, row.words))
    # The mark of what was translated is that of the original in the file: a text that changed since is looked at again.
    report.given.append(line._replace(text=row.original if is_stale else line.text, words=row.words.strip()))


def _plain(text: str) -> str:
    """A text without what spreadsheets change by themselves: the kind of line ends, and space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _fault(row: Row, line: Line) -> str:
    """Why the words of a row cannot be kept, as an instruction; empty when they can."""
    if len(row.words) > LONGEST:
        return f"Shorten the translation to {LONGEST:,} characters or fewer"
    if "\ufffd" in row.words:
        return f"Write the translation again: some of its letters were lost. {_SAVE_AS}"
    if UNSHOWABLE.search(row.words):
        return "Write the translation again: it has characters that hide or turn text"
    if tags_in(row.words) - tags_in(line.text):
        return "Take the tags (<…>) out of the translation: only those of the original may be in it"
    missing = missing_placeholders(line.text, row.words)
    return f"Put {' and '.join(missing)} into the translation as it is in the original" if missing else ""


def _rows(content: bytes, language: str) -> Iterator[Row]:
    text = _decoded(content)
    cells = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        places = _places(next(cells, []), language)
        for number, row in enumerate(cells, 2):
            if number > MOST_ROWS:
                raise Refused(f"Bring a file of at most {MOST_ROWS:,} rows")
            if any(row):
                key, original, words = (_unguarded(row[at]) if at < len(row) else "" for at in places)
                yield Row(number, key.strip(), original, words)
    except csv.Error:
        raise Refused(f"The file cannot be read as CSV. {_SAVE_AS}") from None


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Refused(f"Bring a file of at most {MOST_BYTES // 1024 // 1024} MB")
    if content.startswith(b"PK\x03\x04"):
        raise Refused(f"This is a workbook or a zip file, not CSV. {_SAVE_AS}")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"The file is not in UTF-8, so its letters would come out wrong. {_SAVE_AS}") from None
    if not text.strip() or "\x00" in text:
        raise Refused("The file is empty or holds no text. Choose the file that came back from the translator")
    return text


def _delimiter(text: str) -> str:
    """What stands between cells: spreadsheets of other countries write semicolons, and UTF-16 text has tabs."""
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _places(head: list[str], language: str) -> tuple[int, int, int]:
    """Where key, original and words stand. Raises Refused for headings that are not ours, or of another language."""
    names = [cell.strip() for cell in head]
    found = [(at, told.group(1)) for at, name in enumerate(names) if (told := _LANGUAGE.match(name))]
    if KEY not in names or ORIGINAL not in names or len(found) != 1:
        raise Refused(f"Keep the first row as it was downloaded: {KEY}, {ORIGINAL}, {WORDS} ({language}), {STATE}")
    at, of = found[0]
    if of != language:
        raise Refused(f"This file is for {name_of(of[:20])} ({of[:20]}). Choose the one for {name_of(language)}")
    return names.index(KEY), names.index(ORIGINAL), at
