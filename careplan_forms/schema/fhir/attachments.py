"""A file as a FHIR Attachment: what it is and where it is kept, never its bytes.

FHIR's own `hash` is a SHA-1, which no longer proves anything; the SHA-256 a plan is sealed with travels under an
extension of ours.
"""

import re
from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.urls import SHA256
from careplan_forms.schema.items.attachment import is_file
from careplan_forms.schema.items.file_kinds import KINDS

JSONDict = dict[str, Any]

_URN = re.compile(r"urn:uuid:([0-9a-fA-F-]{36})\Z")


def written(value: Mapping[str, Any]) -> JSONDict:
    """One file of an answer; its `url` is the name under which this service knows it."""
    return {
        "valueAttachment": {
            "extension": [{"url": SHA256, "valueString": value["sha256"]}],
            "contentType": KINDS[value["kind"]].media_type,
            "url": f"urn:uuid:{value['id']}",
            "size": value["size"],
            "title": value["name"],
        }
    }


def read(value: Any) -> JSONDict | None:
    """A file that this service wrote out; None for every other, whose bytes it does not hold."""
    if not isinstance(value, Mapping) or "data" in value:
        return None
    named = _URN.match(as_text(value.get("url")))
    media_type = as_text(value.get("contentType"))
    found = {
        "id": named[1].lower() if named else "",
        "name": as_text(value.get("title")),
        "kind": next((kind for kind, each in KINDS.items() if each.media_type == media_type), ""),
        "size": value.get("size"),
        "sha256": _sha256(value),
    }
    return found if is_file(found) else None


def _sha256(value: Mapping[str, Any]) -> str:
    extensions = value.get("extension")
    for each in extensions if isinstance(extensions, list) else []:
        if isinstance(each, dict) and each.get("url") == SHA256:
            return as_text(each.get("valueString"))
    return ""
