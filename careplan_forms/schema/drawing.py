"""Drawing a section: a list of closures made once, each adding strings to a page."""

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from careplan_forms.schema import markup
from careplan_forms.schema.compiled import CompiledItem, answerables, everything
from careplan_forms.schema.english import rule_in_words
from careplan_forms.schema.items.base import is_blank
from careplan_forms.schema.names import SHOWN, place
from careplan_forms.schema.problems import Fault, Problem
from careplan_forms.schema.rules import references
from careplan_forms.schema.showing import Chain

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm


@dataclass(slots=True)
class Page:
    """What one drawing needs; a new one is made for each entry of a repeat."""

    form: "CompiledForm"
    answers: Mapping[str, Any]
    hidden: set[str]
    get: Callable[[str], Any]
    problems: Mapping[tuple[str, tuple[str, ...]], Problem]
    prefills: Mapping[str, Any]
    # Uids that cannot be drawn from their answer alone.
    special: frozenset[str]
    chain: Chain = ()
    path: tuple[str, ...] = ()
    out: list[str] = field(default_factory=list)


Node = Callable[[Page], None]


def drawn_section(
    form: "CompiledForm",
    key: str,
    answers: Mapping[str, Any],
    problems: Sequence[Problem],
    prefills: Mapping[str, Any] | None,
    today: datetime.date | None,
) -> Markup:
    """The questions of a section as HTML."""
    prefills = prefills or {}
    found: dict[tuple[str, tuple[str, ...]], Problem] = {}
    for problem in problems:
        found.setdefault((problem.uid, problem.path), problem)
    special = frozenset(uid for uid, _ in found).union(prefills)
    page = Page(form, answers, form.showing.hidden(answers, key), answers.get, found, prefills, special)
    for node in form.nodes(key):
        node(page)
    if today is not None:
        page.out.append(form.page_rules(key).html(answers, today))
    return Markup("".join(page.out))  # noqa: S704 - every text went through markup.esc


def section_nodes(form: "CompiledForm", key: str) -> tuple[Node, ...]:
    """The closures that draw a section, the list of what it asks first."""
    items = form.section(key).items
    return (_shown_node(items), *(node_of(form, item, 2) for item in items))


def node_of(form: "CompiledForm", item: CompiledItem, level: int) -> Node:
    """The closure that draws one item, with the wrapper of a conditional one."""
    from careplan_forms.schema.drawing_advice import advised_node
    from careplan_forms.schema.drawing_groups import structure_node
    from careplan_forms.schema.drawing_read_only import read_only_node
    from careplan_forms.schema.drawing_trace import explained_node

    inner = _leaf(item) if item.kind is not None else structure_node(form, item, level)
    if item.answerable and item.item.read_only:
        inner = read_only_node(form, item)
    if item.answerable and (item.item.recommended or item.need or item.cautions):
        inner = advised_node(form, item, inner)
    if form.explains and item.type != "guidance":
        inner = explained_node(item, inner)
    return _conditional(form, item, inner) if item.item.show_if else inner


def _shown_node(items: tuple[CompiledItem, ...]) -> Node:
    """Says which questions were on the page, so that saving it never clears one that was not."""
    asked = [
        (item, frozenset(each.uid for each in (item, *everything(item.children))))
        for item in answerables(items)
        if not item.item.read_only
    ]
    whole = " ".join(item.name for item, _ in asked)
    uids = frozenset(item.uid for item, _ in asked)

    def node(page: Page) -> None:
        names = whole
        if page.hidden and not uids.isdisjoint(page.hidden):
            kept = [item.name for item, _ in asked if item.uid not in page.hidden or on_this_page(page.form, item)]
            names = " ".join(kept)
        page.out.append(f'<input type="hidden" name="{SHOWN}" value="{names or "-"}">')

    return node


def on_this_page(form: "CompiledForm", item: CompiledItem) -> bool:
    """Whether a hidden question is drawn all the same, because what decides it is asked on the same page."""
    around = [form.items[uid] for uid in (*form.around[item.uid], item.uid)]
    return all(_decided_here(form, each) for each in around if each.item.show_if)


def _decided_here(form: "CompiledForm", item: CompiledItem) -> bool:
    named = [form.items[uid] for uid in references(item.item.show_if) if uid in form.items]
    asked_here = any(each.section == item.section and not each.item.read_only for each in named)
    return asked_here and item.uid not in form.blind


def _leaf(item: CompiledItem) -> Node:
    uid, draw = item.uid, item.draw
    assert draw is not None
    inside = bool(item.repeats)

    def node(page: Page) -> None:
        if uid in page.special:
            page.out.append(_special(item, page))
        elif inside:
            page.out.append(place(draw(page.get(uid)), page.path))
        else:
            page.out.append(draw(page.get(uid)))

    return node


def _special(item: CompiledItem, page: Page) -> str:
    """A question with a problem (showing what was typed) or with a value to take over."""
    kind = item.kind
    assert kind is not None
    name = place(item.name, page.path)
    value = page.get(item.uid)
    problem = page.problems.get((item.uid, page.path))
    if problem is None:
        value, note = _prefilled(item, value, page.prefills.get(item.uid))
        return kind.html(item.field, name, kind.raw_of(item.field, value), None, note)
    raw = problem.typed if problem.typed is not None else kind.raw_of(item.field, value)
    part = problem.field_name[len(name) + 2 :]
    return kind.html(item.field, name, raw, Fault(problem.code, problem.message, part))


def _prefilled(item: CompiledItem, value: Any, prefill: Any) -> tuple[Any, str]:
    """A known value stands in for a missing answer, saying where it came from."""
    known = prefill if isinstance(prefill, Mapping) and "source" in prefill else {"value": prefill, "source": ""}
    offered = known.get("value")
    if not is_blank(value) or is_blank(offered) or item.check is None or item.check(offered) is not None:
        return value, ""
    if not known["source"]:
        return offered, ""
    said = item.field.say.say("prefilled", source=known["source"])
    return offered, f'<div class="nhsuk-hint app-prefilled">{markup.esc(said)}</div>'


def at(path: tuple[str, ...]) -> str:
    """The attribute that tells the entries of a repeat apart."""
    return f' data-path="{"/".join(path)}"' if path else ""


def _conditional(form: "CompiledForm", item: CompiledItem, inner: Node) -> Node:
    """Decided by this page: always drawn, marked, so that one visit can answer both.

    Otherwise drawn when shown.
    """
    uid = item.uid
    if not _decided_here(form, item):

        def elsewhere(page: Page) -> None:
            if uid not in page.hidden:
                inner(page)

        return elsewhere
    rule = markup.esc(json.dumps(item.item.show_if, ensure_ascii=False, separators=(",", ":")))
    words = form.say.in_english(rule_in_words(item.item.show_if, form.plain_items))
    when = markup.said(form.say, "when", rule=words)
    note = f'<p class="nhsuk-hint app-conditional__when">{when}</p>'
    start = f' data-item="{markup.esc(uid)}" data-rule="{rule}"'

    def here(page: Page) -> None:
        hidden = " app-conditional--hidden" if uid in page.hidden else ""
        page.out.append(f'<div class="app-conditional{hidden}"{start}{at(page.path)}>{note}')
        inner(page)
        page.out.append("</div>")

    return here
