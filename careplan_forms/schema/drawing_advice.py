"""Drawing what is said beside a question: whether approval needs it, that it is recommended, its warnings."""

from typing import TYPE_CHECKING

from careplan_forms.schema import markup
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.drawing import Node, Page, at
from careplan_forms.schema.english import rule_in_words

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm


def advised_node(form: "CompiledForm", item: CompiledItem, inner: Node) -> Node:
    """The closure that draws a question with its advice around it.

    Every warning is in the page, those that do not hold with the attribute `hidden`, so that scripts only lift it.
    """
    uid, need, cautions = item.uid, item.need, item.cautions
    static = _note(item.field.say.say("recommended")) if item.item.recommended and not item.required else ""
    yes, no = _needs(form, item)
    shown = form.showing

    def node(page: Page) -> None:
        look = shown.look(page.answers, page.hidden, page.chain)
        start = f'<div class="app-advised" data-advised="{markup.esc(uid)}"{at(page.path)}>{static}'
        if need is not None:
            start += f'<p class="nhsuk-hint app-need" data-need data-yes="{yes}" data-no="{no}">'
            start += f"{yes if need(look) else no}</p>"
        page.out.append(start)
        inner(page)
        if cautions:
            said = [_warning(item, caution.uid, caution.text, rule(look)) for caution, rule in cautions]
            page.out.append(f'<div class="app-warnings" aria-live="polite">{"".join(said)}</div>')
        page.out.append("</div>")

    return node


def _needs(form: "CompiledForm", item: CompiledItem) -> tuple[str, str]:
    say = item.field.say.say
    rule = rule_in_words(item.item.required_if, form.plain_items)
    return markup.esc(str(say("needed"))), markup.esc(str(say("needed.if", rule=rule)))


def _note(text: str) -> str:
    return f'<p class="nhsuk-hint app-need">{markup.esc(text)}</p>'


def _warning(item: CompiledItem, key: str, text: str, holds: bool) -> str:
    about = f'<span class="nhsuk-u-visually-hidden">{markup.esc(item.field.say.say("warning"))}</span>'
    hidden = "" if holds else " hidden"
    return f'<p class="app-warning" data-warning="{markup.esc(key)}"{hidden}>{about}{markup.esc(text)}</p>'
