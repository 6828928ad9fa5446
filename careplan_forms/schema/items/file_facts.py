"""What must be known of each kind of legal or clinical document before a plan that mentions it is approved.

Advance decisions: Mental Capacity Act 2005, sections 24 to 26. Lasting powers of attorney: sections 9 to 14. Whether a
document is valid and applies is for whoever reads it to judge; only what was recorded is said here.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from careplan_forms.schema.problems import Fault

ANSWERS = ("yes", "no", "not-known")


class Fact(NamedTuple):
    """One fact of a document: how it is asked and how it is read."""

    key: str
    question: str
    read_as: str


KINDS: dict[str, str] = {
    "adrt": "Advance decision to refuse treatment (ADRT)",
    "lpa": "Lasting power of attorney for health and welfare",
    "respect": "ReSPECT form",
    "other": "Another document",
}
FACTS: dict[str, tuple[Fact, ...]] = {
    "adrt": (
        Fact("adult", "Was the person 18 or over when they made it?", "made at 18 or over"),
        Fact("life", "Does it refuse treatment that may keep the person alive?", "refuses life-sustaining treatment"),
        Fact("written", "Is it in writing?", "in writing"),
        Fact("signed", "Is it signed by the person, or for them in their presence?", "signed"),
        Fact("witnessed", "Did a witness sign it in the person’s presence?", "witnessed"),
        Fact("even_if", "Does it say that it applies even if life is at risk?", "says “even if life is at risk”"),
    ),
    "lpa": (
        Fact("registered", "Is it registered with the Office of the Public Guardian?", "registered"),
        Fact("life", "Does it cover decisions about life-sustaining treatment?", "covers life-sustaining treatment"),
        Fact("seen", "Has a professional seen the registered document?", "seen by a professional"),
    ),
    "respect": (
        Fact("clinician", "Is it signed by a clinician?", "signed by a clinician"),
        Fact("involved", "Was the person, or someone close to them, involved?", "person or those close involved"),
    ),
    "other": (),
}
#: Of an advance decision that refuses life-sustaining treatment, all of these must be so (section 25(5) and (6)).
LIFE_SUSTAINING = ("written", "signed", "witnessed", "even_if")

Say = Callable[..., Fault]


def part_of(kind: str, fact: str) -> str:
    """The name of the control that asks for a fact."""
    return f"fact-{kind}-{fact}"


def unfinished(value: Mapping[str, Any], fault: Say) -> Fault | None:
    """The first thing approval still needs to know of a document, or that it must not be."""
    kind = value["kind"]
    if kind == "other" and not value["what"]:
        return fault("file.what.missing", part="what")
    if not value["kept"]:
        return fault("file.kept.missing", part="kept")
    if not value["signed"]:
        return fault("file.signed.missing", part="day")
    return _checklist(kind, value["facts"], fault)


def _checklist(kind: str, facts: Mapping[str, str], fault: Say) -> Fault | None:
    for each in FACTS[kind]:
        if kind == "adrt" and each.key in LIFE_SUSTAINING and facts.get("life") == "no":
            continue
        said, part = facts.get(each.key), part_of(kind, each.key)
        if said is None:
            return fault("file.fact.missing", part=part, question=each.question)
        if kind == "adrt" and each.key == "adult" and said == "no":
            return fault("file.adrt.adult", part=part)
        if kind == "adrt" and each.key in LIFE_SUSTAINING and facts.get("life") == "yes" and said != "yes":
            return fault("file.adrt.life", part=part, question=each.question)
        if kind == "lpa" and each.key == "registered" and said == "no":
            return fault("file.lpa.registered", part=part)
    return None
