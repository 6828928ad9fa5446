"""Who may shape forms: clinical leads every form, an editor by grant one form until a date.

A grant is a django-guardian row with its expiry beside it; without both halves it gives nothing.
"""

from typing import Any

from careplan_forms.models import FormDefinition, FormSection
from careplan_forms.selectors.form_drafts import library_sections, sections_of, sections_only_in
from careplan_forms.selectors.form_editors import EDITORS
from core import clock
from core.exceptions import NotAllowed
from governance import gate
from governance.actors import Actor
from governance.decisions import Decision
from governance.enums import Action, ActorKind
from governance.selectors.grants import live_rows
from governance.services import audit

EDIT, OBJECT_KIND = EDITORS.permission, EDITORS.object_kind


def user_can_shape_all(actor: Actor) -> bool:
    """Every form is open to a clinical lead; jobs bring drafts in, they never sign anything off."""
    return actor.kind == ActorKind.JOB or gate.decide(actor, Action.FORM_DESIGN).allowed


def user_can_sign_off(actor: Actor) -> bool:
    """Whether sign-off is open to this role; that an author never signs is the service's to say."""
    return gate.decide(actor, Action.FORM_SIGN_OFF).allowed


def granted_forms(actor: Actor) -> set[int]:
    """The forms an account may shape by a grant that has not ended, while it may come in at all."""
    if actor.user_id is None or not gate.decide(actor, Action.ADMIN_ENTER).allowed:
        return set()
    return set(live_rows(EDITORS, actor.user_id, clock.now()).values_list("content_object_id", flat=True))


def user_can_edit(actor: Actor, row: Any) -> bool:
    """Whether the actor may change this definition, section or list of answers.

    By grant: the form itself, and a section that stands in granted forms and in no other. Lists of answers are shared
    and so belong to the leads.
    """
    if user_can_shape_all(actor):
        return True
    granted = granted_forms(actor)
    if isinstance(row, FormDefinition):
        return row.pk in granted
    return bool(granted) and isinstance(row, FormSection) and row.pk in sections_only_in(granted)


def sections_to_link(actor: Actor, definition: FormDefinition | None) -> set[int] | None:
    """The sections an actor may put into a form: its own, those open to them, the library's; None for every one."""
    if user_can_shape_all(actor):
        return None
    present = {each.pk for each in sections_of(definition)} if definition and definition.pk else set()
    return present | sections_only_in(granted_forms(actor)) | library_sections()


def user_can_shape_some(actor: Actor) -> bool:
    """Whether the designer is open at all."""
    return user_can_shape_all(actor) or bool(granted_forms(actor))


def check_user_can_edit(actor: Actor, row: Any) -> None:
    """Raises NotAllowed with the reasons, recorded, unless the actor may change this."""
    if not user_can_edit(actor, row):
        raise _refused(actor, row)


def check_user_can_shape_all(actor: Actor) -> None:
    """Raises NotAllowed unless every form is open to the actor."""
    if not user_can_shape_all(actor):
        raise _refused(actor, None)


def check_user_can_shape_some(actor: Actor) -> None:
    """Raises NotAllowed unless at least one form is open to the actor."""
    if not user_can_shape_some(actor):
        raise _refused(actor, None)


def check_user_may_grant(actor: Actor, definition: Any) -> None:
    """Clinical leads choose who else shapes one form. Raises NotAllowed."""
    gate.check(actor, Action.FORM_DESIGN)


def _refused(actor: Actor, row: Any) -> NotAllowed:
    decision: Decision = gate.decide(actor, Action.FORM_DESIGN)
    audit.record_refusal(by=actor, action=str(Action.FORM_DESIGN), target=row, codes=decision.codes)
    return NotAllowed(decision)
