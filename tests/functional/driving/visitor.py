"""A person at a browser: opens addresses, fills fields by their labels, presses what is there to press."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Response

from tests.functional.driving import screens
from tests.functional.driving.recorder import Recorder
from tests.functional.driving.windows import Window

REPOSITORY = Path(__file__).resolve().parents[3]
SHOTS = REPOSITORY / "test-results"
#: Pinned beside the design system's own packages; `make assets` fetches it. The running site serves it as a script of
#: its own, which Chromium compiles once for all pages of a window.
AXE = REPOSITORY / "site" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
AXE_ADDRESS = "/static/axe/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_BRING_AXE = """address => new Promise((done, failed) => {
  const script = Object.assign(document.createElement("script"), {src: address, onload: done, onerror: failed});
  document.head.append(script);
  script.remove();
})"""
#: Two frames later, what watches sizes (a table that scrolls takes the focus) has seen the present one.
#: Axe makes selectors and markup for everything it looks at: asked for once there is something to show.
_AXE = """async ([context, options]) => {
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  axe.configure({noHtml: true});
  const quick = await axe.run(context, {...options, selectors: false});
  if (!quick.violations.length) return [];
  axe.reset();
  const found = await axe.run(context, options);
  return found.violations.map(v => v.id + " (" + v.impact + "): "
    + v.nodes.slice(0, 4).map(n => n.target.join(" ") + " | " + n.html.slice(0, 160)).join("\\n      "));
}"""


class Visitor:
    """At a window of the browser, watched by a `Recorder`."""

    def __init__(self, window: Window, origin: str) -> None:
        self.window = window
        self.page: Page = window.page
        self.context = window.page.context
        self.origin = origin
        self.recorder = Recorder(origin)
        self.recorder.watch(self.context)

    def open(self, path: str, status: int = 200) -> Response:
        """Go to an address of the site; the answer must have `status`."""
        if status >= 400:
            self.recorder.expected_statuses.add(status)
        response = self.page.goto(path if path.startswith("http") else self.origin + path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}\n{self.page.inner_text('body')[:400]}"
        return response

    def press(self, name: str, role: str = "button", exact: bool = True) -> None:
        """Press a button (or a link) by its words and wait for the page that follows."""
        self.go(self.page.get_by_role(role, name=name, exact=exact).first)  # type: ignore[arg-type]

    def press_last(self) -> None:
        """Press the page's own button, the last of its forms."""
        self.go(self.page.locator("main form[method=post] button").last)

    def go(self, control: Locator) -> None:
        """Press what leads to another page and wait for that page.

        A browser sends a form some time after the press: until then the page that was left looks as if it had loaded.
        """
        with self.page.expect_navigation():
            control.click()

    def follow(self, name: str, exact: bool = False) -> None:
        """Follow a link by its words."""
        self.press(name, role="link", exact=exact)

    def field(self, label: str) -> Locator:
        """A field by its label."""
        return self.page.get_by_label(label, exact=False).first

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def choose(self, group: str, option: str) -> None:
        """Choose a radio or a tick box of the question `group`."""
        self.group(group).get_by_label(option, exact=True).check()

    def group(self, legend: str) -> Locator:
        """A question by the words of its legend."""
        legends = self.page.locator("legend", has_text=re.compile(rf"^\s*{re.escape(legend)}"))
        return self.page.locator("fieldset").filter(has=legends).last

    def date(self, legend: str, day: int, month: int, year: int) -> None:
        group = self.group(legend)
        for label, value in (("Day", day), ("Month", month), ("Year", year)):
            group.get_by_label(label).fill(str(value))

    def shot(self, name: str, whole: bool = True) -> Path:
        """Keep what is on the screen as test-results/`name`.png."""
        SHOTS.mkdir(exist_ok=True)
        path = SHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=whole)
        return path

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").first.inner_text().split())

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def faults(self, without: tuple[str, ...] = (), **options: Any) -> list[str]:
        """What axe finds on this page, at WCAG 2.0 to 2.2 A and AA and its best practices.

        `without` are selectors of what is not ours to mend.
        """
        if not self.page.evaluate("() => typeof axe === 'object'"):
            if self.window.scripts:
                self.page.evaluate(_BRING_AXE, AXE_ADDRESS)
            else:
                self.page.evaluate(AXE.read_text())
        given = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"], **options}
        context = {"include": [["html"]], "exclude": [[selector] for selector in without]}
        return list(self.page.evaluate(_AXE, [context, given]))

    def resize(self, width: int, height: int) -> None:
        if self.page.viewport_size != {"width": width, "height": height}:
            self.page.set_viewport_size({"width": width, "height": height})

    def tab_to(self, wanted: Locator, most: int = 60) -> None:
        """Press Tab until the focus stands on `wanted`; each stop on the way must be seen and not be covered."""
        target = wanted.element_handle()
        assert target is not None
        for _ in range(most):
            self.page.keyboard.press("Tab")
            self._check_stop()
            if target.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"{most} presses of Tab on {self.page.url} did not reach {wanted}")

    def _check_stop(self) -> None:
        stop = self._settled_focus()
        if stop is None:
            return
        lost = "" if stop["visible"] else "cannot be seen"
        lost = lost or ("" if stop["onScreen"] else "is off the screen")
        lost = lost or (stop["covered"] and f"is covered by {stop['covered']}")
        # The title is asked for only here: this is looked at after every press of Tab.
        assert not lost, f"Focus {lost}: {stop['tag']} {stop['text']!r} on {self.page.title()!r}"

    def _settled_focus(self) -> dict[str, Any] | None:
        """What has the focus once the page has scrolled to it: the administration's pages scroll smoothly."""
        stop = screens.focus(self.page)
        for _ in range(10):
            if stop is None or stop["onScreen"]:
                break
            self.page.wait_for_timeout(50)
            stop = screens.focus(self.page)
        return stop

    def tab_stops(self, most: int = 80) -> list[str]:
        """What Tab stops at, from the top of the page until it leaves it."""
        self.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        stops: list[str] = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            stop = screens.focus(self.page)
            if stop is None:
                break
            self._check_stop()
            stops.append(stop["text"] or stop["name"] or stop["tag"])
        return stops
