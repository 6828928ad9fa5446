"""A migration as the clinical lead reads it: what becomes of each question, and what that means for how many plans."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from careplan_forms.enums import MigrationOutcome
from careplan_forms.models import FormMigration
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.mapping_reasons import Reason
from careplan_forms.schema.mapping_shape import ACTION_WORDS, every_row
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.selectors.plans import form_of
from governance.models import Organisation

#: References shown for one organisation and outcome; the command's report lists all.
MOST_SHOWN = 50
_OUTCOMES = {
    MigrationOutcome.CARRIES_OVER: ("carries over", "carry over"),
    MigrationOutcome.NEEDS_CLINICIAN: ("needs a clinician", "need a clinician"),
    MigrationOutcome.LOSES_ANSWER: ("loses an answer", "lose an answer"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One question of the old form."""

    uid: str
    label: str
    section: str
    kind: str
    action: str
    to: tuple[str, ...]
    options: tuple[str, ...]
    plain: bool


def rows_of(migration: FormMigration) -> list[Row]:
    """Every question of the old form with what becomes of it, in the form's order."""
    old, new = form_of(migration.from_version), form_of(migration.to_version)
    titles = {section.key: section.title for section in old.sections}
    return [_row(row, old, new, titles) for row in every_row(migration.mapping["items"])]


def _row(row: dict[str, Any], old: CompiledForm, new: CompiledForm, titles: dict[str, str]) -> Row:
    item = old.items[row["uid"]]
    return Row(
        uid=row["uid"],
        label=item.label or item.uid,
        section=titles.get(item.section, ""),
        kind=ITEM_TYPES[item.type].title,
        action=ACTION_WORDS[row["action"]],
        to=tuple(f"{new.items[uid].label} ({ITEM_TYPES[new.items[uid].type].title.lower()})" for uid in row["to"]),
        options=tuple(_options(row, old, new)),
        plain=row["action"] == "keep" and not row["options"],
    )


def _options(row: dict[str, Any], old: CompiledForm, new: CompiledForm) -> Iterator[str]:
    before = {(each.code, each.system): each.display for each in old.items[row["uid"]].item.options}
    target = new.items[row["to"][0]].item.options if row["to"] else ()
    after = {(each.code, each.system): each.display for each in target}
    for pair in row["options"]:
        left = before.get((pair["from"]["code"], pair["from"]["system"]), pair["from"]["code"])
        right = after.get((pair["to"]["code"], pair["to"]["system"]), "") if pair["to"] else ""
        yield f"“{left}” becomes “{right}”" if right else f"“{left}” is left out"


def sentence(counts: dict[str, Any]) -> str:
    """ "412 open plans: 390 carry over, 17 need a clinician, 5 lose an answer"."""
    said = [f"{counts[key]} {words[counts[key] != 1]}" for key, words in _OUTCOMES.items()]
    total = counts["total"]
    return f"{total} open {'plan' if total == 1 else 'plans'}: {', '.join(said)}"


def reasons(migration: FormMigration) -> list[tuple[str, int]]:
    """(sentence, plans) of what the dry run found, the most frequent first."""
    old, new = form_of(migration.from_version), form_of(migration.to_version)
    found = []
    for row in migration.counts.get("reasons", []):
        item = old.items.get(row["uid"]) or new.items.get(row["uid"])
        step = next((each for each in every_row(migration.mapping["items"]) if each["uid"] == row["uid"]), None)
        named = " and ".join(f"“{new.items[uid].label}”" for uid in (step["to"] if step else []))
        said = named.strip("“”") if row["code"] == "merged" else named
        found.append((Reason(row["code"], row["uid"], item.label if item else "", said).sentence, row["plans"]))
    return found


def organisations(migration: FormMigration) -> list[dict[str, Any]]:
    """What the dry run found for each organisation: its name, its counts, and references of plans to look at."""
    rows = migration.counts.get("organisations", [])
    names = dict(Organisation.objects.filter(pk__in=[row["organisation"] for row in rows]).values_list("pk", "name"))
    return [
        {
            "name": names.get(row["organisation"], "An organisation that is gone"),
            "counts": [row["counts"].get(key, 0) for key in _OUTCOMES],
            "lists": [
                {
                    "words": MigrationOutcome(key).label,
                    "plans": [ref[:8] for ref in refs[:MOST_SHOWN]],
                    "more": max(len(refs) - MOST_SHOWN, 0),
                }
                for key, refs in row["plans"].items()
            ],
        }
        for row in rows
    ]
