"""Exports carry no live formulas."""

import pytest

from core.exports import csv_bytes, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_run_is_quoted(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(("value", "text"), [("Ward 4", "Ward 4"), (None, ""), (12, "12"), ("a=b", "a=b")])
def test_other_cells_stay_as_they_are(value, text):
    assert safe_cell(value) == text


def test_accents_survive_a_spreadsheet():
    assert csv_bytes([["Siân", "Wójcik"]]) == "\ufeffSiân,Wójcik\r\n".encode()
