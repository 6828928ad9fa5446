"""Every sentence the form language says to a person filling a form.

Errors are instructions naming the question.
"""

from typing import Any

from careplan_forms.schema import welsh
from careplan_forms.schema.languages import Foreign, base

NOT_RECORDED = "Not recorded"
HELD_APART = "Recorded (shown only by a logged press)"

_ENGLISH: dict[str, str] = {
    "missing": "Enter {the}",
    "missing.choice": "Select {the}",
    "missing.yes_no": "Select yes or no for {quoted}",
    "missing.repeat": "Add at least {count} to {quoted}",
    "too_long": "Shorten {the} to {limit} characters or fewer",
    "missing.calculated": "Answer the questions from which {quoted} is worked out",
    "calculated.missing": "Not worked out yet",
    "missing.file": "Choose a file for {quoted}",
    "attachment.asked": "{kinds}, up to {size}.",
    "attachment.most": "At most {most} files.",
    "attachment.add": "Choose a file",
    "attachment.add.several": "Choose one or more files to add",
    "attachment.remove": "Remove {name}",
    "attachment.few": "Add more files to {quoted}: it needs at least {least}",
    "attachment.many": "Keep at most {most} files in {quoted}: tick those to remove, or choose fewer",
    "attachment.empty": "Choose another file for {quoted}: “{name}” is empty",
    "attachment.large": "Choose a smaller file for {quoted}: “{name}” is larger than {size}",
    "attachment.kind": "Choose a {kinds} file for {quoted}: “{name}” is none, whatever its name says",
    "attachment.unreadable": "Save “{name}” again and choose it for {quoted}: it could not be opened",
    "attachment.protected": "Save “{name}” without a password and choose it for {quoted} again",
    "attachment.active": "Print “{name}” to a new PDF and choose that for {quoted}: it holds scripts or other files",
    "attachment.pixels": "Make “{name}” smaller and choose it for {quoted} again: it has more than 50 million pixels",
    "attachment.gone": "Choose the files of {quoted} again: one of them is not in this plan any more",
    "attachment.often": "You added more than 100 files to this plan today. Go on tomorrow with {quoted}",
    "recommended": "Recommended",
    "needed": "Needed for approval",
    "needed.if": "Needed for approval if {rule}",
    "warning": "Warning: ",
    "control": "Remove the characters that cannot be shown from {the}",
    "shape": "Answer {quoted} again: the answer could not be read",
    "date.real": "Enter {the} as a real date, for example 27 3 2027",
    "date.parts": "Add the {parts} to {the}",
    "date.whole": "Enter the day, month and year of {the}",
    "date.year": "Enter {the} with a year between 1850 and 2150",
    "date.min": "Change {the} to {limit} or later",
    "date.max": "Change {the} to {limit} or earlier",
    "number.real": "Enter {the} as a number, for example 12",
    "number.min": "Enter {the} as {limit} or more",
    "number.max": "Enter {the} as {limit} or less",
    "number.whole": "Enter {the} as a whole number",
    "number.decimals": "Enter {the} with no more than {count} decimal places",
    "number.unit": "Enter {the} in {unit}",
    "choice.unknown": "Select {the} from the list",
    "choice.retired": "Select {the} again: “{display}” is no longer offered",
    "choice.one": "Select only one answer to {quoted}",
    "telephone.real": "Enter {the} as a telephone number, like 020 7946 0018",
    "email.real": "Enter {the} as an email address, like name@example.com",
    "nhs_number.real": "Enter {the} as the 10 digits of an NHS number, like 943 476 5919",
    "organisation.code": "Enter the ODS code of {the} as 3 to 10 letters and digits, like A81001",
    "part.too_long": "Shorten “{what}” in {quoted} to {limit} characters or fewer",
    "person.name": "Name",
    "person.role": "Relationship or role",
    "person.organisation": "Organisation",
    "person.telephone": "Telephone number",
    "person.email": "Email address",
    "person.who": "Enter the name, the role or the organisation for {quoted}",
    "person.telephone.real": "Enter the telephone number in {quoted} like 020 7946 0018",
    "person.email.real": "Enter the email address in {quoted} like name@example.com",
    "signature.name": "Signed by",
    "signature.role": "Role",
    "signature.registration": "Registration number, if they have one",
    "signature.date": "Date of signing",
    "signature.elsewhere": "This records a signature that was given elsewhere. It is not itself a signature.",
    "signature.declaration": "I declare that the person named here signed, on this date",
    "signature.declared": "Tick the declaration of {quoted}, or clear what you entered",
    "signature.name.missing": "Enter who signed for {quoted}",
    "signature.role.missing": "Enter the role of the person who signed for {quoted}",
    "signature.date.missing": "Enter the date of signing for {quoted}",
    "signature.registration.real": "Enter the registration number in {quoted} as letters and digits, like GMC 7000001",
    "signed.later": "Change {the} to today or earlier",
    "file.kind.label": "Which document is it?",
    "file.kind": "Select which document it is for {quoted}",
    "file.what": "What is the document?",
    "file.kept": "Where is the paper kept?",
    "file.signed": "Date it was signed",
    "file.yes": "Yes",
    "file.no": "No",
    "file.not-known": "Not known",
    "file.what.missing": "Enter what the document is for {quoted}",
    "file.kept.missing": "Enter where the paper is kept for {quoted}",
    "file.signed.missing": "Enter the date the document was signed for {quoted}",
    "file.fact.missing": "Select yes, no or not known for “{question}” in {quoted}",
    "file.adrt.adult": "Record this as “Another document”: an advance decision is made at 18 or over",
    "file.adrt.life": "Check “{question}”: an advance decision that refuses life-sustaining treatment must be in"
    " writing, signed, witnessed, and say that it applies even if life is at risk. If it is not so, record it as"
    " “Another document”",
    "file.lpa.registered": "Record this as “Another document”: a lasting power of attorney can be used only after it is"
    " registered with the Office of the Public Guardian",
    "absent.both": "Enter {the} or select “{absent}”, not both",
    "absent.many": "Select only one reason why there is no answer to {quoted}",
    "absent.reason": "Give the reason for “{absent}” in {quoted}",
    "repeat.max": "Remove entries from {quoted} until there are {count} or fewer",
    "other": "Something else, or more detail",
    "reason": "Reason for “{absent}”",
    "limit": "You can enter up to {limit} characters",
    "retired": "{display} (no longer used)",
    "yes": "Yes",
    "no": "No",
    "or": "or",
    "day": "Day",
    "month": "Month",
    "year": "Year",
    "date.hint": "For example, 27 3 2027",
    "date.partial": "Leave the day, or the day and month, empty if they are not known",
    "date.month_known": "Leave the day empty if it is not known",
    "ods.code": "ODS code",
    "ods.name": "Name",
    "add": "Add another",
    "add.first": "Add",
    "remove": "Remove",
    "up": "Move up",
    "down": "Move down",
    "when": "Answer this if {rule}",
    "prefilled": "Filled in from {source}. Check that it is right.",
    "select": "Select",
    "problem": "There is a problem",
    "error": "Error: ",
    "information": "Information: ",
    "paper.how": "Write in black ink. Put a cross in the box of an answer. To take it back, fill the whole box in.",
    "paper.not_shared": "A plan on paper is neither shared nor approved: somebody has to enter it into the service.",
    "paper.whose": "Name of the person",
    "paper.whose_number": "NHS number",
    "paper.by": "Filled in by",
    "paper.by_role": "Relationship or role",
    "paper.by_date": "Date it was filled in",
    "paper.entered": "For staff: entered into the service by, on",
    "paper.only_if": "Fill in only if {rule}",
    "paper.part_only_if": "Fill in this part only if {rule}",
    "paper.ask": "Ask your care team whether to fill this in",
    "paper.heed": "If {rule}: {text}",
    "paper.one": "Cross one",
    "paper.several": "Cross all that apply",
    "paper.between": "From {least} to {most}",
    "paper.least": "{least} or more",
    "paper.most": "{most} or less",
    "paper.date": "day month year",
    "paper.none": "If there is no answer, cross why",
    "paper.why_none": "Why",
    "paper.of_kind": "If it is “{kind}”:",
    "paper.files": "Pin copies to this form and write here what they are",
    "paper.worked_out": "Leave this empty: the service works it out",
    "paper.others": "Leave this empty: your care team fills it in",
    "paper.secret": "Do not write this on paper: enter it in the service",
    "paper.entry": "Entry {number}",
    "paper.more": "For more, use another sheet",
    "paper.signature": "Signature",
    "not_recorded": NOT_RECORDED,
    "held_apart": HELD_APART,
}
#: Sentences, reasons for no answer and months of the languages the product itself speaks.
_CATALOGUES = {"en": _ENGLISH, "cy": welsh.SENTENCES}
_ABSENT = {"cy": welsh.ABSENT}
_MONTHS = {"cy": welsh.MONTHS}

ABSENT = {
    "not-known": "Not known",
    "not-discussed": "Not discussed",
    "not-asked": "Not asked",
    "declined": "The person did not want to say",
    "not-applicable": "Does not apply",
    "unavailable": "Unavailable",
}

# Labels that start with one of these words read wrong behind "the".
_NO_ARTICLE = frozenset(
    "a all an any anyone anything each how if my no other our the their these this those what when where"  # noqa: SIM905
    " whether which who whose why your".split()
)
_LONGEST_NAME = 120


class Wording:
    """The sentences of one language. What it has no words for is said in English and marked as English."""

    def __init__(self, language: str = "en") -> None:
        self.language = base(language)
        self._sentences = _CATALOGUES.get(self.language, {})
        self._name = the if self.language == "en" else _quoted

    def say(self, key: str, label: str = "", **values: Any) -> str:
        """A sentence about the question with this label."""
        own = self._sentences.get(key)
        if own is None:
            said = _ENGLISH[key].format(the=the(label), quoted=_quoted(label), **values)
            return Foreign(said, "en")
        return own.format(the=self._name(label), quoted=_quoted(label), **values)

    def absent(self, code: str) -> str:
        """How an absent reason reads."""
        own = _ABSENT.get(self.language, {}).get(code)
        return own or (absent_label(code) if self.language == "en" else Foreign(absent_label(code), "en"))

    def in_english(self, text: str) -> str:
        """A sentence that is made in English only, marked as English on a page in another language."""
        return text if self.language == "en" else Foreign(text, "en")

    @property
    def months(self) -> tuple[str, ...] | None:
        """The names of the months, None: as in English."""
        return _MONTHS.get(self.language)


def absent_label(code: str) -> str:
    """How an absent reason reads; an unknown code is read out as words."""
    return ABSENT.get(code) or code.replace("-", " ").replace("_", " ").strip().capitalize() or "Not known"


def the(label: str) -> str:
    """A label inside a sentence: "Date of birth" → "the date of birth", "Who decided?" → an answer to it."""
    label = _short(label)
    if not label:
        return "an answer"
    if label.endswith("?"):
        return f"an answer to “{label}”"
    first = label.split(maxsplit=1)[0]
    # Capitals beyond the first letter mark an abbreviation (CPR, NHS, eRS), which keeps its case.
    lowered = label if first[1:] != first[1:].lower() or len(first) == 1 else label[0].lower() + label[1:]
    return lowered if first.lower() in _NO_ARTICLE else f"the {lowered}"


def _quoted(label: str) -> str:
    return f"“{_short(label)}”"


def _short(label: str) -> str:
    label = " ".join(label.split())
    return label if len(label) <= _LONGEST_NAME else label[: _LONGEST_NAME - 1].rstrip() + "…"
