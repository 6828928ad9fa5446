"""A described document: what it is, where the paper is kept, when it was signed, and the facts its kind asks for."""

from typing import Any

from careplan_forms.schema import markup
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import AnswerType, Check, Fault, Field, Raw, first, grouped, shown
from careplan_forms.schema.items.date import in_words
from careplan_forms.schema.items.file_facts import ANSWERS, FACTS, KINDS, part_of, unfinished
from careplan_forms.schema.items.person import Part, has_texts, inputs, schema_of, text_faults
from careplan_forms.schema.items.signature import day_fault, day_html, read_day, spread_day
from careplan_forms.schema.markup import Tick
from careplan_forms.schema.model import Item
from careplan_forms.schema.names import join

_WHAT, _KEPT = Part("what", 150), Part("kept", 255)
_TEXTS = (_WHAT, _KEPT)
_FACT_PARTS = tuple(part_of(kind, fact.key) for kind, facts in FACTS.items() for fact in facts)


class FileType(AnswerType):
    """`{"kind", "what", "kept", "signed", "facts": {fact: yes | no | not-known}}`. The paper itself is elsewhere."""

    key = "file"
    title = "Document record"
    missing = "missing.choice"
    finishes = True
    parts = ("kind", "what", "kept", "day", "month", "year", *_FACT_PARTS)

    def read(self, field: Field, raw: Raw) -> tuple[Any, Fault | None]:
        kind, typed = first(raw, "kind"), {part.key: first(raw, part.key) for part in _TEXTS}
        signed, fault = read_day(field, raw, field.say.say("file.signed"))
        if fault:
            return None, fault
        if not kind and not signed and not any(typed.values()):
            return None, None
        if kind not in KINDS:
            return None, field.fault("file.kind", part="kind")
        facts: dict[str, str] = {}
        for fact in FACTS[kind]:
            said = first(raw, part_of(kind, fact.key))
            if said and said not in ANSWERS:
                return None, field.fault("file.fact.missing", part=part_of(kind, fact.key), question=fact.question)
            facts |= {fact.key: said} if said else {}
        what = typed["what"] if kind == "other" else ""
        return {"kind": kind, "what": what, "kept": typed["kept"], "signed": signed, "facts": facts}, None

    def spread(self, field: Field, value: Any) -> Raw:
        known = value if isinstance(value, dict) else {"what": value}
        kind, facts = str(known.get("kind") or ""), known.get("facts")
        said = facts.items() if isinstance(facts, dict) else ()
        typed = {key: [str(known.get(key) or "")] for key in ("kind", "what", "kept")}
        return typed | spread_day(known.get("signed")) | {part_of(kind, key): [str(each)] for key, each in said}

    def verdict(self, field: Field) -> Check:
        label = field.say.say("file.signed")

        def check(value: Any) -> Fault | None:
            if not _is_shaped(value):
                return field.fault("shape", part="kind")
            fault = text_faults(field, value, _TEXTS)
            return fault or (day_fault(field, value["signed"], label) if value["signed"] else None)

        return check

    def unfinished(self, field: Field, value: Any) -> Fault | None:
        """What approval still needs of a document that is mentioned."""
        return unfinished(value, field.fault)

    def html(self, field: Field, name: str, raw: Raw, fault: Fault | None, note: str = "") -> str:
        kinds = [
            Tick(kind, words, shown(raw, "kind") == kind, _asked(field, name, raw, fault, kind))
            for kind, words in KINDS.items()
        ]
        content = (
            markup.group(
                markup.fieldset(field.say.say("file.kind.label"), markup.ticks("radios", join(name, "kind"), kinds, ""))
            )
            + inputs(field, name, raw, fault, (_KEPT,))
            + day_html(field, name, raw, fault, field.say.say("file.signed"))
            + absent.below(field, name, raw)
        )
        return grouped(field, name, content, fault, note)

    def text(self, item: Item, value: Any) -> str:
        if not isinstance(value, dict):
            return super().text(item, value)
        kind, facts = str(value.get("kind") or ""), value.get("facts")
        known = facts if isinstance(facts, dict) else {}
        said = [str(value.get("what") or "") or KINDS.get(kind, kind)]
        said += [f"kept: {value['kept']}"] if value.get("kept") else []
        said += [f"signed on {in_words(str(value['signed']))}"] if value.get("signed") else []
        words = {"yes": "yes", "no": "no", "not-known": "not known"}
        said += [
            f"{fact.read_as}: {words.get(str(known.get(fact.key)), 'not recorded')}" for fact in FACTS.get(kind, ())
        ]
        return "; ".join(said)

    def value_schema(self, item: Item) -> dict[str, Any]:
        keys = sorted({fact.key for facts in FACTS.values() for fact in facts})
        properties = {
            "kind": {"enum": list(KINDS)},
            **schema_of(_TEXTS),
            "signed": {"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"},
            "facts": {
                "type": "object",
                "properties": {key: {"enum": list(ANSWERS)} for key in keys},
                "additionalProperties": False,
            },
        }
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }

    def slot_keys(self, value: Any) -> list[str]:
        return [str(value["kind"])] if isinstance(value, dict) and "kind" in value else super().slot_keys(value)


def _is_shaped(value: Any) -> bool:
    """Whether a value has the parts of a document's record and no others."""
    if not has_texts(value, (*_TEXTS, Part("kind", 20), Part("signed", 10))) or len(value) != 5:
        return False
    facts = value.get("facts")
    if value["kind"] not in KINDS or type(facts) is not dict:
        return False
    known = {fact.key for fact in FACTS[value["kind"]]}
    return all(key in known and said in ANSWERS for key, said in facts.items())


def _asked(field: Field, name: str, raw: Raw, fault: Fault | None, kind: str) -> str:
    """The questions of one kind of document, revealed when it is chosen."""
    if kind == "other":
        return inputs(field, name, raw, fault, (_WHAT,))
    asked = []
    for fact in FACTS[kind]:
        own = part_of(kind, fact.key)
        choices: list[Tick | None] = [
            Tick(each, field.say.say(f"file.{each}"), shown(raw, own) == each) for each in ANSWERS
        ]
        radios = markup.ticks("radios", join(name, own), choices, "", inline=True)
        asked.append(
            markup.group(markup.fieldset(fact.question, radios), failed=fault is not None and fault.part == own)
        )
    return "".join(asked)
