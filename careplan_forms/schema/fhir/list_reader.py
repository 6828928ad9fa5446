"""Lists of answers from a FHIR ValueSet or CodeSystem, whatever state the file is in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.code_systems import fault_of
from careplan_forms.schema.fhir.options import MAX_DISPLAY, make, told_beside, unique_id
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES, Unreadable, plain_json
from careplan_forms.schema.fhir.text import as_text, plain, shorten, slug
from careplan_forms.schema.lint_options import day_of

JSONDict = dict[str, Any]

MAX_LIST = 2000
_DEPTH = 20
_GONE = frozenset({"retired", "deprecated", "inactive"})


@dataclass
class ListReport:
    """What became of a list that was brought: the options left out with their reasons, and notes; or a refusal."""

    title: str = ""
    url: str = ""
    refusal: str = ""
    taken: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        """Say something about the whole list, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def leave_out(self, name: str, reason: str) -> None:
        """Say that a concept did not become an answer, and why."""
        self.left_out.append((name[:100] or "a concept without a code", reason))


@dataclass(frozen=True)
class ListResult:
    """A list of answers in the shape of the form document, None when it was refused, and the report on it."""

    value_set: JSONDict | None
    report: ListReport


@dataclass(frozen=True)
class _Concept:
    system: str
    raw: JSONDict


def read_list(raw: bytes | JSONDict, max_bytes: int = DEFAULT_MAX_BYTES) -> ListResult:
    """Read a ValueSet or a CodeSystem; never raises for what the file holds."""
    report = ListReport()
    try:
        resource = plain_json(raw, max_bytes)
        concepts = _concepts(resource, report)
    except Unreadable as reason:
        report.refusal = _as_list(str(reason))
        return ListResult(None, report)
    report.title = shorten(plain(resource.get("title") or resource.get("name") or resource.get("id"))[0], 200)
    report.url = as_text(resource.get("url"))[:300]
    options = _options(concepts, report)
    if not options:
        report.refusal = "The file names no answer that can be used: it lists no concepts with codes."
        return ListResult(None, report)
    report.taken = len(options)
    return ListResult(_value_set(resource, report, options), report)


def _as_list(sentence: str) -> str:
    """A sentence about files of forms, said of files of lists."""
    return (
        sentence.replace("Questionnaire", "ValueSet or CodeSystem")
        .replace("a form", "a list")
        .replace("the form", "the list")
    )


def _concepts(resource: JSONDict, report: ListReport) -> Iterator[_Concept]:
    kind = as_text(resource.get("resourceType"))
    if kind == "CodeSystem":
        content = as_text(resource.get("content"))
        if content in ("not-present", "fragment", "example"):
            report.note(f"The code system says that its content is “{content}”, so concepts may be missing.")
        return _nested(resource.get("concept"), as_text(resource.get("url")), "concept", 0, report)
    if kind != "ValueSet":
        name = f"the resource {kind[:40]}" if kind else "no FHIR resource"
        raise Unreadable(f"The file holds {name}. Choose a ValueSet or a CodeSystem saved as JSON.")
    expansion = resource.get("expansion")
    if isinstance(expansion, dict) and expansion.get("contains"):
        total = expansion.get("total")
        shown = expansion["contains"]
        if isinstance(total, int) and isinstance(shown, list) and total > _count(shown):
            report.note(f"The file says that the list has {total} concepts and holds {_count(shown)} of them.")
        return _nested(shown, "", "contains", 0, report)
    return _composed(resource.get("compose"), report)


def _nested(concepts: Any, system: str, inner: str, depth: int, report: ListReport) -> Iterator[_Concept]:
    if depth > _DEPTH:
        report.note(f"Concepts more than {_DEPTH} levels deep are left out.")
        return
    for each in _objects(concepts):
        own = as_text(each.get("system")) or system
        if each.get("abstract") is True or _property(each, "notSelectable") is True:
            report.leave_out(_name(each), "it is a heading that cannot be chosen")
        else:
            yield _Concept(own, each)
        yield from _nested(each.get(inner), own, inner, depth + 1, report)


def _composed(compose: Any, report: ListReport) -> Iterator[_Concept]:
    compose = compose if isinstance(compose, dict) else {}
    if _objects(compose.get("exclude")):
        report.note("The file takes concepts out by “exclude”; those that are named are left out of the list.")
    gone = {
        (as_text(each.get("system")), as_text(concept.get("code")))
        for each in _objects(compose.get("exclude"))
        for concept in _objects(each.get("concept"))
    }
    for include in _objects(compose.get("include")):
        system = as_text(include.get("system"))
        _cannot_run(include, system, report)
        for concept in _objects(include.get("concept")):
            if (system, as_text(concept.get("code"))) in gone:
                report.leave_out(_name(concept), "the file itself excludes it")
            else:
                yield _Concept(system, concept)


def _cannot_run(include: JSONDict, system: str, report: ListReport) -> None:
    where = system[:100] or "an unnamed system"
    for each in _objects(include.get("filter")):
        words = " ".join(as_text(each.get(key)) for key in ("property", "op", "value"))[:150]
        report.note(f"A filter on {where} ({words}) cannot be run here: bring the expanded list instead.")
    raw = include.get("valueSet")
    for other in raw if isinstance(raw, list) else []:
        report.note(f"It includes the value set {as_text(other)[:150]}, which is not in the file: bring it as well.")
    if not include.get("concept") and not include.get("filter") and not include.get("valueSet"):
        report.note(f"It includes all of {where}, which is not in the file: bring the expanded list instead.")


def _options(concepts: Iterator[_Concept], report: ListReport) -> list[JSONDict]:
    found: list[JSONDict] = []
    seen: set[tuple[str, str]] = set()
    ids: set[str] = set()
    for each in concepts:
        code = as_text(each.raw.get("code")).strip()
        if len(found) >= MAX_LIST:
            report.note(f"The list has more than {MAX_LIST:,} answers; the others are left out. Bring a shorter list.")
            break
        reason = _why_not(each.system, code, seen)
        if reason:
            report.leave_out(_name(each.raw), reason)
            continue
        seen.add((each.system, code))
        found.append(_option(each, code, ids))
    return found


def _why_not(system: str, code: str, seen: set[tuple[str, str]]) -> str:
    if not code:
        return "it has no code"
    if len(code) > 60:
        return "its code has more than 60 characters"
    if len(system) > 200:
        return "the name of its code system has more than 200 characters"
    if (system, code) in seen:
        return "it is in the file twice"
    fault = fault_of(system, code)
    return f"{fault[0].lower()}{fault[1:]}" if fault else ""


def _option(concept: _Concept, code: str, ids: set[str]) -> JSONDict:
    told = told_beside(concept.raw) | {"id": unique_id(code, ids)}
    made = make(code, concept.system, shorten(as_text(concept.raw.get("display")), MAX_DISPLAY)) | told
    status = as_text(_property(concept.raw, "status"))
    if concept.raw.get("inactive") is True or _property(concept.raw, "inactive") is True or status in _GONE:
        made["status"] = "retired"
        day = as_text(_property(concept.raw, "retirementDate") or _property(concept.raw, "deprecationDate"))[:10]
        made["retired_on"] = day if day_of(day) else None
    if designations := _designations(concept.raw):
        made["translations"] = designations | made.get("translations", {})
    made["replaced_by"] = None
    return made


def _designations(concept: JSONDict) -> JSONDict:
    """Displays in other languages."""
    from careplan_forms.schema.languages import base, is_language

    found: JSONDict = {}
    for each in _objects(concept.get("designation")):
        language, text = as_text(each.get("language")), shorten(plain(each.get("value"))[0], MAX_DISPLAY)
        if is_language(language) and base(language) != "en" and text:
            found.setdefault(language, {"display": text})
    return found


def _value_set(resource: JSONDict, report: ListReport, options: list[JSONDict]) -> JSONDict:
    period = resource.get("effectivePeriod")
    days = {
        name: as_text(period.get(key))[:10] if isinstance(period, dict) else ""
        for name, key in (("valid_from", "start"), ("valid_until", "end"))
    }
    key = slug(as_text(resource.get("id")) or as_text(resource.get("name")) or report.title, 100)
    return {
        "key": key or "list",
        "version": as_text(resource.get("version"))[:30] or "1",
        "title": report.title or key or "List",
        "source": report.url,
        **{name: day if day_of(day) else None for name, day in days.items()},
        "options": options,
    }


def _property(concept: JSONDict, code: str) -> Any:
    for each in _objects(concept.get("property")):
        if each.get("code") == code:
            return next((value for key, value in each.items() if key.startswith("value")), None)
    return None


def _name(concept: JSONDict) -> str:
    return plain(concept.get("display"))[0] or as_text(concept.get("code"))


def _count(contains: list[Any]) -> int:
    total, pending = 0, list(contains)
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            total += 1
            pending += _objects(each.get("contains"))
    return total


def _objects(value: Any) -> list[JSONDict]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
