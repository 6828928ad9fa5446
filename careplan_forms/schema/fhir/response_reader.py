"""A FHIR R4 QuestionnaireResponse as answers to the form version it names, every item accounted for."""

from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.fhir import values
from careplan_forms.schema.fhir.layout import Place
from careplan_forms.schema.fhir.report import ImportReport, ItemOutcome, Outcome
from careplan_forms.schema.fhir.responses import layout_of
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES, Unreadable, load
from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.items.kinds import CALCULATED, REPEATS, TEXTS
from careplan_forms.schema.names import is_instance_id

JSONDict = dict[str, Any]
Answers = dict[str, Any]

_DEEPEST = 20


def canonical_of(raw: bytes | dict[str, Any], max_bytes: int = DEFAULT_MAX_BYTES) -> str:
    """The `url|version` a response names. Raises Unreadable."""
    named = load(raw, max_bytes, "QuestionnaireResponse").get("questionnaire")
    if not isinstance(named, str) or not named.strip():
        raise Unreadable("The response does not say which Questionnaire it answers.")
    return named.strip()


def import_response(
    compiled: CompiledForm, raw: bytes | dict[str, Any], *, canonical: str, max_bytes: int = DEFAULT_MAX_BYTES
) -> tuple[Answers | None, ImportReport]:
    """The answers a response holds and the report on it; None when it is refused whole.

    `canonical` is `url|version` of the version `compiled` was made from: a response to any other is refused. Answers
    that do not fit their question, or whose question is hidden, are left out and named.
    """
    report = ImportReport(title=compiled.title, canonical=canonical)
    try:
        resource = load(raw, max_bytes, "QuestionnaireResponse")
        named = canonical_of(resource)
        if named != canonical:
            raise Unreadable(f"The response answers {named[:200]}, not {canonical}.")
    except Unreadable as reason:
        report.refusal = str(reason)
        return None, report
    answers = _Reader(compiled, report).read(resource)
    for problem in compiled.validate(answers):
        _refuse(report, problem.uid, problem.message)
        answers.pop(problem.uid, None)
        _drop(answers, problem.uid)
    for uid in sorted(compiled.suppressed(answers)):
        _refuse(report, uid, "its question is hidden by the other answers, so it is left out")
    return compiled.complete(answers), report


def _refuse(report: ImportReport, name: str, reason: str) -> None:
    line = ItemOutcome(name, name, name, "")
    line.note(Outcome.REFUSED, reason)
    report.items.append(line)


def _drop(entries: Any, uid: str) -> None:
    """Take the answers to one question out of every entry of every repeat."""
    for value in list(entries.values()) if isinstance(entries, dict) else []:
        for entry in value if isinstance(value, list) else []:
            if isinstance(entry, dict) and "id" in entry:
                entry.pop(uid, None)
                _drop(entry, uid)


def _next_id(taken: set[str]) -> str:
    number = len(taken) + 1
    while str(number) in taken:
        number += 1
    return str(number)


class _Reader:
    """One run over one response."""

    def __init__(self, compiled: CompiledForm, report: ImportReport) -> None:
        self.compiled, self.report = compiled, report
        self.places = {place.link_id: place for place in layout_of(compiled).walk()}

    def read(self, resource: Mapping[str, Any]) -> Answers:
        answers: Answers = {}
        self.items(resource.get("item"), answers, 1)
        return answers

    def items(self, raw: Any, answers: Answers, depth: int) -> None:
        """Read a list of items into the answers they stand among."""
        for item in raw if isinstance(raw, list) else [raw] if isinstance(raw, dict) else []:
            if isinstance(item, dict) and depth <= _DEEPEST:
                self.item(item, answers, depth)
            else:
                self.report.note("Something under “item” is not an item, or nested too deeply, and is left out.")

    def item(self, item: JSONDict, answers: Answers, depth: int) -> None:
        link_id = as_text(item.get("linkId"))
        place = self.places.get(link_id)
        line = ItemOutcome(link_id, link_id, link_id, "")
        self.report.items.append(line)
        if place is None:
            line.note(Outcome.REFUSED, "the form has no item of this linkId, so it is left out")
            return
        line.source_type = line.became = "section" if place.section else str(place.item["type"])
        if place.section or place.item["type"] in ("group", *TEXTS):
            self.items(item.get("item"), answers, depth + 1)
        elif place.item["type"] in REPEATS:
            self.entry(place, item, answers, line, depth)
        else:
            self.question(place, item, answers, line, depth)

    def entry(self, place: Place, item: JSONDict, answers: Answers, line: ItemOutcome, depth: int) -> None:
        """One entry of a repeating group, or the reason why there is none."""
        uid = place.item["uid"]
        reason = self.absent(place.item["uid"], item, line)
        if reason is not None:
            answers[uid] = reason
            return
        known = answers.setdefault(uid, [])
        if isinstance(known, list):
            known.append(self.opened(item, known))
            self.items(item.get("item"), known[-1], depth + 1)

    def question(self, place: Place, item: JSONDict, answers: Answers, line: ItemOutcome, depth: int) -> None:
        raw = item.get("answer")
        given = [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []
        if isinstance(raw, dict):
            given = [raw]
        if place.holder is not None:
            self.several(place, item, given, answers, line, depth)
            return
        uid = place.item["uid"]
        found = [value for each in given if (value := self.value(uid, each, line)) is not None]
        several = place.item["type"] in ("choices", "attachment")
        if found:
            answers[uid] = found if several and "absent" not in found[0] else found[0]
        if len(found) > 1 and not several:
            line.note(Outcome.REFUSED, "it has several answers where one is asked; the first is taken")
        for each in given:
            self.items(each.get("item"), answers, depth + 1)
        self.items(item.get("item"), answers, depth + 1)

    def several(
        self, place: Place, item: JSONDict, given: list[JSONDict], answers: Answers, line: ItemOutcome, depth: int
    ) -> None:
        """The answers to a question that takes several, each an entry of the repeat round it."""
        holder = place.holder or {}
        reason = self.absent(holder["uid"], item, line)
        if reason is not None:
            answers[holder["uid"]] = reason
            return
        entries = answers.setdefault(holder["uid"], [])
        for each in given:
            entry = self.opened(each, entries)
            value = self.value(place.item["uid"], each, line)
            if value is not None:
                entry[place.item["uid"]] = value
            entries.append(entry)
            self.items(each.get("item"), entry, depth + 1)

    def opened(self, holder: JSONDict, beside: list[JSONDict]) -> JSONDict:
        """A new entry, with the id it came with when it may have it."""
        given = holder.get("id")
        taken = {entry["id"] for entry in beside}
        return {"id": given if is_instance_id(given) and given not in taken else _next_id(taken)}

    def absent(self, uid: str, holder: JSONDict, line: ItemOutcome) -> JSONDict | None:
        known: CompiledItem | None = self.compiled.items.get(uid)
        try:
            return values.absent_of(holder, known.item.absent if known else ())
        except values.Misfit as reason:
            line.note(Outcome.REFUSED, f"it {reason}")
            return None

    def value(self, uid: str, answer: JSONDict, line: ItemOutcome) -> Any:
        """One answer; None when it does not fit, which the line then says."""
        known = self.compiled.items[uid]
        if known.type in CALCULATED:
            line.note(Outcome.MAPPED, "it is worked out here from the other answers")
            return None
        if known.secret:
            line.note(Outcome.REFUSED, "it is kept apart and is never taken from another system")
            return None
        reason = self.absent(uid, answer, line)
        if reason is not None:
            return reason
        if set(answer) <= {"id", "item", "extension"}:
            return None
        try:
            return values.read(known.type, known.item, answer)
        except values.Misfit as misfit:
            line.note(Outcome.REFUSED, f"its answer {misfit}")
            return None
