// A block that is one field is named by its panel's heading only: whoever hears the page is told that name as well.
(() => {
  const FIELDS = "section[data-panel][aria-labelledby] :is(input[type='text'], textarea, [role='textbox'])";
  const nameless = (field) => !field.labels?.length && !field.matches("[aria-label], [aria-labelledby]");

  const nameFields = () => {
    const fields = [...document.querySelectorAll(FIELDS)].filter(nameless);
    fields.forEach((field) => field.setAttribute("aria-labelledby", field.closest("section[data-panel]").getAttribute("aria-labelledby")));
  };

  document.addEventListener("DOMContentLoaded", () => {
    nameFields();
    let waiting = 0;
    new MutationObserver(() => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(nameFields);
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
