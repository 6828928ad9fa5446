"""The routes of the API and how its errors read."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI, Status
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BodyError

from core import nhs_number
from core.exceptions import NotAllowed
from interop.api.auth import SystemToken
from interop.api.schemas import AvailabilityAnswer, AvailabilityRequest, Problem
from interop.services import availability

api = NinjaAPI(
    title="Foreword API",
    version="1",
    description="Whether a person has a shared care plan. Ask for a token at /oauth/token/ with client credentials.",
    docs_url=None,
    urls_namespace="api",
)


@api.post(
    "/availability",
    response={200: AvailabilityAnswer} | dict.fromkeys((400, 401, 403, 422), Problem),
    auth=SystemToken("availability"),
    summary="Does this person have a plan?",
    url_name="availability",
)
def ask_availability(request: HttpRequest, body: AvailabilityRequest) -> Status:
    """POST, so that the number never stands in a URL."""
    try:
        number = nhs_number.validate(body.nhs_number)
    except ValidationError as error:
        return Status(422, Problem(code="nhs-number", message=error.messages[0]))
    plan_id = availability.look_up(by=request.auth, nhs_number=number)  # type: ignore[attr-defined]
    link = None
    if plan_id:
        link = settings.BASE_URL + reverse("careplan_forms:emergency-read", args=[plan_id])
    return Status(200, AvailabilityAnswer(available=plan_id is not None, link=link))


@api.exception_handler(NotAllowed)
def refused_by_the_gate(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    """The reasons, in words: the operator of the other system can act on them."""
    message = ". ".join(reason.text for reason in error.decision.reasons)
    return api.create_response(request, {"code": "not-allowed", "message": message}, status=403)


@api.exception_handler(AuthenticationError)
def no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    body = {"code": "token", "message": "Send a valid access token with the scope this call needs"}
    response = api.create_response(request, body, status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(BodyError)
def unreadable_body(request: HttpRequest, error: BodyError) -> HttpResponse:
    """Which field, and what is wrong with it; what was sent is not repeated."""
    wrong = [f"{'.'.join(str(part) for part in each['loc'][1:])}: {each['msg']}" for each in error.errors]
    return api.create_response(request, {"code": "body", "message": "; ".join(wrong)}, status=422)


@api.exception_handler(HttpError)
def not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    body = {"code": "request", "message": "Send a JSON object"}
    return api.create_response(request, body, status=error.status_code)
