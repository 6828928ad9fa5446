"""The library of reports. Each is one module with its definition in words beside its figures."""

from reporting.reports import empty_questions, place_of_death, plans
from reporting.reports.base import Report

REPORTS: dict[str, Report] = {
    report.key: report for report in (place_of_death.REPORT, plans.REPORT, empty_questions.REPORT)
}

__all__ = ["REPORTS", "Report"]
