"""Twenty made-up organisations of every kind, in every state of joining. Codes start with ZZ: nobody has them."""

from dataclasses import dataclass

HOST, BOARD, AMBULANCE, PRACTICE = "ZZH01", "ZZB01", "ZZL01", "ZZP01"


@dataclass(frozen=True, slots=True)
class Org:
    """`joined` is in_force, draft, sent, signed, lapsed, suspended, terminated or host; `area` a place or board code."""

    code: str
    name: str
    setting: str
    area: str
    joined: str = "in_force"


ORGANISATIONS = (
    Org(HOST, "Foreword Host Service", "host", "07Y", "host"),
    Org(PRACTICE, "Alder Lane Practice", "gp_practice", "08D"),
    Org("ZZP02", "Riverbank Surgery", "gp_practice", "07R"),
    Org("ZZP03", "Chalk Down Practice", "gp_practice", "99H"),
    Org("ZZP04", "Quarry Road Surgery", "gp_practice", "08L", "lapsed"),
    Org("ZZP05", "Station Parade Practice", "gp_practice", "07M", "sent"),
    Org("ZZP06", "Mill Stream Surgery", "gp_practice", "08K", "signed"),
    Org("ZZC01", "Northside Community Nursing", "community", "08D"),
    Org("ZZX01", "Harbour Light Hospice", "hospice", "07R"),
    Org("ZZA01", "Kingsferry Hospitals", "acute_trust", "07R"),
    Org(AMBULANCE, "Capital Ambulance Service", "ambulance", "07R"),
    Org("ZZN01", "Thames 111", "nhs_111", "08K"),
    Org("ZZO01", "Evening Doctors Co-operative", "out_of_hours", "08D"),
    Org("ZZE01", "Kingsferry Emergency Department", "emergency_department", "07R"),
    Org("ZZU01", "Bridge Street Urgent Care Centre", "urgent_care_centre", "08L"),
    Org("ZZR01", "Larkfield Care Home", "care_home", "08D"),
    Org("ZZR02", "Elm Court Care Home", "care_home", "07M", "suspended"),
    Org("ZZS01", "Borough Social Care", "social_care", "08D", "draft"),
    Org("ZZT01", "Lantern Trust", "charity", "08K", "terminated"),
    Org(BOARD, "West and North London Board", "commissioner", "Z9B2Z"),
)
AGREEMENT_TEXT = """## Who this is between
The organisation that signs below and the other organisations that have signed the same text. Together they decide why and
how plans are shared, and each answers for it.

## Why plans are shared
So that whoever is called to a person in an emergency knows what that person wants.

## On what ground
Care of the person. The person agrees to the sharing, or it is in their best interests when they cannot decide.

## What each organisation does
Keeps a list of the staff who may use the service and takes leavers off it at once. Sees to their training. Reports a
mistake, a withdrawn consent or a breach without delay.

## How it ends
Either side may end it in writing. What was recorded stays part of the person's record.
"""
