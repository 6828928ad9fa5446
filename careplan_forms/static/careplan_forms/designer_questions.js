/*
 * What conditions and calculations may ask about: the items of earlier sections, which the page brought, and those of
 * this one as they stand in the editor, saved or not.
 */
globalThis.ForewordQuestions = (() => {
  const NOTHING = { questions: [], sets: {}, words: "", comments: {} };
  const SILENT = ["group", "guidance"];
  const TYPE = /^items(-\d+-value-items)*-\d+-type$/;
  let page = null;

  function brought() {
    if (page) return page;
    const holder = document.getElementById("fw-design");
    page = holder ? JSON.parse(holder.dataset.design) : NOTHING;
    return page;
  }

  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
  };

  /* The control of an item's field: `base` is the name its fields begin with. */
  const control = (form, base, field) => form.elements.namedItem(`${base}-value-${field}`);
  const text = (form, base, field) => control(form, base, field)?.value ?? "";

  /* Whether the item, or a group around it, was deleted since the page was drawn. */
  function deleted(form, base) {
    if (form.elements.namedItem(`${base}-deleted`)?.value === "1") return true;
    const around = base.replace(/-value-items-\d+$/, "");
    return around !== base && deleted(form, around);
  }

  function optionsOf(form, base) {
    const set = text(form, base, "value_set");
    if (set) return brought().sets[set] ?? [];
    const count = Number(text(form, base, "options-count")) || 0;
    return [...Array(count).keys()]
      .map((at) => `${base}-value-options-${at}`)
      .filter((at) => form.elements.namedItem(`${at}-deleted`)?.value !== "1")
      .map((at) => ({
        code: text(form, at, "code"),
        system: text(form, at, "system"),
        display: text(form, at, "display"),
        score: text(form, at, "score"),
      }));
  }

  /* An item nobody opened has what is ticked as hidden fields. */
  const ticked = (form, base, field) =>
    [...form.querySelectorAll(`[name="${CSS.escape(`${base}-value-${field}`)}"]:is(:checked, [type="hidden"])`)].map((each) => each.value);

  function live(form, base, type) {
    return {
      uid: form.elements.namedItem(`${base}-id`)?.value ?? "",
      label: text(form, base, "label") || text(form, base, "link_id") || "Without wording",
      type,
      base,
      unit: text(form, base, "unit"),
      options: optionsOf(form, base),
      absent: ticked(form, base, "absent"),
      section: "",
      before: true,
    };
  }

  /* Every item of this section, in the order it is shown in. */
  function own(form) {
    const types = [...form.querySelectorAll('input[type="hidden"][name$="-type"]')].filter((each) => TYPE.test(each.name));
    return types
      .map((each) => live(form, each.name.replace(/-type$/, ""), each.value))
      .filter((each) => !deleted(form, each.base));
  }

  /* What the item whose fields begin with `base` may ask about, and everything there is to name. */
  function around(form, base) {
    const mine = own(form);
    const here = mine.findIndex((each) => each.base === base);
    const inMine = new Set(mine.map((each) => each.uid));
    const others = brought().questions.filter((each) => !inMine.has(each.uid));
    const encloses = (each) => base === each.base || base.startsWith(`${each.base}-value-`);
    const earlier = mine.slice(0, here < 0 ? mine.length : here).filter((each) => !encloses(each));
    const offered = [...others.filter((each) => each.before), ...earlier];
    return { offered: offered.filter((each) => !SILENT.includes(each.type)), known: [...others, ...mine] };
  }

  return { brought, own, around, newId };
})();
