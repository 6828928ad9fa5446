"""The History tabs of organisations, agreements and places on the staff list."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from governance.http import ActorRequest
from governance.selectors import agreements, organisations, staff
from governance.views.pages import history_of


@require_GET
def organisation(request: ActorRequest, public_id: UUID) -> HttpResponse:
    row = organisations.visible(public_id, request.actor)
    back = reverse("governance:organisation", args=[row.public_id])
    return history_of(request, row, row, f"History of {row.name}", back)


@require_GET
def agreement(request: ActorRequest, public_id: UUID) -> HttpResponse:
    row = agreements.visible(public_id, request.actor)
    back = reverse("governance:agreement", args=[row.public_id])
    return history_of(request, row, row.organisation, "History of the agreement", back)


@require_GET
def staff_entry(request: ActorRequest, public_id: UUID) -> HttpResponse:
    row = staff.visible(public_id, request.actor)
    back = reverse("governance:staff_entry", args=[row.public_id])
    return history_of(request, row, row.organisation, "History of a place on the staff list", back)
