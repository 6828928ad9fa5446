"""Windows of the browser, lent to one visitor after the other.

For a new browser context a process starts, and every script of ours and of Wagtail's is fetched, parsed and compiled
anew: as much work as the pages themselves. So a window that was used is emptied and lent again.
"""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

#: Milliseconds. How long a page takes says how busy the machine is: this only ends what would never end.
TIMEOUT = 90_000
#: The lightest page of the site. A blank one would not do: our pages ask for a process apart from other origins
#: (Cross-Origin-Opener-Policy), and the next visitor's would be a new one.
REST = "/healthz"
_FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"


@dataclass(frozen=True)
class Window:
    """A page in a browser context of its own. `own` says that no later visitor gets it."""

    page: Page
    scripts: bool
    own: bool

    def empty(self, origin: str) -> None:
        """Leave nothing of the visitor behind: no page, neither cookies nor storage, no way of looking at pages."""
        page = self.page
        page.goto(origin + REST)
        page.evaluate(_FORGET)
        page.context.clear_cookies()
        page.emulate_media(media="null", color_scheme="light", forced_colors="none", reduced_motion="no-preference")
        vars(page.mouse).pop("click", None)  # Those who do without a mouse take it away (`Hands`).


class Windows:
    """Lends windows and takes them back."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser = browser
        self._origin = origin
        self._free: list[Window] = []

    def lend(self, *, width: int, height: int, scripts: bool, alone: bool = False, **more: Any) -> Window:
        """An empty window. One `alone`, or with `more` options of a browser context, is never lent again."""
        own = alone or bool(more)
        window = None if own else next((each for each in reversed(self._free) if each.scripts == scripts), None)
        if window is None:
            context = self._browser.new_context(java_script_enabled=scripts, locale="en-GB", **more)
            context.set_default_timeout(TIMEOUT)
            window = Window(context.new_page(), scripts, own)
        else:
            self._free.remove(window)
        window.page.set_viewport_size({"width": width, "height": height})
        return window

    def take_back(self, window: Window, broken: bool = False) -> None:
        """Empty it for the next visitor; close it when it was somebody's own, or something went wrong in it."""
        if broken or window.own or window.page.context.pages != [window.page]:
            window.page.context.close()
        else:
            window.empty(self._origin)
            self._free.append(window)
