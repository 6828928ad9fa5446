// Runs rule and calculation vectors (JSON on standard input) with the browser's evaluator; prints what each came to.
import { readFileSync } from "node:fs";

const [, , evaluator] = process.argv;
const { Several, calculate, holds } = await import(evaluator);

/** What is found under a uid when nothing is known of a form but its answers, as `look_in` of rules.py says it. */
function lookIn(answers, hidden, instance) {
  const inRepeats = (uid, within) => {
    const found = new Several();
    for (const answer of Object.values(within)) {
      if (!Array.isArray(answer) || (instance && answer.some((each) => same(each, instance)))) continue;
      for (const entry of answer) {
        if (entry && typeof entry === "object" && "id" in entry) {
          found.push(uid in entry ? entry[uid] : inRepeats(uid, entry));
        }
      }
    }
    return found.length ? found : null;
  };
  return (uid) => {
    if (hidden.includes(uid)) return null;
    if (instance && uid in instance) return instance[uid];
    return uid in answers ? answers[uid] : inRepeats(uid, answers);
  };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function outcome(vector) {
  const look = lookIn(vector.answers, vector.hidden ?? [], vector.instance);
  if ("rule" in vector) return holds(vector.rule, look);
  const scope = { look, today: vector.today ?? "2026-06-15", scores: vector.scores ?? {} };
  return calculate(vector.calculation, scope, vector.decimals, vector.unit);
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(outcome)));
