"""Places on governance's pages that upper apps fill: how a record's case stands in its flow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.registry import Registry
from governance.actors import Actor


@dataclass(frozen=True)
class Panel:
    """What a page draws: a template, and the value it calls `panel`."""

    template: str
    panel: Any


#: Makers of panels: (viewer, kind of record, its public id) -> a panel, or None for nothing to show.
makers: Registry[Callable[[Actor, str, UUID], Panel | None]] = Registry("panels on the pages of governance")


def of(viewer: Actor, kind: str, public_id: UUID) -> list[Panel]:
    """The panels of one record for a viewer who has found it."""
    return [panel for make in makers if (panel := make(viewer, kind, public_id)) is not None]
