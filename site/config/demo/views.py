"""The personas' door: sign in as somebody made up with one press. It exists under demo settings only."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from config.demo.organisations import ORGANISATIONS
from config.demo.people import REFERENCE_NUMBER, people
from config.demo.personas import BY_KEY, PERSONAS, Persona
from config.demo.world import PLANS
from core.nhs_number import spaced
from governance.enums import UNLISTED_ROLES, URGENT_SETTINGS, RoleKey
from governance.identity.second_factor import DEMO_FLAG
from governance.models import User

SETTINGS = {org.code: org.setting for org in ORGANISATIONS}
NAMES = {org.code: org.name for org in ORGANISATIONS}
#: Where a role's work begins.
LANDING = {
    "clinician": "careplan_forms:worklist",
    "doctor": "careplan_forms:worklist",
    "commissioner": "reporting:library",
    "learner": "content:my-learning",
    "patient": "careplan_forms:my-plans",
    "delegate": "careplan_forms:my-plans",
}


@require_GET
def personas(request: HttpRequest) -> HttpResponse:
    """Everybody, those who can work first."""
    _only_in_demo()
    free = people()[PLANS : PLANS + 3]
    context = {
        "working": [p for p in PERSONAS if not _private(p) and not _stopped(p)],
        "private": [p for p in PERSONAS if _private(p) and not _stopped(p)],
        "stopped": [p for p in PERSONAS if _stopped(p)],
        "organisations": NAMES,
        "with_plan": spaced(REFERENCE_NUMBER),
        "without_plan": [spaced(person.nhs_number) for person in free],
    }
    return render(request, "demo/personas.jinja", context)


@require_POST
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as the persona; the second factor counts as given, in this world only."""
    _only_in_demo()
    if key not in BY_KEY:
        raise Http404
    persona = BY_KEY[key]
    user = get_object_or_404(User, email=persona.email)
    if not user.is_active:
        return render(request, "demo/closed.jinja", {"persona": persona})
    login(request, user, backend="governance.identity.stores.AccountBackend")
    request.session[DEMO_FLAG] = True
    urgent = SETTINGS.get(persona.org) in URGENT_SETTINGS
    return redirect("careplan_forms:emergency-search" if urgent else LANDING.get(persona.role, "/"))


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404


def _private(persona: Persona) -> bool:
    """The person a plan is about, and those who act for them: on no staff list, and not stopped by that."""
    return persona.role in UNLISTED_ROLES and persona.role != RoleKey.LEARNER


def _stopped(persona: Persona) -> bool:
    joined = {org.code: org.joined for org in ORGANISATIONS}
    return bool(persona.trouble) or (not _private(persona) and joined.get(persona.org) not in ("in_force", "host"))
