"""Registers: the design system's table, sorted and paged by links."""

import django_tables2 as tables
from bs4 import BeautifulSoup
from django.test import RequestFactory

from core.tables import NHSTable, NumberColumn


class Practices(NHSTable):
    caption = "Practices"
    name = tables.Column()
    kind = tables.Column(orderable=False)
    plans = NumberColumn()


def page(address, rows=30, per_page=10):
    data = [{"name": f"Practice {n:02d}", "kind": "<b>GP</b>", "plans": n} for n in range(rows)]
    request = RequestFactory().get(address)
    table = tables.RequestConfig(request, paginate={"per_page": per_page}).configure(Practices(data))
    return BeautifulSoup(str(table.as_html(request)), "html.parser")


def test_sorting_keeps_the_filters_and_starts_at_the_first_page():
    links = page("/x/?area=sw&page=2").select("th a.fw-sort")
    assert [link["href"] for link in links] == ["?area=sw&sort=name", "?area=sw&sort=plans"]


def test_a_second_press_turns_the_order_round():
    soup = page("/x/?sort=plans")
    header = soup.select("thead th")[2]
    assert header["aria-sort"] == "ascending" and header.a["href"] == "?sort=-plans"


def test_the_caption_names_the_scrolling_region():
    soup = page("/x/")
    region = soup.select_one("[role=region]")
    assert soup.find(id=region["aria-labelledby"]).name == "caption"


def test_rows_have_headings_figures_stand_right_and_words_are_escaped():
    row = page("/x/").select("tbody tr")[0]
    assert row.th["scope"] == "row" and row.th.get_text(strip=True) == "Practice 00"
    assert row.select("td")[0].get_text(strip=True) == "<b>GP</b>"
    assert "nhsuk-table__cell--numeric" in row.select("td")[1]["class"]


def test_pages_are_counted_and_linked():
    soup = page("/x/?sort=name&page=2")
    assert soup.find(role="status").get_text(strip=True) == "Showing 11 to 20 of 30"
    hrefs = [a["href"] for a in soup.select(".nhsuk-pagination a")]
    assert "?sort=name&page=1" in hrefs and "?sort=name&page=3" in hrefs


def test_an_empty_register_says_so():
    soup = page("/x/", rows=0)
    assert soup.select_one("tbody td").get_text(strip=True) == "Nothing to show."
    assert soup.find(role="status").get_text(strip=True) == "0 results"
