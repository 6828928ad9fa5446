"""The reference's readers of answers of several parts, and of scales, made of Django's own fields. See `oracle`."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from careplan_forms.schema import day
from careplan_forms.schema.items.file_facts import ANSWERS, FACTS, KINDS, part_of
from careplan_forms.schema.oracle_dates import date
from careplan_forms.schema.oracle_text import email, line, telephone

Posted = Mapping[str, list[str]]

#: Every control that these types are typed in.
CONTROLS = (
    *("name", "role", "organisation", "telephone", "email", "registration", "declared", "kind", "what", "kept"),
    *(part_of(kind, fact.key) for kind, facts in FACTS.items() for fact in facts),
)
_WHOLE_DAY = {"precision": ["D"]}


def person(item: Mapping[str, Any], value: Posted) -> dict[str, str] | None:
    """Somebody with at least a name, a role or an organisation."""
    typed = _texts(value, name=150, role=150, organisation=255, telephone=40, email=254)
    if not any(typed.values()):
        return None
    if not (typed["name"] or typed["role"] or typed["organisation"]):
        raise ValidationError("Nobody.")
    telephone({}, {"": [typed["telephone"]]})
    email({}, {"": [typed["email"]]})
    return typed


def signature(item: Mapping[str, Any], value: Posted) -> dict[str, Any] | None:
    """A signature given elsewhere, on a day that has come."""
    signed = _signed(value)
    typed = _texts(value, name=150, role=150, registration=40)
    declared = "yes" in value["declared"]
    if not signed and not declared and not any(typed.values()):
        return None
    if not (typed["name"] and typed["role"] and signed and declared):
        raise ValidationError("Parts are missing.")
    forms.RegexField(r"^[A-Za-z0-9][A-Za-z0-9 ./-]*\Z", required=False, strip=False).clean(typed["registration"])
    return typed | {"date": signed, "declared": True}


def file(item: Mapping[str, Any], value: Posted) -> dict[str, Any] | None:
    """A document that is kept elsewhere, with the facts its kind asks for."""
    signed, kind = _signed(value), line(value, "kind")
    typed = _texts(value, what=150, kept=255) if kind == "other" else {"what": "", **_texts(value, kept=255)}
    if not kind and not signed and not line(value, "what") and not typed["kept"]:
        return None
    forms.ChoiceField(choices=list(KINDS.items())).clean(kind)
    answer = forms.ChoiceField(choices=[(each, each) for each in ANSWERS], required=False)
    said = {fact.key: answer.clean(line(value, part_of(kind, fact.key))) for fact in FACTS[kind]}
    facts = {key: each for key, each in said.items() if each}
    return {"kind": kind, **typed, "signed": signed, "facts": facts}


def scale(item: Mapping[str, Any], value: Posted) -> dict[str, str] | None:
    """One of the whole numbers between the ends of a scale."""
    picked = [each for each in value[""] if each and each.removeprefix("absent:") not in (item.get("absent") or [])]
    if not picked:
        return None
    if len(picked) > 1:
        raise ValidationError("Two answers.")
    least, most = (default if item.get(end) is None else item[end] for end, default in (("min", 0), ("max", 10)))
    points = [(str(point), str(point)) for point in range(least, most + 1)]
    return {"value": forms.ChoiceField(choices=points).clean(picked[0]), "unit": ""}


def _texts(value: Posted, **limits: int) -> dict[str, str]:
    return {
        part: forms.CharField(required=False, max_length=limit).clean(line(value, part))
        for part, limit in limits.items()
    }


def _signed(value: Posted) -> str:
    signed = date(_WHOLE_DAY, value) or ""
    if signed > day.today().isoformat():
        raise ValidationError("A day to come.")
    return signed
