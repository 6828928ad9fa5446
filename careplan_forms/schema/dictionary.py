"""The data dictionary of a form: its items, lists of answers and rules as tables, for whoever reads answers elsewhere.

Every row says what the document says, in words where the document has codes; nothing of any code system's own texts is
added to it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from careplan_forms.schema.document import normalise
from careplan_forms.schema.emergency import SLOT_FIELDS
from careplan_forms.schema.english import rule_in_words
from careplan_forms.schema.english_calculations import calculation_in_words
from careplan_forms.schema.fhir.layout import Place, lay_out
from careplan_forms.schema.fhir.writing import export_questionnaire
from careplan_forms.schema.items.file_kinds import KINDS, kinds_of, largest_of, size_in_words
from careplan_forms.schema.items.kinds import TEXTS
from careplan_forms.schema.languages import name_of
from careplan_forms.schema.model import Form, Item, read, walk
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.schema.rich import rich_text
from careplan_forms.schema.roles import whom
from careplan_forms.schema.translating import languages_in, translation_of
from careplan_forms.schema.wording import absent_label

JSONDict = dict[str, Any]
Row = tuple[str, ...]
_PRECISION = {"D": "day", "M": "month", "Y": "year"}
_TRANSLATED = {"label": "question", "hint": "hint", "patient_label": "wording for the person"}


class Table(NamedTuple):
    """One sheet: its title, the headings of its columns and its rows."""

    title: str
    columns: Row
    rows: list[Row]


@dataclass(frozen=True)
class Dictionary:
    """A document made ready to be read out."""

    document: JSONDict
    form: Form
    items: Mapping[str, Item]
    raw: Mapping[str, JSONDict]
    languages: tuple[str, ...]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Dictionary":
        """Read a document. Raises DocumentError."""
        whole = normalise(document)
        form = read(whole)
        items = {item.uid: item for section in form.sections for item in walk(section.items)}
        raw = {each["uid"]: each for section in whole["sections"] for each in _raw_items(section)}
        return cls(whole, form, items, raw, tuple(languages_in(whole)))


def tables_of(document: Mapping[str, Any]) -> list[Table]:
    """Items, lists of answers and rules of a document. Raises DocumentError."""
    whole = Dictionary.of(document)
    return [_items(whole), _value_sets(whole), _rules(whole)]


def _raw_items(holder: JSONDict) -> Iterator[JSONDict]:
    for item in holder["items"]:
        yield item
        yield from _raw_items(item)


def _items(whole: Dictionary) -> Table:
    paths, kinds = _in_fhir(whole.document)
    told = [(language, field) for language in whole.languages for field in _TRANSLATED]
    rows: list[Row] = []
    columns: Row = ()
    for section in whole.form.sections:
        for item, inside in _placed(section.items, ""):
            path = paths.get(item.uid, "")
            cells = {"Section": section.title, "Inside": inside, **_asked(item, whole), **_answered(item, whole)}
            cells |= {"FHIR linkId path": path, "FHIR type": kinds.get(item.uid, "")}
            for language, field in told:
                words = translation_of(whole.raw.get(item.uid, {}), language).get(field) or ""
                cells[f"{name_of(language)} ({language}): {_TRANSLATED[field]}"] = words
            columns = tuple(cells)
            rows.append(tuple(cells.values()))
    return Table("Items", columns or ("Section",), rows)


def _placed(items: tuple[Item, ...], inside: str) -> Iterator[tuple[Item, str]]:
    for item in items:
        yield item, inside
        yield from _placed(item.items, " > ".join(part for part in (inside, item.label) if part))


def _asked(item: Item, whole: Dictionary) -> dict[str, str]:
    """How an item is asked, by whom it is seen, and when."""
    kind = ITEM_TYPES.get(item.type)
    needed = "always" if item.required else "recommended" if item.recommended else ""
    if item.required_if and not item.required:
        needed = f"if {rule_in_words(item.required_if, whole.items)}"
    return {
        "Label": rich_text(item.label) if item.type == "body" else item.label,
        "Wording for the person": item.patient_label,
        "Hint": item.hint,
        "Link id": item.link_id,
        "Uid": item.uid,
        "Type": kind.title if kind else item.type,
        "Needed for approval": needed,
        "Shown": f"if {rule_in_words(item.show_if, whole.items)}" if item.show_if else "always",
        "May see": "" if item.roles.see is None else whom(item.roles.see),
        "May change": "" if item.roles.edit is None else whom(item.roles.edit),
        "Must answer": "" if item.roles.require is None else whom(item.roles.require),
    }


def _answered(item: Item, whole: Dictionary) -> dict[str, str]:
    """What may be answered, and what becomes of it."""
    raw = whole.raw.get(item.uid, {})
    named, own = raw.get("value_set"), "its own list" if raw.get("options") else ""
    dates = ", ".join(_PRECISION[each] for each in item.precision) if item.type == "date" else ""
    asked = item.type not in TEXTS
    return {
        "Value set": str(named) if named else own,
        "Free text beside": "yes" if item.other else "",
        "Unit": item.unit,
        "Least": _number(item.min),
        "Most": _number(item.max),
        "Decimal places": _number(item.decimals),
        "Longest text": _number(item.max_length),
        "Date precise to": dates,
        "Ways to give no answer": "\n".join(f"{code}: {absent_label(code)}" for code in item.absent),
        "Entries at least": _number(item.min_items) if item.min_items else "",
        "Entries at most": _number(item.max_items),
        "Kinds of files": ", ".join(KINDS[kind].title for kind in kinds_of(item)) if item.type == "attachment" else "",
        "Largest file": size_in_words(largest_of(item)) if item.type == "attachment" else "",
        "Codes": "\n".join(_code(each) for each in item.code),
        "Filled in from": item.prefill or "",
        "Emergency slot": _slot(item) if asked else "",
    }


def _slot(item: Item) -> str:
    known = SLOT_FIELDS.get(item.slot or "")
    return f"{item.slot}: {known.description}" if known else item.slot or ""


def _code(code: JSONDict) -> str:
    return " ".join(str(code[key]) for key in ("system", "code", "display") if code.get(key))


def _number(value: Any) -> str:
    return "" if value is None else str(value)


def _in_fhir(document: JSONDict) -> tuple[dict[str, str], dict[str, str]]:
    """Where each item stands in a Questionnaire or its response, and of which FHIR type it is there, by uid."""
    places = lay_out(document).by_uid()
    questionnaire = export_questionnaire(document, version=1, status="draft", date="2000-01-01").resource
    types = dict(_types(questionnaire.get("item", [])))
    paths = {uid: _path(place) for uid, place in places.items() if uid}
    return paths, {uid: types.get(place.link_id, "") for uid, place in places.items()}


def _path(place: Place) -> str:
    above = _path(place.parent) if place.parent else ""
    return f"{above}{'.' if above else ''}item.where(linkId='{place.link_id}')"


def _types(items: list[JSONDict]) -> Iterator[tuple[str, str]]:
    for item in items:
        yield item["linkId"], item["type"]
        yield from _types(item.get("item", []))


def _value_sets(whole: Dictionary) -> Table:
    own = [
        (f"of {raw['link_id']}", {"title": raw["label"], "version": "", "options": raw["options"]})
        for raw in whole.raw.values()
        if raw["options"]
    ]
    columns = ("Value set", "Title", "Version", "System", "Code", "Display", "Status", "Replaced by", "Score", "Id")
    said = tuple(f"{name_of(language)} ({language})" for language in whole.languages)
    rows = [
        (key, value_set["title"], value_set["version"], *_option(option, whole.languages))
        for key, value_set in [*whole.document["value_sets"].items(), *own]
        for option in value_set["options"]
    ]
    return Table("Value sets", (*columns, *said), rows)


def _option(option: JSONDict, languages: tuple[str, ...]) -> Row:
    told = (str(translation_of(option, language).get("display") or "") for language in languages)
    known = (option["system"], option["code"], option["display"], option["status"])
    return *known, option["replaced_by"] or "", _number(option["score"]), option["id"], *told


def _rules(whole: Dictionary) -> Table:
    """Every rule, in English and as other systems can run it."""
    rows: list[Row] = []
    for item in whole.items.values():
        found = [("Shown if", item.show_if, ""), ("Needed if", item.required_if, "")]
        found += [("Warns if", caution.rule, caution.text) for caution in item.warnings]
        named = (item.link_id, item.label)
        rows += [
            (*named, kind, rule_in_words(rule, whole.items), text, _as_json(rule)) for kind, rule, text in found if rule
        ]
        if item.calculation:
            words = calculation_in_words(item.calculation, whole.items)
            rows.append((*named, "Worked out as", words, _bands(item), _as_json(item.calculation)))
    return Table("Rules", ("Link id", "Label", "What", "In English", "Says", "As data"), rows)


def _bands(item: Item) -> str:
    """What a score means: one line a band."""
    ends = [(_number(band.least), _number(band.most), band.text) for band in item.bands]
    return "\n".join(f"{least or 'any'} to {most or 'any'}: {text}" for least, most, text in ends)


def _as_json(rule: Any) -> str:
    return json.dumps(rule, ensure_ascii=False, default=str)
