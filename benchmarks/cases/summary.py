"""The emergency view, authorised and audited, beside an empty page for the same reader."""

from benchmarks import data
from benchmarks.harness import Case, Part
from benchmarks.requests import Browser
from core import clock
from governance.models import AuditEvent, Organisation
from tests.factories import summaries


def build() -> list[Case]:
    crew = data.crew()
    summary = summaries.summary(Organisation.objects.get(pk=crew.organisation_id))
    plan = str(summary.plan_public_id)
    browser = Browser(crew, emergency_reasons={plan: ["caring_now", clock.now().isoformat()]})
    read, empty = browser.get(f"/urgent/{plan}/"), browser.get("/benchmarks/empty/")
    before = AuditEvent.objects.filter(action="emergency.read").count()
    assert b"Do not attempt CPR" in read()
    assert AuditEvent.objects.filter(action="emergency.read").count() == before + 1, "a look must be on record"
    return [Case("emergency view / empty page", Part("view", read), Part("empty page", empty))]
