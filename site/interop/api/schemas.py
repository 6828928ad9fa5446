"""What the API takes and gives, as OpenAPI describes it."""

from ninja import Schema
from pydantic import ConfigDict, Field


class AvailabilityRequest(Schema):
    """One person, by NHS number; spaces are allowed."""

    model_config = ConfigDict(extra="forbid")

    nhs_number: str = Field(max_length=20, examples=["943 476 5919"])


class AvailabilityAnswer(Schema):
    """Whether an approved plan can be read, and where. An unknown and a hidden person get the same answer."""

    available: bool
    link: str | None = Field(None, description="Where an authorised reader opens the plan")


class Problem(Schema):
    """What was wrong with the request, in a sentence."""

    code: str
    message: str
