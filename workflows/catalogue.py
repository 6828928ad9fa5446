"""The words a flow may use today: what is registered, the roles, the gate's actions, events."""

from governance.enums import Action, RoleKey
from workflows import registry
from workflows.engine.lint import Catalogue, Finding, lint_spec
from workflows.engine.replaying import Rules
from workflows.engine.spec import Spec
from workflows.happenings import happenings


def current() -> Catalogue:
    """Everything the installed apps brought."""
    return Catalogue(
        guards=dict(registry.guards.items()),
        effects=dict(registry.effects.items()),
        roles=frozenset(RoleKey.values),
        actions=frozenset(Action.values),
        events=frozenset(happenings.keys()),
    )


def lint(spec: Spec) -> list[Finding]:
    """What stands between a flow and its signatures."""
    return lint_spec(spec, current())


def rules_of(spec: Spec) -> Rules:
    """A flow to be asked what it would say, with what the registered effects and guards say of authors."""
    return Rules(
        spec,
        publishing=frozenset(name for name, effect in registry.effects.items() if effect.publishes),
        barring=frozenset(name for name, guard in registry.guards.items() if guard.bars_authors),
    )
