"""The two evaluators of the form language, asked the same way: the server's, and the browser's under Node."""

import datetime
import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

from careplan_forms.schema.calculating import evaluate_calculation
from careplan_forms.schema.rules import evaluate
from scripts.build_assets import ASSETS, node_home

Vector = dict[str, Any]
TODAY = "2026-06-15"


def by_server(vector: Vector) -> Any:
    """What the server makes of a vector."""
    hidden = frozenset(vector.get("hidden", ()))
    if "rule" in vector:
        return evaluate(vector["rule"], vector["answers"], hidden=hidden, instance=vector.get("instance"))
    return evaluate_calculation(
        vector["calculation"],
        vector["answers"],
        today=datetime.date.fromisoformat(vector.get("today", TODAY)),
        hidden=hidden,
        instance=vector.get("instance"),
        scores={
            uid: tuple((code, system, Decimal(weight)) for code, system, weight in weights)
            for uid, weights in vector.get("scores", {}).items()
        },
        decimals=vector.get("decimals"),
        unit=vector.get("unit", ""),
    )


def by_browser(vectors: list[Vector]) -> list[Any]:
    """What the browser's evaluator makes of vectors, all in one run of Node."""
    runner = Path(__file__).with_name("run_vectors.mjs")
    command = [str(node_home() / "bin" / "node"), str(runner), str(ASSETS / "js" / "rules.js")]
    done = subprocess.run(command, input=json.dumps(vectors), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found
