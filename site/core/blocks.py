"""Fields of StreamField editors shared by the apps."""

from typing import Any

from django import forms
from wagtail import blocks


class KeptBlock(blocks.FieldBlock):
    """What an import brought that an editor has no field for; travels through the page unseen."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, widget=forms.HiddenInput)
        super().__init__(**kwargs)


class AreaBlock(blocks.TextBlock):
    """Several lines in a box of fixed height: a hundred boxes that measure themselves cost a second of laying out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rows=2, **kwargs)
        self.field.widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: Any) -> Any:
        """A browser sends every line end as two characters; a text nobody touched stays the text it was."""
        return super().clean(value).replace("\r\n", "\n")
