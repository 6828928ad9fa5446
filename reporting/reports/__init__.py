"""The library of reports. Each is one module with its definition in words beside its figures."""

from reporting.reports import place_of_death, plans
from reporting.reports.base import Report

REPORTS: dict[str, Report] = {report.key: report for report in (place_of_death.REPORT, plans.REPORT)}

__all__ = ["REPORTS", "Report"]
