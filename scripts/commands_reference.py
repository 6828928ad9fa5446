"""The page of our management commands: what `manage.py <command> --help` says of each."""

import argparse
from importlib import import_module
from pathlib import Path

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, DjangoHelpFormatter

ROOT = Path(__file__).resolve().parent.parent
#: Options every command of Django has, by where their value goes.
_EVERYWHERE = {each.lstrip("-").replace("-", "_") for each in DjangoHelpFormatter.show_last} | {"help"}


def commands_page() -> str:
    """Markdown: a heading for each command, its help and its own options."""
    lines = [
        "# Commands",
        "",
        "Made from the code by `scripts/write_reference.py`. Run each as `manage.py COMMAND`.",
        "",
    ]
    for name, app in sorted(get_commands().items()):
        if _is_ours(app):
            lines += [f"## {name}", "", *_described(load_command_class(app, name), name)]
    return "\n".join(lines).rstrip() + "\n"


def _is_ours(app: str) -> bool:
    home = Path(import_module(app).__path__[0]).resolve()
    return ROOT in home.parents and ".venv" not in home.parts


def _described(command: BaseCommand, name: str) -> list[str]:
    parser = command.create_parser("manage.py", name)
    own = [each for each in parser._actions if each.dest not in _EVERYWHERE]
    options = [f"- `{_usage(each)}`: {(each.help or '') % {'default': each.default}}" for each in own]
    said = [" ".join(text.split()) for text in (parser.description, parser.epilog) if text]
    return ["\n\n".join(said), "", *options, *([""] if options else [])]


def _usage(option: argparse.Action) -> str:
    value = str(option.metavar or option.dest.upper()) if option.nargs != 0 else ""
    return " ".join([*option.option_strings[:1], value]).strip()
