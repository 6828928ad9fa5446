/*
 * The editor of flows: the list of states that "Leads to" offers follows what the page says, and a state that gets
 * another name is called by it in every step that leads there.
 */
(() => {
  const LABEL = /^states-\d+-value-label$/;
  const TARGET = /^states-\d+-value-steps-\d+-value-to$/;
  const named = (pattern) => [...document.querySelectorAll("input[name^='states-']")].filter((field) => pattern.test(field.name));
  const stays = (field) => !document.querySelector(`[name="${field.name.replace(/value-label$/, "deleted")}"]`)?.value;

  function offer() {
    const list = document.getElementById("fw-states");
    if (!list) return;
    const names = named(LABEL).filter(stays).map((field) => field.value.trim()).filter(Boolean);
    list.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
  }

  function renamed(field) {
    const before = field.dataset.fwBefore;
    if (before && field.value.trim()) {
      for (const target of named(TARGET)) if (target.value.trim() === before) target.value = field.value.trim();
    }
    field.dataset.fwBefore = field.value.trim();
  }

  document.addEventListener("focusin", (event) => {
    const field = event.target;
    if (LABEL.test(field.name ?? "")) field.dataset.fwBefore = field.value.trim();
    if (TARGET.test(field.name ?? "")) offer();
  });
  document.addEventListener("change", (event) => {
    if (!LABEL.test(event.target.name ?? "")) return;
    renamed(event.target);
    offer();
  });
})();
