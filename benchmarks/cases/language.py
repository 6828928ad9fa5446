"""The form language without a page: compiling 150 questions, judging 200 answers, deciding 100 rules."""

import json
from typing import Any

from benchmarks import data
from benchmarks.cases.form import django_form
from benchmarks.harness import Case, Part
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.document import canonical_json, normalise, sha256_of
from careplan_forms.schema.rules import compile_rule

COMPILED, ANSWERED, RULES = 150, 200, 100


def build() -> list[Case]:
    return [_compiling(), _judging(), _deciding()]


def _compiling() -> Case:
    document = normalise(data.long_document(COMPILED))
    sha256, text = sha256_of(document), canonical_json(document)
    assert len(CompiledForm(document, sha256, "en", "clinician").items) >= COMPILED
    return Case(
        "150 items compiled / parsed as JSON",
        Part("compile", lambda: CompiledForm(document, sha256, "en", "clinician")),
        Part("json", lambda: json.loads(text)),
    )


def _judging() -> Case:
    """Stored answers judged for approval, beside a Django form of as many fields judging what was posted."""
    document = normalise(data.long_document(ANSWERED))
    compiled = CompiledForm(document, sha256_of(document), "en", "clinician")
    answers = {f"q{number}": data.answer(number) for number in range(ANSWERED)}
    assert not compiled.validate(answers)
    posted = {f"q{number}": "Words" for number in range(0, ANSWERED, 6)}
    return Case(
        "200 answers judged / Django form judged",
        Part("validate", lambda: compiled.validate(answers)),
        Part("full_clean", lambda: django_form(posted, ANSWERED).is_valid()),
    )


def _deciding() -> Case:
    """Compiled rules, beside the same comparisons written in Python."""
    answers: dict[str, Any] = {f"q{number}": data.answer(number) for number in range(ANSWERED)}
    rules = [compile_rule(data.rule(number)) for number in range(RULES)]
    by_hand = [data.rule_by_hand(number) for number in range(RULES)]
    assert [rule(answers.get) for rule in rules] == [rule(answers) for rule in by_hand]
    return Case(
        "100 rules decided / written in Python",
        Part("rules", lambda: [rule(answers.get) for rule in rules]),
        Part("python", lambda: [rule(answers) for rule in by_hand]),
    )
