"""Drawing what holds other items: groups, guidance and repeats as cards with buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from careplan_forms.schema import markup
from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.drawing import Node, Page, node_of
from careplan_forms.schema.drawing_tables import rows_table
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import is_absent
from careplan_forms.schema.names import ADD, DOWN, REMOVE, UP, is_instance_id, place, safe_key
from careplan_forms.schema.repeats import FIRST
from careplan_forms.schema.rich import rich_html
from careplan_forms.schema.sealing import shows_nothing
from careplan_forms.schema.showing import entries_of

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm

_SIZES = {2: "m", 3: "s"}


def structure_node(form: "CompiledForm", item: CompiledItem, level: int) -> Node:
    """The closure for a group, a repeat or guidance; `level` is that of its heading."""
    if item.type == "guidance":
        return _guidance(item)
    if item.type == "body":
        return _body(item)
    if item.is_repeat:
        return _repeat(form, item, level)
    return _group(form, item, level)


def _guidance(item: CompiledItem) -> Node:
    text = markup.lines(item.label) + markup.lines(item.item.hint)
    about = f'<span class="nhsuk-u-visually-hidden">{item.field.say.say("information")}</span>'
    html = f'<div class="nhsuk-inset-text">{about}{text}</div>'
    return lambda page: page.out.append(html)


def _body(item: CompiledItem) -> Node:
    html = f'<div class="app-body">{rich_html(item.label)}</div>'
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
        seen = [entry for entry in entries_of(value) if not shows_nothing(item, entry)]
        entries = seen or ([] if is_absent(value) else [{"id": FIRST}])
        page.out.append(_head(item, name, level, page))
        if item.type == "table":
            page.out.append(rows_table(page.form, item, entries))
        for number, entry in enumerate(entries, start=1):
            card = _Card(item, name, level, number, len(entries), entry, children)
            card.draw(page)
        page.out.append(_foot(item, page, value, len(entries)) + "</div>")

    return node


def _head(item: CompiledItem, name: str, level: int, page: Page) -> str:
    """The start of the whole list.

    It can be linked to and focused, for errors that are about the list itself.
    """
    problem = page.problems.get((item.uid, page.path))
    hint, hint_id = markup.hint(name, item.item.hint)
    error, error_id = markup.error(name, problem.message if problem else None, item.field.say)
    described = markup.described(hint_id, error_id)
    start = f'<div class="app-repeat" id="{name}" role="group" tabindex="-1" aria-labelledby="{name}-title"{described}>'
    heading = f'<h{level} class="nhsuk-heading-{_SIZES.get(level, "s")}" id="{name}-title">'
    return f"{start}{heading}{markup.esc(item.label)}</h{level}>{hint}{error}"


@dataclass(frozen=True, slots=True)
class _Card:
    """One entry of a repeat on the page."""

    item: CompiledItem
    name: str
    level: int
    number: int
    total: int
    entry: Mapping[str, Any]
    children: list[Node]

    def draw(self, page: Page) -> None:
        """Draw the entry with its questions and buttons."""
        stored = self.entry.get("id")
        # A stored id that could never have been given is not written into the page.
        instance = stored if is_instance_id(stored) else f"x{self.number}"
        title = f"{markup.esc(self.item.label)} {self.number}"
        page.out.append(self._start(instance, title))
        inner = self._inside(page, instance)
        for child in self.children:
            child(inner)
        buttons = _buttons(self.item, page.path, instance, title, self.number, self.total)
        page.out.append(buttons + "</div></div>")

    def _start(self, instance: str, title: str) -> str:
        heading, level = f"{self.name}__{instance}-title", min(self.level + 1, 6)
        return (
            f'<div class="nhsuk-card app-repeat__entry" role="group" aria-labelledby="{heading}">'
            '<div class="nhsuk-card__content">'
            f'<h{level} class="nhsuk-card__heading nhsuk-heading-s" id="{heading}">{title}</h{level}>'
            f'<input type="hidden" name="{self.name}" value="{instance}">'
        )

    def _inside(self, page: Page, instance: str) -> Page:
        chain = (*page.chain, (self.item.uid, self.entry))
        return replace(
            page,
            hidden=page.form.showing.hidden_inside(page.answers, page.hidden, chain),
            get=self.entry.get,
            prefills={},
            chain=chain,
            path=(*page.path, instance),
        )


def _buttons(item: CompiledItem, path: tuple[str, ...], instance: str, title: str, number: int, total: int) -> str:
    say = item.field.say.say
    value = f"{_key_path(item, path)}/{instance}"
    buttons = [_button(REMOVE, value, say("remove"), title)] if total > 1 or item.item.min_items == 0 else []
    if number > 1:
        buttons.append(_button(UP, value, say("up"), title))
    if number < total:
        buttons.append(_button(DOWN, value, say("down"), title))
    return f'<div class="nhsuk-button-group">{"".join(buttons)}</div>' if buttons else ""


def _button(name: str, value: str, text: str, about: str, small: bool = True) -> str:
    size = " nhsuk-button--small" if small else ""
    return (
        f'<button class="nhsuk-button nhsuk-button--secondary{size}" name="{name}" value="{value}"'
        f' type="submit" data-module="nhsuk-button">{markup.esc(text)}'
        f'<span class="nhsuk-u-visually-hidden"> {about}</span></button>'
    )


def _foot(item: CompiledItem, page: Page, value: object, total: int) -> str:
    problem = page.problems.get((item.uid, page.path))
    raw = absent.spread(item.item, value) if isinstance(value, dict) and is_absent(value) else {}
    raw = problem.typed if problem and problem.typed is not None else raw
    below = absent.below(item.field, place(item.name, page.path), raw)
    if item.item.max_items is not None and total >= item.item.max_items:
        return below
    text = item.field.say.say("add" if total else "add.first")
    add = _button(ADD, _key_path(item, page.path), text, markup.esc(item.label), small=False)
    return add + below


def _key_path(item: CompiledItem, path: tuple[str, ...]) -> str:
    """The repeat's place as its buttons name it: safe keys and entry ids by turns."""
    keys = [safe_key(uid) for uid in (*item.repeats, item.uid)]
    steps = [keys[0]]
    for instance, key in zip(path, keys[1:], strict=True):
        steps += [instance, key]
    return "/".join(steps)
