"""What keeps a draft from being a flow yet, said for whoever edits it by rows."""

import re

from workflows.blocks.language import LABELS
from workflows.engine.loading import SpecError

_PLACE = re.compile(
    r"^flow(?:\.(?P<kind>states|transitions)(?:\[(?P<number>\d+)\])?)?(?:\.(?P<word>[a-z_]+))?[^:]*: (?P<said>.*)$"
)
_THINGS = {"states": "State", "transitions": "Step"}


def in_file(error: SpecError) -> str:
    """“The file has a fault at flow.states[2].label: this is missing”; what is said without a place stays."""
    place, colon, said = str(error).partition(": ")
    return f"The file has a fault at {place}: {said}" if colon and " " not in place else str(error)


def in_words(error: SpecError) -> str:
    """“Step 2, name: this is missing”, counted as the drawing counts."""
    found = _PLACE.match(str(error))
    if found is None:
        return str(error)
    number, word = found["number"], found["word"] or ""
    thing = f"{_THINGS[found['kind']]} {int(number) + 1}" if number else "The flow"
    label = LABELS.get(word, (word.replace("_", " "), ""))[0].lower()
    return f"{thing}, {label}: {found['said']}" if word else f"{thing}: {found['said']}"
