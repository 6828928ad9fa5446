"""Small form documents for these tests."""

from typing import Any

from django.utils.datastructures import MultiValueDict

from careplan_forms.schema.compiler import CompiledForm, compile_form


def document(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A form of one section called `s`."""
    return {"title": "A form", "sections": [{"key": "s", "title": "Section", "items": list(items)}], **more}


def form(*items: dict[str, Any], **more: Any) -> CompiledForm:
    """The compiled form of one section."""
    audience = more.pop("audience", "clinician")
    return compile_form(document(*items, **more), audience=audience)


def item(uid: str, type: str = "text", **more: Any) -> dict[str, Any]:
    """An item labelled by its uid."""
    return {"uid": uid, "type": type, "label": uid.capitalize(), **more}


def option(code: str, **more: Any) -> dict[str, Any]:
    """An option shown as its code in capitals."""
    return {"code": code, "system": "urn:test", "display": code.upper(), **more}


def coded(code: str, text: str = "") -> dict[str, str]:
    """The answer that picks an option made by `option`."""
    return {"code": code, "system": "urn:test", "display": code.upper(), "text": text}


def shown_if(uid: str, value: Any, op: str = "=") -> dict[str, Any]:
    """A single condition."""
    return {"item": uid, "op": op, "value": value}


def posted(**values: Any) -> MultiValueDict[str, Any]:
    """A posted form; keys are names without `q-`, `__` joins parts, lists post several values."""
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in values.items():
        key = name if name.startswith("_") else f"q-{name}"
        data.setlist(key, value if isinstance(value, list) else [value])
    return data
