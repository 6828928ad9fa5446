"""A form's draft put back: to an earlier state, to a version, or away altogether.

Whatever is put back is a new draft: the revisions stay, so that putting back can itself be put back. What would be
written is decided when it is shown (`State`), and refused when the draft moved on since.
"""

from typing import Any

from django.db import transaction

from careplan_forms import design_permissions, design_policies
from careplan_forms.block_items import items_of
from careplan_forms.models import FormDefinition, FormDefinitionSection, FormSection, FormVersion, ValueSet
from careplan_forms.schema.document import normalise, sha256_of
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts, library
from careplan_forms.selectors.form_history import DraftHistory, State
from careplan_forms.services import library as sharing
from careplan_forms.services.form_drafts import save_draft
from careplan_forms.services.sign_off import locked, mark_drafts_live
from core.exceptions import Refused
from governance.actors import Actor
from governance.models import User
from governance.services import audit
from workflows import sign_off_policies

JSONDict = dict[str, Any]
MOVED_ON = "Somebody changed the draft while you were reading. Look at what would change now"
_OWN = ("title", "url", "purpose", "language", "translations", "extra")
_SECTION = ("title", "hint", "group", "translations", "extra", "items")
_LIST = ("title", "version", "source", "valid_from", "valid_until", "translations", "extra", "options")


def base_of(definition: FormDefinition) -> FormVersion | None:
    """The version a draft is thrown away for: the live one, else the newest; None for what was never signed off."""
    return definition.live_version or read.versions_of(definition).first()


@transaction.atomic
def restore(*, definition: FormDefinition, state: State, shown: str, by: Actor) -> None:
    """Make a state the form's new draft.

    `shown` is the hash of the draft that was compared with. Raises Refused when it moved on, while it waits for
    sign-off, and for a section that somebody else locked or that the actor may not change.
    """
    _write(definition, state, shown, by)
    audit.record(by=by, action="form.draft_restored", target=definition, detail={"sha256": sha256_of(state.document)})


@transaction.atomic
def throw_away(*, definition: FormDefinition, state: State, shown: str, by: Actor) -> None:
    """Go back to the version that is live (`state` says it), losing what was drafted since. Raises as `restore`."""
    design_permissions.check_user_can_shape_all(by)
    _write(definition, state, shown, by)
    base = base_of(definition)
    if base is not None and base.candidate is not None:
        mark_drafts_live(base.candidate)
    audit.record(by=by, action="form.draft_thrown_away", target=definition, detail={"was": shown})


@transaction.atomic
def remove(*, definition: FormDefinition, shown: str, by: Actor) -> None:
    """Delete a form that was never signed off or proposed, with its sections and lists that nothing else uses.

    Raises Refused for any other, and when the draft moved on since it was shown.
    """
    design_permissions.check_user_can_shape_all(by)
    locked(definition)
    check_removable(definition)
    _check_shown(definition, shown)
    history = DraftHistory(definition)
    rows = [row for row in history.rows.values() if not isinstance(row, FormDefinition)]
    for row in rows:
        _check_unlocked(row, by)
    target = ("formdefinition", str(definition.pk))
    audit.record(by=by, action="form.removed", target=target, detail={"key": definition.key[:60], "was": shown})
    key = definition.key
    definition.delete()
    rows.sort(key=lambda row: isinstance(row, ValueSet))
    for row in rows:
        own = row.form_key == key if isinstance(row, ValueSet) else not row.shared
        if own and design_policies.is_unused(row):
            row.delete()


def check_removable(definition: FormDefinition) -> None:
    """Raises Refused for a form that was ever proposed: what was decided on it has to stay readable."""
    sign_off_policies.check_nothing_waits(definition)
    if not design_policies.is_unused(definition):
        raise Refused(
            "This form was sent for sign-off before, so what was said about it stays and it cannot be removed. "
            "Restore an earlier draft instead"
        )


def _write(definition: FormDefinition, state: State, shown: str, by: Actor) -> None:
    design_permissions.check_user_can_edit(by, definition)
    locked(definition)
    sign_off_policies.check_nothing_waits(definition)
    _check_shown(definition, shown)
    _check_unlocked(definition, by)
    author = User.objects.filter(pk=by.user_id).first()
    for each in state.value_sets:
        _put(each, _LIST, author, by)
    sections = [_put(each, _SECTION, author, by) for each in state.sections]
    _put_form(definition, state, sections, author)
    sharing.pin_new(definition=definition, by=by)
    for section in sections:
        if section.pk in state.pins:
            _pin_as(definition, section, state.pins[section.pk], by)


def _put(wanted: Any, fields: tuple[str, ...], author: User | None, by: Actor) -> Any:
    """Bring the present draft of one row to what is wanted; returns the row's draft, saved only when it differs."""
    if wanted.pk is None:
        save_draft(wanted, author)
        return wanted
    row = type(wanted).objects.select_related("latest_revision").get(pk=wanted.pk)
    present = form_drafts.draft_of(row)
    if getattr(row, "shared", False) or all(_value(present, each) == _value(wanted, each) for each in fields):
        return present
    _check_unlocked(row, by)
    if not design_permissions.user_can_edit(by, row):
        raise Refused(f"“{row.title}” also stands in another form, so a clinical lead has to do this")
    for each in fields:
        setattr(present, each, _stored(wanted, each))
    save_draft(present, author)
    return present


def _put_form(definition: FormDefinition, state: State, sections: list[FormSection], author: User | None) -> None:
    present = form_drafts.draft_of(form_drafts.fresh(definition))
    places = {link.section_id: link for link in present.section_links.all()}
    order = sorted(places.values(), key=lambda link: link.sort_order or 0)
    same = [link.section_id for link in order] == [section.pk for section in sections]
    if same and all(getattr(present, each) == getattr(state.definition, each) for each in _OWN):
        return
    for each in _OWN:
        setattr(present, each, getattr(state.definition, each))
    links = [places.get(section.pk) or FormDefinitionSection(section=section) for section in sections]
    for index, link in enumerate(links):
        link.sort_order = index
    present.section_links = links
    save_draft(present, author)


def _pin_as(definition: FormDefinition, section: FormSection, wanted: JSONDict, by: Actor) -> None:
    """The library's newest text where that is what is wanted, so that it is not called newer than itself."""
    pinned = form_drafts.pinned_in(definition)[section.pk]
    if _plain(pinned) != wanted:
        newest = library.text_of(section)
        sharing.pin(definition, section, newest if _plain(newest) == wanted else wanted, by)


def _plain(section: JSONDict) -> JSONDict:
    filled: JSONDict = normalise({"sections": [section]})["sections"][0]
    return filled


def _check_shown(definition: FormDefinition, shown: str) -> None:
    if sha256_of(form_drafts.document_of(definition)) != shown:
        raise Refused(MOVED_ON)


def _check_unlocked(row: Any, by: Actor) -> None:
    if getattr(row, "locked", False) and row.locked_by_id != by.user_id:
        raise Refused(f"“{row.title}” is locked by a colleague. Ask them to unlock it first")


def _value(row: Any, name: str) -> Any:
    if name == "items":
        return items_of(form_drafts.stream_in(row, name))
    return form_drafts.stream_in(row, name) if name == "options" else getattr(row, name)


def _stored(row: Any, name: str) -> Any:
    return form_drafts.stream_in(row, name) if name in ("items", "options") else getattr(row, name)
