"""Files as a page offers them: a link that says what it leads to."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from careplan_forms.schema.items.attachment import about_file

#: Where a file is downloaded, by its id.
Address = Callable[[str], str]


def address_for(view: str, plan_id: UUID) -> Address:
    """The addresses of a plan's files for the readers a view is for: `plan-file`, `my-plan-file`, `emergency-file`."""
    return lambda file_id: reverse(f"careplan_forms:{view}", args=[plan_id, file_id])


def downloads(files: Iterable[Mapping[str, Any]], address: Address | None) -> list[dict[str, Any]]:
    """Links to files, each with the `facts` its answer holds; none where a page has no address for them."""
    if address is None:
        return []
    return [
        {"href": address(file["id"]), "name": file["name"], "about": about_file(dict(file)), "facts": file}
        for file in files
    ]


def offered(sections: Iterable[Mapping[str, Any]], file_id: UUID) -> Mapping[str, Any] | None:
    """The facts of a file that stands on a page of these sections; None when it does not."""
    found = (file["facts"] for section in sections for row in section["rows"] for file in row["files"])
    return next((facts for facts in found if facts["id"] == str(file_id)), None)
