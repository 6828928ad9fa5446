"""Items that hold or explain other items: groups, repeats and guidance."""

from careplan_forms.schema.items.base import ItemType


class GroupType(ItemType):
    """Questions under one heading; their answers stand beside those of all others."""

    key = "group"
    title = "Group of questions"
    fhir_type = "group"


class RepeatType(ItemType):
    """A group answered as often as needed; each instance keeps its own id."""

    key = "repeat"
    title = "Repeating group"
    fhir_type = "group"


class GuidanceType(ItemType):
    """Text for the person filling in the form; it takes no answer."""

    key = "guidance"
    title = "Guidance"


class TableType(RepeatType):
    """A repeating group whose rows are also drawn together as a table; stored as any repeat."""

    key = "table"
    title = "Table of rows"


class BodyType(ItemType):
    """Text with links for the person filling in the form; it takes no answer."""

    key = "body"
    title = "Text with links"
