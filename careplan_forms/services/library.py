"""The library of sections: putting one in, and taking over a newer text of it into one form."""

from typing import Any

from django.db import transaction

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition, FormSection, SectionPin
from careplan_forms.schema.uses import places
from careplan_forms.selectors import form_drafts, library
from core import clock
from core.exceptions import Refused
from governance.actors import Actor
from governance.services import audit


@transaction.atomic
def share(*, section: FormSection, by: Actor) -> None:
    """Put a section into the library. Every form it stands in keeps the text it has now until it takes a newer one."""
    design_permissions.check_user_can_shape_all(by)
    FormSection.objects.filter(pk=section.pk).update(shared=True)
    section.shared = True
    for definition in form_drafts.places_of(section):
        _pin(definition, section, by)
    audit.record(by=by, action="form.section_shared", target=section)


@transaction.atomic
def unshare(*, section: FormSection, by: Actor) -> None:
    """Take a section out of the library. Raises Refused while several forms use it, or its form has an older text."""
    design_permissions.check_user_can_shape_all(by)
    used = library.used_in(section)
    if len(used) > 1:
        raise Refused("Several forms use this section, so it stays in the library")
    if any(not each.current for each in used):
        raise Refused("Take over its newer text first: the form that uses it has an older one")
    FormSection.objects.filter(pk=section.pk).update(shared=False)
    section.shared = False
    SectionPin.objects.filter(section=section).delete()
    audit.record(by=by, action="form.section_unshared", target=section)


@transaction.atomic
def pin_new(*, definition: FormDefinition, by: Actor) -> None:
    """A form that was just given a library section has its present text; one it no longer uses is let go."""
    sections = {each.pk: each for each in form_drafts.sections_of(definition) if each.shared}
    SectionPin.objects.filter(definition=definition).exclude(section__in=sections).delete()
    pinned = form_drafts.pinned_in(definition)
    for pk, section in sections.items():
        if pk not in pinned:
            _pin(definition, section, by)


@transaction.atomic
def take_over(*, definition: FormDefinition, section: FormSection, by: Actor) -> None:
    """Let one form have the newest text of a library section.

    Raises Refused, with the places, when rules of the form look at questions the newer text no longer has.
    """
    design_permissions.check_user_can_edit(by, definition)
    before = _uids(form_drafts.document_of(definition)["sections"])
    _pin(definition, section, by)
    document = form_drafts.document_of(definition)
    gone = before - _uids(document["sections"])
    broken = [each.sentence for each in places(document) if each.asked in gone]
    if broken:
        raise Refused(f"The newer text has left out questions that rules look at. Change these first: {broken[0]}")
    audit.record(by=by, action="form.section_taken_over", target=definition, detail={"section": section.key[:60]})


def _uids(parts: list[dict[str, object]]) -> set[object]:
    found: set[object] = set()
    for part in parts:
        inner = part["items"]
        found |= {part.get("uid")} | (_uids(inner) if isinstance(inner, list) else set())
    return found


def _pin(definition: FormDefinition, section: FormSection, by: Actor) -> None:
    pin(definition, section, library.text_of(section), by)


def pin(definition: FormDefinition, section: FormSection, content: dict[str, Any], by: Actor) -> None:
    """Let one form have a library section in this text."""
    values = {"content": content, "taken_at": clock.now(), "taken_by_id": by.user_id}
    SectionPin.objects.update_or_create(definition=definition, section=section, defaults=values)
