"""What editors build pages of: blocks drawn by the design system."""

from wagtail import blocks

FEATURES = ["bold", "italic", "link", "ol", "ul", "h3"]


class HeadingBlock(blocks.CharBlock):
    """A section heading (h2)."""

    class Meta:
        icon = "title"
        template = "content/blocks/heading.jinja"


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists and links."""

    class Meta:
        icon = "pilcrow"
        template = "content/blocks/text.jinja"


class InsetBlock(blocks.RichTextBlock):
    """A note that stands out from the text around it."""

    class Meta:
        icon = "info-circle"
        template = "content/blocks/inset.jinja"


class WarningBlock(blocks.StructBlock):
    """What a reader must not miss."""

    heading = blocks.CharBlock(max_length=80)
    body = blocks.RichTextBlock(features=["bold", "link", "ul"])

    class Meta:
        icon = "warning"
        template = "content/blocks/warning.jinja"


class StepBlock(blocks.StructBlock):
    """One step of several."""

    heading = blocks.CharBlock(max_length=120)
    body = blocks.RichTextBlock(features=["bold", "link", "ul"])


class StepsBlock(blocks.ListBlock):
    """Numbered steps."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(StepBlock(), **kwargs)

    class Meta:
        icon = "list-ol"
        template = "content/blocks/steps.jinja"


class CardBlock(blocks.StructBlock):
    """A card that leads to a page of the site."""

    page = blocks.PageChooserBlock()
    description = blocks.CharBlock(max_length=160)


class CardsBlock(blocks.ListBlock):
    """Cards side by side."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(CardBlock(), **kwargs)

    class Meta:
        icon = "grip"
        template = "content/blocks/cards.jinja"


class ActionBlock(blocks.StructBlock):
    """The one thing to do next: a path of this service and what it says."""

    label = blocks.CharBlock(max_length=60)
    path = blocks.RegexBlock(regex=r"^/[a-zA-Z0-9/_-]*$", help_text="A path of this site, for example /learning/")

    class Meta:
        icon = "arrow-right"
        template = "content/blocks/action.jinja"


class BodyBlock(blocks.StreamBlock):
    """A page's body."""

    heading = HeadingBlock()
    text = TextBlock(features=FEATURES)
    inset = InsetBlock(features=["bold", "link"])
    warning = WarningBlock()
    steps = StepsBlock()
    cards = CardsBlock()
    action = ActionBlock()


class AnswerBlock(blocks.StructBlock):
    """One answer of a quiz question, and what a learner is told who chose it."""

    text = blocks.CharBlock(max_length=200)
    correct = blocks.BooleanBlock(required=False)
    feedback = blocks.CharBlock(max_length=300, required=False)


class QuestionBlock(blocks.StructBlock):
    """A quiz question with one right answer."""

    text = blocks.CharBlock(max_length=300)
    answers = blocks.ListBlock(AnswerBlock(), min_num=2, max_num=6)


class QuizBlock(blocks.StreamBlock):
    """The questions of a course."""

    question = QuestionBlock()
