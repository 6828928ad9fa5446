"""Library sections: which forms use them, and which text each form has taken over."""

from dataclasses import dataclass
from typing import Any

from careplan_forms.models import FormDefinition, FormSection, SectionPin
from careplan_forms.schema.diff import diff_documents
from careplan_forms.selectors import form_drafts
from core.exceptions import Absent

JSONDict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Newer:
    """A library section whose text moved on since a form took it over; `changes` say how, a sentence each."""

    section: FormSection
    changes: list[str]


@dataclass(frozen=True, slots=True)
class UsedIn:
    """A form that uses a section, and whether it has the text as last saved."""

    definition: FormDefinition
    current: bool


def newer_texts(definition: FormDefinition) -> list[Newer]:
    """The library sections of a form that have a newer text than the one it took over."""
    pinned = form_drafts.pinned_in(definition)
    found = []
    for section in form_drafts.sections_of(definition):
        taken = pinned.get(section.pk)
        if taken is not None and taken != text_of(section):
            found.append(Newer(section, _changes(taken, text_of(section))))
    return found


def used_in(section: FormSection) -> list[UsedIn]:
    """The forms a section stands in."""
    pins = dict(SectionPin.objects.filter(section=section).values_list("definition_id", "content"))
    text = text_of(section)
    return [UsedIn(each, pins.get(each.pk, text) == text) for each in form_drafts.places_of(section)]


def text_of(section: FormSection) -> JSONDict:
    """A section as last saved, in the shape of the document."""
    return form_drafts.section_in(form_drafts.draft_of(section))


def library_section(definition: FormDefinition, pk: int) -> FormSection:
    """A library section of a form. Raises Absent."""
    for section in form_drafts.sections_of(definition):
        if section.pk == pk and section.shared:
            return section
    raise Absent


def _changes(old: JSONDict, new: JSONDict) -> list[str]:
    said = [each.sentence for each in diff_documents({"sections": [old]}, {"sections": [new]})]
    return said or ["Codes or settings changed, the wording did not."]
