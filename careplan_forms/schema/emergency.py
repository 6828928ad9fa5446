"""The slots of the emergency view: fixed by the product, filled by forms.

A form's item names a field here in `slot`; for a token field, `slot_values` maps its answers (code,
"yes"/"no", "absent:<reason>") to the field's tokens. An absent answer that is not mapped becomes the field's
`unsaid` token.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["token", "text", "date", "flag", "list", "entries"]


@dataclass(frozen=True, slots=True)
class SlotField:
    """One field of a slot.

    `tokens` lists what a token field may say, `unsaid` what it says of an absent answer.
    """

    slot: int
    kind: Kind
    description: str
    tokens: tuple[str, ...] = ()
    unsaid: str = ""
    secret: bool = False


CPR = ("attempt", "do_not_attempt", "modified", "not_recorded")
ADRT = ("none", "not_asked", "reported", "seen_incomplete", "seen_recorded")
YES_NO_UNKNOWN = ("yes", "no", "not_known")
ATTORNEY = ("present", "none", "not_recorded")
HOSPITAL = ("yes", "only_if", "no", "not_recorded")
ALLERGIES = ("known", "none_known", "not_recorded", "unavailable")
MEDICINES = ("in_home", "not_in_home", "not_recorded")
CONSENT = ("given", "best_interests", "refused", "withdrawn", "not_recorded")

SLOT_FIELDS: dict[str, SlotField] = {
    "person.confirmed": SlotField(1, "flag", "The person's identity was confirmed with them or their record"),
    "person.preferred_name": SlotField(1, "text", "The name the person likes to be called"),
    "person.communication": SlotField(1, "list", "Communication needs, at most three words each"),
    "person.language": SlotField(1, "text", "Preferred spoken language"),
    "person.interpreter": SlotField(1, "flag", "An interpreter is needed"),
    "consent.basis": SlotField(1, "token", "On what basis the plan is shared", CONSENT, "not_recorded"),
    "consent.decided_on": SlotField(1, "date", "When consent or best interests was decided"),
    "cpr.decision": SlotField(2, "token", "Whether to attempt cardiopulmonary resuscitation", CPR, "not_recorded"),
    "cpr.modified": SlotField(2, "text", "What is different in modified resuscitation"),
    "cpr.discussed_with": SlotField(2, "list", "With whom the decision was discussed, or why with nobody"),
    "cpr.decided_on": SlotField(2, "date", "When the decision was made"),
    "cpr.decided_by": SlotField(2, "text", "Who made the decision, and their role"),
    "cpr.review_on": SlotField(2, "date", "When the decision is due for review"),
    "cpr.document_location": SlotField(2, "text", "Where the signed form is kept"),
    "limits.focus": SlotField(3, "text", "What treatment is for, in one sentence"),
    "limits.hospital": SlotField(3, "token", "Whether to take the person to hospital", HOSPITAL, "not_recorded"),
    "limits.only_if": SlotField(3, "list", "Treatments or moves to be done only under stated circumstances"),
    "limits.do_not": SlotField(3, "list", "Treatments not to be given"),
    "adrt.state": SlotField(4, "token", "What is known of an advance decision to refuse treatment", ADRT, "not_asked"),
    "adrt.refuses": SlotField(4, "list", "The treatments refused"),
    "adrt.life_sustaining": SlotField(
        4, "token", "Whether the refusal covers life-sustaining treatment", YES_NO_UNKNOWN, "not_known"
    ),
    "adrt.refuses_cpr": SlotField(4, "flag", "The advance decision refuses cardiopulmonary resuscitation"),
    "adrt.document_location": SlotField(4, "text", "Where the signed advance decision is kept"),
    "attorney.state": SlotField(4, "token", "Whether a health attorney is in place", ATTORNEY, "not_recorded"),
    "attorney.name": SlotField(4, "text", "The attorney's name"),
    "attorney.phone": SlotField(4, "text", "The attorney's telephone number"),
    "attorney.refuses_cpr": SlotField(4, "flag", "The attorney has refused resuscitation with that authority"),
    "attorney.life_sustaining": SlotField(
        4, "token", "Whether the attorney may refuse life-sustaining treatment", YES_NO_UNKNOWN, "not_known"
    ),
    "place.care_first": SlotField(5, "text", "Preferred place of care, first choice"),
    "place.care_second": SlotField(5, "text", "Preferred place of care, second choice"),
    "place.death_first": SlotField(5, "text", "Preferred place of death, first choice"),
    "place.death_second": SlotField(5, "text", "Preferred place of death, second choice"),
    "allergies.state": SlotField(6, "token", "What is known of allergies", ALLERGIES, "not_recorded"),
    "allergies.list": SlotField(6, "list", "Allergies and how the person reacts"),
    "medicines.state": SlotField(
        7, "token", "Whether just-in-case medicines are in the home", MEDICINES, "not_recorded"
    ),
    "medicines.where": SlotField(7, "text", "Where the medicines are kept"),
    "medicines.valid_until": SlotField(7, "date", "Until when the administration chart is valid"),
    "contacts": SlotField(8, "entries", "Whom to call first, as a repeating group"),
    "contacts.name": SlotField(8, "text", "A contact's name"),
    "contacts.relationship": SlotField(8, "text", "A contact's relationship to the person, or role"),
    "contacts.phone": SlotField(8, "text", "A contact's telephone number"),
    "contacts.available_24h": SlotField(8, "flag", "The contact answers at any hour"),
    "access.location": SlotField(9, "text", "How to get in"),
    "access.code": SlotField(9, "text", "The key safe code; shown only by a logged press", secret=True),
    "access.hazards": SlotField(9, "list", "Hazards, pets, oxygen"),
    "conditions.main": SlotField(10, "list", "Main conditions"),
    "conditions.what_to_do": SlotField(10, "text", "What to do if a foreseen problem happens"),
    "status.review_on": SlotField(11, "date", "When the plan is due for review"),
}

# The nine facts every plan for urgent care must state, or state why not, each with the fields that say it.
MANDATORY_SLOTS: dict[str, tuple[str, ...]] = {
    "Person confirmed": ("person.confirmed",),
    "Consent or best interests": ("consent.basis",),
    "CPR decision and whom it was discussed with": ("cpr.decision", "cpr.discussed_with"),
    "Treatment limits, hospital included": ("limits.focus", "limits.hospital"),
    "Advance decision to refuse treatment": ("adrt.state",),
    "Preferred place of care and of death": ("place.care_first", "place.death_first"),
    "Allergies": ("allergies.state",),
    "Just-in-case medicines": ("medicines.state",),
    "Contacts": ("contacts",),
}
