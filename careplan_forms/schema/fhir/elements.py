"""What each FHIR element and extension of an item means to us: read, run, or carried along (residue)."""

from typing import Any

from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.tree import Node
from careplan_forms.schema.fhir.urls import ITEM, ROLES, SECTION

_READ = frozenset(
    {
        "linkId",
        "type",
        "text",
        "code",
        "repeats",
        "required",
        "maxLength",
        "item",
        "enableWhen",
        "enableBehavior",
        "answerOption",
        "option",
        "answerValueSet",
    }
)
_READ_EXTENSIONS = frozenset(
    {
        "itemControl",
        "unit",
        "unitOption",
        "minValue",
        "maxValue",
        "maxDecimalPlaces",
        "minOccurs",
        "maxOccurs",
        "maxSize",
        "mimeType",
    }
)

# Parts whose loss would change what the form does: kept, and said aloud, because nothing here runs them.
_NOT_RUN = {
    "answerExpression": "its list of answers is looked up where it comes from",
    "candidateExpression": "it is filled in from a record where it comes from; here it starts empty",
    "itemPopulationContext": "it is filled in from a record where it comes from; here it starts empty",
    "cqf-expression": "its wording is worked out by a formula, which is not run here",
    "calculatedValue": "its value is calculated where it comes from; here it is typed",
    "constraint": "a check on its answer is not run here",
    "targetConstraint": "a check on its answer is not run here",
    "questionnaire-constraint": "a check on its answer is not run here",
    "regex": "the pattern its answer must match is not checked here",
    "minLength": "the least length of its answer is not checked here",
    "optionExclusive": "an answer that excludes the others is not enforced here",
    "hidden": "it was hidden where it comes from; here it is shown",
    "initial": "its starting value is not filled in: a plan holds no answer that nobody gave",
    "readOnly": "it was read only where it comes from; here it can be answered",
    "modifierExtension": "it carries an extension that may change its meaning; a person must check it",
    "options": "its answers are in a value set outside the form",
    "answerConstraint": "a rule about typing other answers is not run here",
}
# Already spoken of where they are read, or kept only for their codes.
_SPOKEN_FOR = frozenset(
    {
        *("unit", "minValue", "maxValue", "maxDecimalPlaces", "minOccurs", "maxOccurs", "maxSize", "mimeType"),
        *("enableWhenExpression", "calculatedExpression", "initialExpression"),
    }
)
#: Extensions of our own, read by `ours` and `role_limits`.
_OURS = frozenset({ITEM, ROLES, SECTION})
_CARRIED = "kept word for word and not used here"


def short_name(url: Any) -> str:
    """The last part of an extension's URL without the prefixes of its family: ``itemControl``, ``unit``."""
    name = as_text(url).rstrip("/").rsplit("/", 1)[-1]
    for prefix in ("sdc-questionnaire-", "questionnaire-", "sdf-"):
        name = name.removeprefix(prefix)
    return name


def extensions(node: Node, name: str) -> list[dict[str, Any]]:
    """The item's extensions of that short name."""
    return [each for each in _extension_list(node.source) if short_name(each.get("url")) == name]


def extension_value(node: Node, name: str) -> Any:
    """The value of the first extension of that short name, whatever its type, or ``None``."""
    for extension in extensions(node, name):
        for key, value in extension.items():
            if key.startswith("value"):
                return value
    return None


def item_control(node: Node) -> str:
    """How the source wants the item drawn (``help``, ``text-area``…), empty when it does not say."""
    value = extension_value(node, "itemControl")
    if not isinstance(value, dict):
        return ""
    codings = value.get("coding")
    first = codings[0] if isinstance(codings, list) and codings and isinstance(codings[0], dict) else value
    return as_text(first.get("code"))


def residue(node: Node) -> dict[str, Any]:
    """Everything of the item that we did not read, word for word, each part named in the report."""
    kept = {key: value for key, value in node.source.items() if key not in _READ or key in node.unread}
    raw = kept.pop("extension", None)
    if node.outcome.link_id not in (node.link_id, ""):
        kept["linkId"] = node.source["linkId"]
    rest = [each for each in raw if not _is_read(each, node)] if isinstance(raw, list) else raw
    if rest:
        kept["extension"] = rest
    _report(kept, node)
    return kept


def _extension_list(source: dict[str, Any]) -> list[dict[str, Any]]:
    raw = source.get("extension")
    return [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []


def _is_read(extension: Any, node: Node) -> bool:
    if not isinstance(extension, dict):
        return False
    name = short_name(extension.get("url"))
    if name == "itemControl":
        return item_control(node) in READ_CONTROLS
    if name == "unitOption" and len(extensions(node, name)) > 1:
        return False
    return name in _READ_EXTENSIONS and name not in node.unread and any(key.startswith("value") for key in extension)


READ_CONTROLS = frozenset({"text-area", "help", "flyover", "prompt", "instruction", "unit"})


def _report(kept: dict[str, Any], node: Node) -> None:
    names = [key for key in kept if key not in ("extension", "maxLength", "linkId", "required")]
    raw = kept.get("extension")
    strange = [each for each in _extension_list(kept) if each.get("url") not in _OURS]
    found = [short_name(each.get("url")) or "an extension without address" for each in strange]
    if raw is not None and not _extension_list(kept):
        found = ["extension"]
    for holder in ("_text", "_prefix"):
        if isinstance(kept.get(holder), dict):
            names_inside = [short_name(each.get("url")) for each in _extension_list(kept[holder])]
            found += [name for name in names_inside if name in _NOT_RUN]
    found = [name for name in found if name not in _SPOKEN_FOR]
    carried = []
    for name in dict.fromkeys(names + found):
        if name in _NOT_RUN and not (name in ("readOnly", "hidden") and _is_off(kept, name)):
            node.outcome.note(Outcome.NOT_EXECUTED, f"{_NOT_RUN[name]} ({name})")
        else:
            carried.append(name)
    if carried:
        node.outcome.note(Outcome.KEPT, f"{_CARRIED}: {', '.join(carried)}")


def _is_off(kept: dict[str, Any], name: str) -> bool:
    if name == "readOnly":
        return kept.get("readOnly") is False
    return all(
        each.get("valueBoolean") is False for each in _extension_list(kept) if short_name(each.get("url")) == name
    )
