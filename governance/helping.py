"""Who mends what keeps somebody from an act, and the pages where they are found."""

LEAD = "Your organisation lead"
GUARDIAN = "Your organisation's Caldicott Guardian"
#: The organisation that runs the service mends these; nobody at one's own can.
DESK = "The information governance team"
SERVICE_DESK = "The service desk"
SIGNATORIES = "Clinical safety and information governance"

#: One's own organisation: for its lead the page that mends it, for everybody else who that is.
MINE = "/organisations/mine/"
#: Whom one chose to act for in this session.
ACTING_FOR = "/organisations/acting-for/"
#: Whom to ask, and how to reach them, whoever one is.
WHO_HELPS = "/organisations/who-helps/"
_PARTS = {
    LEAD: "#lead",
    GUARDIAN: "#guardian",
    DESK: "#host",
    SERVICE_DESK: "#host",
    SIGNATORIES: "#host",
}


def contact(fixer: str) -> str:
    """Where somebody who mends a thing can be reached: their part of the page, or all of it for a colleague."""
    return WHO_HELPS + _PARTS.get(fixer, "")
