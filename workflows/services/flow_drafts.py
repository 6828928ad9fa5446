"""Drafts of flows: what is brought in from a file can be edited by rows at once."""

from governance.actors import Actor
from governance.models import User
from workflows.models import FlowVersion
from workflows.selectors import flow_drafts, sign_off


def take_over(*, version: FlowVersion, by: Actor) -> None:
    """Make the rows of the editor say what a version says; the draft before it stays among the earlier ones.

    While a candidate waits for sign-off the draft is locked, so it is left as it is.
    """
    definition = version.definition
    newest = sign_off.latest_candidate(definition)
    if newest is not None and not sign_off.is_over(newest):
        return
    user = User.objects.filter(pk=by.user_id).first()
    flow_drafts.filled(definition, version.spec).save_revision(user=user, clean=False)
