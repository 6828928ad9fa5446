"""Giving a colleague one form to edit until a day, and ending it. The grant itself is governance's."""

import datetime
from typing import Any

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition
from careplan_forms.selectors import form_editors
from core import clock
from core.exceptions import Refused
from governance.actors import Actor
from governance.selectors.staff import account_on_a_list
from governance.services import grants

_LAST_MINUTE = datetime.time(23, 59)


def give_editor(*, definition: FormDefinition, email: str, until: datetime.date, reason: str, by: Actor) -> Any:
    """Let the member of staff with this address edit one form to the end of a day in London.

    Raises Refused when nobody on a staff list has the address, for oneself, and for a day out of range.
    """
    design_permissions.check_user_may_grant(by, definition)
    user = account_on_a_list(email)
    if user is None:
        raise Refused("Nobody on a staff list signs in with this address. Check it, or ask their lead", "email")
    moment = datetime.datetime.combine(until, _LAST_MINUTE, tzinfo=clock.LONDON)
    return grants.grant(user=user, subject=definition, until=moment, reason=reason, by=by)


def end_editor(*, definition: FormDefinition, editor_id: object, by: Actor) -> int:
    """End it at once; returns how many grants that ended. Raises Absent for somebody who is no editor of the form."""
    design_permissions.check_user_may_grant(by, definition)
    return grants.revoke(user=form_editors.editor_by_id(definition, editor_id), subject=definition, by=by)
