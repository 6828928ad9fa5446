"""The answers of a coded question: listed in the item, or in a value set that travels inside the form."""

from typing import Any

from careplan_forms.schema.fhir import ours, translations
from careplan_forms.schema.fhir.elements import short_name
from careplan_forms.schema.fhir.numbers import decimal_of
from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.text import as_text, plain, shorten, slug
from careplan_forms.schema.fhir.tree import Node

LOCAL_SYSTEM = "https://foreword.example/codes/imported"
MAX_OPTIONS = 500
MAX_DISPLAY = 300

_OLD_NAMES = ("answerOption", "option")
_VALUE_KEYS = (
    "valueCoding",
    "valueString",
    "valueInteger",
    "valueDate",
    "valueTime",
    "valueDecimal",
    "valueReference",
)

Option = dict[str, Any]


def listed_options(node: Node) -> list[Option]:
    """The options written in the item itself, or none. What cannot be an option is reported."""
    raw = next((node.source[name] for name in _OLD_NAMES if node.source.get(name)), None)
    if raw is None:
        return []
    entries = raw if isinstance(raw, list) else [raw]
    if "answerOption" not in node.source:
        node.outcome.note(Outcome.MAPPED, "its answers are under “option”, the name of an earlier FHIR release")
    options = [option for option in (_option(entry, node) for entry in entries) if option]
    return finish(options, node)


def finish(options: list[Option], node: Node) -> list[Option]:
    """Take out answers that occur twice, bound the list, and give every option an id of its own."""
    seen: set[tuple[str, str]] = set()
    ids: set[str] = set()
    kept: list[Option] = []
    for option in options:
        identity = (option["system"], option["code"])
        if identity in seen:
            node.outcome.note(Outcome.MAPPED, f"the answer “{option['display']}” is listed twice; one is left out")
            continue
        seen.add(identity)
        kept.append({**option, "id": _own_id(option, ids) or unique_id(option["code"], ids)})
    _replace_by_ids(kept)
    if len(kept) > MAX_OPTIONS:
        node.outcome.note(
            Outcome.MAPPED,
            f"it has {len(kept)} answers; the first {MAX_OPTIONS} are offered, the others can be typed",
        )
        node.free_text = True
    return kept[:MAX_OPTIONS]


def make(code: str, system: str, display: str) -> Option:
    """One option in our document's shape; a missing code or display is taken from the other."""
    shown = shorten(plain(display)[0] or code, MAX_DISPLAY)
    if not code:
        code, system = slug(shown, 40) or "answer", LOCAL_SYSTEM
    return {
        "id": "",
        "code": code,
        "system": system,
        "display": shown,
        "status": "active",
        "replaced_by": None,
    }


def told_beside(*holders: Any) -> Option:
    """What is told beside an answer: its weight in a score, its words in other languages, settings of ours."""
    found: Option = {}
    for holder in holders:
        found |= ours.option_of(holder)
        if words := translations.read(holder, "display", "display") if isinstance(holder, dict) else {}:
            found["translations"] = words
        raw = holder.get("extension") if isinstance(holder, dict) else None
        for each in raw if isinstance(raw, list) else []:
            if isinstance(each, dict) and short_name(each.get("url")) in ("ordinalValue", "itemWeight"):
                number = decimal_of(each.get("valueDecimal"))
                if number is not None:
                    found["score"] = int(number) if number == number.to_integral_value() else float(number)
    return found


def _own_id(option: Option, ids: set[str]) -> str:
    given = str(option["id"])
    if not given or given in ids:
        return ""
    ids.add(given)
    return given


def _replace_by_ids(options: list[Option]) -> None:
    """An answer replaced by one that did not come along is replaced by none."""
    known = {option["id"] for option in options}
    for option in options:
        if option["replaced_by"] not in known:
            option["replaced_by"] = None


def unique_id(code: str, ids: set[str]) -> str:
    """An id for an answer, made from its code, that no other answer of the list has."""
    base = slug(code, 50) or "answer"
    option_id, number = base, 2
    while option_id in ids:
        option_id, number = f"{base}-{number}", number + 1
    ids.add(option_id)
    return option_id


def _option(entry: Any, node: Node) -> Option | None:
    if not isinstance(entry, dict):
        entry = {"valueString": as_text(entry)}
    coding = entry.get("valueCoding")
    if isinstance(coding, dict):
        code, display = as_text(coding.get("code")).strip(), as_text(coding.get("display")).strip()
        if code or display:
            return make(code, as_text(coding.get("system")), display or code) | told_beside(entry, coding)
    for key in _VALUE_KEYS[1:-1]:
        text = plain(entry.get(key))[0]
        if text:
            return make("", LOCAL_SYSTEM, text) | told_beside(entry)
    reference = entry.get("valueReference")
    if isinstance(reference, dict):
        text = plain(reference.get("display") or reference.get("reference"))[0]
        if text:
            return make("", LOCAL_SYSTEM, text)
    node.outcome.note(Outcome.MAPPED, "an answer without code and text is left out of its list")
    return None


def is_verbatim(raw: Any) -> bool:
    """Whether listed answers carry more than code, system and display, so that the originals must be kept."""
    entries = raw if isinstance(raw, list) else [raw]
    return any(not _is_bare_coding(entry) for entry in entries)


def _is_bare_coding(entry: Any) -> bool:
    if not isinstance(entry, dict) or set(entry) != {"valueCoding"} or not isinstance(entry["valueCoding"], dict):
        return False
    return set(entry["valueCoding"]) <= {"code", "system", "display"}
