"""The base of every register: django-tables2 in the design system's markup, sorted and paged by links."""

from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.text import slugify
from markupsafe import Markup


class NHSTable(tables.Table):
    """A table with a caption; the first column is the row's heading.

    A subclass sets `caption` (what the list is) and, for many narrow columns, `compact`. Figures stand in a
    `NumberColumn`.
    """

    caption = ""
    compact = False
    default = "Not recorded"

    class Meta:
        template_name = "tables/table.jinja"

    def __init__(self, *args: Any, caption: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("default", self.default)
        kwargs.setdefault("template_name", "tables/table.jinja")
        super().__init__(*args, **kwargs)
        self.caption = caption or self.caption or "List"

    def as_html(self, request: HttpRequest) -> Markup:
        """The whole table; our template has escaped what needs it."""
        return Markup(super().as_html(request))  # noqa: S704

    @property
    def caption_id(self) -> str:
        """An id for the caption that no other table of the page has."""
        return f"table-{self.prefix or ''}{slugify(self.caption)}"

    @property
    def has_sorting(self) -> bool:
        return any(column.orderable for column in self.columns)

    def order_of(self, column: Any) -> str:
        """`ascending`, `descending` or an empty text, as `aria-sort` takes it."""
        if not column.is_ordered:
            return ""
        return "descending" if column.order_by_alias.is_descending else "ascending"

    def sort_address(self, column: Any, request: HttpRequest) -> str:
        """This list sorted by the column, from its first page, filters kept."""
        return self._address(request, **{
            self.prefixed_order_by_field: column.order_by_alias.next,
            self.prefixed_page_field: None,
        })  # fmt: skip

    def counted_words(self) -> str:
        """`Showing 26 to 50 of 120`, or how many there are when one page holds them."""
        page = self.page
        total = page.paginator.count
        if page.paginator.num_pages == 1:
            return f"{total} result" if total == 1 else f"{total} results"
        return f"Showing {page.start_index()} to {page.end_index()} of {total:,}"

    def page_links(self, request: HttpRequest) -> dict[str, Any]:
        """Parameters of the design system's numbered pagination."""
        page = self.page
        numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        items = [
            {"number": number, "href": self._page(request, number), "current": number == page.number}
            if isinstance(number, int)
            else {"ellipsis": True}
            for number in numbers
        ]
        links: dict[str, Any] = {"items": items}
        if page.has_previous():
            links["previous"] = {"href": self._page(request, page.previous_page_number())}
        if page.has_next():
            links["next"] = {"href": self._page(request, page.next_page_number())}
        return links

    def _page(self, request: HttpRequest, number: int) -> str:
        return self._address(request, **{self.prefixed_page_field: number})

    def _address(self, request: HttpRequest, **changes: Any) -> str:
        query = request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return f"?{query.urlencode()}"


class NumberColumn(tables.Column):
    """A figure, aligned right under a heading aligned right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["attrs"] = {"th": {"numeric": True}, "td": {"numeric": True}} | kwargs.get("attrs", {})
        super().__init__(*args, **kwargs)
