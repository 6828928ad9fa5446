"""What is recorded elsewhere and moves, opens or ends cases: facts of governance, fates of plans.

Whoever owns a kind of subject registers them here, under the names that steps of flows carry as `on_event`:

happening("agreement.signed", label="The Guardian has signed", subject_kind="agreement", find=named_agreement)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.registry import Registry

Find = Callable[[Mapping[str, Any]], Iterable[UUID]]


@dataclass(frozen=True)
class Happening:
    """One thing that can be recorded elsewhere.

    `find` gives the subjects it concerns from the payload of its `topic`; without a topic, a service reports it by
    itself. It `opens` a case where there is none; `ends` is the outcome of an open case whose flow has no step for
    it: what is gone needs no decision. One told `later` is known after its transaction and can no longer be
    refused; the others are part of it, so that a flow that forbids the step forbids the recording.
    """

    label: str
    subject_kind: str
    find: Find
    topic: str = ""
    opens: bool = False
    ends: str = ""
    later: bool = False


happenings: Registry[Happening] = Registry("happenings that move cases")
