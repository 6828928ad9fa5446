"""HTML of NHS design system form parts. Text is always escaped here; strings marked safe pass through."""

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from careplan_forms.schema.languages import Foreign, direction
from careplan_forms.schema.wording import Wording

# Control characters (tab and newline excepted), bidirectional overrides that can disguise text, lone
# surrogates, non-characters and the private-use characters this package uses as markers.
UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\uf8f0-\uf8ff\ufff9-\ufffb\ufffe\uffff]"
)


def esc(text: str) -> str:
    """Text as it may stand in HTML: escaped, without characters that cannot be shown.

    A text in another language than the page around it says so, for those who have it read out.
    """
    if type(text) is not str:
        if type(text) is Markup:
            return text
        if type(text) is Foreign:
            return f'<span lang="{text.lang}" dir="{direction(text.lang)}">{esc(str(text))}</span>'
    if not text.isprintable():
        text = UNSHOWABLE.sub("", text)
    # Five plain replacements cost a third of markupsafe's escape, which also makes a Markup object of each text.
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;").replace("'", "&#39;")


def safe(text: str) -> Markup:
    """`esc` for templates."""
    return Markup(esc(text))  # noqa: S704 - escaped here


def attributes_of(text: str) -> str:
    """The language of a text for an element that can hold no other, such as an option of a drop-down list."""
    return f' lang="{text.lang}" dir="{direction(text.lang)}"' if type(text) is Foreign else ""


def said(say: Wording, key: str, **values: str) -> str:
    """One of the product's own sentences as HTML, each value in its own language."""
    return esc(say.say(key, **{name: f"{{{name}}}" for name in values})).format(
        **{name: esc(value) for name, value in values.items()}
    )


def lines(text: str) -> str:
    """Paragraphs of a text; single line ends become line breaks."""
    if type(text) is Foreign:
        inner = lines(str(text))
        return f'<div lang="{text.lang}" dir="{direction(text.lang)}">{inner}</div>' if inner else ""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    return "".join(f"<p>{esc(part).replace(chr(10), '<br>')}</p>" for part in paragraphs if part)


def described(*ids: str) -> str:
    """The aria-describedby attribute for the ids that are there."""
    there = " ".join(each for each in ids if each)
    return f' aria-describedby="{there}"' if there else ""


def hint(name: str, text: str) -> tuple[str, str]:
    """The hint's HTML and its id, both empty when there is no hint."""
    return (f'<div class="nhsuk-hint" id="{name}-hint">{esc(text)}</div>', f"{name}-hint") if text else ("", "")


def error(name: str, message: str | None, say: Wording) -> tuple[str, str]:
    """The error message's HTML and its id, both empty when there is none."""
    if not message:
        return "", ""
    hidden = f'<span class="nhsuk-u-visually-hidden">{say.say("error")}</span>'
    return (
        f'<span class="nhsuk-error-message" id="{name}-error">{hidden}{esc(message)}</span>',
        f"{name}-error",
    )


def label(name: str, text: str, size: str = "s") -> str:
    """A label for one control."""
    sized = f" nhsuk-label--{size}" if size else ""
    return f'<label class="nhsuk-label{sized}" for="{name}">{esc(text)}</label>'


def group(content: str, failed: bool = False, extra: str = "") -> str:
    """The form group around a field."""
    classes = "nhsuk-form-group" + (" nhsuk-form-group--error" if failed else "")
    return f'<div class="{classes}{extra}">{content}</div>'


def fieldset(legend: str, content: str, describedby: str = "", size: str = "s", role: str = "") -> str:
    """A fieldset whose legend names the question."""
    role = f' role="{role}"' if role else ""
    return (
        f'<fieldset class="nhsuk-fieldset"{role}{describedby}>'
        f'<legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--{size}">{esc(legend)}</legend>'
        f"{content}</fieldset>"
    )


def text_input(
    name: str, value: str, *, failed: bool = False, width: int = 0, describedby: str = "", extra: str = ""
) -> str:
    """A one-line input; `extra` holds further safe attributes."""
    classes = "nhsuk-input" + (" nhsuk-input--error" if failed else "")
    classes += f" nhsuk-input--width-{width}" if width else ""
    start = f'<input class="{classes}" id="{name}" name="{name}" type="text"'
    return f'{start} value="{esc(value)}"{describedby}{extra}>'


def small_field(name: str, text: str, value: str, *, failed: bool = False, width: int = 20, extra: str = "") -> str:
    """A secondary labelled input inside a larger field."""
    return group(label(name, text, "") + text_input(name, value, failed=failed, width=width, extra=extra))


class Tick:
    """One radio or checkbox, with what it reveals."""

    __slots__ = ("checked", "exclusive", "reveals", "text", "value")

    def __init__(self, value: str, text: str, checked: bool, reveals: str = "", exclusive: bool = False) -> None:
        self.value, self.text, self.checked = value, text, checked
        self.reveals, self.exclusive = reveals, exclusive


def ticks(kind: str, name: str, choices: Sequence[Tick | None], divider: str, inline: bool = False) -> str:
    """Radios or checkboxes (`kind`); None stands for the divider word. The first control's id is the name."""
    parts = [f'<div class="nhsuk-{kind}{f" nhsuk-{kind}--inline" if inline else ""}" data-module="nhsuk-{kind}">']
    for number, tick in enumerate(choices, start=1):
        if tick is None:
            parts.append(f'<div class="nhsuk-{kind}__divider">{esc(divider)}</div>')
        else:
            parts.append(_tick(kind, name, name if number == 1 else f"{name}-{number}", tick))
    parts.append("</div>")
    return "".join(parts)


def _tick(kind: str, name: str, html_id: str, tick: Tick) -> str:
    input_type = "radio" if kind == "radios" else "checkbox"
    checked = " checked" if tick.checked else ""
    controls = f' data-aria-controls="conditional-{html_id}"' if tick.reveals else ""
    exclusive = ' data-behaviour="exclusive"' if tick.exclusive else ""
    hidden = "" if tick.checked else f" nhsuk-{kind}__conditional--hidden"
    revealed = (
        f'<div class="nhsuk-{kind}__conditional{hidden}" id="conditional-{html_id}">{tick.reveals}</div>'
        if tick.reveals
        else ""
    )
    return (
        f'<div class="nhsuk-{kind}__item">'
        f'<input class="nhsuk-{kind}__input" id="{html_id}" name="{name}" type="{input_type}"'
        f' value="{esc(tick.value)}"{checked}{controls}{exclusive}>'
        f'<label class="nhsuk-label nhsuk-{kind}__label" for="{html_id}">{esc(tick.text)}</label>'
        f"</div>{revealed}"
    )


def select(name: str, choices: Iterable[Tick], *, failed: bool, describedby: str) -> str:
    """A drop-down list."""
    options = "".join(_option(each) for each in choices)
    failed_class = " nhsuk-select--error" if failed else ""
    start = f'<select class="nhsuk-select{failed_class}" id="{name}" name="{name}"{describedby}>'
    return f"{start}{options}</select>"


def _option(tick: Tick) -> str:
    selected = " selected" if tick.checked else ""
    return f'<option value="{esc(tick.value)}"{selected}{attributes_of(tick.text)}>{esc(str(tick.text))}</option>'


def error_summary(problems: Sequence[tuple[str, str]], say: Wording) -> Markup:
    """The error summary; each (id, message) links to its field."""
    if not problems:
        return Markup("")
    links = "".join(f'<li><a href="#{html_id}">{esc(message)}</a></li>' for html_id, message in problems)
    return Markup(  # noqa: S704 - every part is escaped above
        '<div class="nhsuk-error-summary" data-module="nhsuk-error-summary"><div role="alert">'
        f'<h2 class="nhsuk-error-summary__title">{say.say("problem")}</h2>'
        '<div class="nhsuk-error-summary__body">'
        f'<ul class="nhsuk-list nhsuk-error-summary__list">{links}</ul></div></div></div>'
    )
