"""The process that opens files: bytes come in, a line that says what they are goes out, then the bytes to keep.

It may use so much memory and time and no more; whoever asked reads a death as "could not be opened".
"""

import json
import resource
import sys

from core.uploads.judged import Judged, Refusal

MEMORY = 2_000_000_000
SECONDS = 20
_STARTS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}


def kind_of(content: bytes) -> str:
    """What a file is by its first bytes; empty for none of ours."""
    return next((kind for start, kind in _STARTS.items() if content.startswith(start)), "")


def judge_here(content: bytes) -> Judged:
    """What a file is, opened in this process. Raises Refusal."""
    kind = kind_of(content)
    if not kind:
        raise Refusal("kind")
    if kind == "pdf":
        from core.uploads.papers import judge_paper

        return judge_paper(content)
    from core.uploads.pictures import judge_picture

    return judge_picture(content, kind)


def main() -> None:
    """Judge what comes in; see `apart.judge`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        judged = judge_here(sys.stdin.buffer.read())
        said, content = {"kind": judged.kind}, judged.content
    except Refusal as refusal:
        said, content = {"refused": refusal.code}, b""
    except MemoryError:
        said, content = {"refused": "unreadable"}, b""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + content)
