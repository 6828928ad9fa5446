"""Test cases of a form as the administration shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from careplan_forms.models import FormTestCase
from careplan_forms.schema.observing import Observation, joined, observe, parts_of
from careplan_forms.schema.states import state_of
from careplan_forms.schema.testing import CaseResult, run_case
from careplan_forms.selectors.form_tests import case_of, form_for, run
from governance.enums import RoleKey


@dataclass(frozen=True, slots=True)
class Listed:
    """A case and how it came out. One that expects nothing is a test person only."""

    row: FormTestCase
    result: CaseResult
    seen_by: str

    @property
    def verdict(self) -> str:
        """The state in words."""
        if not self.result.rows:
            return "Expects nothing yet"
        return "As expected" if self.result.passed else "Fails"


@dataclass(frozen=True, slots=True)
class ListPage:
    """All cases of a form."""

    cases: tuple[Listed, ...]

    @property
    def failing(self) -> int:
        """How many fail, and so keep the form from being proposed."""
        return sum(not each.result.passed for each in self.cases)


@dataclass(frozen=True, slots=True)
class Tick:
    """One expectation to keep, or one more to add. `state` is as expected, fails, or new."""

    id: str
    sentence: str
    ticked: bool
    state: str
    part: tuple[str, str, Any]


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case: everything it expects, and everything else that could be expected."""

    expected: tuple[Tick, ...]
    offered: tuple[Tick, ...]
    result: CaseResult
    seen_by: str

    def ticked(self, ids: Iterable[str]) -> dict[str, Any]:
        """The expectations with these ids; where what happens now contradicts what was expected, now counts."""
        chosen = frozenset(ids)
        return joined(tick.part for tick in (*self.expected, *self.offered) if tick.id in chosen)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is wrong with its answers."""
        return tuple(row.sentence for row in self.result.failures if row.what == "answers")


def list_page(rows: Iterable[FormTestCase], document: dict[str, Any]) -> ListPage:
    """Every case run against a document."""
    return ListPage(tuple(Listed(row, run(case_of(row), document), seen_by(row)) for row in rows))


def case_page(row: FormTestCase, document: dict[str, Any]) -> CasePage:
    """One case against a document. A case that expects nothing yet is offered everything, ticked."""
    case = case_of(row)
    form = form_for(case, document)
    result = run_case(form, case)
    state, _ = state_of(form, case)
    expected = tuple(_expected(case.expects, result))
    known = {tick.id.removeprefix("kept-") for tick in expected if tick.state == "as expected"}
    offered = [each for each in observe(form, state) if each.id not in known]
    return CasePage(expected, tuple(_offered(each, ticked=not case.expects) for each in offered), result, seen_by(row))


def seen_by(row: FormTestCase) -> str:
    """Who looks at the form in this case."""
    role = RoleKey(row.role).label if row.role in RoleKey.values else row.role or "Somebody who may see everything"
    return f"{role}, {FormTestCase.Audience(row.audience).label.lower()}"


def _expected(expects: Any, result: CaseResult) -> Iterable[Tick]:
    for key, part in parts_of(expects).items():
        what, name, _ = part
        rows = [row for row in result.rows if row.what == what and (row.name == name or what in ("errors", "warnings"))]
        said = " ".join(row.sentence for row in rows if not row.passed) or " ".join(row.sentence for row in rows)
        state = "as expected" if all(row.passed for row in rows) else "fails"
        yield Tick(f"kept-{key}", said, True, state, part)


def _offered(seen: Observation, *, ticked: bool) -> Tick:
    return Tick(seen.id, seen.sentence, ticked, "new", (seen.what, seen.name, seen.value))
