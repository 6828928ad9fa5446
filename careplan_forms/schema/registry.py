"""The one registry of item types."""

from careplan_forms.schema.items.attachment import AttachmentType
from careplan_forms.schema.items.base import AnswerType, ItemType
from careplan_forms.schema.items.calculated import CalculatedType
from careplan_forms.schema.items.choice import ChoiceType
from careplan_forms.schema.items.choices import ChoicesType
from careplan_forms.schema.items.contact import EmailType, NHSNumberType, TelephoneType
from careplan_forms.schema.items.date import DateType
from careplan_forms.schema.items.file import FileType
from careplan_forms.schema.items.number import NumberType
from careplan_forms.schema.items.organisation import OrganisationType
from careplan_forms.schema.items.person import PersonType
from careplan_forms.schema.items.scale import ScaleType
from careplan_forms.schema.items.score import ScoreType
from careplan_forms.schema.items.signature import SignatureType
from careplan_forms.schema.items.structure import BodyType, GroupType, GuidanceType, RepeatType, TableType
from careplan_forms.schema.items.text import LongTextType, TextType
from careplan_forms.schema.items.yes_no import YesNoType

ITEM_TYPES: dict[str, ItemType] = {
    kind.key: kind
    for kind in (
        GroupType(),
        RepeatType(),
        TableType(),
        GuidanceType(),
        BodyType(),
        TextType(),
        LongTextType(),
        YesNoType(),
        ChoiceType(),
        ChoicesType(),
        DateType(),
        NumberType(),
        TelephoneType(),
        EmailType(),
        NHSNumberType(),
        OrganisationType(),
        PersonType(),
        ScaleType(),
        SignatureType(),
        FileType(),
        AttachmentType(),
        CalculatedType(),
        ScoreType(),
    )
}


def answer_type(key: str) -> AnswerType | None:
    """The type of a question; None for groups, repeats, guidance and types that are not known."""
    kind = ITEM_TYPES.get(key)
    return kind if isinstance(kind, AnswerType) else None
