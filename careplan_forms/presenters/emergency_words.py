"""Every fixed sentence of the emergency view, in one place.

Each is a row of docs/safety/hazard-log.md for the clinical safety officer to sign; a test compares the two. Changing
one is a clinical change, not a wording change.
"""

ASK_THE_PERSON = "If the person can decide now, ask them."

CPR = {
    "do_not_attempt": "Do not attempt CPR",
    "attempt": "Attempt CPR",
    "modified": "Modified CPR",
    "not_recorded": "CPR decision not recorded",
    "conflict": "Conflict: two CPR decisions are recorded",
}
CPR_NOTE = {
    "do_not_attempt": "Give all other treatment as below.",
    "not_recorded": "Presume in favour of attempting CPR.",
}
REFUSAL_CONFLICT = "Conflict: attempt CPR is recorded beside a refusal"
REVIEW_WAS_DUE = "Review was due"

HOSPITAL = {
    "yes": "Hospital: yes",
    "only_if": "Hospital: only if stated below",
    "no": "Hospital: avoid",
}
HOSPITAL_NOT_RECORDED = "Hospital: not recorded"
NO_LIMITS = "Treatment limits not recorded"

ADRT = {
    "none": "No advance decision: asked, none made",
    "not_asked": "Advance decision: not asked",
    "reported": "Advance decision reported, document not seen",
    "seen_incomplete": "Advance decision seen, formal requirements incomplete",
    "seen_recorded": "Advance decision seen, formal requirements recorded",
}
ADRT_BINDING = "Legally binding if valid and applicable"
ATTORNEY = "Health and welfare attorney"
LIFE_SUSTAINING = {
    "yes": "covers life-sustaining treatment: yes",
    "no": "covers life-sustaining treatment: no",
    "not_known": "covers life-sustaining treatment: not known",
}

ALLERGIES = {
    "known": "Known allergies",
    "none_known": "No known allergies",
    "not_recorded": "Allergies not recorded",
    "unavailable": "Allergies unavailable",
}
MEDICINES = {"in_home": "In the home", "not_in_home": "Not in the home", "not_recorded": "Not recorded"}
EXPIRED = "expired"

NOT_DISCUSSED = "Not discussed"
NOT_KNOWN = "Not known"
NOT_RECORDED = "Not recorded"

NEWER_DRAFT = "A newer draft exists, not approved"
WITHDRAWN = "Plan withdrawn on"
DIED = "Died"
AGE_AT_DEATH = "Age at death"
READ_ONLY = "Your access is read only."
FOOTER = (
    "This plan guides care and is not legally binding. Use your clinical judgement. "
    "A valid and applicable ADRT is legally binding."
)
NO_PLAN = "This does not mean there is no decision on paper."
