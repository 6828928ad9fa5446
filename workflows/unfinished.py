"""What keeps a draft from being a flow yet, said for whoever edits it by rows."""

import re

from workflows.blocks.language import LABELS
from workflows.engine.loading import SpecError

_PLACE = re.compile(
    r"^flow(?:\.(?P<kind>states|transitions)(?:\[(?P<number>\d+)\])?)?(?:\.(?P<word>[a-z_]+))?[^:]*: (?P<said>.*)$"
)
_THINGS = {"states": "State", "transitions": "Step"}


def in_words(error: SpecError) -> str:
    """“Step 2, name: this is missing”, counted as the drawing counts."""
    found = _PLACE.match(str(error))
    if found is None:
        return str(error)
    number, word = found["number"], found["word"] or ""
    thing = f"{_THINGS[found['kind']]} {int(number) + 1}" if number else "The flow"
    label = LABELS.get(word, (word.replace("_", " "), ""))[0].lower()
    return f"{thing}, {label}: {found['said']}" if word else f"{thing}: {found['said']}"
