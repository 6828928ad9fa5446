"""Having a file opened by a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

from core.uploads.judged import CODES, Judged, Refusal
from core.uploads.opening import SECONDS, kind_of

_SITE = str(Path(__file__).resolve().parents[2])
_PROGRAM = f"import sys; sys.path.insert(0, {_SITE!r}); from core.uploads.opening import main; main()"
#: Waiting for a turn on a busy machine comes on top of what the opening itself may take.
PATIENCE = SECONDS + 10


def judge(content: bytes) -> Judged:
    """What a file is, and the bytes to keep of it.

    Raises Refusal: what is none of our kinds, cannot be opened in reasonable time and memory, or could do harm.
    """
    if not kind_of(content):
        raise Refusal("kind")
    try:
        answer = subprocess.run(
            [sys.executable, "-I", "-c", _PROGRAM],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            env={},
            check=True,
        ).stdout
    except (subprocess.SubprocessError, OSError) as error:
        raise Refusal("unreadable") from error
    head, _, kept = answer.partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError as error:
        raise Refusal("unreadable") from error
    if "kind" not in said:
        raise Refusal(said["refused"] if said.get("refused") in CODES else "unreadable")
    return Judged(said["kind"], kept)
