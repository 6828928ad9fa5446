"""Which item types are alike, wherever only that matters: nothing else is imported here."""

#: Answered as a list of entries; the two are stored alike and drawn differently.
REPEATS = ("repeat", "table")
#: What holds other items.
CONTAINERS = ("group", *REPEATS)
#: Worked out from other answers, never asked.
CALCULATED = ("calculated", "score")
#: Texts for whoever fills in the form.
TEXTS = ("guidance", "body")
#: Answers that are a number with its unit.
NUMBERS = ("number", "scale")
#: Answers of several named parts.
STRUCTURED = ("person", "signature", "file")
