"""Writes down what a page must never do: break its content policy, ask another machine, stumble in a script."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

#: Chromium reports the status of a page we asked for on purpose (404, 403 …) as a console error.
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d{3})")


@dataclass
class Recorder:
    """Watches every page of a context. `faults` holds one line for each thing seen."""

    origin: str
    faults: list[str] = field(default_factory=list)
    #: Statuses a test provokes on purpose.
    expected_statuses: set[int] = field(default_factory=set)
    _statuses: list[tuple[int, str]] = field(default_factory=list)
    #: Where the administration saved by itself what was only half typed at that moment: refused, and tried again.
    _half_typed: set[tuple[int, str]] = field(default_factory=set)

    def watch(self, context: BrowserContext) -> None:
        for event, heard in self._ears().items():
            context.on(event, heard)  # type: ignore[call-overload]

    def look_away(self, context: BrowserContext) -> None:
        """What happens from here on is somebody else's."""
        for event, heard in self._ears().items():
            context.remove_listener(event, heard)

    def _ears(self) -> dict[str, Any]:
        return {
            "request": self._asked,
            "response": self._answered,
            "console": self._said,
            "weberror": self._stumbled,
        }

    def _stumbled(self, error: WebError) -> None:
        self.faults.append(f"script error: {error.error}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:", "about:")):
            self.faults.append(f"outside request: {request.url}")

    def _answered(self, response: Response) -> None:
        by_itself = response.request.method == "POST" and "/admin/" in response.url
        if response.status == 400 and by_itself and "json" in response.headers.get("content-type", ""):
            self._half_typed.add((400, response.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        found = _STATUS.search(message.text)
        if found and message.location.get("url", "").endswith("/favicon.ico"):
            return  # Chromium asks for it beside pages that name no icon, such as a plain text file.
        if found:
            self._statuses.append((int(found[1]), message.location.get("url", "")))
        else:
            self.faults.append(f"console {message.type}: {message.text}")

    def complaints(self) -> list[str]:
        """Everything seen that the test did not provoke."""
        unexpected = [
            f"status {code}: {url}"
            for code, url in self._statuses
            if code not in self.expected_statuses and (code, url) not in self._half_typed
        ]
        return [*self.faults, *unexpected]
