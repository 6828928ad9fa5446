"""Where people wanted to die and where they did: which SNOMED CT findings are the same place.

Preferred codes are those of the NHS value set of preferred places; actual codes are findings of where somebody died.
"Usual place of residence" needs the kind of residence, which a code alone does not tell: it matches home and homes.
"""

#: Place → (label, codes of the preference, codes of the actual place that meet it).
PLACES: dict[str, tuple[str, frozenset[str], frozenset[str]]] = {
    "home": ("Home", frozenset({"110481000000108"}), frozenset({"876879006"})),
    "hospice": ("Hospice", frozenset({"108401000000102", "931401000000103"}), frozenset({"876882001"})),
    "hospital": ("Hospital", frozenset({"109401000000108"}), frozenset({"183676005"})),
    "community_hospital": ("Community hospital", frozenset({"89751000000108"}), frozenset({"713049009"})),
    "nursing_home": ("Nursing home", frozenset({"89761000000106"}), frozenset({"876884000"})),
    "residential_home": ("Residential home", frozenset({"512071000000106"}), frozenset({"1325731000000106"})),
    "care_home": ("Care home", frozenset({"710571000000101"}), frozenset({"876884000", "1325731000000106"})),
    "usual_residence": (
        "Usual place of residence",
        frozenset({"819211000000102"}),
        frozenset({"876879006", "876884000", "1325731000000106"}),
    ),
    "mental_health": (
        "Mental health or learning disability unit",
        frozenset({"518741000000100", "518771000000106"}),
        frozenset({"713050009", "713051008"}),
    ),
}

#: Actual places nobody prefers; counted under "elsewhere".
ELSEWHERE = frozenset({"714342001", "876885004", "876881008"})

#: Answers that name no place: shown apart, never in the denominator.
NO_PREFERENCE = frozenset(
    {"1060941000000102", "517161000000101", "517111000000103", "517131000000106", "766391000000108"}
)


def wanted(code: str) -> str:
    """The place a preference names: a key of PLACES, "none" for no preference, "" for not recorded."""
    if not code:
        return ""
    if code in NO_PREFERENCE:
        return "none"
    return next((key for key, (_, codes, _) in PLACES.items() if code in codes), "")


def met(code: str, actual: str) -> bool:
    """Whether somebody who wanted `code` died in a place that is that."""
    key = wanted(code)
    return key in PLACES and actual in PLACES[key][2]


def actual_label(code: str) -> str:
    """The place somebody died in, in the words of the table; "" for not recorded."""
    if not code:
        return ""
    for key in ("home", "hospice", "hospital", "community_hospital", "nursing_home", "residential_home"):
        if code in PLACES[key][2]:
            return PLACES[key][0]
    return PLACES["mental_health"][0] if code in PLACES["mental_health"][2] else "Elsewhere"
