"""Pages, templates and names: what no layer may do."""

import pytest

from tests.architecture import rules

FACES = {"views", "viewsets", "api"}
SHOWN_KINDS = {".py", ".jinja", ".html", ".scss", ".css", ".js", ".svg", ".json"}


def faces() -> list:
    """Modules that answer requests."""
    return [path for path in rules.python_files() if {path.stem, *path.parts} & FACES]


def templates(*, paper: bool) -> list:
    """Every template; those of papers are drawn as PDF and never reach a browser."""
    found = [path for app in (*rules.APPS, "site/templates") for path in (rules.ROOT / app).rglob("*.jinja")]
    return [path for path in sorted(set(found)) if ("pdf" in path.stem) == paper]


def shown() -> list:
    """Everything of ours a browser may be given, and what makes it."""
    folders = (*rules.APPS, "site/templates", "site/assets", "site/static")
    found = [path for folder in folders for path in (rules.ROOT / folder).rglob("*")]
    return [path for path in found if path.suffix in SHOWN_KINDS and "node_modules" not in path.parts]


def test_pages_and_doors_touch_no_manager():
    """They ask selectors, which know who is looking."""
    assert rules.complaints(faces(), rules.manager_uses) == {}


def test_no_model_says_who_somebody_is():
    assert rules.complaints(rules.python_files(), rules.names_in_str) == {}


def test_pages_hold_no_script_no_style_and_no_handler():
    assert rules.complaints(templates(paper=False), rules.inline_code) == {}


def test_nothing_carries_a_protected_mark():
    assert len(shown()) > 300
    assert rules.complaints(shown(), rules.marks) == {}


@pytest.mark.parametrize("address", ["/account/login/", "/account/signup/", "/nothing/here/"])
def test_pages_as_drawn_carry_no_protected_mark_and_no_inline_code(db, client, address):
    page = client.get(address).content.decode()
    assert rules.marks(page) == []
    assert rules.inline_code(page) == []


def test_the_rules_catch_what_they_should():
    assert rules.manager_uses("def get(r):\n    return User.objects.all()\n") == ["line 2: .objects"]
    assert rules.manager_uses("def get(r):\n    return people.visible_to(r.actor)\n") == []
    bad = "class P:\n    def __str__(self):\n        return f'{self.family_name} {self.nhs_number} {self.title}'\n"
    assert rules.names_in_str(bad) == ["P: family_name", "P: nhs_number"]
    assert rules.names_in_str("class P:\n    def __str__(self):\n        return f'{self.public_id}'\n") == []
    assert rules.marks('<a class="nhsuk-header__logo">') == ["the NHS logo"]
    assert rules.marks("font-family: 'Frutiger W01'") == ["the Frutiger typeface"]
    assert rules.marks("// no Frutiger here\n") == []
    assert rules.marks('<a class="nhsuk-header__service-name">') == []
    assert rules.inline_code("<script>go()</script>") == ["<script>"]
    assert rules.inline_code('<p style="color:red" >') == ['<p style="']
    assert rules.inline_code('<a href="x" onclick="go()">') == ['<a href="x" onclick="']
    assert rules.inline_code('{# <script> #}<script src="/a.js" defer></script><link rel="stylesheet">') == []
