"""Every fixed line of the emergency view stands in the hazard log, where the clinical safety officer signs it."""

import re
from pathlib import Path

from careplan_forms.enums import StopMark
from careplan_forms.presenters import emergency_words

LOG = (Path(__file__).parents[3] / "docs" / "safety" / "hazard-log.md").read_text()


def fixed_lines():
    for name, value in vars(emergency_words).items():
        if name.isupper():
            yield from value.values() if isinstance(value, dict) else [value]


def test_every_fixed_line_of_the_emergency_view_is_a_row_of_the_hazard_log():
    missing = [line for line in fixed_lines() if f"| {line} |" not in LOG]
    assert missing == []


def test_every_stop_mark_is_a_row_of_the_hazard_log():
    assert [mark.label for mark in StopMark if f"| {mark.label} |" not in LOG] == []


def test_every_risk_is_what_the_matrix_says():
    severities = ["minor", "significant", "considerable", "major", "catastrophic"]
    matrix = {
        "very high": [3, 4, 4, 5, 5],
        "high": [2, 3, 3, 4, 5],
        "medium": [2, 2, 3, 3, 4],
        "low": [1, 2, 2, 3, 4],
        "very low": [1, 1, 2, 2, 3],
    }
    rows = [[cell.strip() for cell in line.split("|")] for line in LOG.splitlines() if re.match(r"\| H\d+ ", line)]
    assert len(rows) >= 10
    for row in rows:
        severity, likelihood, risk = row[5:8]
        assert int(risk) == matrix[likelihood][severities.index(severity)], row[1]
