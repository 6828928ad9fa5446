// Decides the rules of a form and works out its calculations, exactly as the server does: both run the vectors of
// careplan_forms/schema/vectors.json, and the modules rules.py, comparing.py and calculating.py say what each
// operator means. Nothing of a form is ever executed. `look(uid)` gives an answer, or nothing.

export class Several extends Array {}

const DATE = /^\d{4}(-\d\d(-\d\d)?)?$/;
const MONTHS = "January February March April May June July August September October November December".split(" ");
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const absent = (answer) => (isObject(answer) && typeof answer.absent === "string" && answer.absent) || null;
const isEmpty = (value) => value == null || value === "" || (isObject(value) && !Object.keys(value).length);

/** The single answers that an answer holds; none when it is blank. */
export function answersIn(answer) {
  if (answer instanceof Several) return [...answer].flatMap(answersIn);
  if (isEmpty(answer)) return [];
  return Array.isArray(answer) ? answer : [answer];
}

// Exact decimals: a whole number of units, each 10^-scale.

const power = (places) => 10n ** BigInt(places);
const size = (units) => (units < 0n ? -units : units);

function decimal(value) {
  if (typeof value !== "number" && typeof value !== "string") return null;
  const found = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?\s*$/i.exec(value);
  if (!found || !(found[2] || found[3])) return null;
  const fraction = found[3] ?? "";
  const scale = fraction.length - Number(found[4] ?? 0);
  const units = BigInt(found[2] + fraction) * (found[1] === "-" ? -1n : 1n);
  return scale < 0 ? { units: units * power(-scale), scale: 0 } : { units, scale };
}

const at = (number, scale) => number.units * power(scale - number.scale);

function together(a, b, operate) {
  const scale = Math.max(a.scale, b.scale);
  return operate(at(a, scale), at(b, scale), scale);
}

const order = (a, b) => together(a, b, (x, y) => (x < y ? -1 : x > y ? 1 : 0));

/** Divides whole numbers, half up and away from zero. */
function divided(over, under) {
  const half = (2n * size(over) + size(under)) / (2n * size(under));
  return over < 0n !== under < 0n ? -half : half;
}

function rounded(number, places) {
  if (number.scale <= places) return { units: at(number, places), scale: places };
  return { units: divided(number.units, power(number.scale - places)), scale: places };
}

function tidy(number) {
  if (!number || size(number.units) >= power(30 + number.scale)) return null;
  return number.scale > 20 ? rounded(number, 20) : number;
}

function numberText(number, decimals) {
  const { units, scale } = decimals == null ? number : rounded(number, decimals);
  const digits = String(size(units)).padStart(scale + 1, "0");
  let text = scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits;
  if (decimals == null && scale) text = text.replace(/\.?0+$/, "");
  return units < 0n ? `-${text}` : text;
}

// Conditions

const FITS = {
  "=": (sign) => sign === 0,
  "<": (sign) => sign < 0,
  "<=": (sign) => sign <= 0,
  ">": (sign) => sign > 0,
  ">=": (sign) => sign >= 0,
};

const isCoded = (answer, code, system) =>
  isObject(answer) && !!code && answer.code === code && (!system || answer.system === system);

/** Whether one answer fits: true, false, or null where it leaves the question open. */
function compares(operator, answer, expected) {
  const open = absent(answer) ? null : false;
  if (typeof expected === "boolean") return answer === expected || open;
  if (isObject(expected)) {
    if (typeof expected.absent === "string") return absent(answer) === expected.absent;
    if ("value" in expected) return ordered(operator, answer, decimal(expected.value), expected.unit || "");
    return isCoded(answer, expected.code, expected.system) || open;
  }
  if (typeof expected === "number") return ordered(operator, answer, decimal(expected));
  if (typeof answer === "string") {
    if (DATE.test(expected) && DATE.test(answer)) return dated(operator, answer, expected);
    return operator === "=" && answer === expected;
  }
  if (open === null) return null;
  if (isObject(answer) && "code" in answer) return operator === "=" && isCoded(answer, expected);
  const number = decimal(expected);
  return number ? ordered(operator, answer, number) : false;
}

function dated(operator, answer, expected) {
  const length = Math.min(answer.length, expected.length);
  const [left, right] = [answer.slice(0, length), expected.slice(0, length)];
  if (left === right && answer.length !== expected.length) return null;
  return FITS[operator](left < right ? -1 : left > right ? 1 : 0);
}

function ordered(operator, answer, expected, unit) {
  if (absent(answer)) return null;
  if (typeof answer === "string") return false;
  if (isObject(answer)) {
    if (unit !== undefined && (answer.unit || "") !== unit) return false;
    answer = answer.value;
  }
  const number = decimal(answer);
  return number !== null && FITS[operator](order(number, expected));
}

/** Whether a rule holds. */
export function holds(rule, look) {
  if (!rule || !Object.keys(rule).length) return true;
  if (rule.all) return rule.all.every((part) => holds(part, look));
  if (rule.any) return rule.any.some((part) => holds(part, look));
  if (rule.not) return !holds(rule.not, look);
  const answers = answersIn(look(rule.item));
  const { op, value } = rule;
  if (op === "exists") return answers.length > 0 === value;
  if (op === "in") return answers.some((answer) => value.some((each) => compares("=", answer, each) === true));
  if (op === "!=") return answers.length > 0 && answers.every((answer) => compares("=", answer, value) === false);
  return answers.some((answer) => compares(op, answer, value) === true);
}

// Calculations. A value is a decimal, text, true or false, or {code, text}; missing is an empty list.

const isNumber = (value) => isObject(value) && "units" in value;
const sure = (value) => (value == null ? [] : [value]);

function scalar(answer) {
  if (typeof answer === "boolean" || typeof answer === "string") return answer;
  if (!isObject(answer)) return tidy(decimal(answer));
  if (typeof answer.absent === "string") return null;
  if ("value" in answer) return tidy(decimal(answer.value));
  if (!("code" in answer)) {
    return Object.entries(answer).some(([key, value]) => key !== "id" && answersIn(value).length) || null;
  }
  const { code, text } = answer;
  const display = answer.display || answer.name || code;
  return { code: code || "", text: display && text && text !== display ? `${display}: ${text}` : display || text || "" };
}

function constant(value) {
  return typeof value === "number" ? decimal(value) : value;
}

const plus = (a, b) => tidy(together(a, b, (x, y, scale) => ({ units: x + y, scale })));
const minus = (a, b) => tidy(together(a, b, (x, y, scale) => ({ units: x - y, scale })));
const times = (a, b) => tidy({ units: a.units * b.units, scale: a.scale + b.scale });
const fold = (operate) => (values) =>
  values.every(isNumber) ? values.reduce((a, b) => a && operate(a, b)) : null;
const total = (numbers) => (numbers.length ? numbers.reduce((a, b) => a && plus(a, b)) : null);

const GATHERED = {
  sum: (values) => total(values.filter(isNumber)),
  count: (values) => decimal(values.length),
  min: (values) => values.filter(isNumber).sort(order)[0],
  max: (values) => values.filter(isNumber).sort(order).at(-1),
  concat: (values, node) => (values.length ? values.map(written).join(node.separator ?? " ") : null),
};

const COMBINED = {
  add: fold(plus),
  subtract: fold(minus),
  multiply: fold(times),
  divide([over, under], node) {
    if (!isNumber(over) || !isNumber(under) || !under.units) return null;
    const [left, right] = [over.units * power(under.scale + node.scale), under.units * power(over.scale)];
    return tidy({ units: divided(left, right), scale: node.scale });
  },
  days_between([start, end]) {
    const days = [start, end].map((each) => (isReal(each) && each.length === 10 ? Date.parse(each) : NaN));
    return Number.isNaN(days[0] + days[1]) ? null : decimal(Math.round((days[1] - days[0]) / 864e5));
  },
};

function isReal(text) {
  if (typeof text !== "string" || !DATE.test(text)) return false;
  const [year, month, day] = `${text}${"-01-01".slice(text.length - 4)}`.split("-").map(Number);
  const made = new Date(Date.UTC(year, month - 1, day));
  return year >= 1850 && year <= 2150 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
}

function years(born, on) {
  const early = (text) => text + "-01-01".slice(text.length - 4);
  const late = (text) => text + "-12-31".slice(text.length - 4);
  const between = (a, b) => Number(b.slice(0, 4)) - Number(a.slice(0, 4)) - (b.slice(5) < a.slice(5) ? 1 : 0);
  if (!isReal(born) || !isReal(on)) return null;
  const [least, most] = [between(late(born), early(on)), between(early(born), late(on))];
  return least === most && least >= 0 ? decimal(least) : null;
}

function written(value) {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (isNumber(value)) return numberText(value);
  if (isObject(value)) return value.text;
  return value.length === 10 && isReal(value) ? dateText(value) : value;
}

function dateText(value) {
  const [year, month, day] = value.split("-");
  return `${Number(day)} ${MONTHS[month - 1]} ${year}`;
}

function fits(row, value) {
  if ("is" in row) {
    const wanted = constant(row.is);
    if (isNumber(value)) return isNumber(wanted) && order(value, wanted) === 0;
    return isObject(value) ? value.code === wanted || value.text === wanted : value === wanted;
  }
  const within = (limit, sign) => limit == null || order(value, decimal(limit)) * sign >= 0;
  return isNumber(value) && within(row.from, 1) && within(row.to, -1);
}

function weighed(answers, weights) {
  const weight = ({ code, system }) => weights.find((each) => each[0] === code && (!system || each[1] === system));
  return total(answers.filter(isObject).map(weight).filter(Boolean).map((each) => decimal(each[2])));
}

/** The values a calculation comes to; `scope` holds look, today (ISO) and scores {uid: [[code, system, weight]]}. */
function worked(node, scope) {
  const [kind] = Object.keys(node).filter((key) => key in OPERATORS || key in GATHERED || key in COMBINED);
  if (kind in GATHERED) return sure(GATHERED[kind](node[kind].flatMap((part) => worked(part, scope)), node));
  if (!(kind in COMBINED)) return OPERATORS[kind](node, scope);
  const parts = node[kind].map((part) => worked(part, scope));
  return parts.every((part) => part.length === 1) ? sure(COMBINED[kind](parts.flat(), node)) : [];
}

const either = (node, scope) => (node == null ? [] : worked(node, scope));

const OPERATORS = {
  item: (node, { look }) => answersIn(look(node.item)).map(scalar).filter((value) => value != null),
  value: (node) => [constant(node.value)],
  today: (node, scope) => [scope.today],
  if: (node, scope) => either(holds(node.if, scope.look) ? node.then : node.else, scope),
  coalesce: (node, scope) => node.coalesce.map((part) => worked(part, scope)).find((found) => found.length) ?? [],
  score: (node, { look, scores }) => sure(weighed(answersIn(look(node.score)), scores[node.score] ?? [])),
  age(node, scope) {
    const [born, on] = [worked(node.age, scope), node.on == null ? [scope.today] : worked(node.on, scope)];
    return born.length === 1 && on.length === 1 ? sure(years(born[0], on[0])) : [];
  },
  lookup(node, scope) {
    const key = worked(node.lookup, scope);
    if (key.length !== 1) return [];
    const row = node.table.find((each) => fits(each, key[0]));
    return row ? [constant(row.result)] : either(node.else, scope);
  },
};

/** What a calculation comes to as a stored answer, or null. */
export function calculate(calculation, scope, decimals, unit) {
  const found = worked(calculation, scope);
  if (found.length !== 1) return null;
  const [value] = found;
  if (!isNumber(value)) return isObject(value) ? value.text || null : value;
  const text = numberText(rounded(value, 10), decimals == null ? null : Math.min(decimals, 10));
  return /^-?\d{1,15}(\.|$)/.test(text) ? { value: text, unit: unit ?? "" } : null;
}

/** An answer of a calculation as people read it. */
export function said(answer) {
  if (!isObject(answer)) return written(answer);
  return [answer.value, answer.unit].filter(Boolean).join(" ");
}
