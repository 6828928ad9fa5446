#!/usr/bin/env python
"""Every template of ours compiles, and every name it includes, imports or extends exists."""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

import django  # noqa: E402
from django.template import engines  # noqa: E402
from django.template.exceptions import TemplateDoesNotExist, TemplateSyntaxError  # noqa: E402


def names() -> list[tuple[str, str]]:
    """(engine, template name) of every template in the repository."""
    found = []
    for engine, folder, ending in (("jinja", "jinja2", "*.jinja"), ("django", "templates", "*.html")):
        for path in sorted(ROOT.rglob(ending)):
            parts = path.relative_to(ROOT).parts
            if folder in parts and not {".venv", "node_modules", "static", "var", "benchmarks"} & set(parts):
                found.append((engine, "/".join(parts[len(parts) - parts[::-1].index(folder) :])))
    return found


def complaint(engine: str, name: str) -> str:
    """What is wrong with one template; empty when nothing is."""
    try:
        template: Any = engines[engine].get_template(name)
        if engine == "jinja":
            found: Any = engines["jinja"]
            env = found.env
            from jinja2 import meta

            source = Path(template.template.filename).read_text()
            for other in meta.find_referenced_templates(env.parse(source)):
                if other:
                    env.get_template(other)
    except (TemplateSyntaxError, TemplateDoesNotExist, LookupError) as error:
        return f"{name}: {error}"
    except Exception as error:
        return f"{name}: {type(error).__name__} {error}"
    return ""


def main() -> int:
    django.setup()
    todo = names()
    said = [words for words in (complaint(engine, name) for engine, name in todo) if words]
    print("\n".join(said) or f"{len(todo)} templates")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
