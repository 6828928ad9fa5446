"""Every item of a form on one page: what it asks, of which type, and what it does by rules."""

from dataclasses import dataclass

from django.urls import reverse

from careplan_forms.models import FormDefinition
from careplan_forms.presenters.designing import rules_of
from careplan_forms.schema.model import Form, Item, Section, read, walk
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.selectors import form_drafts, question_comments


@dataclass(frozen=True, slots=True)
class Row:
    """One item as the page of all items shows it."""

    uid: str
    label: str
    kind: str
    section: str
    link: str
    codes: list[str]
    slot: str
    rules: list[str]
    comments: int


def item_rows(definition: FormDefinition, text: str = "", kind: str = "") -> list[Row]:
    """The items of the draft that fit: `text` in wording, name, code, fact or rule; `kind` a type or "rules"."""
    form = read(form_drafts.document_of(definition))
    links = {each.key: _address(each.pk) for each in form_drafts.sections_of(definition)}
    counts = question_comments.open_counts(definition)
    items = {item.uid: item for section in form.sections for item in walk(section.items)}
    rows = [
        (item, _row(item, section, links.get(section.key, ""), rules_of(item, items), counts.get(item.uid, 0)))
        for section in form.sections
        for item in walk(section.items)
    ]
    return [row for item, row in rows if _fits(item, row, " ".join(text.lower().split()), kind)]


def named_item(definition: FormDefinition, uid: str) -> Item | None:
    """An item of the draft; None when there is no such."""
    form: Form = read(form_drafts.document_of(definition))
    return next((item for section in form.sections for item in walk(section.items) if item.uid == uid), None)


def _address(pk: int) -> str:
    return reverse("wagtailsnippets_careplan_forms_formsection:edit", args=[pk])


def _row(item: Item, section: Section, link: str, rules: list[str], comments: int) -> Row:
    kind = ITEM_TYPES[item.type].title if item.type in ITEM_TYPES else item.type
    codes = [f"{each.get('code')} {each.get('display') or ''}".strip() for each in item.code]
    anchor = f"{link}#block-{item.uid}-section" if link else ""
    label = item.label or item.link_id
    return Row(item.uid, label, kind, section.title, anchor, codes, item.slot or "", rules, comments)


def _fits(item: Item, row: Row, text: str, kind: str) -> bool:
    if kind == "rules" and not row.rules:
        return False
    if kind == "comments" and not row.comments:
        return False
    if kind in ITEM_TYPES and item.type != kind:
        return False
    said = [row.label, item.link_id, item.hint, item.patient_label, row.kind, row.slot, row.section, *row.codes]
    return text in " ".join([*said, *row.rules]).lower()
