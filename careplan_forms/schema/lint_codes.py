"""What the linter can find in rules, warnings and calculations: code → (severity, what is wrong, how to mend it)."""

from typing import Literal

Severity = Literal["error", "warning"]

RULE_CODES: dict[str, tuple[Severity, str, str]] = {
    "rule-malformed": ("error", "The condition of {what} cannot be read: {problem}", "Build the condition again."),
    "rule-dangling": (
        "error",
        "The condition of {what} asks about a question that is not in the form.",
        "Choose another question for the condition, or remove it.",
    ),
    "rule-loop": ("error", "{what} depends on itself: {chain}.", "Remove one of these conditions or calculations."),
    "rule-later": (
        "warning",
        "The condition of {what} asks about “{key}”, which comes later in the form.",
        "Move that question in front.",
    ),
    "rule-later-section": (
        "warning",
        "The condition of {what} asks about “{key}”, which comes in a later section.",
        "Move that section in front: until it is filled in, the condition cannot hold.",
    ),
    "rule-unanswerable": (
        "error",
        "The condition of {what} asks about {key}, which takes no answer.",
        "Ask about a question.",
    ),
    "rule-operator": (
        "error",
        "The condition of {what} asks whether “{key}” is more or less, but its answers have no order.",
        "Compare with is, is not, is one of, or ask whether it is answered.",
    ),
    "rule-mismatch": (
        "error",
        "The condition of {what} compares “{key}” in a way its answers cannot be compared.",
        "Choose another comparison or value.",
    ),
    "rule-option-retired": (
        "warning",
        "The condition of {what} asks for an answer to “{key}” that is no longer offered.",
        "Keep it for old answers, or ask for the answer that took its place.",
    ),
    "rule-unreachable": (
        "error",
        "{what} can never be shown: its condition cannot be true.",
        "Correct the condition or remove the question.",
    ),
    "required-if-unreachable": (
        "error",
        "The condition under which {what} is needed can never be true.",
        "Correct the condition or remove it.",
    ),
    "required-if-hidden": (
        "error",
        "{what} is needed only while it is hidden.",
        "Let the two conditions agree, or remove one of them.",
    ),
    "required-if-idle": (
        "warning",
        "{what} is always required, so the condition under which it is needed does nothing.",
        "Remove the condition, or let the question be required only by it.",
    ),
    "recommended-idle": (
        "warning",
        "{what} is required, so it cannot be recommended as well.",
        "Choose one of the two.",
    ),
    "advice-unanswerable": (
        "error",
        "{what} takes no answer, so it can neither be needed nor recommended nor warn.",
        "Move this to a question.",
    ),
    "warning-without-text": ("error", "A warning of {what} says nothing.", "Write the warning or remove it."),
    "warning-uid-duplicate": ("error", "{what} has two warnings with the uid “{key}”.", "Save the question again."),
    "warning-always": (
        "error",
        "A warning of {what} holds whatever is answered: “{key}”.",
        "Give it a condition, or make it part of the hint.",
    ),
    "warning-unreachable": (
        "error",
        "A warning of {what} can never appear: “{key}”.",
        "Correct its condition or remove it.",
    ),
    "calculation-missing": ("error", "{what} has no calculation.", "Say how the value is worked out."),
    "calculation-stray": (
        "error",
        "{what} is asked, so its calculation does nothing.",
        "Remove the calculation, or make it a calculated value.",
    ),
    "calculation-malformed": (
        "error",
        "The calculation of {what} cannot be read: {problem}",
        "Build the calculation again.",
    ),
    "calculation-dangling": (
        "error",
        "The calculation of {what} uses a question that is not in the form.",
        "Choose another question for it.",
    ),
    "calculation-unanswerable": (
        "error",
        "The calculation of {what} uses {key}, which takes no answer.",
        "Choose a question.",
    ),
    "calculation-type": (
        "error",
        "The calculation of {what} uses {key} where it needs {wanted}.",
        "Choose a question of that type, or another operation.",
    ),
    "calculation-mixed": (
        "error",
        "The calculation of {what} comes to values of different types.",
        "Let every branch come to the same type.",
    ),
    "calculation-divide-zero": ("error", "The calculation of {what} divides by zero.", "Divide by something else."),
    "calculation-unscored": (
        "error",
        "The calculation of {what} scores {key}, whose answers have no scores.",
        "Give its answers scores, or choose another question.",
    ),
    "calculation-several": (
        "warning",
        "The calculation of {what} uses {key}, which may have several answers, where it needs one.",
        "Use the sum, count, least or greatest of them.",
    ),
    "calculation-constant": (
        "warning",
        "The calculation of {what} uses no question: it always comes to the same.",
        "Use a question, or write the value as guidance.",
    ),
    "score-wrong": ("error", "The option “{key}” of {what} has a score that is not a number.", "Correct the score."),
    "score-some": (
        "warning",
        "Only some options of {what} have a score: “{key}” has none.",
        "Give each option a score, zero included.",
    ),
}

TYPE_CODES: dict[str, tuple[Severity, str, str]] = {
    "scale-range": (
        "error",
        "{what} is a scale, and its ends are not whole numbers with 1 to 20 steps between them.",
        "Give the scale a least and a greatest whole number, at most 20 apart.",
    ),
    "scale-ends": ("warning", "{what} does not say what the ends of its scale mean.", "Give both ends words."),
    "score-without-bands": (
        "warning",
        "{what} is a score, and nothing says what it means.",
        "Add its bands, or make it a calculated value.",
    ),
    "band-wrong": ("error", "A band of {what} cannot be read: “{key}”.", "Give it numbers for its ends, and words."),
    "bands-overlap": (
        "error",
        "The bands “{key}” and “{other}” of {what} overlap.",
        "Let each number fall in one band.",
    ),
    "setting-stray": ("warning", "{what} has {key}, which its type does not use.", "Remove it or change the type."),
    "body-refused": (
        "warning",
        "{what} has parts that are never shown: {key}.",
        "Use paragraphs, lists, bold words and links to web pages, email addresses or telephone numbers.",
    ),
    "file-kind": ("error", "{what} asks for files of the unknown kind “{key}”.", "Choose one of: {known}."),
    "file-size": (
        "error",
        "{what} has a limit for the size of a file that cannot be used: {key}.",
        "Choose between {least} and {most}, given in bytes.",
    ),
    "file-count": ("error", "{what} asks for {count} files.", "Ask for {most} files or fewer."),
    "table-wide": (
        "warning",
        "{what} has {count} columns; with more than {most} its rows are shown as cards only.",
        "Ask for fewer things in a row, or make it a repeating group.",
    ),
}
