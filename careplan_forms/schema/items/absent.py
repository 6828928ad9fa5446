"""Saying that there is no answer, and why: a value of its own, never a blank.

Questions drawn as radios or checkboxes offer the reasons beside their options, under `absent:<code>`; all
others offer them as checkboxes of their own, in the part `absent`. Each reason has a text of its own.
"""

from typing import TYPE_CHECKING, Any

from careplan_forms.schema import markup
from careplan_forms.schema.markup import UNSHOWABLE, Tick
from careplan_forms.schema.model import Item
from careplan_forms.schema.names import join
from careplan_forms.schema.problems import Fault, Raw
from careplan_forms.schema.wording import Wording, absent_label

if TYPE_CHECKING:
    from careplan_forms.schema.items.base import Field

PREFIX = "absent:"
REASON_LIMIT = 255
# The types that offer the reasons among their own radios or checkboxes.
BESIDE = ("yes_no", "choice", "choices", "scale")


def parts(item: Item) -> tuple[str, ...]:
    """The controls that absent reasons add to a field."""
    return ("absent", *(f"reason-{code}" for code in item.absent)) if item.absent else ()


def chosen(field: "Field", raw: Raw) -> list[str]:
    """The codes of the reasons ticked, wherever they are offered."""
    ticked = list(raw.get("absent", ()))
    if field.item.type in BESIDE:
        ticked += [value[len(PREFIX) :] for value in raw.get("", ()) if str(value).startswith(PREFIX)]
    return list(dict.fromkeys(code for code in ticked if code in field.item.absent))


def combine(
    controls: tuple[str, ...], field: "Field", raw: Raw, value: Any, fault: Fault | None
) -> tuple[Any, Fault | None]:
    """Join what was answered with the reasons ticked: both at once is a contradiction to mend."""
    codes = chosen(field, raw)
    if not codes:
        return value, fault
    if len(codes) > 1:
        return None, field.fault("absent.many", part=controls[0])
    if value is not None or fault is not None:
        return None, field.fault("absent.both", part=controls[0], absent=field.say.absent(codes[0]))
    reason = tidy_reason(raw.get(f"reason-{codes[0]}", ()))
    if len(reason) > REASON_LIMIT:
        return None, field.fault("too_long", part=f"reason-{codes[0]}", limit=REASON_LIMIT)
    return {"absent": codes[0], "reason": reason}, None


def tidy_reason(values: Any) -> str:
    """The reason typed, on one line."""
    return " ".join(UNSHOWABLE.sub("", str(values[0])).split()) if values else ""


def spread(item: Item, value: dict[str, Any]) -> Raw:
    """What a person would have typed to give this reason."""
    code = value["absent"]
    ticked = {"": [PREFIX + code]} if item.type in BESIDE else {"absent": [code]}
    return {**ticked, f"reason-{code}": [str(value.get("reason") or "")]}


def verdict(field: "Field", value: dict[str, Any], allowed: frozenset[str], part: str) -> Fault | None:
    """What is wrong with a stored reason."""
    reason = value.get("reason")
    if value["absent"] not in allowed or not isinstance(reason, str | None):
        return field.fault("shape", part=part)
    if reason and len(reason) > REASON_LIMIT:
        return field.fault("too_long", part=f"reason-{value['absent']}", limit=REASON_LIMIT)
    if reason and UNSHOWABLE.search(reason):
        return field.fault("control", part=f"reason-{value['absent']}")
    return None


def tick(field: "Field", name: str, code: str, raw: Raw, value: str, checked: bool) -> Tick:
    """One reason as a radio or checkbox that reveals the text for it."""
    text = field.say.absent(code)
    typed = raw.get(f"reason-{code}", ("",))
    reveals = markup.small_field(
        join(name, f"reason-{code}"), field.say.say("reason", absent=text), str(typed[0]) if typed else ""
    )
    return Tick(value, text, checked, reveals, exclusive=True)


def beside(field: "Field", name: str, raw: Raw) -> list[Tick | None]:
    """The reasons as further radios or checkboxes of the question itself, after the divider."""
    if not field.item.absent:
        return []
    codes = chosen(field, raw)
    return [None, *(tick(field, name, code, raw, PREFIX + code, code in codes) for code in field.item.absent)]


def below(field: "Field", name: str, raw: Raw) -> str:
    """The reasons as small checkboxes under the inputs of the question."""
    if not field.item.absent:
        return ""
    codes = chosen(field, raw)
    own = join(name, "absent")
    offered = [tick(field, name, code, raw, code, code in codes) for code in field.item.absent]
    legend = f'<legend class="nhsuk-u-visually-hidden">{markup.esc(field.label)}</legend>'
    boxes = markup.ticks("checkboxes", own, offered, "").replace(
        'nhsuk-checkboxes"', 'nhsuk-checkboxes nhsuk-checkboxes--small"', 1
    )
    return f'<fieldset class="nhsuk-fieldset nhsuk-u-margin-top-3 app-absent">{legend}{boxes}</fieldset>'


def display(value: dict[str, Any], say: Wording | None = None) -> str:
    """A reason as text: "Not discussed: too tired today"."""
    text, reason = (say.absent if say else absent_label)(value["absent"]), value.get("reason")
    return f"{text}: {reason}" if isinstance(reason, str) and reason else text


def json_schema(item: Item) -> dict[str, Any]:
    """JSON Schema of an absent answer."""
    return {
        "type": "object",
        "properties": {
            "absent": {"enum": list(item.absent)},
            "reason": {"type": "string", "maxLength": REASON_LIMIT},
        },
        "required": ["absent"],
        "additionalProperties": False,
    }
