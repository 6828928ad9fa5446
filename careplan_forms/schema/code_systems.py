"""Whether a code can be one of its system: check digits and shapes. Nothing is looked up."""

import re

from careplan_forms.schema.verhoeff import is_snomed_id

SNOMED = "http://snomed.info/sct"
DMD = "https://dmd.nhs.uk"
LOINC = "http://loinc.org"
ICD_10 = frozenset({"http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-uk"})

_LOINC = re.compile(r"(?:LP|LA)?([0-9]{1,7})-([0-9])\Z")
# Chapter letter and two digits, then up to three characters of detail and the dagger or asterisk of a pair.
_ICD_10 = re.compile(r"[A-Z][0-9]{2}(?:\.?[0-9X][0-9]{0,2})?[DA*†+]?\Z")


def fault_of(system: str, code: str) -> str:
    """What is wrong with a code, as a sentence for whoever typed it; empty when nothing can be said against it."""
    if not code:
        return ""
    if code != code.strip() or any(each.isspace() for each in code):
        return "Take the spaces out of the code"
    if system in (SNOMED, DMD) and not is_snomed_id(code):
        name = "SNOMED CT" if system == SNOMED else "dm+d"
        return f"Look the {name} code {code[:30]} up again: its check digit is wrong, so a digit is missing or mistyped"
    if system == LOINC and not is_loinc(code):
        return f"Look the LOINC code {code[:30]} up again: its check digit is wrong. It reads like 8480-6"
    if system in ICD_10 and not _ICD_10.match(code):
        return f"Enter the ICD-10 code {code[:30]} as a letter and two digits, with more after a point, like I50.0"
    return ""


def is_loinc(code: str) -> bool:
    """Whether text is digits, a hyphen and their check digit (Luhn's scheme, modulus 10)."""
    found = _LOINC.match(code) if code.isascii() else None
    if found is None:
        return False
    total = 0
    for place, each in enumerate(reversed(found[1])):
        digit = int(each) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return (10 - total % 10) % 10 == int(found[2])
