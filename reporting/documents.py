"""A report on paper. Its figures were counted for whoever asked, when they asked; the worker only draws them."""

from typing import Any

from django.template.loader import render_to_string

from core.documents import Source, writers

KIND = "report"


@writers.register(KIND)
def report(title: str, period: str, counted_at: str, tables: list[dict[str, Any]], definition: list[str]) -> Source:
    """The texts of a report as an HTML document; see `as_arguments`."""
    context = {
        "title": title,
        "period": period,
        "counted_at": counted_at,
        "tables": tables,
        "definition": definition,
    }
    html = render_to_string("reporting/pdf.jinja", context)
    return Source(html=html, title=title, filename="report.pdf")
