"""The closed vocabularies of people and plans."""

from django.db import models

#: Under which kind of subject flows know what was sent for approval.
SUBMISSION_KIND = "plan_submission"
#: And the plan itself, when its review is due.
REVIEW_KIND = "plan_review"
#: And an approved version, when it is drawn for the clinical lead to look at.
SAMPLE_KIND = "plan_version_sample"


class Sex(models.TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    INDETERMINATE = "indeterminate", "Indeterminate"
    NOT_KNOWN = "not_known", "Not known"


class Verification(models.TextChoices):
    """What the national demographics service said of the number (NHS number status indicator)."""

    VERIFIED = "01", "Number present and verified"
    NOT_TRACED = "02", "Number present but not traced"
    TRACE_REQUIRED = "03", "Trace required"


class ConsentDecision(models.TextChoices):
    GIVEN = "given", "The person agreed"
    REFUSED = "refused", "The person refused"
    WITHDRAWN = "withdrawn", "The person withdrew their agreement"


class ConsentBasis(models.TextChoices):
    PERSON = "person", "The person, who has capacity, decided"
    ATTORNEY = "attorney", "A health and welfare attorney or deputy decided"
    BEST_INTERESTS = "best_interests", "A best-interests decision, because the person lacks capacity"


class PlanState(models.TextChoices):
    """Where a plan is; review states are computed when it is read."""

    DRAFT = "draft", "Draft"
    CURRENT = "current", "Current"
    WITHDRAWN = "withdrawn", "Withdrawn"


class StopMark(models.TextChoices):
    """The only thing shown without an approval, in fixed words."""

    CHANGED_MIND = "changed_mind", "The person has changed their mind"
    WRONG_PERSON = "wrong_person", "Wrong person"
    BEING_REVIEWED = "being_reviewed", "Being reviewed"


class ReadReason(models.TextChoices):
    """Why an urgent-care reader opens a plan."""

    CARING_NOW = "caring_now", "I am caring for this person now"
    CALL_ADVICE = "call_advice", "I am giving advice on a call"
    OTHER = "other", "Another reason"


class SubmissionOrigin(models.TextChoices):
    """How a plan came to be, which decides the flow it takes."""

    NURSE_OR_PATIENT = "nurse_or_patient", "Started by a nurse or by the person"
    DOCTOR = "doctor", "Written by a doctor"


class FactKind(models.TextChoices):
    """What an approved version says of one question. Each question that was shown has one row that is not MORE."""

    ANSWERED = "answered", "Answered"
    ABSENT = "absent", "A reason why there is no answer"
    EMPTY = "empty", "Shown and not answered"
    MORE = "more", "A further answer to the same question"


class IdentityLevel(models.TextChoices):
    """How surely an account is the person's, in the levels NHS login uses. Reading a plan takes the highest."""

    LOW = "P0", "Only the email address is known"
    MEDIUM = "P5", "Some details were matched"
    HIGH = "P9", "Identity proved"


class IdentityCheck(models.TextChoices):
    """How staff may prove who somebody is before they read a plan: the three ways GP practices use."""

    DOCUMENTS = "documents", "I saw a photo identity document and a proof of address"
    VOUCHED = "vouched", "I know the person well and vouch for them"
    RECORD = "record", "I know the person, and they answered questions about their record"


class DelegateCapacity(models.TextChoices):
    """In which capacity somebody acts for the person."""

    ATTORNEY = "attorney", "Attorney for health and welfare"
    DEPUTY = "deputy", "Deputy for welfare, appointed by the court"
    CARER = "carer", "Carer"
    FAMILY = "family", "Family member or friend"


class MigrationOutcome(models.TextChoices):
    """What another version of the form means for one plan, by the worst that happens to an answer of it."""

    CARRIES_OVER = "carries_over", "Carries over"
    NEEDS_CLINICIAN = "needs_clinician", "Needs a clinician"
    LOSES_ANSWER = "loses_answer", "Loses an answer"


class WithholdingReason(models.TextChoices):
    """Why the person, or those who act for them, are not shown an answer."""

    NOT_DISCUSSED = "not_discussed", "Not yet discussed with the person"
    THIRD_PARTY = "third_party", "It is about, or came from, somebody else"
    SERIOUS_HARM = "serious_harm", "Seeing it would be likely to cause serious harm"
