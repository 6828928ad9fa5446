"""NHS numbers: ten digits, the last a modulus 11 check digit, in the ranges that are issued.

Weights 10…2 on the first nine digits; check = 11 - (sum mod 11); 11 stands for 0 and 10 is never issued.
The check alone lets 0000000000, 1111111111 and 9999999999 through, so the ranges are part of the rule.
"""

import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError

#: Issued in England, Wales and the Isle of Man; 9… is kept for test systems.
RANGES = {
    "live": ((4_000_000_000, 4_999_999_999), (6_000_000_000, 7_999_999_999)),
    "test": ((9_000_000_000, 9_999_999_998),),
}


def normalise(text: str) -> str:
    """The digits of what somebody typed or pasted: spaces, hyphens and what cannot be seen go, letters stay."""
    return "".join(ch for ch in text if not (ch.isspace() or ch in "-‐‑–—." or unicodedata.category(ch) == "Cf"))


def check_digit(nine: str) -> str | None:
    """The tenth digit for nine others, or None when these nine are never issued."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    return None if check == 10 else str(check)


def is_valid(text: str, ranges: str | None = None) -> bool:
    """Whether `text` could have been issued in `ranges` ("live" or "test"; those of the setting by default)."""
    digits = normalise(text)
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return False
    if check_digit(digits[:9]) != digits[9]:
        return False
    allowed = RANGES[ranges or settings.NHS_NUMBER_RANGES]
    return any(low <= int(digits) <= high for low, high in allowed)


def validate(text: str) -> str:
    """The ten digits of `text`; raises ValidationError with a sentence that says what to do."""
    digits = normalise(text)
    if not digits:
        raise ValidationError("Enter the NHS number")
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        raise ValidationError("Enter an NHS number with 10 digits, for example 943 476 5919")
    if not is_valid(digits):
        raise ValidationError("Check the NHS number: this one cannot be right, a digit may be mistyped")
    return digits


def spaced(digits: str) -> str:
    """The number as people read it: 3-3-4."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
