"""The words a flow may use today: what is registered, the roles, the gate's actions."""

from governance.enums import Action, RoleKey
from workflows import registry
from workflows.engine.lint import Catalogue, Finding, lint_spec
from workflows.engine.spec import Spec


def current() -> Catalogue:
    """Everything the installed apps brought."""
    return Catalogue(
        guards=dict(registry.guards.items()),
        effects=dict(registry.effects.items()),
        roles=frozenset(RoleKey.values),
        actions=frozenset(Action.values),
    )


def lint(spec: Spec) -> list[Finding]:
    """What stands between a flow and its signatures."""
    return lint_spec(spec, current())
