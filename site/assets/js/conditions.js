// Follows the answers of a section's page as they change: shows and hides questions, works out values, lights
// warnings. The page without scripts shows every question with "Answer this if …"; the server decides again on save.
//
// What is hidden keeps its answer and is still sent. `_put_away` tells the server which questions were out of sight,
// so that it does not call something wrong that nobody can see.
import { Several, calculate, holds, said } from "./rules.js";

const NUMBER = /^[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,10})?$/;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const pad = (text, length) => String(Number(text)).padStart(length, "0");

/** A date as it is stored; its parts may be left out from the day upwards. */
function dateOf(day, month, year) {
  if (!/^\d{4}$/.test(year)) return undefined;
  const named = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  const number = /^\d{1,2}$/.test(month) ? Number(month) : named;
  if (!month) return day ? undefined : year;
  if (!number || number > 12) return undefined;
  if (!day) return `${year}-${pad(number, 2)}`;
  const text = `${year}-${pad(number, 2)}-${pad(day, 2)}`;
  return /^\d{1,2}$/.test(day) && new Date(`${text}T00:00Z`).getUTCDate() === Number(day) ? text : undefined;
}

const option = (item, key) => item.options?.[key] ?? Object.values(item.options ?? {}).find((each) => each.code === key);
const beside = (text) => (text ? [{ code: "", system: "", display: "", text }] : []);

/** What stands in the controls of each type; `all` gives every value of a control, `one` the first, trimmed. */
const READERS = {
  yes_no: (item, all) => ({ yes: true, no: false })[all("")[0]],
  choice(item, all, one) {
    const chosen = option(item, all("")[0]);
    return chosen ? { ...chosen, text: one("text") } : beside(one("text"))[0];
  },
  choices(item, all, one) {
    const chosen = all("").map((key) => option(item, key)).filter(Boolean);
    return [...chosen.map((each) => ({ ...each, text: "" })), ...beside(one("text"))];
  },
  number(item, all, one) {
    const typed = one("");
    return NUMBER.test(typed) ? { value: typed.replaceAll(",", ""), unit: item.unit ?? "" } : undefined;
  },
  date: (item, all, one) => dateOf(one("day"), one("month"), one("year")),
  nhs_number: (item, all, one) => one("").replace(/[\s-]/g, ""),
  organisation(item, all, one) {
    const [code, name] = [one("code").toUpperCase().replaceAll(" ", ""), one("name")];
    return code || name ? { code, name } : undefined;
  },
  parts(item, all, one) {
    const typed = Object.fromEntries(item.parts.map((part) => [part, one(part)]));
    return Object.values(typed).some(Boolean) ? typed : undefined;
  },
  /** Files that are there and not ticked away, and those that were just chosen: how many, as only that is asked. */
  files(item, all, one, chosen) {
    const gone = all("remove");
    const kept = all("file").filter((text) => !gone.some((id) => text.includes(id)));
    return kept.length + chosen.length || undefined;
  },
};

/** The words of the band a score falls in, behind the score. */
function withBand(bands, value) {
  const number = Number(value?.value ?? value);
  const band = bands?.find(([least, most]) => number >= (least ?? -Infinity) && number <= (most ?? Infinity));
  return band ? `${said(value)} – ${band[2]}` : said(value);
}

function answerOf(item, name, data) {
  const all = (part) => data.getAll(part ? `${name}__${part}` : name).filter((each) => typeof each === "string" && each);
  const one = (part) => (all(part)[0] ?? "").trim();
  const chosen = data.getAll(`${name}__upload`).filter((each) => typeof each === "object" && each.name);
  const absent = all("absent")[0] ?? all("").find((each) => each.startsWith("absent:"))?.slice(7);
  const answer = absent ? undefined : (READERS[item.type] ?? (() => one("")))(item, all, one, chosen);
  return answer === undefined && absent ? { absent, reason: "" } : answer;
}

/** The answers on the page under one place: the form itself, or an entry of the repeat `within`. */
function answersOf(rules, data, within, prefix) {
  const found = {};
  for (const [uid, item] of Object.entries(rules.items)) {
    if ((rules.inside[uid]?.at(-1) ?? null) !== within || item.type === "calculated") continue;
    const name = prefix + item.key;
    const entries = item.type === "repeat" ? data.getAll(name) : [];
    const answer = entries.length
      ? entries.map((id) => ({ id, ...answersOf(rules, data, uid, `${name}__${id}__`) }))
      : item.type === "repeat" ? undefined : answerOf(item, name, data);
    if (answer !== undefined) found[uid] = answer;
  }
  return found;
}

/** Every entry at the bottom of nested repeats, with the ids and entries on the way there. */
function placesIn(repeats, top) {
  let found = [{ place: top, path: [], entries: {} }];
  for (const repeat of repeats) {
    found = found.flatMap(({ place, path, entries }) =>
      (Array.isArray(place[repeat]) ? place[repeat] : []).map((entry) => ({
        place: entry,
        path: [...path, entry.id],
        entries: { ...entries, [repeat]: entry },
      })),
    );
  }
  return found;
}

/** What is hidden, worked out and advised, as maps from `uid|path`. The same pass as the server's workings.py. */
export function decide(rules, data) {
  const top = { ...rules.answers, ...answersOf(rules, data, null, "q-") };
  const gone = new Map();
  const outcome = { hidden: new Map(), values: new Map(), needs: new Map(), warnings: new Map() };
  const lookFrom = (entries) => (uid) => {
    const repeats = rules.inside[uid] ?? [];
    if (!repeats.length) return top[uid];
    const nearest = entries[repeats.at(-1)];
    return nearest ? nearest[uid] : Several.from(placesIn(repeats, top).map(({ place }) => place[uid]));
  };
  for (const unit of rules.units) {
    for (const { place, path, entries } of placesIn(unit.in, top)) {
      const key = `${unit.uid}|${path.join("/")}`;
      const lost = gone.get(place) ?? new Set();
      const look = lookFrom(entries);
      const hides = unit.family && !lost.has(unit.uid) && !holds(unit.rule, look);
      if (hides) unit.family.forEach((uid) => lost.add(uid) && delete place[uid]);
      gone.set(place, lost);
      if (unit.family) outcome.hidden.set(key, lost.has(unit.uid));
      if (!unit.calculation) continue;
      const filled = !path.length || Object.keys(place).length > 1;
      const scope = { look, today: rules.today, scores: rules.scores };
      const value = filled && !lost.has(unit.uid) ? calculate(unit.calculation, scope, unit.decimals, unit.unit) : null;
      if (value !== null) place[unit.uid] = value;
      outcome.values.set(key, value);
    }
  }
  for (const advice of rules.advice) {
    for (const { path, entries } of placesIn(advice.in, top)) {
      const [key, look] = [`${advice.uid}|${path.join("/")}`, lookFrom(entries)];
      if (advice.need) outcome.needs.set(key, holds(advice.need, look));
      for (const [id, rule] of Object.entries(advice.warnings ?? {})) outcome.warnings.set(`${key}|${id}`, holds(rule, look));
    }
  }
  return outcome;
}

const keyOf = (element, name) => `${element.dataset[name]}|${element.dataset.path ?? ""}`;
const labelOf = (element) => element.querySelector("legend, label, h2, h3, h4, h5, h6")?.textContent.trim() ?? "";

function liveRegion(form) {
  const region = document.createElement("p");
  region.className = "nhsuk-u-visually-hidden";
  region.setAttribute("role", "status");
  form.append(region);
  return region;
}

export function startConditions(carrier) {
  const form = carrier.closest("form");
  const rules = JSON.parse(carrier.dataset.formRules);
  if (!form) return;
  const region = liveRegion(form);
  const questions = [...form.querySelectorAll("[data-item]")];
  const bands = new Map(rules.units.filter((unit) => unit.bands).map((unit) => [unit.uid, unit.bands]));
  const advised = [...form.querySelectorAll("[data-advised]")];
  const away = document.createElement("span");
  away.hidden = true;
  form.append(away);
  questions.forEach((question) => question.querySelector(":scope > .app-conditional__when")?.setAttribute("hidden", ""));

  /** Shows and hides questions; one with an error in it stays until it is mended, one with the focus until it is left. */
  function show(hidden, announce) {
    const news = [];
    for (const question of questions) {
      const hides = hidden.get(keyOf(question, "item")) === true;
      const stays = question.contains(document.activeElement) || question.querySelector(".nhsuk-error-message");
      if (question.hidden === hides || (hides && stays)) continue;
      question.hidden = hides;
      news.push(`${hides ? "No longer asked" : "Now asked"}: ${labelOf(question)}`);
    }
    if (announce && news.length) region.textContent = news.join(". ");
    away.replaceChildren(...questions.filter((each) => each.hidden).map(putAway));
  }

  function advise({ needs, warnings, values }) {
    for (const part of advised) {
      const key = keyOf(part, "advised");
      const need = part.querySelector(":scope > [data-need]");
      if (need && needs.has(key)) setText(need, needs.get(key) ? need.dataset.yes : need.dataset.no);
      for (const warning of part.querySelectorAll(":scope > .app-warnings > [data-warning]")) {
        warning.hidden = !warnings.get(`${key}|${warning.dataset.warning}`);
      }
    }
    for (const [key, value] of values) {
      const output = document.getElementById(nameOf(rules, ...key.split("|")));
      if (output) setText(output, value === null ? output.dataset.missing : withBand(bands.get(key.split("|")[0]), value));
    }
  }

  const update = (whole, announce) => {
    const outcome = decide(rules, new FormData(form));
    show(outcome.hidden, announce);
    if (whole) advise(outcome);
  };
  // While somebody types only questions come and go, so that the next Tab finds them; the rest waits for the change.
  form.addEventListener("input", () => update(false, true));
  form.addEventListener("change", () => update(true, true));
  form.addEventListener("focusout", () => setTimeout(() => update(false, true)));
  // A browser that goes back restores answers after the page has loaded.
  window.addEventListener("pageshow", () => update(true, false));
  update(true, false);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function putAway(question) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "_put_away";
  field.value = keyOf(question, "item");
  return field;
}

/** The name, which is the id, of a question's first control at a path of entries. */
function nameOf(rules, uid, path) {
  const keys = [...(rules.inside[uid] ?? []), uid].map((each) => rules.items[each]?.key);
  const ids = path ? path.split("/") : [];
  return keys.reduce((name, key, level) => (level ? `${name}__${ids[level - 1]}__${key}` : `q-${key}`), "");
}
