"""The answers of a coded question: listed in the item, or in a value set that travels inside the form."""

from typing import Any

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
        kept.append({**option, "id": _unique_id(option, ids)})
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


def _unique_id(option: Option, ids: set[str]) -> str:
    base = slug(option["code"], 50) or "answer"
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
            return make(code, as_text(coding.get("system")), display or code)
    for key in _VALUE_KEYS[1:-1]:
        text = plain(entry.get(key))[0]
        if text:
            return make("", LOCAL_SYSTEM, text)
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
