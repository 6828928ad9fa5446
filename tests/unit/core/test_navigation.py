"""The header and footer: what is shown, to whom, in which order."""

from types import SimpleNamespace

from django.test import RequestFactory

from core import navigation
from core.navigation import AccountPanel, NavItem, chrome, everybody, links, url_if_any
from core.registry import Registry


def test_links_stand_in_order_and_leave_out_pages_this_deployment_lacks():
    items = [
        NavItem("Second", path="/b/", order=2, shown_to=everybody),
        NavItem("Missing", url_name="no-such-page", order=0, shown_to=everybody),
        NavItem("First", path="/a/", order=1, shown_to=everybody),
    ]
    assert [link.label for link in links(items, None)] == ["First", "Second"]


def test_a_link_is_for_those_it_is_meant_for():
    items = [NavItem("Work", path="/w/"), NavItem("Read", path="/r/", shown_to=everybody)]
    stranger, colleague = SimpleNamespace(is_signed_in=False), SimpleNamespace(is_signed_in=True)
    assert [link.label for link in links(items, stranger)] == ["Read"]
    assert [link.label for link in links(items, colleague)] == ["Read", "Work"]


def test_the_longest_matching_address_is_the_current_one():
    items = [NavItem(path, path=path, shown_to=everybody) for path in ("/", "/plans/", "/plans/drafts/")]
    current = [link.href for link in links(items, None, "/plans/drafts/7/") if link.current]
    assert current == ["/plans/drafts/"]


def test_a_page_that_stands_elsewhere_belongs_to_the_item_that_names_it():
    items = [
        NavItem("Tasks", "workflows:inbox", shown_to=everybody),
        NavItem("Flows", "workflows:flows", shown_to=everybody, also=("workflows:routing",)),
    ]
    current = {path: [link.label for link in links(items, None, path) if link.current] for path in _PLACES}
    assert current == _PLACES


_PLACES = {
    "/tasks/": ["Tasks"],
    "/tasks/away/": ["Tasks"],
    "/tasks/flows/a/": ["Flows"],
    "/tasks/which-flow/": ["Flows"],
}


def test_an_unknown_name_has_no_address():
    assert url_if_any("no-such-page") == ""
    assert url_if_any("healthz") == "/healthz"


def test_without_a_request_the_surroundings_are_the_same_for_all():
    assert chrome(None) == chrome(None)
    assert not chrome(None).signed_in and not chrome(None).menu


def test_the_header_says_for_whom_somebody_acts(monkeypatch):
    providers = Registry("account panel of this test")
    providers.add(
        "one", lambda request: AccountPanel("Ada", "Doctor", "Hill Surgery", (NavItem("Change", path="/c/"),))
    )
    monkeypatch.setattr(navigation, "account_panel", providers)
    monkeypatch.setattr(navigation, "menu", Registry("menu of this test"))
    request = RequestFactory().get("/")
    request.user = request.actor = SimpleNamespace(is_authenticated=True, is_signed_in=True)
    around = chrome(request)
    assert (around.account.name, around.account.organisation) == ("Ada", "Hill Surgery")
    assert [link.href for link in around.account_links] == ["/c/"]
