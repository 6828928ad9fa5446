"""The shape of the tree and of its modules."""

from tests.architecture import rules

#: Longer than the rule allows, each with its reason.
MAY_BE_LONG = {
    "site/config/settings/base.py",  # every setting in one place is what an operator looks for
}


def test_site_is_a_folder_and_never_a_package():
    assert not (rules.ROOT / "site" / "__init__.py").exists()


def test_every_test_folder_is_a_package():
    folders = {path.parent for path in (rules.ROOT / "tests").rglob("*.py")}
    assert [rules.name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_modules_and_functions_stay_short():
    paths = [path for path in rules.python_files() if rules.name_of(path) not in MAY_BE_LONG]
    assert rules.complaints(paths, rules.too_long) == {}


def test_nothing_is_left_for_later():
    assert rules.complaints(rules.python_files(*rules.APPS, "scripts"), rules.leftovers) == {}


def test_no_module_keeps_the_day_it_was_loaded_on():
    assert rules.complaints(rules.python_files(*rules.APPS, "tests", "scripts"), rules.asks_the_clock) == {}


def test_the_rules_catch_what_they_should():
    long_function = "def f():\n" + "    x = 1\n" * 31
    assert rules.too_long(long_function) == ["f has 31 lines"]
    assert rules.too_long('def f():\n    """' + "words\n" * 40 + '"""\n    return 1\n') == []
    assert rules.too_long("x = 1\n" * 251) == ["251 lines: split it by concept"]
    assert rules.leftovers("x = 1  # TODO: later\nraise NotImplementedError\n") == ["TODO", "NotImplementedError"]
    assert rules.leftovers("todo = 'a list'\n") == []
    assert rules.asks_the_clock("NOW = clock.now()\nclass Case:\n    day = date.today()\n") == ["line 1", "line 3"]
    assert rules.asks_the_clock("@each(clock.today())\ndef test(at=clock.now()):\n    clock.now()\n") == [
        "line 1",
        "line 2",
    ]
    assert rules.asks_the_clock("later = lambda: clock.now()\ndef f():\n    return clock.today()\n") == []
