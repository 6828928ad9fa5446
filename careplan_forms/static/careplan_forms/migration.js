/* Looks again while plans are being counted or prepared. Without scripts the page does so by itself. */
(() => {
  const working = document.querySelector("[data-fw-working]");
  if (!working) return;
  const look = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-fw-working] [role=status]");
      /* Done: the whole page has something new to say. */
      if (answer.ok && !now) return window.location.reload();
      if (now) working.querySelector("[role=status]").textContent = now.textContent;
    } catch {
      /* The connection is gone for a moment: look again. */
    }
    return window.setTimeout(look, 3000);
  };
  window.setTimeout(look, 2000);
})();
