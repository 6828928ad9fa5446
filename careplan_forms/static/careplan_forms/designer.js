/*
 * Conditions choose from the questions of the form. The page was drawn with those saved before; this adds the ones
 * written since, when a field that chooses is entered. Without it a new question can be chosen once it is saved.
 */
(() => {
  const NAME = /-value-link_id$/;

  /* The outline of a long section scrolls, so it has to take the keyboard's focus. */
  function openOutline() {
    const outline = document.querySelector(".w-minimap__list");
    if (outline) outline.tabIndex = 0;
    return Boolean(outline);
  }
  const outlineStands = document.querySelector("[data-minimap-container]");
  if (outlineStands && !openOutline()) {
    const watch = new MutationObserver(() => openOutline() && watch.disconnect());
    watch.observe(outlineStands, { childList: true, subtree: true });
  }

  document.addEventListener("focusin", (event) => {
    const field = event.target;
    const list = document.getElementById("fw-questions");
    if (!list || !field.form || field.getAttribute("list") !== list.id) return;
    const known = new Set([...list.options].map((option) => option.value));
    for (const input of field.form.elements) {
      if (!NAME.test(input.name) || !input.value || known.has(input.value)) continue;
      const label = field.form.elements[input.name.replace(NAME, "-value-label")];
      list.append(new Option(label ? label.value : input.value, input.value));
    }
  });
})();
