"""Which flow a command is about: one of this service by its key, one of its versions, or a draft in a file."""

from collections.abc import Mapping
from typing import Any

from core.commands import AnsweringCommand, content_of
from core.exceptions import Refused
from workflows import policies
from workflows.engine.loading import load_file, load_spec
from workflows.engine.reading import SpecError
from workflows.engine.spec import Spec
from workflows.models import FlowDefinition


class FlowCommand(AnsweringCommand):
    """A command about one flow; what is wrong with a file is said with its place."""

    faults = (SpecError,)


def flow_by_key(key: str) -> FlowDefinition:
    """The flow with that key; Refused when there is none."""
    found = FlowDefinition.objects.filter(key=key).select_related("live_version").first()
    if found is None:
        raise Refused(f"There is no flow with the key {key}")
    return found


def version_or_file(definition: FlowDefinition, named: str) -> Spec:
    """The version of a flow by its number, or the flow in a file."""
    if not named.isdigit():
        return load_spec(load_file(content_of(named)).spec)
    version = definition.versions.filter(number=int(named)).first()
    if version is None:
        raise Refused(f"{definition.key} has no version {named}")
    return policies.spec_of(version)


def live_or_file(named: str) -> tuple[Spec, Mapping[str, Any]]:
    """A flow and the conditions under which subjects take it: the live one of that key, or the one in a file."""
    definition = FlowDefinition.objects.filter(key=named).select_related("live_version").first()
    if definition is None:
        file = load_file(content_of(named, f"There is no flow with the key {named}, and no file that can be read"))
        return load_spec(file.spec), file.applies_when
    if definition.live_version is None:
        raise Refused(f"No version of {named} is live. Give the file of a version")
    return policies.spec_of(definition.live_version), definition.applies_when
