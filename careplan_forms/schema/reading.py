"""What answers say: as text to read, as rows of a page, as values of the emergency slots."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.emergency import SLOT_FIELDS, SlotField
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.attachment import is_file
from careplan_forms.schema.items.base import is_absent, is_blank
from careplan_forms.schema.items.date import in_words
from careplan_forms.schema.showing import Chain, entries_of

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm


class Row(NamedTuple):
    """One question as read. `state` is answered, absent or not_recorded."""

    uid: str
    label: str
    text: str
    state: str


def display(form: "CompiledForm", item: CompiledItem, value: Any) -> str:
    """An answer as text.

    A secret one is never written out. Entries of a repeat stand on lines of their own.
    """
    if is_blank(value):
        return ""
    if is_absent(value):
        return absent.display(value, form.say)
    if item.secret:
        return form.say.say("held_apart")
    if item.is_repeat:
        return "\n".join(filter(None, (entry_text(form, item, entry) for entry in entries_of(value))))
    if form.say.language != "en" and item.type in ("yes_no", "date"):
        return _in_language(form, value)
    return item.kind.display(item.item, value, plain=form.audience == "patient") if item.kind else str(value)


def files(form: "CompiledForm", answers: Mapping[str, Any]) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """What is known of the files in the answers that are shown, by the uid of the question or repeat."""
    complete = form.complete(answers)
    found = {item.uid: files_of(item, complete.get(item.uid)) for item in form.asked(None)}
    return {uid: each for uid, each in found.items() if each}


def files_of(item: CompiledItem, value: Any) -> tuple[Mapping[str, Any], ...]:
    """The files an answer holds, those of entries in their order."""
    return tuple(file for _, file in files_by_question(item, value))


def files_by_question(item: CompiledItem, value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The same, each with the uid of its question; what nobody is shown is not looked into."""
    if item.secret or is_blank(value) or is_absent(value):
        return
    if item.is_repeat:
        inside = list(answerables(item.children))
        for entry in entries_of(value):
            for each in inside:
                yield from files_by_question(each, entry.get(each.uid))
    elif item.type == "attachment" and isinstance(value, list):
        yield from ((item.uid, each) for each in value if is_file(each))


def _in_language(form: "CompiledForm", value: Any) -> str:
    """Yes, no and dates in the words of the page's language."""
    if isinstance(value, bool):
        return form.say.say("yes" if value else "no")
    return in_words(str(value), form.say.months)


def entry_text(form: "CompiledForm", item: CompiledItem, entry: Mapping[str, Any]) -> str:
    """One entry of a repeat as text: "Name: Ann Lee, Relationship: Daughter"."""
    said = [(child.label, display(form, child, entry.get(child.uid))) for child in answerables(item.children)]
    return ", ".join(f"{label}: {text}" if label else text for label, text in said if text)


def rows(form: "CompiledForm", answers: Mapping[str, Any], section: str | None) -> list[Row]:
    """The questions that are shown, answered or not."""
    complete = form.complete(answers)
    hidden = form.showing.hidden(answers, section)
    found = []
    for item in form.asked(section):
        if item.uid in hidden:
            continue
        value = complete.get(item.uid)
        text = display(form, item, value)
        state = "absent" if is_absent(value) else "answered" if text else "not_recorded"
        found.append(Row(item.uid, item.label, text or form.say.say("not_recorded"), state))
    return found


def complete(form: "CompiledForm", answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of this form that are shown, without blanks."""
    hidden = form.showing.hidden(answers)
    kept: dict[str, Any] = {}
    for item in form.asked(None):
        value = answers.get(item.uid)
        if value is not None and item.uid not in hidden:
            value = _inside(form, item, value, answers, hidden, (), keep_shown=True)
            if not is_blank(value):
                kept[item.uid] = value
    return kept


def suppressed(form: "CompiledForm", answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers kept in a draft for questions that are hidden now.

    To come back when they are shown again.
    """
    hidden = form.showing.hidden(answers)
    kept: dict[str, Any] = {}
    for item in form.asked(None):
        value = answers.get(item.uid)
        if value is None:
            continue
        if item.uid not in hidden:
            if not item.is_repeat:
                continue
            value = _inside(form, item, value, answers, hidden, (), keep_shown=False)
        if not is_blank(value):
            kept[item.uid] = value
    return kept


def _inside(
    form: "CompiledForm",
    item: CompiledItem,
    value: Any,
    answers: Mapping[str, Any],
    hidden: set[str],
    chain: Chain,
    keep_shown: bool,
) -> Any:
    """A repeat with only the shown, or only the hidden, answers of each entry; other values as they are."""
    if not item.is_repeat or not isinstance(value, list):
        return value
    entries = []
    for entry in entries_of(value):
        here = (*chain, (item.uid, entry))
        gone = form.showing.hidden_inside(answers, hidden, here)
        kept = {"id": entry.get("id")}
        for child in answerables(item.children):
            answer = entry.get(child.uid)
            if not is_blank(answer) and (child.uid not in gone or not keep_shown):
                if child.is_repeat and child.uid not in gone:
                    answer = _inside(form, child, answer, answers, gone, here, keep_shown)
                elif not keep_shown and child.uid not in gone:
                    continue
                if not is_blank(answer):
                    kept[child.uid] = answer
        if len(kept) > 1:
            entries.append(kept)
    return entries


def slots(form: "CompiledForm", answers: Mapping[str, Any], secret: bool) -> dict[str, list[Any]]:
    """The values of the emergency slots, in the order of the form; the secret ones only, or all others."""
    found: dict[str, list[Any]] = {}
    for item, value in _said(form.asked(None), form.complete(answers)):
        known = SLOT_FIELDS.get(item.slot or "")
        if known is not None and known.secret is secret and item.slot:
            found.setdefault(item.slot, []).extend(_slot_values(form, item, known, value))
    return {name: values for name, values in found.items() if values}


def _said(items: Any, answers: Mapping[str, Any]) -> Iterator[tuple[CompiledItem, Any]]:
    """Every answered item; looks into repeats that fill no slot themselves."""
    for item in items:
        value = answers.get(item.uid)
        if is_blank(value):
            continue
        if item.is_repeat and not item.slot:
            for entry in entries_of(value):
                yield from _said(answerables(item.children), entry)
        else:
            yield item, value


def _slot_values(form: "CompiledForm", item: CompiledItem, known: SlotField, value: Any) -> list[Any]:
    if item.is_repeat:
        return [dict(value)] if is_absent(value) else [_entry_slots(form, item, entry) for entry in entries_of(value)]
    if item.kind is None:
        return []
    keys = item.kind.slot_keys(value)
    mapped = [item.item.slot_values[key] for key in keys if isinstance(item.item.slot_values.get(key), str)]
    if known.kind == "token":
        return _tokens(known, keys, mapped, value)
    if is_absent(value):
        return [dict(value)]
    if known.kind == "flag":
        return [value if isinstance(value, bool) else "yes" in mapped]
    if known.kind == "date":
        return [value] if isinstance(value, str) else []
    if known.kind == "list" and isinstance(value, list):
        return [item.kind.display(item.item, [each]) for each in value]
    return [item.kind.display(item.item, value)] if item.secret is False else [value]


def _tokens(known: SlotField, keys: list[str], mapped: list[str], value: Any) -> list[str]:
    tokens = [token for token in mapped if token in known.tokens]
    if not tokens and not is_absent(value):
        tokens = [key for key in keys if key in known.tokens]
    # One answer may be found under several keys ("yes", "true"); several answers keep all their tokens.
    tokens = list(dict.fromkeys(tokens))
    return tokens or ([known.unsaid] if known.unsaid else [])


def _entry_slots(form: "CompiledForm", item: CompiledItem, entry: Mapping[str, Any]) -> dict[str, Any]:
    """One entry of a repeat under the short names of its slot: contacts.phone → phone."""
    found: dict[str, Any] = {}
    prefix = f"{item.slot}."
    for child in answerables(item.children):
        value = entry.get(child.uid)
        known = SLOT_FIELDS.get(child.slot or "")
        if known is None or known.secret or is_blank(value) or not (child.slot or "").startswith(prefix):
            continue
        values = _slot_values(form, child, known, value)
        if values:
            found.setdefault((child.slot or "")[len(prefix) :], values[0])
    return found
