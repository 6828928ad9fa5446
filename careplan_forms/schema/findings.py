"""What the linter can find: each named code with its weight, its sentence and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.finding_roles import ROLE_CODES
from careplan_forms.schema.lint_codes import RULE_CODES, TYPE_CODES, Severity
from careplan_forms.schema.lint_codes_options import WORD_CODES
from careplan_forms.schema.rich import rich_text


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a form document. Errors stop a form from going live; warnings are for the approver to weigh.

    `path` points into the document (`/sections/0/items/2/show_if`); `section` and `uid` name the place, where
    known.
    """

    code: str
    severity: Severity
    path: str
    message: str
    how_to_mend: str
    section: str = ""
    uid: str = ""


# code → (severity, what is wrong, how to mend it)
CODES: dict[str, tuple[Severity, str, str]] = {
    "document-unreadable": ("error", "{problem}", "Bring the form as one JSON document of a known schema version."),
    "document-untitled": ("error", "The form has no title.", "Give the form a title."),
    "document-empty": ("error", "The form has no sections.", "Add a section with at least one question."),
    "shape-wrong": ("error", "{what} has the wrong shape: it must be {wanted}.", "Correct this part of the document."),
    "key-unknown": ("warning", "{what} has the unknown setting “{key}”.", "Remove the setting or correct its name."),
    "section-key-missing": ("error", "A section has no key.", "Give the section a key."),
    "section-key-duplicate": ("error", "Two sections have the key “{key}”.", "Give one of them another key."),
    "section-untitled": ("error", "The section “{key}” has no title.", "Give the section a title."),
    "section-empty": ("warning", "The section {what} has no questions.", "Add a question or remove the section."),
    "section-too-long": (
        "warning",
        "The section {what} has {count} items; more than {most} are hard to fill in on one page.",
        "Split the section in two.",
    ),
    "uid-missing": ("error", "{what} has no uid.", "Save the question again in the designer, or give it a uid."),
    "uid-duplicate": ("error", "{what} has the same uid as another item.", "Give one of the two a uid of its own."),
    "link-id-duplicate": ("error", "{what} has the link id “{key}” of another item.", "Choose another link id."),
    "type-unknown": ("error", "{what} has the unknown type “{key}”.", "Choose one of: {known}."),
    "label-empty": ("error", "{what} has no wording.", "Write the question."),
    "nested-too-deep": ("error", "{what} is nested more than {most} deep.", "Move it out of some of its groups."),
    "items-ignored": (
        "error",
        "{what} is a question and cannot hold other items.",
        "Move them out, or make it a group.",
    ),
    "group-empty": ("warning", "{what} holds no items.", "Add questions or remove the group."),
    "choice-without-options": ("error", "{what} offers no options.", "Add options or name a value set."),
    "options-all-retired": ("error", "All options of {what} are retired.", "Add an option that can be chosen."),
    "option-duplicate": ("error", "{what} has the option “{key}” twice.", "Remove one of the two."),
    "option-display-duplicate": (
        "warning",
        "{what} has two options that read “{key}”.",
        "Word them so that they can be told apart.",
    ),
    "option-without-code": ("error", "{what} has an option without a code.", "Give the option a code."),
    "option-without-display": ("error", "The option “{key}” of {what} has no wording.", "Word the option."),
    "option-replacement-unknown": (
        "error",
        "The option “{key}” of {what} is replaced by one that is not there.",
        "Name an option of the same list.",
    ),
    "value-set-unknown": (
        "error",
        "{what} names the value set “{key}”, which is not there.",
        "Name one that is there.",
    ),
    "value-set-unused": ("warning", "No question uses the value set “{key}”.", "Remove it or use it."),
    "snomed-check-digit": (
        "error",
        "{what} has the SNOMED CT code {key}, whose check digit is wrong.",
        "Look the code up again: a digit is missing, added or mistyped.",
    ),
    **RULE_CODES,
    **WORD_CODES,
    **TYPE_CODES,
    "limits-crossed": ("error", "{what} has a least value above its greatest.", "Exchange the two or remove one."),
    "limit-wrong": ("error", "{what} has {key}, which is not a limit for its type.", "Correct or remove the limit."),
    "required-unknown": ("error", "{what} has an unknown setting for required.", "Choose never or publish."),
    "absent-unknown": ("warning", "{what} offers the unknown reason “{key}”.", "Choose one of: {known}."),
    "precision-unknown": ("error", "{what} has an unknown date precision.", "Choose from D, M and Y."),
    "slot-unknown": ("error", "{what} fills the unknown emergency slot “{key}”.", "Choose a slot from the list."),
    "slot-twice": (
        "error",
        "{what} fills the emergency slot “{key}”, which another question fills already.",
        "Let only one question fill the slot.",
    ),
    "slot-token-unknown": (
        "error",
        "{what} maps “{key}” to “{token}”, which the emergency slot does not know.",
        "Choose one of: {known}.",
    ),
    "slot-unmapped": (
        "error",
        "{what} does not say what its answer “{key}” means in the emergency view.",
        "Map the answer to one of: {known}.",
    ),
    "slot-mapping-stray": ("warning", "{what} maps “{key}”, which is not one of its answers.", "Remove the mapping."),
    "slot-outside-repeat": (
        "error",
        "{what} fills “{key}” but is not inside the repeat that fills “{parent}”.",
        "Move the question into that repeat.",
    ),
    "slot-missing": (
        "error",
        "No question states the emergency fact “{key}” ({slots}).",
        "Add a question that fills the slot, or map an existing one.",
    ),
    "slot-not-required": (
        "warning",
        "{what} states the emergency fact “{key}” but may be left blank at approval.",
        "Require it for approval; “Not discussed” and “Not known” remain possible.",
    ),
    "condition-not-run": (
        "error",
        "{what} came with a condition that cannot be run here: {reason}.",
        "Build the condition by rows. If it is always to be shown, write {always} as its condition too rich for rows.",
    ),
    "slot-none": (
        "warning",
        "The form fills no emergency slot: its plans will show nothing in the emergency view.",
        "Map the emergency facts if plans of this form are for urgent care.",
    ),
    **ROLE_CODES,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """An item of the raw document at its place. `around` holds the items it stands in, outermost first."""

    item: dict[str, Any]
    path: str
    section: str
    position: int
    around: tuple["Spot", ...]

    @property
    def uid(self) -> str:
        """The item's uid, empty when it has none."""
        return text(self.item.get("uid"))

    @property
    def type(self) -> str:
        """The item's type."""
        return text(self.item.get("type")) or "text"

    @property
    def what(self) -> str:
        """The item as a finding names it."""
        label = text(self.item.get("label"))
        label = rich_text(label).partition("\n")[0] if self.type == "body" else label
        name = label or text(self.item.get("link_id")) or self.uid
        return f"“{name[:100]}”" if name else "An item without a name"

    def find(self, code: str, part: str = "", about: str = "", **values: Any) -> Finding:
        """A finding at this item, or at one part of it; `about` says which, where the sentence must."""
        path = f"{self.path}/{part}" if part else self.path
        return finding(code, path, section=self.section, uid=self.uid, what=self.what + about, **values)


def finding(code: str, path: str, section: str = "", uid: str = "", **values: Any) -> Finding:
    """A finding with the sentence catalogued under its code."""
    severity, message, mend = CODES[code]
    return Finding(code, severity, path, message.format(**values), mend.format(**values), section, uid)


def text(value: Any) -> str:
    """A text, or nothing when it is none."""
    return value if isinstance(value, str) else ""


def listed(value: Any) -> list[Any]:
    """A list, or an empty one when it is none."""
    return value if isinstance(value, list) else []


Findings = Iterator[Finding]
