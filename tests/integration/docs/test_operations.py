"""What the page for operators says holds: its settings are those that are read, and its first day can be lived."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from careplan_forms.models import FormDefinition
from governance import gate
from governance.enums import Action, RoleKey
from governance.selectors.capacities import actor_by_email
from workflows.models import FlowDefinition

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "operations.md").read_text()
CONFIG = ROOT / "site" / "config"
#: Read by settings that no real installation runs under.
ELSEWHERE = {"demo.py", "dev.py", "test.py"}
READ = re.compile(r"\b(?:env\.\w+|required)\(\s*\"([A-Z_]+)\"")


def test_the_page_names_every_setting_that_is_read_and_no_other():
    files = [path for path in CONFIG.glob("**/*.py") if path.name not in ELSEWHERE and "demo" not in path.parts]
    read = {name for path in files for name in READ.findall(path.read_text())}
    table = PAGE.partition("## Settings")[2].partition("## ")[0]
    named = {
        name for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert named == read


@pytest.mark.django_db
def test_after_the_first_day_the_three_may_begin():
    script = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL).group(1)
    exec(compile(script, "operations.md", "exec"), {})  # noqa: S102
    command = re.search(r"^manage\.py (seed_forms .*)$", PAGE, re.MULTILINE).group(1)
    call_command(*command.split(), "--form", "urgent-care-plan")
    assert FlowDefinition.objects.exclude(live_version=None).count() == FlowDefinition.objects.count() > 0
    assert FormDefinition.objects.get(key="urgent-care-plan").live_version is not None
    for email, role, action in (
        ("ig@host.example", RoleKey.IG_OFFICER, Action.ORGANISATION_JOIN),
        ("lead@host.example", RoleKey.CLINICAL_LEAD, Action.FORM_DESIGN),
        ("safety@host.example", RoleKey.CLINICAL_SAFETY_OFFICER, Action.FORM_SIGN_OFF),
    ):
        assert gate.decide(actor_by_email(email, role), action).allowed
