"""A flow as a page of the documentation: the picture, and the same in two tables."""

from collections.abc import Iterable

from workflows.engine.spec import Spec
from workflows.presenters.flows import state_rows, step_rows


def document_of(spec: Spec, *, picture: str) -> str:
    """The page in Markdown; `picture` is the address of the drawing beside it."""
    states = ((row.label, row.meaning, row.waits_for, row.deadline) for row in state_rows(spec))
    steps = (
        (
            f"{row.number}. {row.label}",
            row.source,
            row.target,
            row.who,
            *map("; ".join, (row.conditions, row.consequences)),
        )
        for row in step_rows(spec)
    )
    note = [_cell(spec.note), ""] if spec.note else []
    exemption = [f"Exemption that both signatories confirm: {_cell(spec.exemption)}", ""] if spec.exemption else []
    lines = [
        f"# {spec.title}",
        "",
        "Made from the delivered flow by `scripts/write_reference.py`; the numbers of the steps stand in the picture.",
        "",
        f"![The states and steps below as a picture]({picture})",
        "",
        *note,
        *exemption,
        *_table(("State", "Meaning", "Waits for", "Deadline"), states),
        "",
        *_table(("Step", "From", "To", "Who", "Conditions", "Consequences"), steps),
    ]
    return "\n".join(lines) + "\n"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    body = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *body]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or "None"
