"""A flow version as a file: what `services.definitions.bring_in` reads."""

import json

from workflows.models import FlowVersion


def flow_file(version: FlowVersion) -> bytes:
    """The version with its definition's name and routing, as JSON that people can read and compare."""
    definition = version.definition
    document = {
        "key": definition.key,
        "name": definition.name,
        "subject_kind": definition.subject_kind,
        "applies_when": definition.applies_when,
        "priority": definition.priority,
        "is_default": definition.is_default,
        "spec": version.spec,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
