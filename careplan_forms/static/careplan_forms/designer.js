/*
 * The section editor: conditions, warnings and calculations as sentences with their rows behind a button; copies that
 * are questions of their own. Rows are built when somebody asks for them, so forty items cost nothing until then.
 */
(() => {
  const { brought, own, around, newId } = globalThis.ForewordQuestions;
  const { readRule, writeRule, readCalculation, writeCalculation } = globalThis.ForewordRules;
  const { Editor, el, button, input } = globalThis.ForewordRows;
  const NOTHING = {
    show_if: "Shown always.",
    required_if: "No condition.",
    warnings: "No warning.",
    calculation: "Not said yet.",
  };
  const OPEN = { show_if: "condition", required_if: "condition", warnings: "warnings", calculation: "calculation" };
  const RICH = "This is richer than rows can hold. It is kept and used as it was brought in, and can only be removed here.";
  const waiting = new Map();
  let timer = 0;

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

  const form = document.querySelector("form[data-edit-form]") ?? document.getElementById("w-editor-form");
  if (!form || !document.getElementById("fw-design")) return;

  const heard = (field) => (field.value ? JSON.parse(field.value) : field.dataset.fwRule === "warnings" ? [] : null);

  function said(field, value) {
    const empty = value === null || (Array.isArray(value) && !value.length);
    field.value = empty ? "" : JSON.stringify(value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    sentence(field);
  }

  /* Sentences: the server says them, in the words of the check before sign-off. */

  function sentence(field) {
    const line = field.fwSaid;
    if (!field.value) {
      waiting.delete(field);
      line.textContent = NOTHING[field.dataset.fwRule];
      return;
    }
    waiting.set(field, line);
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  }

  async function ask() {
    const asked = [...waiting].filter(([field]) => field.isConnected);
    waiting.clear();
    if (!asked.length) return;
    const parts = asked.map(([field]) => ({ part: field.dataset.fwRule, text: field.value }));
    const items = [...brought().questions, ...own(form)].map(({ uid, label, type, unit, options }) => ({ uid, label, type, unit, options }));
    try {
      const answer = await fetch(brought().words, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify({ parts, items }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { sentences } = await answer.json();
      asked.forEach(([field, line], at) => {
        if (field.value === parts[at].text) line.textContent = sentences[at];
      });
    } catch {
      for (const [, line] of asked) line.textContent = "Its sentence is shown once this is saved.";
    }
  }

  /* One field: its sentence, a button, and the rows behind it. */

  function dress(field) {
    if (field.fwSaid || !field.name) return;
    const label = field.closest("[data-contentpath]")?.querySelector("label")?.textContent.trim() || OPEN[field.dataset.fwRule];
    const rows = el("div", { class: "fw-rule__rows", role: "group", "aria-label": label, hidden: true });
    field.fwSaid = el("p", { class: "fw-rule__said" });
    const opener = button("Change", () => (rows.hidden ? open(field, rows, opener) : close(rows, opener)), "open", {
      "aria-expanded": "false",
      "aria-label": `Change: ${label}`,
    });
    field.after(el("div", { class: "fw-rule" }, field.fwSaid, opener, rows));
    sentence(field);
  }

  function open(field, rows, opener) {
    const edit = new Editor(rows, {
      around: () => around(form, field.name.replace(/-value-[a-z_]+$/, "")),
      changed: () => said(field, edit.write()),
    });
    Object.assign(edit, BUILDERS[field.dataset.fwRule](edit, heard(field), field));
    rows.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    edit.redraw();
  }

  function close(rows, opener) {
    rows.hidden = true;
    rows.replaceChildren();
    opener.setAttribute("aria-expanded", "false");
  }

  function locked(field) {
    const remove = button("Remove it", () => {
      said(field, null);
      const rows = field.parentElement.querySelector(".fw-rule__rows");
      open(field, rows, rows.parentElement.querySelector("[aria-expanded]"));
    }, "remove");
    return { build: () => [el("p", {}, RICH), remove], write: () => heard(field) };
  }

  const ofRule = (edit, value, field) => {
    const rule = readRule(value);
    if (!rule) return locked(field);
    return { build: () => edit.rule(rule, "r"), write: () => writeRule(rule) };
  };

  const BUILDERS = {
    show_if: ofRule,
    required_if: ofRule,
    calculation: (edit, value, field) => {
      const calculation = readCalculation(value);
      if (!calculation) return locked(field);
      return { build: () => edit.calculation(calculation, "c"), write: () => writeCalculation(calculation) };
    },
    warnings: (edit, value, field) => {
      if (!Array.isArray(value)) return locked(field);
      const warnings = value.map((each) => ({ each, rule: readRule(each.rule) }));
      const write = () => warnings.map(({ each, rule }) => (rule ? { ...each, rule: writeRule(rule) } : each));
      return { build: () => ofWarnings(edit, warnings), write };
    },
  };

  function ofWarnings(edit, warnings) {
    const lines = warnings.map(({ each, rule }, at) => {
      const text = input(`Text of warning ${at + 1}`, each.text ?? "", (value) => {
        each.text = value;
        edit.keep();
      }, `w.${at}.text`, { class: "fw-rule__text" });
      const remove = button(`Remove warning ${at + 1}`, () => {
        warnings.splice(at, 1);
        edit.keep(true, "w.add");
      }, `w.${at}.remove`);
      const when = rule ? edit.rule(rule, `w.${at}`) : [el("p", {}, RICH)];
      return el("div", { class: "fw-rule__group", role: "group", "aria-label": `Warning ${at + 1}` }, "Warns: ", text, ...when, remove);
    });
    const add = button("Add a warning", () => {
      warnings.push({ each: { uid: newId(), text: "" }, rule: { match: "all", alone: true, rows: [{ item: "", op: "=", value: "" }] } });
      edit.keep(true, `w.${warnings.length - 1}.text`);
    }, "w.add");
    return [...lines, add];
  }

  /* New items get their uid at once, so that a condition may ask about them before anything is saved. */

  function identify(root) {
    for (const type of root.querySelectorAll('input[type="hidden"][name^="items-"][name$="-type"]')) {
      const id = form.elements.namedItem(type.name.replace(/-type$/, "-id"));
      if (id && !id.value) id.value = newId();
    }
  }

  /* Copies: conditions inside a copied group point at the copies, and names are numbered. */

  const inside = (root, ending) => [...root.querySelectorAll(`input[name$="${ending}"]`)];

  function repoint(value, copies) {
    if (Array.isArray(value)) return value.map((each) => repoint(each, copies));
    if (!value || typeof value !== "object") return value;
    const told = ([key, each]) => [key, (key === "item" || key === "score") && copies.has(each) ? copies.get(each) : repoint(each, copies)];
    return Object.fromEntries(Object.entries(value).map(told));
  }

  function separate(original, copy) {
    identify(copy);
    const ids = [original, copy].map((root) => inside(root, "-type").map((each) => form.elements.namedItem(each.name.replace(/-type$/, "-id")).value));
    const copies = new Map(ids[0].map((uid, at) => [uid, ids[1][at]]));
    for (const field of copy.querySelectorAll("input[data-fw-rule]")) {
      dress(field);
      if (field.value) said(field, repoint(heard(field), copies));
    }
    const taken = new Set(inside(form, "-value-link_id").filter((each) => !copy.contains(each)).map((each) => each.value));
    for (const name of inside(copy, "-value-link_id")) {
      const stem = name.value.replace(/-\d+$/, "");
      for (let number = 2; name.value && taken.has(name.value); number += 1) name.value = `${stem}-${number}`;
      taken.add(name.value);
    }
  }

  const copying = (event) => {
    const pressed = event.target.closest('[data-streamfield-action="DUPLICATE"]');
    const original = pressed?.closest("[data-streamfield-child]");
    if (!original) return;
    setTimeout(() => {
      const copy = nextChild(original);
      if (copy?.querySelector('input[name$="-value-link_id"]')) separate(original, copy);
    });
  };
  form.addEventListener("click", copying, true);

  function nextChild(child) {
    let next = child.nextElementSibling;
    while (next && !next.matches("[data-streamfield-child]")) next = next.nextElementSibling;
    return next;
  }

  /* Open comments are told at the question; a copy of it has none. */

  function tell(root) {
    const children = root.matches("[data-streamfield-child]") ? [root] : root.querySelectorAll("[data-streamfield-child]");
    for (const child of children) {
      const said = brought().comments[child.querySelector(':scope > input[name$="-id"]')?.value] ?? [];
      const controls = child.querySelector(":scope > [data-panel] > .w-panel__header > [data-panel-controls]");
      if (!controls || controls.previousElementSibling?.matches(".fw-comments")) continue;
      for (const { count, link } of said) {
        controls.before(el("a", { class: "fw-comments", href: link }, `${count} ${count === 1 ? "comment" : "comments"}`));
      }
    }
  }

  /* Ticks that belong together are a group of their question's name. */

  function name(root) {
    for (const label of root.querySelectorAll("[data-contentpath] > label.w-field__label:not([for])")) {
      const ticks = label.parentElement.querySelector('input[type="checkbox"]')?.closest("[data-field-input]");
      ticks?.setAttribute("role", "group");
      ticks?.setAttribute("aria-label", label.textContent.trim());
    }
  }

  const fresh = (root) => {
    identify(root);
    tell(root);
    name(root);
    root.querySelectorAll("input[data-fw-rule]").forEach(dress);
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node instanceof Element && !node.closest(".fw-rule")) fresh(node);
    }
  }).observe(form, { childList: true, subtree: true });
  fresh(form);

  /* A link to an item opens it. */
  function openNamed() {
    const panel = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const toggle = panel?.matches("[data-panel]") ? panel.querySelector("[data-panel-toggle]") : null;
    if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
    if (toggle) panel.scrollIntoView();
  }
  window.addEventListener("hashchange", openNamed);
  if (document.readyState === "complete") openNamed();
  else window.addEventListener("load", openNamed);
})();
