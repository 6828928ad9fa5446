/*
 * Conditions and calculations of the form document as rows of an editor, and back. What rows cannot say exactly is not
 * turned into rows: reading gives null, and the document keeps what was brought. Tested under Node.
 */
globalThis.ForewordRules = (() => {
  const OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "exists", "in"];
  const LISTS = ["sum", "count", "min", "max", "coalesce", "add", "multiply", "concat"];
  const PAIRS = ["subtract", "divide", "days_between"];

  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const has = (value, key) => Object.prototype.hasOwnProperty.call(value, key);

  function same(a, b) {
    if (Array.isArray(a) || Array.isArray(b)) {
      return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, at) => same(each, b[at]));
    }
    if (!isObject(a) || !isObject(b)) return a === b;
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => has(b, key) && same(a[key], b[key]));
  }

  /* Rules: {match, alone, rows}; a row is {item, op, value} or, one level down, such a group again. */

  const emptyRule = () => ({ match: "all", alone: true, rows: [] });

  function readRule(rule) {
    if (rule === null || rule === undefined) return emptyRule();
    const read = group(rule, 0);
    return read && same(writeRule(read), rule) ? read : null;
  }

  function group(rule, depth) {
    if (!isObject(rule)) return null;
    if (has(rule, "item")) return { match: "all", alone: true, rows: [rule] };
    const inner = has(rule, "not") ? rule.not : rule;
    if (!isObject(inner)) return null;
    if (inner !== rule && has(inner, "item")) return { match: "none", alone: true, rows: [inner] };
    const key = ["all", "any"].find((each) => Array.isArray(inner[each]));
    if (!key) return null;
    const rows = inner[key].map((each) => (isObject(each) && has(each, "item") ? each : depth ? null : group(each, 1)));
    if (rows.includes(null)) return null;
    const match = inner === rule ? key : key === "all" ? "not all" : "none";
    return { match, alone: rows.length !== 1, rows };
  }

  function writeRule({ match, alone, rows }) {
    const parts = rows.map((row) => (row.rows ? writeRule(row) : writeRow(row))).filter(Boolean);
    if (!parts.length) return null;
    if (parts.length === 1 && alone) return match === "all" || match === "any" ? parts[0] : { not: parts[0] };
    if (match === "not all") return { not: { all: parts } };
    return match === "none" ? { not: { any: parts } } : { [match]: parts };
  }

  function writeRow(row) {
    if (typeof row.item !== "string" || !row.item || !OPERATORS.includes(row.op)) return null;
    return { item: row.item, op: row.op, value: row.value === undefined ? null : row.value };
  }

  /* Calculations: {kind, parts, …}; a part is {item}, {score}, {value} or {today}. */

  function readCalculation(calculation) {
    if (calculation === null || calculation === undefined) return { kind: "", parts: [] };
    if (!isObject(calculation)) return null;
    const read = calculationRead(calculation);
    return read && same(writeCalculation(read), calculation) ? read : null;
  }

  function calculationRead(node) {
    const kind = [...LISTS, ...PAIRS].find((key) => has(node, key));
    if (kind) {
      if (!Array.isArray(node[kind]) || !node[kind].every(isPart)) return null;
      return { kind, parts: node[kind], scale: node.scale, separator: node.separator };
    }
    if (has(node, "age")) return readParts("age", [node.age, ...(has(node, "on") ? [node.on] : [])]);
    if (has(node, "if")) {
      const rule = readRule(node.if);
      const read = readParts("if", [node.then, ...(has(node, "else") ? [node.else] : [])]);
      return rule && read ? { ...read, rule } : null;
    }
    if (has(node, "lookup")) {
      const read = readParts("lookup", [node.lookup, ...(has(node, "else") ? [node.else] : [])]);
      return read && Array.isArray(node.table) && node.table.every(isObject) ? { ...read, table: node.table } : null;
    }
    return isPart(node) ? { kind: has(node, "score") ? "score" : "same", parts: [node] } : null;
  }

  const isPart = (part) => isObject(part) && ["item", "score", "value", "today"].some((key) => has(part, key));
  const readParts = (kind, parts) => (parts.every(isPart) ? { kind, parts } : null);

  function writeCalculation({ kind, parts, scale, separator, rule, table }) {
    const [first, second] = parts;
    if (!kind) return null;
    if (LISTS.includes(kind) || PAIRS.includes(kind)) return { [kind]: parts, ...more({ scale, separator }) };
    if (kind === "age") return { age: first, ...more({ on: second }) };
    if (kind === "if") return { if: writeRule(rule), then: first, ...more({ else: second }) };
    if (kind === "lookup") return { lookup: first, table, ...more({ else: second }) };
    return first || null;
  }

  const more = (parts) => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));

  return { LISTS, PAIRS, emptyRule, readRule, writeRule, readCalculation, writeCalculation, same };
})();
