"""The rule language: trees of `all`, `any` and `not` over `{"item": uid, "op": …, "value": …}`.

What an operator says about each kind of answer (the vectors in `vectors.json` are the test of it):

* Unanswered (missing, null, "", an empty list) or hidden: every operator but `exists` is false, `!=` too.
  Whoever wants "not equal or not answered" writes `{"not": {… "=" …}}`. Zero and false are answers.
* `exists` true: something was said, an absent reason included; `exists` false: nothing was said.
* An absent answer ("Not discussed") is unanswered for every operator except `=`, `!=` and `in` with a value
  `{"absent": code}`, which compare its reason. An ordinary answer is `!=` to every absent reason.
* Numbers compare exactly as decimals, "3.50" = 3.5; a value `{"value", "unit"}` also asks for the same unit.
* Coded answers compare by code, a value `{"code", "system"}` by both; a retired option is compared like any
  other.
* Several answers (multiple choice; a question inside a repeat seen from outside it): `=`, `in` and the
  orderings are true when any answer fits, `!=` when none is equal.
* Dates of unequal precision that agree as far as both go (March 2027 and 12 March 2027) leave the comparison
  open, and an open comparison is false, for `!=` too.
* Orderings (`<` `<=` `>` `>=`) are for numbers and dates; on anything else they are false.

A rule that is missing (null, {}) is true. A malformed one raises RuleError; nothing here is ever executed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from careplan_forms.schema.comparing import Outcome, comparer

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "exists", "in")
MAX_DEPTH = 20

# Gives the answer to a question, None when there is none or it is hidden, Several when there are many.
Look = Callable[[str], Any]
Compiled = Callable[[Look], bool]


class RuleError(ValueError):
    """The rule is not a rule; the message says why."""


class Several(list[Any]):
    """The answers of one question over the instances of a repeat."""


def evaluate(
    rule: Any,
    answers: Mapping[str, Any],
    *,
    hidden: frozenset[str] = frozenset(),
    instance: Mapping[str, Any] | None = None,
) -> bool:
    """Decide a rule over answers.

    `hidden` questions count as unanswered; `instance` is the repeat entry in which the rule is asked.

    Raises RuleError for a malformed rule.
    """

    return compile_rule(rule)(look_in(answers, hidden, instance))


def look_in(answers: Mapping[str, Any], hidden: frozenset[str], instance: Mapping[str, Any] | None) -> Look:
    """What is found under a uid, when nothing is known of a form but its answers."""

    def look(uid: str) -> Any:
        if uid in hidden:
            return None
        if instance is not None and uid in instance:
            return instance[uid]
        return answers[uid] if uid in answers else _inside_repeats(uid, answers, instance)

    return look


def compile_rule(rule: Any) -> Compiled:
    """Turn a rule into closures. Raises RuleError."""
    return _compile(rule, 0)


def references(rule: Any) -> list[str]:
    """The uids a rule asks about, each once, in order; tolerant of malformed rules."""
    found: dict[str, None] = {}
    pending: list[tuple[Any, int]] = [(rule, 0)]
    while pending:
        node, depth = pending.pop(0)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            continue
        if isinstance(node.get("item"), str):
            found.setdefault(node["item"])
        for key in ("all", "any"):
            if isinstance(node.get(key), list | tuple):
                pending += [(each, depth + 1) for each in node[key]]
        pending.append((node.get("not"), depth + 1))
    return list(found)


def _compile(rule: Any, depth: int) -> Compiled:
    if rule is None or rule == {}:
        return _always
    if not isinstance(rule, Mapping):
        raise RuleError("A rule must be an object with all, any, not or item.")
    if depth > MAX_DEPTH:
        raise RuleError(f"A rule may be nested at most {MAX_DEPTH} deep.")
    kinds = [key for key in ("all", "any", "not", "item") if key in rule]
    if len(kinds) != 1:
        raise RuleError("A rule must have exactly one of all, any, not or item.")
    if kinds[0] == "item":
        return _condition(rule)
    if kinds[0] == "not":
        inner = _compile(_present(rule["not"]), depth + 1)
        return lambda look: not inner(look)
    return _joined(kinds[0], rule[kinds[0]], depth)


def _present(rule: Any) -> Any:
    if not rule:
        raise RuleError("The rule under not is empty.")
    return rule


def _joined(kind: str, rules: Any, depth: int) -> Compiled:
    if not isinstance(rules, list | tuple):
        raise RuleError(f"The rules under {kind} must be a list.")
    parts = tuple(_compile(_present(each), depth + 1) for each in rules)
    if len(parts) == 1:
        return parts[0]
    if kind == "all":
        return lambda look: all(part(look) for part in parts)
    return lambda look: any(part(look) for part in parts)


def _always(look: Look) -> bool:
    return True


def _condition(rule: Mapping[str, Any]) -> Compiled:
    uid, operator, expected = rule["item"], rule.get("op"), rule.get("value")
    if not isinstance(uid, str) or not uid:
        raise RuleError("A condition must name the item it asks about.")
    if operator not in OPERATORS:
        raise RuleError(f"The operator must be one of {', '.join(OPERATORS)}.")
    if operator == "exists":
        return _exists(uid, expected)
    if operator == "in":
        if not isinstance(expected, list | tuple):
            raise RuleError("The value of an in condition must be a list.")
        return _any_answer(uid, [_comparer("=", each) for each in expected])
    if operator == "!=":
        return _no_answer(uid, _comparer("=", expected))
    return _one_comparison(uid, _comparer(operator, expected))


def _comparer(operator: str, expected: Any) -> Callable[[Any], Outcome]:
    try:
        return comparer(operator, expected)
    except ValueError as problem:
        raise RuleError(str(problem)) from None


def _exists(uid: str, expected: Any) -> Compiled:
    if not isinstance(expected, bool):
        raise RuleError("The value of an exists condition must be true or false.")
    return lambda look: bool(answers_in(look(uid))) is expected


def _one_comparison(uid: str, compare: Callable[[Any], Outcome]) -> Compiled:
    def decide(look: Look) -> bool:
        answer = look(uid)
        if answer is None:
            return False
        if isinstance(answer, list):
            return any(compare(each) is True for each in answers_in(answer))
        return compare(answer) is True if answer != "" else False

    return decide


def _any_answer(uid: str, comparers: list[Callable[[Any], Outcome]]) -> Compiled:
    def decide(look: Look) -> bool:
        answer = look(uid)
        if answer is None:
            return False
        return any(compare(each) is True for each in answers_in(answer) for compare in comparers)

    return decide


def _no_answer(uid: str, compare: Callable[[Any], Outcome]) -> Compiled:
    def decide(look: Look) -> bool:
        outcomes = [compare(each) for each in answers_in(look(uid))]
        return bool(outcomes) and all(outcome is False for outcome in outcomes)

    return decide


def answers_in(answer: Any) -> list[Any]:
    """The single answers that an answer holds; none when it is blank."""
    if type(answer) is Several:
        return [single for each in answer for single in answers_in(each)]
    if answer is None or answer == "" or answer == {}:
        return []
    return answer if isinstance(answer, list) else [answer]


def _inside_repeats(uid: str, answers: Mapping[str, Any], instance: Mapping[str, Any] | None) -> Any:
    """The answers in all entries, but for those beside the entry asked in: there its own answer counts alone."""
    found = Several()
    for answer in answers.values():
        if isinstance(answer, list) and instance not in answer:
            for entry in answer:
                if isinstance(entry, Mapping) and "id" in entry:
                    found.append(entry[uid] if uid in entry else _inside_repeats(uid, entry, instance))
    return found if found else None
