"""One node of the source as items of our document: labels, hints, codes, types, options, repeats."""

from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.fhir import files, numbers, ours, translations, types
from careplan_forms.schema.fhir.elements import READ_CONTROLS, item_control, residue
from careplan_forms.schema.fhir.options import finish as finish_options
from careplan_forms.schema.fhir.options import is_verbatim, listed_options
from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.text import as_text, plain, shorten, slug
from careplan_forms.schema.fhir.tree import Node, uid_for
from careplan_forms.schema.fhir.urls import VALUE_SET
from careplan_forms.schema.fhir.valuesets import ContainedValueSets

MAX_LABEL = 500
MAX_HINT = 1000
MAX_GUIDANCE = 2000
# Groups and repeats inside each other on one page: the form language reads seven levels of items.
MAX_LEVELS = 6

Item = dict[str, Any]

_HINT_CONTROLS = frozenset({"help", "flyover", "prompt", "instruction"})


@dataclass
class Conversion:
    """What all items of one form share: its canonical address, its value sets, and those of them in use."""

    canonical: str
    contained: ContainedValueSets
    value_sets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def convert(self, node: Node, level: int = 1) -> list[Item]:
        """The items this node becomes, in order; none when it went into its parent's hint."""
        options, value_set = self._options(node)
        item = self._item(node, types.our_type(node, bool(options)))
        if item["type"] in types.CODED:
            self._offer(node, item, options, value_set)
        if item["type"] in (types.GROUP, types.REPEAT):
            return self._with_children(node, item, level)
        wrapped = node.repeats and item["type"] not in (types.GUIDANCE, *types.SEVERAL) and level <= MAX_LEVELS
        self._ask_once(node, node.repeats and not wrapped and item["type"] not in types.SEVERAL)
        hints = self._help_into_hint(node, item)
        below = self._children(node, level + wrapped)
        found = [self._wrap(node, item, below)] if wrapped else [item, *below]
        self._finish(node, item)
        if hints:
            item.setdefault("residue", {})["item"] = hints
        return found

    def _item(self, node: Node, kind: str) -> Item:
        item: Item = {"uid": node.uid, "link_id": node.link_id, "type": kind, "label": _label(node, kind)}
        if len(item["label"]) > MAX_LABEL and kind != types.GUIDANCE:
            item["hint"] = shorten(item["label"], MAX_HINT)
            item["label"] = shorten(item["label"], MAX_LABEL)
            node.unread.add("text")
            node.outcome.note(
                Outcome.MAPPED, f"its text is longer than {MAX_LABEL} characters: shortened, more in the hint"
            )
        if told := translations.read(node.source, "text", "label"):
            item["translations"] = told
        if kind == "date":
            item["precision"] = ["D", "M", "Y"]  # a FHIR date may be a month or a year alone
        if codes := _codes(node):
            item["code"] = codes
        if _flag(node, "required"):
            if kind in (types.GROUP, types.GUIDANCE):
                node.unread.add("required")
                node.outcome.note(Outcome.NOT_EXECUTED, "a group cannot be required here; make its questions required")
            else:
                item["required"] = "publish"
        node.item = item
        node.outcome.became = kind
        return item

    def _finish(self, node: Node, item: Item) -> None:
        numbers.add_length(node, item)
        numbers.add_number_limits(node, item)
        files.add_limits(node, item)
        numbers.add_occurrences(node, node.holder or item)
        kept = residue(node)
        if kept:
            item["residue"] = kept

    def _with_children(self, node: Node, item: Item, level: int) -> list[Item]:
        if level <= MAX_LEVELS:
            only_help = all(item_control(child) == "help" for child in node.children)
            hints = [] if only_help else self._help_into_hint(node, item)
            item["items"] = self._children(node, level + 1)
            self._finish(node, item)
            if hints:
                item.setdefault("residue", {})["item"] = hints
            return [item]
        node.outcome.note(
            Outcome.MAPPED,
            "nested too deeply for one page: its heading is shown as guidance and its items follow",
        )
        self._ask_once(node, item["type"] == types.REPEAT)
        item["type"] = node.outcome.became = types.GUIDANCE
        self._finish(node, item)
        return [item, *self._children(node, level)]

    def _ask_once(self, node: Node, repeats: bool) -> None:
        if repeats:
            node.unread.add("repeats")
            node.outcome.note(Outcome.MAPPED, "where it stands it cannot repeat; it is shown once")

    def _children(self, node: Node, level: int) -> list[Item]:
        return [item for child in node.children if child.item is None for item in self.convert(child, level)]

    def _wrap(self, node: Node, item: Item, below: list[Item]) -> Item:
        """A question that may be answered several times becomes a repeat of that one question."""
        name = f"{node.link_id}--entries"
        node.holder = {
            "uid": uid_for(self.canonical, name),
            "link_id": name,
            "type": types.REPEAT,
            "label": item["label"],
            "items": [item, *below],
            "residue": {"repeats": node.link_id},
        }
        if "required" in item:
            node.holder["required"] = item["required"]
        node.outcome.note(Outcome.MAPPED, f"it may be answered several times, so it stands in a repeat ({name})")
        return node.holder

    def _help_into_hint(self, node: Node, item: Item) -> list[dict[str, Any]]:
        """Move help texts under an item into its hint or unit; returns their sources, for the residue.

        Under a group, a text is its help only when it says so; other texts there are guidance of their own.
        """
        moved = []
        hints = _HINT_CONTROLS if item["type"] not in (types.GROUP, types.REPEAT) else frozenset({"help"})
        for child in node.children:
            control = item_control(child)
            if child.type != "display" or control not in READ_CONTROLS or child.source.get("enableWhen"):
                continue
            text = plain(child.source.get("text"))[0]
            if control == "unit" and item["type"] == "number":
                item["unit"] = text[:30]
                self._absorb(child, "unit", f"shown as the unit of {node.link_id}")
                moved.append(child.source)
            elif control in hints and len(item.get("hint", "")) + len(text) < MAX_HINT:
                item["hint"] = " ".join(part for part in (item.get("hint", ""), text) if part)
                told = translations.read(child.source, "text", "hint")
                item["translations"] = translations.merged(item.get("translations", {}), told)
                self._absorb(child, "hint", f"shown as the hint of {node.link_id}")
                moved.append(child.source)
        return moved

    def _absorb(self, child: Node, became: str, reason: str) -> None:
        child.item = {}
        child.outcome.became = became
        child.outcome.note(Outcome.MAPPED, reason)
        for below in child.children:
            for each in below.walk():
                each.outcome.note(Outcome.REFUSED, "it stands under a help text, which cannot hold items")

    def _options(self, node: Node) -> tuple[list[dict[str, Any]], str]:
        """The node's options and, when they come from a contained value set, the key of that set."""
        if node.type in ("group", "display"):
            return [], ""
        listed = listed_options(node)
        if listed:
            name = "answerOption" if "answerOption" in node.source else "option"
            if is_verbatim(node.source.get(name)):
                node.unread.add(name)
            return listed, ""
        reference = as_text(node.source.get("answerValueSet"))
        found = self.contained.find(reference)
        if found is None:
            if node.source.get("answerValueSet") is not None:
                node.unread.add("answerValueSet")
            return [], ""
        options = finish_options(self.contained.options(found), node)
        node.unread.add("answerValueSet")
        if not options:
            node.outcome.note(Outcome.MAPPED, "the value set inside the form names no concepts")
            return [], ""
        key = self._key_of(found, reference, options)
        return options, key

    def _key_of(self, found: dict[str, Any], reference: str, options: list[dict[str, Any]]) -> str:
        own = ours.value_of(found, VALUE_SET)
        key = slug(as_text(own.get("key")) or as_text(found.get("id")) or reference, 50) or "answers"
        base, number = key, 2
        while key in self.value_sets and self.value_sets[key]["options"] != options:
            key, number = f"{base}-{number}", number + 1
        self.value_sets[key] = {
            "key": key,
            "version": as_text(found.get("version"))[:30] or "1",
            "title": shorten(self.contained.title(found), 200),
            "options": options,
        }
        if source := as_text(own.get("source")):
            self.value_sets[key]["source"] = shorten(source, 300)
        return key

    def _offer(self, node: Node, item: Item, options: list[dict[str, Any]], value_set: str) -> None:
        if value_set:
            item["value_set"] = value_set
        else:
            item["options"] = options
        if node.type == "open-choice" or node.free_text or node.source.get("answerConstraint") == "optionsOrString":
            item["other"] = True


def _label(node: Node, kind: str) -> str:
    text, had_markup = plain(node.source.get("text"))
    if had_markup:
        node.unread.add("text")
        node.outcome.note(Outcome.MAPPED, "markup was taken out of its text")
    if not text:
        codes = _codes(node)
        named = (plain(name)[0] for name in [*(code["display"] for code in codes), node.source.get("prefix")])
        text = next(filter(None, named), node.link_id)
        node.outcome.note(Outcome.MAPPED, f"it has no text; it is labelled “{shorten(text, 60)}”")
    return shorten(text, MAX_GUIDANCE) if kind == types.GUIDANCE else text


def _codes(node: Node) -> list[dict[str, str]]:
    raw = node.source.get("code")
    entries = raw if isinstance(raw, list) else [raw] if isinstance(raw, dict) else []
    codes = [
        {
            "system": as_text(each.get("system")),
            "code": as_text(each.get("code")),
            "display": as_text(each.get("display")),
        }
        for each in entries
        if isinstance(each, dict) and as_text(each.get("code"))
    ]
    if raw and (len(codes) != len(entries) or any(set(each) - set(codes[0]) for each in entries)):
        node.unread.add("code")
    return codes


def _flag(node: Node, name: str) -> bool:
    value = node.source.get(name)
    if isinstance(value, str) and value.strip().lower() in ("true", "1"):
        node.outcome.note(Outcome.MAPPED, f"its {name} was written as text and is read as yes")
        return True
    return value is True
