"""The check digit of SNOMED CT identifiers (Verhoeff's scheme: the dihedral group of ten elements)."""

_LENGTHS = range(6, 19)


def _multiply(left: int, right: int) -> int:
    """Multiplication in the dihedral group D5, its elements numbered 0 to 9."""
    if left < 5:
        return (left + right) % 5 if right < 5 else (left + right - 5) % 5 + 5
    return (left - right) % 5 + 5 if right < 5 else (left - right) % 5


_FIRST = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _permutations() -> tuple[tuple[int, ...], ...]:
    rows = [tuple(range(10))]
    for _ in range(7):
        rows.append(tuple(_FIRST[digit] for digit in rows[-1]))
    return tuple(rows)


_PERMUTATIONS = _permutations()


def is_snomed_id(code: str) -> bool:
    """Whether text is a SNOMED CT identifier: 6 to 18 digits, no leading zero, the right check digit."""
    if not code.isascii() or not code.isdigit() or code[0] == "0" or len(code) not in _LENGTHS:
        return False
    checksum = 0
    for position, digit in enumerate(reversed(code)):
        checksum = _multiply(checksum, _PERMUTATIONS[position % 8][int(digit)])
    return checksum == 0
