/*
 * The rows of conditions and calculations: choosers of earlier questions, comparisons that fit their type, and fields
 * that fit their answers. Built on a press only, out of text nodes only.
 */
globalThis.ForewordRows = (() => {
  const { LISTS, PAIRS, emptyRule } = globalThis.ForewordRules;
  const MATCHES = [
    ["all", "all of these are so"],
    ["any", "any of these is so"],
    ["not all", "these are not all so"],
    ["none", "none of these is so"],
  ];
  const ORDERED = { number: ["less than", "at most", "more than", "at least"], date: ["before", "on or before", "after", "on or after"] };
  const CODED = ["choice", "choices", "scale", "score"];
  const KINDS = [
    ["", "Choose how"],
    ["sum", "Sum of those answered"],
    ["add", "Sum, when all are answered"],
    ["count", "Count of answers"],
    ["min", "Least"],
    ["max", "Greatest"],
    ["subtract", "Difference"],
    ["multiply", "Product"],
    ["divide", "Quotient"],
    ["age", "Age in years"],
    ["days_between", "Days between two dates"],
    ["score", "Score of the chosen options"],
    ["if", "If … else"],
    ["lookup", "Look-up in a table"],
    ["coalesce", "First that is answered"],
    ["concat", "Written one after the other"],
    ["same", "The same as"],
  ];
  const LABELS = { subtract: ["From", "Take away"], divide: ["Divide", "By"], days_between: ["From", "To"], age: ["Born", "On"], lookup: ["Look up", "Otherwise"], if: ["Then", "Otherwise"], score: ["Question"], same: ["Value"] };

  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children);
    return node;
  }

  const button = (label, onclick, key, more = {}) =>
    el("button", { type: "button", class: "button button-small button-secondary", onclick, "data-key": key, ...more }, label);

  function select(label, choices, value, onchange, key) {
    const node = el("select", { "aria-label": label, "data-key": key, onchange: () => onchange(node.value) });
    for (const [each, words] of choices) node.append(new Option(words, each, false, each === value));
    return node;
  }

  function input(label, value, onchange, key, more = {}) {
    const node = el("input", { type: "text", "aria-label": label, "data-key": key, value, maxlength: 300, ...more });
    node.addEventListener("input", () => onchange(node.value));
    return node;
  }

  /* One editor, of one part of one item. `draw` again builds it anew and puts the focus back. */
  class Editor {
    constructor(root, { around, changed }) {
      Object.assign(this, { root, around, changed });
    }

    redraw(focus) {
      const key = focus ?? document.activeElement?.dataset?.key;
      this.scope = this.around();
      this.root.replaceChildren(...this.build());
      const wanted = key && this.root.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (wanted) wanted.focus();
    }

    keep(redraw = false, focus = undefined) {
      this.changed();
      if (redraw) this.redraw(focus);
    }

    find(uid) {
      return this.scope.known.find((each) => each.uid === uid);
    }

    chooser(label, uid, onchange, key, fits = () => true) {
      const offered = this.scope.offered.filter(fits);
      const choices = offered.map((each) => [each.uid, each.section ? `${each.label} (${each.section})` : each.label]);
      if (uid && !offered.some((each) => each.uid === uid)) {
        const known = this.find(uid);
        choices.push([uid, known ? `${known.label} (not an earlier question)` : "A question that is no longer there"]);
      }
      return select(label, [["", "Choose a question"], ...choices], uid ?? "", onchange, key);
    }

    /* Rules */

    rule(rule, key) {
      const lines = rule.rows.map((row, at) => (row.rows ? this.group(rule, at, key) : this.row(rule, at, key)));
      const several = rule.rows.length > 1 || rule.match === "none" || rule.match === "not all";
      const match = several
        ? el("p", { class: "fw-rule__match" }, "When ", select("How the conditions are joined", MATCHES, rule.match, (value) => {
            rule.match = value;
            this.keep(true);
          }, `${key}.match`))
        : "";
      return [match, ...lines, this.adders(rule, key)];
    }

    adders(rule, key) {
      const adders = [button("Add a condition", () => this.add(rule, { item: "", op: "=", value: "" }, key), `${key}.add`)];
      if (!rule.inner) {
        const inner = { ...emptyRule(), match: "any", inner: true, rows: [{ item: "", op: "=", value: "" }] };
        adders.push(button("Add a group of conditions", () => this.add(rule, inner, key), `${key}.group`));
      }
      return el("p", { class: "fw-rule__adders" }, ...adders);
    }

    add(rule, row, key) {
      rule.rows.push(row);
      this.keep(true, `${key}.${rule.rows.length - 1}${row.rows ? ".0" : ""}.item`);
    }

    remover(rule, at, key, what) {
      const remove = () => {
        rule.rows.splice(at, 1);
        this.keep(true, `${key}.add`);
      };
      return button(`Remove ${what}`, remove, `${key}.${at}.remove`);
    }

    group(rule, at, key) {
      const inner = rule.rows[at];
      inner.inner = true;
      if (inner.rows.length === 1 && inner.match === "all") inner.match = "any";
      const legend = el("p", { class: "fw-rule__match" }, "When ", select("How the conditions of this group are joined", MATCHES, inner.match, (value) => {
        inner.match = value;
        this.keep();
      }, `${key}.${at}.match`));
      const lines = inner.rows.map((_, number) => this.row(inner, number, `${key}.${at}`));
      const end = this.remover(rule, at, key, `group ${at + 1}`);
      return el("div", { class: "fw-rule__group", role: "group", "aria-label": `Group ${at + 1}` }, legend, ...lines, this.adders(inner, `${key}.${at}`), end);
    }

    row(rule, at, key) {
      const row = rule.rows[at];
      const here = `${key}.${at}`;
      const name = `condition ${at + 1}`;
      const question = this.chooser(`Question of ${name}`, row.item, (uid) => {
        const asked = this.find(uid);
        Object.assign(row, { item: uid, op: this.kind(asked) === "repeat" ? "exists" : "=", value: this.first(asked) });
        this.keep(true, `${here}.item`);
      }, `${here}.item`);
      const fields = row.item ? this.comparison(row, here, name) : [];
      return el("div", { class: "fw-rule__row", role: "group", "aria-label": `Condition ${at + 1}` }, question, ...fields, this.remover(rule, at, key, name));
    }

    first(item) {
      if (!item) return "";
      const kind = this.kind(item);
      if (kind === "yes_no" || kind === "repeat") return true;
      if (kind === "coded" && item.options.length) return codeOf(item.options[0]);
      return kind === "number" ? 0 : "";
    }

    kind(item) {
      if (!item) return "text";
      if (CODED.includes(item.type) && item.options.length) return "coded";
      if (item.type === "calculated") return item.kind || "number";
      return { number: "number", scale: "number", score: "number", date: "date", yes_no: "yes_no", repeat: "repeat" }[item.type] ?? "text";
    }

    comparison(row, key, name) {
      const item = this.find(row.item);
      const kind = this.kind(item);
      const absent = (item?.absent ?? []).length || row.value?.absent !== undefined;
      const choices = comparisons(kind, Boolean(absent));
      const current = comparisonOf(row);
      if (!choices.some(([each]) => each === current)) choices.push([current, current]);
      const comparison = select(`Comparison of ${name}`, choices, current, (value) => {
        this.compare(row, value, item);
        this.keep(true, `${key}.op`);
      }, `${key}.op`);
      return [comparison, ...this.value(row, item, kind, current, key, name)];
    }

    compare(row, chosen, item) {
      if (chosen === "answered" || chosen === "unanswered") Object.assign(row, { op: "exists", value: chosen === "answered" });
      else if (chosen === "absent=" || chosen === "absent!=") {
        Object.assign(row, { op: chosen.slice(6), value: { absent: item?.absent?.[0] ?? "not-known" } });
      } else {
        const before = row.op;
        row.op = chosen;
        if (chosen === "in") row.value = [];
        else if (before === "in" || before === "exists" || row.value?.absent !== undefined) row.value = this.first(item);
      }
    }

    value(row, item, kind, comparison, key, name) {
      const label = `Answer of ${name}`;
      const set = (value, redraw) => {
        row.value = value;
        this.keep(redraw);
      };
      if (row.op === "exists") return [];
      if (comparison.startsWith("absent")) {
        const codes = [...new Set([...(item?.absent ?? []), row.value.absent])];
        const words = globalThis.ForewordQuestions.brought().absent ?? {};
        return [select(label, codes.map((each) => [each, words[each] ?? each]), row.value.absent, (code) => set({ absent: code }), `${key}.value`)];
      }
      if (comparison === "in") return [this.several(row, item, kind, key, label, set)];
      if (kind === "yes_no") {
        return [select(label, [["yes", "yes"], ["no", "no"]], row.value === false ? "no" : "yes", (value) => set(value === "yes"), `${key}.value`)];
      }
      if (kind === "coded") return [this.coded(row, item, key, label, set)];
      if (kind === "number") return this.number(row, item, key, label, set);
      const hint = kind === "date" ? { placeholder: "2027-03-31, 2027-03 or 2027", pattern: "\\d{4}(-\\d\\d(-\\d\\d)?)?" } : {};
      return [input(label, textOf(row.value), (value) => set(value), `${key}.value`, hint)];
    }

    number(row, item, key, label, set) {
      const whole = row.value;
      const shown = whole?.value !== undefined ? whole.value : whole;
      const field = input(label, textOf(shown), (value) => {
        const number = value.trim() === "" ? "" : Number(value);
        const plain = Number.isFinite(number) ? number : value;
        set(whole?.value !== undefined ? { ...whole, value: plain } : plain);
      }, `${key}.value`, { inputmode: "decimal" });
      return [field, el("span", {}, whole?.unit ?? item?.unit ?? "")];
    }

    coded(row, item, key, label, set) {
      const choices = item.options.map((each) => [JSON.stringify(codeOf(each)), each.display + (each.retired ? " (no longer offered)" : "")]);
      const at = item.options.findIndex((each) => isCode(row.value, each));
      const current = at < 0 ? JSON.stringify(row.value) : choices[at][0];
      if (at < 0) choices.push([current, textOf(row.value?.code ?? row.value) || "Choose an answer"]);
      return select(label, choices, current, (value) => set(JSON.parse(value)), `${key}.value`);
    }

    several(row, item, kind, key, label, set) {
      if (kind !== "coded") {
        const lines = el("textarea", { rows: 3, "aria-label": `${label}, one a line`, "data-key": `${key}.value` });
        lines.value = row.value.map(textOf).join("\n");
        lines.addEventListener("input", () => {
          const said = lines.value.split("\n").map((each) => each.trim()).filter(Boolean);
          set(said.map((each) => (kind === "number" && Number.isFinite(Number(each)) ? Number(each) : each)));
        });
        return lines;
      }
      const boxes = item.options.map((each, at) => {
        const box = el("input", { type: "checkbox", "data-key": `${key}.value.${at}` });
        box.checked = row.value.some((value) => isCode(value, each));
        box.addEventListener("change", () => {
          const others = row.value.filter((value) => !isCode(value, each));
          set(box.checked ? [...others, codeOf(each)] : others);
        });
        return el("label", { class: "fw-rule__box" }, box, ` ${each.display}`);
      });
      return el("span", { role: "group", "aria-label": label }, ...boxes);
    }

    /* Calculations */

    calculation(calculation, key) {
      const kind = select("How it is worked out", KINDS, calculation.kind, (value) => {
        Object.assign(calculation, fresh(value));
        this.keep(true, `${key}.kind`);
      }, `${key}.kind`);
      return [el("p", {}, kind), ...this.parts(calculation, key)];
    }

    parts(calculation, key) {
      const { kind, parts } = calculation;
      if (!kind) return [];
      const before = kind === "if" ? [el("div", { class: "fw-rule__group", role: "group", "aria-label": "If" }, ...this.rule(calculation.rule, `${key}.if`))] : [];
      const names = LABELS[kind] ?? [];
      const lines = parts.map((_, at) => this.part(calculation, at, names[at] ?? `Part ${at + 1}`, `${key}.${at}`));
      const optional = ["age", "if", "lookup"].includes(kind) && parts.length === 1 ? names[1] : "";
      const more = LISTS.includes(kind) ? "Add a part" : optional ? `Add: ${optional.toLowerCase()}` : "";
      if (more) lines.push(button(more, () => { parts.push({ item: "" }); this.keep(true, `${key}.${parts.length - 1}.what`); }, `${key}.more`));
      return [...before, ...lines, ...this.settings(calculation, key)];
    }

    settings(calculation, key) {
      const { kind } = calculation;
      const found = [];
      if (kind === "divide") {
        found.push(el("label", {}, "Decimal places kept ", input("Decimal places kept", String(calculation.scale ?? 2), (value) => {
          calculation.scale = Math.min(10, Math.max(0, Math.trunc(Number(value)) || 0));
          this.keep();
        }, `${key}.scale`, { inputmode: "numeric", size: 3 })));
      }
      if (kind === "concat") {
        found.push(el("label", {}, "Between them ", input("Between them", calculation.separator ?? "", (value) => {
          calculation.separator = value;
          this.keep();
        }, `${key}.separator`)));
      }
      if (kind === "lookup") found.push(this.table(calculation, key));
      return found;
    }

    part(calculation, at, label, key) {
      const part = calculation.parts[at];
      const what = whatOf(part);
      const kinds = calculation.kind === "score" ? [["score", "the score of"]] : [["item", "the answer to"], ["score", "the score of"], ["value", "the fixed value"], ["today", "today"]];
      const kind = select(`${label}: what`, kinds, what, (value) => {
        calculation.parts[at] = { item: { item: "" }, score: { score: "" }, value: { value: 0 }, today: { today: true } }[value];
        this.keep(true, `${key}.what`);
      }, `${key}.what`);
      const removable = LISTS.includes(calculation.kind) ? calculation.parts.length > 1 : at === 1 && !PAIRS.includes(calculation.kind);
      const remove = button(`Remove ${label.toLowerCase()}`, () => { calculation.parts.splice(at, 1); this.keep(true, `${key.replace(/\.\d+$/, "")}.more`); }, `${key}.remove`);
      return el("div", { class: "fw-rule__row", role: "group", "aria-label": label }, el("span", {}, `${label}: `), kind, ...this.operand(part, what, label, key), ...(removable ? [remove] : []));
    }

    operand(part, what, label, key) {
      if (what === "item") {
        return [this.chooser(`${label}: question`, part.item, (uid) => { part.item = uid; this.keep(); }, `${key}.item`)];
      }
      if (what === "score") {
        const scored = (each) => each.options.some((option) => option.score !== "" && option.score !== undefined && option.score !== null);
        return [this.chooser(`${label}: question`, part.score, (uid) => { part.score = uid; this.keep(); }, `${key}.item`, scored)];
      }
      if (what === "value") {
        return [input(`${label}: value`, constantText(part.value), (value) => { part.value = constant(value); this.keep(); }, `${key}.value`)];
      }
      return [];
    }

    table(calculation, key) {
      const rows = calculation.table.map((row, at) => {
        const field = (name, label) => input(`${label} of row ${at + 1}`, row[name] === undefined || row[name] === null ? "" : constantText(row[name]), (value) => {
          if (value.trim() === "" && name !== "result") delete row[name];
          else row[name] = constant(value);
          this.keep();
        }, `${key}.table.${at}.${name}`, { size: 8 });
        const remove = button(`Remove row ${at + 1}`, () => { calculation.table.splice(at, 1); this.keep(true, `${key}.table.add`); }, `${key}.table.${at}.remove`);
        const asked = "is" in row ? ["is ", field("is", "Value")] : ["from ", field("from", "From"), " to ", field("to", "To")];
        return el("div", { class: "fw-rule__row", role: "group", "aria-label": `Row ${at + 1}` }, ...asked, " gives ", field("result", "Result"), remove);
      });
      const add = (row, label, name) => button(label, () => { calculation.table.push(row); this.keep(true, `${key}.table.${calculation.table.length - 1}.${Object.keys(row)[0]}`); }, `${key}.table.${name}`);
      const adders = el("p", { class: "fw-rule__adders" }, add({ from: 0, to: 0, result: "" }, "Add a range", "add"), add({ is: "", result: "" }, "Add a value", "value"));
      return el("div", { class: "fw-rule__group", role: "group", "aria-label": "Table" }, ...rows, adders);
    }
  }

  const whatOf = (part) => ["item", "score", "value", "today"].find((each) => each in part);

  function fresh(kind) {
    const parts = PAIRS.includes(kind) ? [{ item: "" }, { item: "" }] : kind === "score" ? [{ score: "" }] : kind ? [{ item: "" }] : [];
    if (kind === "add" || kind === "multiply") parts.push({ item: "" });
    if (kind === "if") parts.push({ value: 0 });
    const rule = { ...emptyRule(), rows: [{ item: "", op: "=", value: "" }] };
    return { kind, parts, scale: kind === "divide" ? 2 : undefined, separator: kind === "concat" ? " " : undefined, rule: kind === "if" ? rule : undefined, table: kind === "lookup" ? [] : undefined };
  }

  function comparisons(kind, absent) {
    const answered = [["answered", "is answered"], ["unanswered", "is not answered"]];
    if (kind === "repeat") return answered;
    const words = ORDERED[kind] ? ["<", "<=", ">", ">="].map((each, at) => [each, `is ${ORDERED[kind][at]}`]) : [];
    const without = absent ? [["absent=", "has no answer, because it is"], ["absent!=", "has no answer, but not because it is"]] : [];
    const several = kind === "yes_no" ? [] : [["in", "is one of"]];
    return [["=", "is"], ["!=", "is not"], ...words, ...several, ...answered, ...without];
  }

  function comparisonOf(row) {
    if (row.op === "exists") return row.value === false ? "unanswered" : "answered";
    return row.value?.absent !== undefined ? `absent${row.op}` : row.op;
  }

  const codeOf = (option) => (option.system ? { code: option.code, system: option.system } : option.code);
  const isCode = (value, option) =>
    typeof value === "object" && value ? value.code === option.code && (!value.system || value.system === option.system) : value === option.code;
  const textOf = (value) => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));
  const constantText = (value) => (value === true ? "yes" : value === false ? "no" : textOf(value));
  const constant = (text) => {
    const plain = text.trim();
    if (plain === "yes" || plain === "no") return plain === "yes";
    return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : text;
  };

  return { Editor, el, button, input };
})();
