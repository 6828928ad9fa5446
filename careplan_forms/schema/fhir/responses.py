"""Answers as a FHIR R4 QuestionnaireResponse, in the shape of the Questionnaire the version is exported as."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.fhir import values
from careplan_forms.schema.fhir.layout import Layout, Place, lay_out
from careplan_forms.schema.fhir.report import ExportReport, ExportResult, ItemOutcome, Outcome
from careplan_forms.schema.fhir.write_element import name_of
from careplan_forms.schema.fhir.write_types import fhir_type
from careplan_forms.schema.items.base import is_absent, is_blank
from careplan_forms.schema.items.kinds import REPEATS, TEXTS
from careplan_forms.schema.showing import entries_of

JSONDict = dict[str, Any]

STATUSES = ("in-progress", "completed", "amended", "entered-in-error", "stopped")


def export_response(
    compiled: CompiledForm,
    answers: Mapping[str, Any],
    *,
    canonical: str,
    status: str = "completed",
    authored: str = "",
    subject: str = "",
) -> ExportResult:
    """The response and the report on it.

    `canonical` is `url|version` of the form version; `authored` an ISO instant; `subject` a reference such as
    `Patient/…`. Hidden answers are not in it, and secret ones (an access code) never are.
    """
    if status not in STATUSES:
        raise ValueError(f"A QuestionnaireResponse is one of {', '.join(STATUSES)}")
    layout = layout_of(compiled)
    report = ExportReport(title=compiled.title, canonical=canonical)
    types = {name_of(place): fhir_type(place) for place in layout.walk()}
    writer = _Writer(compiled, types, report)
    items = writer.items(layout.roots, compiled.complete(answers))
    for uid in sorted(set(compiled.suppressed(answers))):
        writer.line(uid, Outcome.REFUSED, "its question is hidden, so its answer is not part of what was said")
    resource: JSONDict = {"resourceType": "QuestionnaireResponse", "questionnaire": canonical, "status": status}
    if subject:
        resource["subject"] = {"reference": subject}
    if authored:
        resource["authored"] = authored
    return ExportResult(resource | ({"item": items} if items else {}), report)


@lru_cache(maxsize=32)
def layout_of(compiled: CompiledForm) -> Layout:
    """Where the items of a version stand in its Questionnaire; laid out once for each compiled form."""
    return lay_out(compiled.document)


class _Writer:
    def __init__(self, compiled: CompiledForm, types: dict[str, str], report: ExportReport) -> None:
        self.compiled, self.types, self.report = compiled, types, report

    def line(self, uid: str, outcome: Outcome, reason: str) -> None:
        """Say what became of an answer."""
        found = self.compiled.items.get(uid)
        link_id = found.item.link_id if found else uid
        line = ItemOutcome(uid, link_id, link_id, found.type if found else "")
        line.note(outcome, reason)
        self.report.items.append(line)

    def items(self, places: list[Place], answers: Mapping[str, Any]) -> list[JSONDict]:
        return [item for place in places for item in self.place(place, answers)]

    def place(self, place: Place, answers: Mapping[str, Any]) -> Iterator[JSONDict]:
        """The items of one place: several of a group that repeats, none when nothing was said."""
        uid = place.item.get("uid") or ""
        if place.section or place.item["type"] in ("group", *TEXTS):
            inside = self.items(place.children, answers)
            if inside:
                yield {"linkId": place.link_id, "item": inside}
        elif place.holder is not None:
            yield from self.several(place, answers.get(place.holder["uid"]))
        elif place.item["type"] in REPEATS:
            yield from self.entries(place, answers.get(uid))
        else:
            yield from self.question(place, answers)

    def entries(self, place: Place, value: Any) -> Iterator[JSONDict]:
        """A repeating group: one item for each entry."""
        if is_absent(value):
            yield {"linkId": place.link_id} | values.absent_answer(value)
        for entry in entries_of(value):
            yield {"id": entry["id"], "linkId": place.link_id, "item": self.items(place.children, entry)}

    def several(self, place: Place, value: Any) -> Iterator[JSONDict]:
        """A question with several answers, what stands under it inside each of them."""
        if is_absent(value):
            yield {"linkId": place.link_id} | values.absent_answer(value)
            return
        found = []
        for entry in entries_of(value):
            inside = self.items(place.children, entry)
            said = self.answers(place, entry.get(place.item["uid"]))
            answer = {"id": entry["id"]} | (said[0] if said else {})
            if inside or said:
                found.append(answer | ({"item": inside} if inside else {}))
        if found:
            yield {"linkId": place.link_id, "answer": found}

    def question(self, place: Place, answers: Mapping[str, Any]) -> Iterator[JSONDict]:
        found = self.answers(place, answers.get(place.item["uid"]))
        inside = self.items(place.children, answers)
        if inside:
            found = [found[0] | {"item": inside}, *found[1:]] if found else [{"item": inside}]
        if found:
            yield {"linkId": place.link_id, "answer": found}

    def answers(self, place: Place, value: Any) -> list[JSONDict]:
        """The answers to one question."""
        uid, kind = place.item["uid"], place.item["type"]
        known = self.compiled.items.get(uid)
        if known is None or is_blank(value):
            return []
        if known.secret:
            self.line(uid, Outcome.REFUSED, "it is kept apart and shown only by a logged press")
            return []
        self.line(uid, Outcome.KEPT, "")
        if is_absent(value):
            return [values.absent_answer(value)]
        several = value if kind in ("choices", "attachment") and isinstance(value, list) else [value]
        return [values.written(kind, self.types[uid], each) for each in several]
