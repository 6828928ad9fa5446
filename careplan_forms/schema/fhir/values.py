"""Single answers as `value[x]` and back, by the FHIR type of the question.

A number keeps the exact text it was written with under an extension wherever JSON would lose it ("3.50"); why there is
no answer is FHIR's data-absent-reason, with our own reason and the words typed beside it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from careplan_forms.schema.fhir import attachments, structured
from careplan_forms.schema.fhir.numbers import decimal_of
from careplan_forms.schema.fhir.options import LOCAL_SYSTEM
from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.urls import ABSENT, DATA_ABSENT, EXACT, REASON
from careplan_forms.schema.items.kinds import CALCULATED, NUMBERS, STRUCTURED

JSONDict = dict[str, Any]

# FHIR's nearest word for each of our reasons.
_ABSENT = {
    "not-known": "asked-unknown",
    "not-discussed": "not-asked",
    "not-asked": "not-asked",
    "declined": "asked-declined",
    "not-applicable": "not-applicable",
    "unavailable": "temp-unknown",
}
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_TEXT_KEYS = {"date": "valueDate", "dateTime": "valueDateTime", "time": "valueTime", "url": "valueUri"}
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?\Z")
_URI = re.compile(r"\S+\Z")


class Misfit(ValueError):
    """A value cannot be an answer to this question; the message says why."""


def absent_answer(value: Mapping[str, Any]) -> JSONDict:
    """Why there is no answer."""
    code = str(value["absent"])
    extensions = [
        {"url": DATA_ABSENT, "valueCode": _ABSENT.get(code, "unknown")},
        {"url": ABSENT, "valueCode": code},
    ]
    if "reason" in value:
        extensions.append({"url": REASON, "valueString": value["reason"] or ""})
    return {"extension": extensions}


def extensions(holder: Any) -> list[Mapping[str, Any]]:
    """What is told beside a value: its extensions, as far as there are any."""
    told = holder.get("extension") if isinstance(holder, Mapping) else None
    return [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []


def absent_of(holder: Mapping[str, Any], allowed: tuple[str, ...]) -> JSONDict | None:
    """Why there is no answer, read back; None when nothing says so. Raises Misfit for a reason not offered."""
    said = {as_text(each.get("url")): each for each in extensions(holder)}
    if ABSENT not in said and DATA_ABSENT not in said:
        return None
    code = as_text(said.get(ABSENT, {}).get("valueCode"))
    if not code:
        nearest = as_text(said[DATA_ABSENT].get("valueCode"))
        code = next((ours for ours in allowed if _ABSENT.get(ours) == nearest), "")
    if code not in allowed:
        raise Misfit("gives a reason for having no answer that the question does not offer")
    found: JSONDict = {"absent": code}
    if REASON in said:
        found["reason"] = as_text(said[REASON].get("valueString"))
    return found


def written(kind: str, fhir_type: str, value: Any) -> JSONDict:
    """The value[x] of one answer of our type `kind`, exported as `fhir_type`."""
    if kind == "yes_no" or isinstance(value, bool):
        return {"valueBoolean": value}
    if kind in ("choice", "choices"):
        return _coded(value)
    if kind == "organisation":
        return _organisation(value)
    if kind in STRUCTURED:
        return structured.written(kind, value)
    if kind == "attachment":
        return attachments.written(value)
    if isinstance(value, Mapping):
        return _number(fhir_type, value)
    return {_text_key(fhir_type, value): value}


def read(kind: str, item: Any, answer: Mapping[str, Any]) -> Any:
    """One answer read back. `item` is the question. Raises Misfit."""
    given = [(key, value) for key, value in answer.items() if key.startswith("value")]
    if len(given) != 1:
        raise Misfit("does not say one value" if given else "says no value")
    key, value = given[0]
    if kind == "yes_no":
        if not isinstance(value, bool):
            raise Misfit("is not yes or no")
        return value
    if kind in ("choice", "choices"):
        return _read_coded(item, key, value)
    if kind in ("organisation", "attachment") or kind in STRUCTURED:
        return _read_parts(kind, key, value, answer)
    if kind in NUMBERS or (kind in CALCULATED and key in ("valueQuantity", "valueDecimal", "valueInteger")):
        return _read_number(item, key, value, answer)
    if kind in CALCULATED and isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise Misfit("is not text")
    if kind == "date" and key == "valueDateTime":
        _check_date(value)
        return value[:10]
    return value


def _read_parts(kind: str, key: str, value: Any, answer: Mapping[str, Any]) -> JSONDict:
    if kind == "organisation":
        return _read_organisation(key, value)
    if kind == "attachment":
        return _read_file(key, value)
    found = structured.read(kind, key, value, answer)
    if found is None:
        raise Misfit("does not say the parts of its answer")
    return found


def _read_file(key: str, value: Any) -> JSONDict:
    found = attachments.read(value) if key == "valueAttachment" else None
    if found is None:
        raise Misfit("is not a file that is kept here")
    return found


def _check_date(value: str) -> None:
    """A date with a time of day loses the time, which nobody was asked for."""
    if not _DATE.match(value):
        raise Misfit("is not a date")


def _text_key(fhir_type: str, value: Any) -> str:
    text = str(value)
    key = _TEXT_KEYS.get(fhir_type, "valueString")
    fits = {"valueDate": _DATE.fullmatch, "valueDateTime": _DATE.fullmatch, "valueTime": _TIME.match}
    if key == "valueUri" and not _URI.match(text):
        return "valueString"
    return key if key not in fits or fits[key](text) else "valueString"


def _number(fhir_type: str, value: Mapping[str, Any]) -> JSONDict:
    text, unit = str(value.get("value", "")), str(value.get("unit") or "")
    number = Decimal(text)
    whole = number == number.to_integral_value()
    plain: int | float = int(number) if whole else float(number)
    exact = {"extension": [{"url": EXACT, "valueString": text}]} if str(plain) != text else {}
    if fhir_type == "quantity" or unit:
        inside: JSONDict = {"value": plain} | ({"unit": unit} if unit else {})
        return {"valueQuantity": exact | inside}
    key = "valueInteger" if fhir_type == "integer" and whole else "valueDecimal"
    return {key: plain} | ({f"_{key}": exact} if exact else {})


def _read_number(item: Any, key: str, value: Any, answer: Mapping[str, Any]) -> JSONDict:
    beside = value if isinstance(value, dict) else answer.get(f"_{key}")
    number = decimal_of(value.get("value") if isinstance(value, dict) else value)
    if number is None:
        raise Misfit("is not a number")
    unit = as_text(value.get("unit") or value.get("code")) if isinstance(value, dict) else item.unit
    if unit != item.unit:
        raise Misfit(f"is in “{unit[:30]}”, and the question asks for “{item.unit}”" if unit else "has no unit")
    text = format(number, "f")
    for each in extensions(beside):
        exact = as_text(each.get("valueString")) if each.get("url") == EXACT else ""
        same = decimal_of(exact)
        if same is not None and (same == number or float(same) == float(number)):
            text = exact
    return {"value": text, "unit": item.unit}


def _coded(value: Mapping[str, Any]) -> JSONDict:
    code, text = value.get("code") or "", value.get("text") or ""
    if not code:
        return {"valueString": text}
    coding = {key: value.get(key) for key in ("system", "code", "display") if value.get(key)}
    if text:
        coding = {"extension": [{"url": f"{EXACT}-text", "valueString": text}]} | coding
    return {"valueCoding": coding}


def _read_coded(item: Any, key: str, value: Any) -> JSONDict:
    text = ""
    if key == "valueCoding" and isinstance(value, dict) and as_text(value.get("code")):
        code, system = as_text(value.get("code")), as_text(value.get("system"))
        for each in extensions(value):
            if each.get("url") == f"{EXACT}-text":
                text = as_text(each.get("valueString"))
        for option in item.options:
            if option.code == code and (not system or option.system == system):
                display = as_text(value.get("display")) or option.display
                return {"code": option.code, "system": option.system, "display": display, "text": text}
        raise Misfit("is not among the answers of the question")
    said = as_text(value.get("display") if isinstance(value, dict) else value)
    for option in item.options:
        if said and said == option.display and (option.system == LOCAL_SYSTEM or not item.other):
            return {"code": option.code, "system": option.system, "display": option.display, "text": ""}
    if said and item.other:
        return {"code": "", "system": "", "display": "", "text": said}
    raise Misfit("is not among the answers of the question")


def _organisation(value: Mapping[str, Any]) -> JSONDict:
    code, name = as_text(value.get("code")), as_text(value.get("name"))
    found: JSONDict = {"type": "Organization"}
    if code:
        found["identifier"] = {"system": _ODS, "value": code}
    return {"valueReference": found | ({"display": name} if name else {})}


def _read_organisation(key: str, value: Any) -> JSONDict:
    if key != "valueReference" or not isinstance(value, dict):
        raise Misfit("is not a link to an organisation")
    identifier = value.get("identifier")
    code = as_text(identifier.get("value")) if isinstance(identifier, dict) else ""
    return {"code": code, "name": as_text(value.get("display"))}
