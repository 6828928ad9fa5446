"""Published versions of forms as files for other systems."""

import json
from dataclasses import dataclass

from careplan_forms.models import FormVersion
from careplan_forms.schema.fhir.report import ExportReport
from careplan_forms.schema.fhir.writing import export_questionnaire

EXPORT_FORMATS = {"fhir": "FHIR R4 Questionnaire", "foreword": "Foreword form document"}


@dataclass(frozen=True)
class Exported:
    """A file: its bytes, name and media type, and for FHIR the report on it."""

    content: bytes
    filename: str
    media_type: str
    report: ExportReport | None = None


def export_version(version: FormVersion, format: str) -> Exported:
    """A version in one of `EXPORT_FORMATS`. Raises KeyError for any other."""
    return {"fhir": _questionnaire, "foreword": _document}[format](version)


def _questionnaire(version: FormVersion) -> Exported:
    status = "active" if version.definition.live_version_id == version.pk else "retired"
    date = version.published_at.date().isoformat()
    result = export_questionnaire(version.document, version=version.number, status=status, date=date)
    content = json.dumps(result.resource, ensure_ascii=False, indent=2).encode() + b"\n"
    return Exported(content, f"{_stem(version)}.questionnaire.json", "application/fhir+json", result.report)


def _document(version: FormVersion) -> Exported:
    """The very bytes that were signed off."""
    content = json.dumps(version.document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return Exported(content, f"{_stem(version)}.form.json", "application/json")


def _stem(version: FormVersion) -> str:
    return f"{version.definition.key}-v{version.number}"
