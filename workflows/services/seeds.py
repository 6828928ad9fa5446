"""The flows the service starts with: read from plain files, signed by the given people, put to use."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from governance.actors import Actor
from workflows.engine.loading import load_spec, sha256_of
from workflows.engine.scenarios import ScenarioFile, load_scenarios
from workflows.flow_checks import warnings_of
from workflows.models import FlowDefinition, FlowVersion, FlowVersionApproval
from workflows.services import definitions

FOLDER = Path(__file__).resolve().parent.parent / "seeds"
#: Flows of kinds of subject that no app registers yet: sound and tried by their scenarios, but not put to use.
UPCOMING = FOLDER / "upcoming"
#: The scenarios delivered beside the seeded flows, one file for each flow's key.
SCENARIOS = FOLDER / "scenarios"


def read_seeds(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The seeded flows, each a definition's fields with its `spec`, in the order of their file names."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def read_scenarios(key: str, folder: Path = SCENARIOS) -> ScenarioFile | None:
    """The scenarios delivered for a flow; None when there are none."""
    text = scenarios_text(key, folder)
    return load_scenarios(text.encode()) if text else None


def scenarios_text(key: str, folder: Path = SCENARIOS) -> str:
    """The same as it was written; empty when there are none."""
    path = folder / f"{key}.json"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@transaction.atomic
def seed_flows(
    *,
    by: Actor,
    clinical_safety: Actor,
    information_governance: Actor,
    now: datetime.datetime,
    folder: Path = FOLDER,
) -> list[FlowDefinition]:
    """Put every seeded flow to use, signed by the clinical safety officer and the IG officer given.

    Doing it again changes nothing; a changed file becomes a new version. `by` is a clinical lead or a job.
    """
    signatories = {
        FlowVersionApproval.Capacity.CLINICAL_SAFETY: clinical_safety,
        FlowVersionApproval.Capacity.INFORMATION_GOVERNANCE: information_governance,
    }
    return [_seed(by, seed, signatories, now) for seed in read_seeds(folder)]


def _seed(
    by: Actor, seed: dict[str, Any], signatories: dict[FlowVersionApproval.Capacity, Actor], now: datetime.datetime
) -> FlowDefinition:
    spec = seed["spec"]
    existing = FlowDefinition.objects.filter(key=seed["key"]).select_related("live_version").first()
    if existing and existing.live_version and existing.live_version.sha256 == sha256_of(spec):
        return existing
    fields = {name: value for name, value in seed.items() if name != "spec"}
    definition = definitions.define(by=by, **fields)
    version = definitions.create_version(by=by, definition=definition, spec=spec, change_note="As delivered", now=now)
    _sign(version, spec, signatories, now)
    return definitions.activate(by=by, version=version, now=now)


def _sign(
    version: FlowVersion,
    spec: dict[str, Any],
    signatories: dict[FlowVersionApproval.Capacity, Actor],
    now: datetime.datetime,
) -> None:
    for capacity, signer in signatories.items():
        definitions.sign_version(
            by=signer,
            version=version,
            capacity=str(capacity),
            sha256=version.sha256,
            read=warnings_of(load_spec(spec)),
            exemption=load_spec(spec).exemption,
            now=now,
        )
