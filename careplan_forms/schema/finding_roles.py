"""The named codes of faults in who may see, change and must answer; part of `findings.CODES`."""

from typing import Literal

ROLE_CODES: dict[str, tuple[Literal["error", "warning"], str, str]] = {
    "roles-shape-wrong": (
        "error",
        "{what} says in a way that cannot be read who may see, change or must answer it.",
        "Choose the roles again, or leave the choice empty for everybody.",
    ),
    "roles-unknown": ("error", "{what} names the unknown role “{key}”.", "Choose a role from the list."),
    "roles-edit-unseen": (
        "error",
        "{what} may be changed by {key}, who may not see it.",
        "Let them see it too, or do not let them change it.",
    ),
    "roles-require-uneditable": (
        "error",
        "{what} must be answered by {key}, who may not change it.",
        "Let them change it too, or do not require it of them.",
    ),
    "roles-wider-than-around": (
        "warning",
        "{what} names {key}, who may not see what it stands in, so they do not see it either.",
        "Remove them here, or let them see what it stands in.",
    ),
    "roles-slot-hidden": (
        "error",
        "{what} fills the emergency slot “{key}”, which urgent care readers may not see.",
        "Let urgent care readers see it, or take the emergency slot away.",
    ),
    "roles-doctor-blind": (
        "error",
        "{what} may not be seen by doctors, so no doctor could approve a plan that answers it.",
        "Let doctors see it.",
    ),
    "roles-nobody-answers": (
        "error",
        "{what} is needed for approval, but nobody who writes in plans may change it.",
        "Let somebody change it, or do not require it.",
    ),
    "roles-nobody-edits": (
        "warning",
        "{what} may be changed by nobody who writes in plans: it stays without an answer.",
        "Let somebody change it, or remove the question.",
    ),
    "roles-doctor-left-out": (
        "warning",
        "{what} lets other clinicians {key} it and doctors not.",
        "Choose doctors too, if they are meant as well.",
    ),
    "roles-rule-source": (
        "warning",
        "The rules of {what} look at {source}, which {key} may not see though they answer {what}.",
        "Let them see it, or tell them in the hint why the question comes and goes.",
    ),
}
