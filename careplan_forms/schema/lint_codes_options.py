"""What the linter can find in options, lists of answers and translations: code → (severity, what, how to mend it)."""

from careplan_forms.schema.lint_codes import Severity

WORD_CODES: dict[str, tuple[Severity, str, str]] = {
    "option-code-shape": ("error", "The option “{key}” of {what} has a code that cannot be right.", "{problem}."),
    "option-date-wrong": (
        "error",
        "The option “{key}” of {what} has a day of retirement that is no date.",
        "Enter a day like 2027-03-31, or none.",
    ),
    "option-dated-offered": (
        "warning",
        "The option “{key}” of {what} has a day of retirement and is still offered.",
        "Retire it, or take the day out.",
    ),
    "option-replaced-offered": (
        "warning",
        "The option “{key}” of {what} is replaced by another one and is still offered.",
        "Retire it, or take the replacement out.",
    ),
    "option-replacement-loop": (
        "error",
        "Options of {what} replace each other in a circle: {chain}.",
        "Let the chain end at an option that is offered.",
    ),
    "option-replacement-retired": (
        "warning",
        "The option “{key}” of {what} is replaced by “{other}”, which is no longer offered either.",
        "Let the chain end at an option that is offered.",
    ),
    "value-set-date-wrong": ("error", "{what} has a first or last day that is no date.", "Enter a day, or none."),
    "value-set-dates-crossed": ("error", "{what} ends before it begins.", "Correct its first or last day."),
    "value-set-not-yet": ("error", "{what} may not be used before {day}.", "Wait for that day, or correct it."),
    "value-set-over": (
        "error",
        "{what} was usable until {day}.",
        "Choose a list that is in force, or correct its last day once it was reviewed.",
    ),
    "value-set-ends-soon": ("warning", "{what} may be used until {day} only.", "Plan who reviews it before then."),
    "translation-language": (
        "error",
        "{what} has words in “{key}”, which is not the name of a language.",
        "Use a code like cy, ar or pt-BR.",
    ),
    "translation-unshowable": (
        "error",
        "The words of {what} in {language} hold characters that turn or hide text.",
        "Write them again without such characters.",
    ),
    "translation-placeholder": (
        "error",
        "The words of {what} in {language} have lost “{key}”.",
        "Put it where it belongs in the sentence.",
    ),
    "translation-missing": (
        "warning",
        "{count} options of {what} have no words in {language}, though the rest of the form has.",
        "Translate them, or people will read two languages in one list.",
    ),
    "translation-shape": ("error", "The translations of {what} cannot be read.", "Write them again."),
}
