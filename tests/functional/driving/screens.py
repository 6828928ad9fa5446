"""Where things stand on the screen, measured in the browser."""

from typing import Any

from playwright.sync_api import Page

#: WCAG 2.2, 1.4.12: what a reader may set without losing anything.
TEXT_SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""

_SIDEWAYS = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return [];
  const limit = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > limit + 1)
    .slice(0, 5).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right));
  return [wide + "px too wide", ...out];
}"""

_SLOTS = """() => [...document.querySelectorAll("[data-slot]")].map(e => {
  const box = e.getBoundingClientRect();
  return {slot: +e.dataset.slot, top: box.top + scrollY, bottom: box.bottom + scrollY, text: e.innerText};
})"""

_TARGETS = """() => [...document.querySelectorAll(
    "a[href], button, summary, input:not([type=hidden]), select, textarea")]
  .filter(e => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden" && e.tabIndex >= 0)
  .map(e => { const b = e.getBoundingClientRect();
    return {tag: e.tagName, text: (e.innerText || e.name || "").trim().slice(0, 40), href: e.getAttribute("href") || "",
            width: b.width, height: b.height, classes: e.className}; })"""

_CLIPPED = """() => [...document.querySelectorAll("main *")].filter(e => {
    const style = getComputedStyle(e);
    return ["hidden", "clip"].includes(style.overflowY) && e.scrollHeight > e.clientHeight + 1
      && e.clientHeight > 1 && !e.className.toString().includes("visually-hidden");
  }).map(e => e.tagName + "." + e.className)"""

_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const b = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  const after = getComputedStyle(e, "::after");
  const x = Math.min(Math.max(b.left + b.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(b.top + b.height / 2, 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const label = e.labels && e.labels[0];
  const covered = top && top !== e && !e.contains(top) && !top.contains(e) && !(label && label.contains(top));
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    && style.outlineColor !== "rgba(0, 0, 0, 0)";
  const drawnOver = after.content !== "none" && after.boxShadow !== "none";
  return {tag: e.tagName, text: (e.innerText || e.name || e.value || "").trim().slice(0, 60),
          onScreen: b.bottom > 0 && b.top < innerHeight, covered: covered ? top.tagName + "." + top.className : "",
          visible: shown || drawnOver || style.boxShadow !== "none" || style.backgroundColor === "rgb(255, 235, 59)",
          id: e.id, name: e.name || "", type: e.type || "", value: e.value || ""};
}"""


def sideways(page: Page) -> list[str]:
    """What makes the page scroll sideways; empty when it does not."""
    return list(page.evaluate(_SIDEWAYS))


def slots(page: Page) -> dict[int, dict[str, Any]]:
    """The emergency slots by number: top, bottom (from the top of the page) and text, in the order of the document."""
    return {row["slot"]: row for row in page.evaluate(_SLOTS)}


def targets(page: Page) -> list[dict[str, Any]]:
    """Everything that can be pressed, with its size."""
    return list(page.evaluate(_TARGETS))


def clipped(page: Page) -> list[str]:
    """Elements of the main part whose text is cut off."""
    return list(page.evaluate(_CLIPPED))


def focus(page: Page) -> dict[str, Any] | None:
    """What has the keyboard's focus and whether it can be seen; None on the body."""
    found: dict[str, Any] | None = page.evaluate(_FOCUS)
    return found
