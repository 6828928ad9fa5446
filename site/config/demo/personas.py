"""Whom to sign in as: one person for each role and job title, and one for each reason to be refused."""

from dataclasses import dataclass

from config.demo.organisations import AMBULANCE, BOARD, HOST, PRACTICE


@dataclass(frozen=True, slots=True)
class Persona:
    """`trouble` is what stands in their way: never_trained, training_expired, suspended, ended, closed or unlisted."""

    key: str
    first_name: str
    last_name: str
    org: str
    role: str
    job: str
    trouble: str = ""
    shows: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


P = Persona
PERSONAS = (
    P("nurse", "Grace", "Adeyemi", PRACTICE, "clinician", "Practice nurse", shows="starts and fills plans"),
    P("gp", "Anna", "Patel", PRACTICE, "doctor", "GP", shows="approves what the nurse wrote"),
    P("gp-partner", "Tom", "Okafor", PRACTICE, "doctor", "GP partner", shows="writes and approves their own plans"),
    P("community-nurse", "Ruth", "Lindqvist", "ZZC01", "clinician", "Community nurse"),
    P("hospice-nurse", "Dilys", "Morgan", "ZZX01", "clinician", "Hospice nurse"),
    P("hospice-doctor", "Ewa", "Zielińska", "ZZX01", "doctor", "Palliative care consultant"),
    P("riverbank-gp", "Samir", "Haddad", "ZZP02", "doctor", "GP"),
    P("riverbank-nurse", "Joy", "Mensah", "ZZP02", "clinician", "Practice nurse"),
    P("chalk-gp", "Helen", "Fisher", "ZZP03", "doctor", "GP"),
    P("chalk-nurse", "Ivo", "Novak", "ZZP03", "clinician", "Practice nurse"),
    P("ward-doctor", "Kemi", "Bello", "ZZA01", "doctor", "Hospital doctor"),
    P("paramedic", "Jack", "Turner", AMBULANCE, "urgent_reader", "Paramedic", shows="reads a plan at the door"),
    P("control", "Priya", "Shah", AMBULANCE, "urgent_reader", "Ambulance control"),
    P("call-handler", "Marta", "Silva", "ZZN01", "urgent_reader", "111 operator"),
    P("evening-gp", "Colm", "Byrne", "ZZO01", "doctor", "Out-of-hours GP"),
    P("ae-nurse", "Leila", "Karimi", "ZZE01", "urgent_reader", "A&E nurse"),
    P("urgent-care", "Owen", "Price", "ZZU01", "urgent_reader", "Urgent care nurse"),
    P("care-home", "Rosa", "Delgado", "ZZR01", "care_home", "Care home nurse"),
    P("clinical-lead", "Nadia", "Rahman", HOST, "clinical_lead", "Clinical lead", shows="shapes forms"),
    P("safety", "Peter", "Lowe", HOST, "clinical_safety_officer", "Clinical safety officer", shows="signs forms off"),
    P("ig", "Carol", "Whitby", HOST, "ig_officer", "IG officer", shows="brings organisations in"),
    P("privacy", "Hugh", "Ashdown", HOST, "privacy_officer", "Privacy officer", shows="sees who looked"),
    P("editor", "Bea", "Winters", HOST, "content_editor", "Content editor", shows="writes the pages"),
    P("operator", "Ravi", "Menon", HOST, "operator", "Operator"),
    P("host-guardian", "Judith", "Vane", HOST, "caldicott_guardian", "Caldicott Guardian of the host"),
    P("guardian", "Simon", "Hale", PRACTICE, "caldicott_guardian", "Caldicott Guardian"),
    P(
        "new-guardian",
        "Meera",
        "Joshi",
        "ZZP05",
        "caldicott_guardian",
        "Caldicott Guardian",
        shows="has an agreement to sign",
    ),
    P("lead", "Fay", "Rowan", PRACTICE, "org_lead", "Practice manager", shows="keeps the staff list"),
    P("commissioner", "Gareth", "Pugh", BOARD, "commissioner", "Commissioner", shows="reads reports"),
    P("learner", "Alex", "Quinn", "", "learner", "Learner", trouble="unlisted", shows="is on no staff list yet"),
    P("patient", "Margaret", "Black", "", "patient", "The person herself", shows="reads her own approved plan"),
    P("carer", "Joan", "Black", "", "delegate", "Her daughter and attorney", shows="sees the parts opened for her"),
    P("past-carer", "Win", "Harper", "", "delegate", "Her neighbour", "ended", "helped once; the access has ended"),
    P("lapsed", "Nora", "Vance", "ZZP04", "clinician", "Practice nurse", shows="the agreement has ended"),
    P("unsigned", "Idris", "Bowen", "ZZP05", "clinician", "Practice nurse", shows="the agreement is not signed"),
    P("waiting", "Lucy", "Marsh", "ZZP06", "clinician", "Practice nurse", shows="waits for the countersignature"),
    P("org-suspended", "Paul", "Reeve", "ZZR02", "care_home", "Care home nurse", shows="the organisation is suspended"),
    P("draft", "Sue", "Tandy", "ZZS01", "care_home", "Social worker", shows="the agreement was never sent"),
    P("terminated", "Mark", "Ellis", "ZZT01", "clinician", "Charity nurse", shows="the agreement was terminated"),
    P(
        "untrained",
        "Yusuf",
        "Demir",
        PRACTICE,
        "clinician",
        "Practice nurse",
        "never_trained",
        "has not taken the course",
    ),
    P("expired", "Clare", "Potts", PRACTICE, "clinician", "Practice nurse", "training_expired", "training has run out"),
    P("expired-crew", "Dan", "Frost", AMBULANCE, "urgent_reader", "Paramedic", "training_expired", "may still read"),
    P("suspended", "Vera", "Stone", PRACTICE, "clinician", "Practice nurse", "suspended", "suspended by the lead"),
    P("leaver", "Ian", "Moss", PRACTICE, "clinician", "Practice nurse", "ended", "left the organisation"),
    P("closed", "Tess", "Orme", PRACTICE, "clinician", "Practice nurse", "closed", "the account is closed"),
)
BY_KEY = {persona.key: persona for persona in PERSONAS}
#: One password for the practice world; the personas' page needs none.
PASSWORD = "practice world only"  # noqa: S105


def announce() -> str:
    """What `serve` says once the service answers."""
    return (
        "Sign in with one press: /demo/\n"
        "For example the nurse who starts a plan, the GP who approves it, the paramedic who reads it."
    )
