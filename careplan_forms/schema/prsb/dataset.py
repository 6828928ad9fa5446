"""Reading a record standard published as a dataset: groups and items with multiplicities and M/R/O obligations.

The dataset is first said as a Questionnaire and then read like one (`fhir.questionnaire`), so that pages, repeats and
the report come out the same way, and every concept is kept word for word under `prsb` of its item. What a standard
says otherwise than a form:

* M (mandatory) is asked for at approval. R means "required if known": it is offered and never demanded.
* Codes listed in the text beside a coded value become its options, always with room for other words. A reference set
  or a hierarchy named there is not looked up.
* A concept that may occur many times repeats.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.fhir.questionnaire import reading_of
from careplan_forms.schema.fhir.report import ImportReport, ImportResult, ItemOutcome, Outcome
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES, Unreadable, plain_json
from careplan_forms.schema.fhir.text import as_text, plain, shorten, slug
from careplan_forms.schema.fhir.tree import MAX_ITEMS
from careplan_forms.schema.fhir.urls import ITEM_CONTROL, ITEM_CONTROL_SYSTEM
from careplan_forms.schema.prsb.values import codes_in, fhir_type_of, length_of

JSONDict = dict[str, Any]

_MOST_HELP = 900
_DEEPEST = 40


def is_dataset(value: Any) -> bool:
    """Whether a JSON object looks like a dataset."""
    return isinstance(value, dict) and "resourceType" not in value and "dataset" in value


def read_dataset(raw: bytes | JSONDict, max_bytes: int = DEFAULT_MAX_BYTES) -> ImportResult:
    """Read one dataset; never raises for what the file holds. As `fhir.questionnaire.read_questionnaire`."""
    report = ImportReport()
    try:
        source = plain_json(raw, max_bytes)
        dataset = _first(source.get("dataset"))
        if dataset is None:
            raise Unreadable("The file does not hold a dataset. Choose the standard saved as JSON.")
        writer = _Writer()
        questionnaire = writer.questionnaire(dataset)
        document = reading_of(questionnaire, report).document
    except Unreadable as reason:
        report.refusal = str(reason)
        return ImportResult(None, report)
    report.notes = [note for note in report.notes if not note.startswith(("Kept word", "The form does not say"))]
    writer.note(report)
    return ImportResult(document, report)


@dataclass
class _Writer:
    """Says a dataset as a Questionnaire; keeps what has to be said about each concept."""

    reasons: dict[str, list[tuple[Outcome, str]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    count: int = 0

    def questionnaire(self, dataset: JSONDict) -> JSONDict:
        title = shorten(plain(dataset.get("name"))[0], 200) or "Imported standard"
        found = {
            "resourceType": "Questionnaire",
            "url": as_text(dataset.get("url")) or f"urn:foreword:imported:{slug(title, 50) or 'standard'}",
            "title": title,
            "status": "draft",
            "description": plain(dataset.get("description"))[0],
            "item": [self.item(each, "", 1) for each in _objects(dataset.get("concept"))],
        }
        version = as_text(dataset.get("version"))
        return found | ({"version": version} if version else {})

    def item(self, concept: JSONDict, above: str, depth: int) -> JSONDict:
        """One concept with what stands under it."""
        self.count += 1
        if self.count > MAX_ITEMS:
            raise Unreadable(f"The standard has more than {MAX_ITEMS:,} concepts. Split it and import the parts.")
        if depth > _DEEPEST:
            raise Unreadable("The standard is nested too deeply to be a form.")
        name = plain(concept.get("name"))[0]
        link_id = self.link_id(name, above)
        self.names[link_id] = name
        below = _objects(concept.get("concept"))
        item: JSONDict = {"linkId": link_id, "text": name, "type": "group" if below else fhir_type_of(concept)}
        item |= self.obligations(concept, link_id, bool(below))
        if not below:
            item |= self.answers(concept, link_id, item["type"])
        helps = [_help(concept, link_id)] if plain(concept.get("description"))[0] and name else []
        inside = [self.item(each, link_id, depth + 1) for each in below]
        if helps or inside:
            item["item"] = helps + inside
        return item | {"prsb": {key: value for key, value in concept.items() if key != "concept"}}

    def link_id(self, name: str, above: str) -> str:
        """A name in exports: the concept's own words, with those of the concept above when they are taken."""
        base = slug(name, 60) or "concept"
        if base in self.taken and above:
            base = f"{above[:50].strip('-')}.{base}"[:95]
        link_id, number = base, 2
        while link_id in self.taken:
            link_id, number = f"{base}-{number}", number + 1
        self.taken.add(link_id)
        return link_id

    def obligations(self, concept: JSONDict, link_id: str, is_group: bool) -> JSONDict:
        found: JSONDict = {}
        if as_text(concept.get("maximumMultiplicity")) not in ("", "0", "1"):
            found["repeats"] = True
        obligation = as_text(concept.get("mro")).strip().upper()
        if obligation == "M" and not is_group:
            found["required"] = True
        elif obligation not in ("", "M", "R", "O"):
            self.say(
                link_id, Outcome.MAPPED, f"its obligation “{obligation[:20]}” is not M, R or O; it is not required"
            )
        return found

    def answers(self, concept: JSONDict, link_id: str, kind: str) -> JSONDict:
        """The length of a text, or the codes listed beside a coded value."""
        length = length_of(concept)
        if length and kind in ("string", "text"):
            return {"maxLength": length}
        codes, wrong = codes_in(concept)
        for code in wrong:
            self.say(link_id, Outcome.REFUSED, f"the code {code} is left out: its check digit is wrong")
        if codes and kind in ("string", "text"):
            self.say(link_id, Outcome.MAPPED, "the codes listed in its text are its answers, with room for other words")
            return {"type": "open-choice", "answerOption": [{"valueCoding": code} for code in codes]}
        if plain(concept.get("valueSets"))[0] and not codes and not concept.get("valueDomain"):
            self.say(link_id, Outcome.NOT_EXECUTED, "its list of answers is named in words only; it is asked as text")
        return {}

    def say(self, link_id: str, outcome: Outcome, reason: str) -> None:
        self.reasons.setdefault(link_id, []).append((outcome, reason))

    def note(self, report: ImportReport) -> None:
        """Tell the report what the standard said, by the names of the concepts."""
        report.note("Mandatory (M) is asked for at approval. Required if known (R) is offered and never demanded.")
        lines = {line.new_link_id: line for line in report.items}
        for link_id, reasons in self.reasons.items():
            line: ItemOutcome | None = lines.get(link_id)
            for outcome, reason in reasons if line else ():
                line.note(outcome, reason)  # type: ignore[union-attr]
        report.items = [line for line in report.items if line.new_link_id in self.names]


def _help(concept: JSONDict, link_id: str) -> JSONDict:
    control = {"coding": [{"system": ITEM_CONTROL_SYSTEM, "code": "help"}]}
    return {
        "linkId": f"{link_id}--help",
        "type": "display",
        "text": shorten(plain(concept.get("description"))[0], _MOST_HELP),
        "extension": [{"url": ITEM_CONTROL, "valueCodeableConcept": control}],
    }


def _objects(value: Any) -> list[JSONDict]:
    return list(_each_object(value))


def _each_object(value: Any) -> Iterator[JSONDict]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield each


def _first(value: Any) -> JSONDict | None:
    return next(_each_object(value), None)
