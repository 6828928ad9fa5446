"""The StreamField blocks a clinical lead edits a section with; each becomes an item of the form document."""

from wagtail import blocks


class QuestionBlock(blocks.StructBlock):
    """One question or line of guidance."""

    link_id = blocks.RegexBlock(regex=r"^[a-z0-9-]{1,60}$")
    label = blocks.CharBlock(max_length=300)


class ItemStreamBlock(blocks.StreamBlock):
    """What a section is made of."""

    text = QuestionBlock()
