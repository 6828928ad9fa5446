"""Papers of plans, drawn by the worker from approved versions."""

from uuid import UUID

from django.template.loader import render_to_string

from careplan_forms.models import PlanSummary
from careplan_forms.presenters import emergency_words
from careplan_forms.presenters.emergency import present
from core import clock
from core.documents import Source, writers
from core.exceptions import Absent

EMERGENCY_PAGE = "emergency-page"


@writers.register(EMERGENCY_PAGE)
def emergency_page(plan_id: str) -> Source:
    """The A4 emergency page, without the access code. Whoever asked was checked and recorded when they asked."""
    rows = PlanSummary.objects.filter(readable=True, plan_public_id=UUID(plan_id)).defer("access_code_encrypted")
    summary = rows.first()
    if summary is None:
        raise Absent
    now = clock.now()
    view = present(summary, now=now, today=clock.today(now))
    html = render_to_string("careplan_forms/urgent_care/pdf.jinja", {"view": view, "words": emergency_words})
    return Source(html=html, title="Emergency page of a care plan", filename="emergency-page.pdf")
