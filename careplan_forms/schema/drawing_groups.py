"""Drawing what holds other items: groups, guidance and repeats as cards with buttons."""

from typing import TYPE_CHECKING

from careplan_forms.schema import markup
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.drawing import Node, Page, node_of
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import is_absent
from careplan_forms.schema.names import ADD, DOWN, REMOVE, UP, place, safe_key
from careplan_forms.schema.repeats import FIRST
from careplan_forms.schema.showing import entries_of

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm

_SIZES = {2: "m", 3: "s"}


def structure_node(form: "CompiledForm", item: CompiledItem, level: int) -> Node:
    """The closure for a group, a repeat or guidance; `level` is that of its heading."""
    if item.type == "guidance":
        return _guidance(item)
    if item.type == "repeat":
        return _repeat(form, item, level)
    return _group(form, item, level)


def _guidance(item: CompiledItem) -> Node:
    text = markup.lines(item.label) + markup.lines(item.item.hint)
    about = '<span class="nhsuk-u-visually-hidden">Information: </span>'
    html = f'<div class="nhsuk-inset-text">{about}{text}</div>'
    return lambda page: page.out.append(html)


def _group(form: "CompiledForm", item: CompiledItem, level: int) -> Node:
    children = [node_of(form, child, min(level + 1, 6)) for child in item.children]
    start, hint_id = _heading(item, level)
    if item.label:
        described = markup.described(hint_id)
        size = _SIZES.get(level, "s")
        legend = f'<legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--{size}">'
        legend += f'<h{level} class="nhsuk-fieldset__heading">{markup.esc(item.label)}</h{level}></legend>'
        hint, _ = markup.hint(item.name, item.item.hint)
        start = f'<fieldset class="nhsuk-fieldset app-group"{described}>{legend}{hint}'
    end = "</fieldset>" if item.label else "</div>"
    inside = bool(item.repeats)

    def node(page: Page) -> None:
        page.out.append(place(start, page.path) if inside else start)
        for child in children:
            child(page)
        page.out.append(end)

    return node


def _heading(item: CompiledItem, level: int) -> tuple[str, str]:
    hint, hint_id = markup.hint(item.name, item.item.hint)
    return f'<div class="app-group">{hint}', hint_id


def _repeat(form: "CompiledForm", item: CompiledItem, level: int) -> Node:
    children = [node_of(form, child, min(level + 2, 6)) for child in item.children]

    def node(page: Page) -> None:
        name = place(item.name, page.path)
        value = page.get(item.uid)
        entries = entries_of(value) or ([] if is_absent(value) else [{"id": FIRST}])
        page.out.append(f'<div class="app-repeat">{_head(item, name, level, page)}')
        for number, entry in enumerate(entries, start=1):
            _card(item, name, level, page, number, len(entries), entry, children)
        page.out.append(_foot(item, name, page, value, len(entries)) + "</div>")

    return node


def _head(item: CompiledItem, name: str, level: int, page: Page) -> str:
    problem = page.problems.get((item.uid, page.path))
    hint, _ = markup.hint(name, item.item.hint)
    error, _ = markup.error(name, problem.message if problem else None, item.field.say)
    size = _SIZES.get(level, "s")
    return f'<h{level} class="nhsuk-heading-{size}">{markup.esc(item.label)}</h{level}>{hint}{error}'


def _card(
    item: CompiledItem,
    name: str,
    level: int,
    page: Page,
    number: int,
    total: int,
    entry: object,
    children: list[Node],
) -> None:
    assert isinstance(entry, dict)
    instance = entry["id"] if isinstance(entry.get("id"), str) else str(number)
    chain = (*page.chain, (item.uid, entry))
    hidden = page.form.showing.hidden_inside(page.answers, page.hidden, chain)
    inner = Page(
        page.form,
        page.answers,
        hidden,
        entry.get,
        page.problems,
        {},
        page.special,
        chain,
        (*page.path, instance),
        page.out,
    )
    heading = f"{name}__{instance}-title"
    title = f"{markup.esc(item.label)} {number}"
    page.out.append(
        f'<div class="nhsuk-card app-repeat__entry" role="group" aria-labelledby="{heading}">'
        '<div class="nhsuk-card__content">'
        f'<h{level + 1} class="nhsuk-card__heading nhsuk-heading-s" id="{heading}">'
        f'{title}</h{level + 1}><input type="hidden" name="{name}" value="{instance}">'
    )
    for child in children:
        child(inner)
    page.out.append(_buttons(item, page.path, instance, title, number, total) + "</div></div>")


def _buttons(item: CompiledItem, path: tuple[str, ...], instance: str, title: str, number: int, total: int) -> str:
    say = item.field.say.say
    value = f"{_key_path(item, path)}/{instance}"
    buttons = [_button(REMOVE, value, say("remove"), title)] if total > 1 or item.item.min_items == 0 else []
    if number > 1:
        buttons.append(_button(UP, value, say("up"), title))
    if number < total:
        buttons.append(_button(DOWN, value, say("down"), title))
    return f'<div class="nhsuk-button-group">{"".join(buttons)}</div>' if buttons else ""


def _button(name: str, value: str, text: str, about: str, html_id: str = "") -> str:
    small = "" if html_id else " nhsuk-button--small"
    return (
        f'<button class="nhsuk-button nhsuk-button--secondary{small}"{html_id} name="{name}" value="{value}"'
        f' type="submit" data-module="nhsuk-button">{markup.esc(text)}'
        f'<span class="nhsuk-u-visually-hidden"> {about}</span></button>'
    )


def _foot(item: CompiledItem, name: str, page: Page, value: object, total: int) -> str:
    problem = page.problems.get((item.uid, page.path))
    raw = absent.spread(item.item, value) if isinstance(value, dict) and is_absent(value) else {}
    raw = problem.typed if problem and problem.typed is not None else raw
    below = absent.below(item.field, name, raw)
    if item.item.max_items is not None and total >= item.item.max_items:
        return below
    text = item.field.say.say("add" if total else "add.first")
    add = _button(ADD, _key_path(item, page.path), text, markup.esc(item.label), f' id="{name}"')
    return add + below


def _key_path(item: CompiledItem, path: tuple[str, ...]) -> str:
    """The repeat's place as its buttons name it: safe keys and entry ids by turns."""
    keys = [safe_key(uid) for uid in (*item.repeats, item.uid)]
    steps = [keys[0]]
    for instance, key in zip(path, keys[1:], strict=True):
        steps += [instance, key]
    return "/".join(steps)
