"""Keeping test cases with a form: made by filling the form in a preview, or brought in with it.

Whoever changes a case counts as an author of the form, and so never signs it off: a case decides what may be proposed.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition, FormTestCase
from careplan_forms.schema.cases import MOST_CASES, Case
from core import clock
from core.exceptions import Refused
from governance.actors import Actor
from governance.services import audit

_LONGEST_KEY = 80


@transaction.atomic
def keep_case(
    *,
    definition: FormDefinition,
    title: str,
    today: datetime.date,
    answers: Mapping[str, Any],
    role: str = "",
    audience: str = "clinician",
    by: Actor,
) -> FormTestCase:
    """Keep answers as a test case that expects nothing yet.

    Raises Refused without a title, and for one that is taken.
    """
    design_permissions.check_user_can_edit(by, definition)
    title = " ".join(title.split())[:200]
    _check_title(definition, title, None)
    if definition.test_cases.count() >= MOST_CASES:
        raise Refused(f"A form has at most {MOST_CASES} test cases. Delete one first", "title")
    case = Case(_free_key(definition, title), title, today, role, audience, answers)
    return _stored(FormTestCase(definition=definition, key=case.key), case, "form.test_kept", by)


@transaction.atomic
def change_case(*, row: FormTestCase, by: Actor, **changes: Any) -> FormTestCase:
    """Change the title, role, audience, today, answers or expects of a case. Raises Refused as `keep_case`."""
    design_permissions.check_user_can_edit(by, row.definition)
    if "title" in changes:
        changes["title"] = " ".join(changes["title"].split())[:200]
        _check_title(row.definition, changes["title"], row)
    for name in ("title", "role", "audience", "today", "answers", "expects"):
        if name in changes:
            setattr(row, name, changes[name])
    return _saved(row, "form.test_changed", by)


@transaction.atomic
def delete_case(*, row: FormTestCase, by: Actor) -> None:
    """Take a case away; its history, and what was proposed with it, stay."""
    design_permissions.check_user_can_edit(by, row.definition)
    audit.record(by=by, action="form.test_deleted", target=row.definition, detail={"case": row.key})
    row.definition.name_author(by.user_id)
    row.delete()


@transaction.atomic
def bring_cases(*, definition: FormDefinition, cases: Iterable[Case], by: Actor) -> int:
    """Make these the cases of a form: known keys are brought up to date, new ones added, none removed."""
    design_permissions.check_user_can_edit(by, definition)
    known = {row.key: row for row in definition.test_cases.all()}
    count = 0
    for case in cases:
        _stored(known.get(case.key) or FormTestCase(definition=definition, key=case.key), case, "form.test_kept", by)
        count += 1
    return count


def _stored(row: FormTestCase, case: Case, action: str, by: Actor) -> FormTestCase:
    row.title, row.role, row.audience, row.today = case.title, case.role, case.audience, case.today
    row.answers, row.expects = dict(case.answers), dict(case.expects)
    return _saved(row, action, by)


def _saved(row: FormTestCase, action: str, by: Actor) -> FormTestCase:
    row.changed_at, row.changed_by_id = clock.now(), by.user_id
    row.save()
    row.definition.name_author(by.user_id)
    audit.record(by=by, action=action, target=row.definition, detail={"case": row.key})
    return row


def _check_title(definition: FormDefinition, title: str, row: FormTestCase | None) -> None:
    if not title:
        raise Refused("Enter a name for the test case", "title")
    others = definition.test_cases.exclude(pk=row.pk) if row else definition.test_cases.all()
    if others.filter(title__iexact=title).exists():
        raise Refused("Another test case of this form has this name. Enter a different one", "title")


def _free_key(definition: FormDefinition, title: str) -> str:
    start = slugify(title)[:_LONGEST_KEY].strip("-_") or "case"
    taken = set(definition.test_cases.values_list("key", flat=True))
    return next(
        key for number in range(1, MOST_CASES + 2) if (key := f"{start}-{number}" if number > 1 else start) not in taken
    )
