"""What the operators of calculations do with values: exact decimals, dates, texts, and nothing at all.

A value is a decimal, a text (dates are ISO text), true or false, or a coded answer. Missing is an empty list.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, NamedTuple

from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.items.date import in_words, is_real
from careplan_forms.schema.rules import answers_in

PLACES = 20
_LARGEST = 30
_STORED_PLACES, _STORED_DIGITS = 10, 15
_EXACT = Context(prec=120, rounding=ROUND_HALF_UP, Emin=-999999, Emax=999999)


class Coded(NamedTuple):
    """A coded answer: compared by its code, written by its words."""

    code: str
    text: str


Scalar = Decimal | str | bool | Coded


def scalars(answer: Any) -> list[Scalar]:
    """The values in an answer: one, several, or none."""
    found = [_scalar(each) for each in answers_in(answer)]
    return [each for each in found if each is not None]


def _scalar(answer: Any) -> Scalar | None:
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, str):
        return answer or None
    if not isinstance(answer, Mapping):
        return tidy(decimal_of(answer))
    if isinstance(answer.get("absent"), str):
        return None
    if "value" in answer:
        return tidy(decimal_of(answer["value"]))
    if "code" in answer:
        return _coded(answer)
    # An entry of a repeat is there or not.
    return True if any(answers_in(value) for key, value in answer.items() if key != "id") else None


def _coded(answer: Mapping[str, Any]) -> Coded:
    code, display, text = (str(answer.get(key) or "") for key in ("code", "display", "text"))
    display = display or str(answer.get("name") or "") or code
    return Coded(code, f"{display}: {text}" if display and text and text != display else display or text)


def tidy(number: Decimal | None) -> Decimal | None:
    """A number within what calculations keep: below 10^30, and at most 20 decimal places."""
    if number is None or not number:
        return number if number is None else Decimal(0)
    if number.adjusted() >= _LARGEST:
        return None
    return rounded(number, PLACES) if _places(number) > PLACES else number


def rounded(number: Decimal, places: int) -> Decimal:
    """Half up, away from zero: 2.5 → 3, -2.5 → -3."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_EXACT)


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def number_text(number: Decimal, decimals: int | None = None) -> str:
    """A number as plain digits: without needless zeros, or with exactly so many decimal places."""
    if decimals is None:
        text = format(number, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = format(rounded(number, decimals), "f")
    return text.lstrip("-") if not Decimal(text) else text


def stored(values: Sequence[Scalar], decimals: int | None, unit: str) -> Any:
    """What a calculation came to, as an answer; None when it is missing, several, or too large to be kept."""
    value = values[0] if len(values) == 1 else None
    if isinstance(value, Coded):
        return value.text or None
    if not isinstance(value, Decimal):
        return value
    places = min(decimals, _STORED_PLACES) if decimals is not None else None
    text = number_text(rounded(value, _STORED_PLACES), places)
    return {"value": text, "unit": unit} if len(text.lstrip("-").partition(".")[0]) <= _STORED_DIGITS else None


# Over what is there


def _numbers(values: Sequence[Scalar]) -> list[Decimal]:
    return [each for each in values if isinstance(each, Decimal)]


def _total(values: Sequence[Scalar]) -> list[Scalar]:
    numbers = _numbers(values)
    total: Decimal | None = Decimal(0)
    for each in numbers:
        total = None if total is None else tidy(_EXACT.add(total, each))
    return [total] if numbers and total is not None else []


def _count(values: Sequence[Scalar]) -> list[Scalar]:
    return [Decimal(len(values))]


def _least(values: Sequence[Scalar]) -> list[Scalar]:
    return [min(numbers)] if (numbers := _numbers(values)) else []


def _greatest(values: Sequence[Scalar]) -> list[Scalar]:
    return [max(numbers)] if (numbers := _numbers(values)) else []


GATHERED: dict[str, Callable[[Sequence[Scalar]], list[Scalar]]] = {
    "sum": _total,
    "count": _count,
    "min": _least,
    "max": _greatest,
}


def weighed(answers: Sequence[Any], weights: Sequence[tuple[str, str, Decimal]]) -> list[Scalar]:
    """The weights of the chosen options added up; an answer without a system is matched by its code alone."""
    found: list[Scalar] = []
    for answer in answers:
        if isinstance(answer, Mapping):
            code, system = answer.get("code"), answer.get("system")
            found += [weight for known, of, weight in weights if known == code and (not system or system == of)][:1]
    return _total(found)


def concat(values: Sequence[Scalar], separator: str) -> list[Scalar]:
    """What is there, written one after the other."""
    return [separator.join(_written(each) for each in values)] if values else []


def _written(value: Scalar) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, Coded):
        return value.text
    return in_words(value) if len(value) == 10 and is_real(value) else value


# Of exactly one value each

Combine = Callable[..., Scalar | None]


def combined(parts: Sequence[list[Scalar]], combine: Combine) -> list[Scalar]:
    """The combination of single values; missing when any of them is."""
    if any(len(part) != 1 for part in parts):
        return []
    result = combine(*(part[0] for part in parts))
    return [] if result is None else [result]


def _folded(operate: Callable[[Decimal, Decimal], Decimal]) -> Combine:
    def combine(*values: Scalar) -> Scalar | None:
        result = values[0] if isinstance(values[0], Decimal) else None
        for each in values[1:]:
            if result is None or not isinstance(each, Decimal):
                return None
            result = tidy(operate(result, each))
        return result

    return combine


def divider(scale: int) -> Combine:
    """Division that keeps so many decimal places, rounded half up."""

    def combine(over: Scalar, under: Scalar) -> Scalar | None:
        if not isinstance(over, Decimal) or not isinstance(under, Decimal) or not under:
            return None
        return tidy(rounded(_EXACT.divide(over, under), scale))

    return combine


def _days_between(start: Scalar, end: Scalar) -> Scalar | None:
    days = [each for each in (start, end) if isinstance(each, str) and len(each) == 10 and is_real(each)]
    return Decimal((date.fromisoformat(days[1]) - date.fromisoformat(days[0])).days) if len(days) == 2 else None


def age(born: Scalar, on: Scalar) -> Scalar | None:
    """Whole years; missing while a partial date leaves them open."""
    if not (isinstance(born, str) and isinstance(on, str) and is_real(born) and is_real(on)):
        return None
    youngest, oldest = _years(_day(born, last=True), _day(on)), _years(_day(born), _day(on, last=True))
    return Decimal(youngest) if youngest == oldest and youngest >= 0 else None


def _day(text: str, last: bool = False) -> tuple[int, int, int]:
    year, month, day = (int(part) for part in (text + ("-12-31" if last else "-01-01")[len(text) - 4 :]).split("-"))
    return year, month, day


def _years(born: tuple[int, int, int], on: tuple[int, int, int]) -> int:
    return on[0] - born[0] - (on[1:] < born[1:])


COMBINED: dict[str, Combine] = {
    "add": _folded(_EXACT.add),
    "subtract": _folded(_EXACT.subtract),
    "multiply": _folded(_EXACT.multiply),
    "days_between": _days_between,
}


def equal_to(wanted: Scalar) -> Callable[[Scalar], bool]:
    """Whether a value is the one a row of a table names; a coded one is known by its code or its words."""

    def fits(value: Scalar) -> bool:
        if isinstance(value, Coded):
            return isinstance(wanted, str) and wanted in value
        return type(value) is type(wanted) and value == wanted

    return fits


def between(least: Decimal | None, most: Decimal | None) -> Callable[[Scalar], bool]:
    """Whether a number lies within limits, which it may touch."""

    def fits(value: Scalar) -> bool:
        if not isinstance(value, Decimal):
            return False
        return (least is None or value >= least) and (most is None or value <= most)

    return fits
