"""The forms behind the designer's pages in the administration."""

import re
from typing import Any

from django import forms
from django.core.validators import URLValidator
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.blocks.stream_block import StreamBlockValidationError

from careplan_forms.block_items import items_of
from careplan_forms.blocks import refuse_items
from careplan_forms.models import FormDefinition
from careplan_forms.selectors.definitions import published_names
from careplan_forms.selectors.form_drafts import places_of
from careplan_forms.selectors.form_items import Broken, broken_by


class DraftForm(WagtailAdminModelForm):
    """A key is chosen once: versions, exports and other forms know the thing by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None and "key" in self.fields:
            self.fields["key"].disabled = True
            self.fields["key"].help_text = "The key cannot change"


_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[!-~]+\Z", re.IGNORECASE)
_ADDRESS = "Enter an address that begins with https:// or urn:"


def _check_address(text: str) -> None:
    """What names a FHIR resource is a web address or a URN: a form brought in keeps the one it came with."""
    if not _URN.match(text):
        URLValidator(schemes=["http", "https"], message=_ADDRESS)(text)


class DefinitionForm(DraftForm):
    """A form and its sections. `linkable` are those its editor may put into it; None for every one."""

    linkable: set[int] | None = None
    url = forms.CharField(
        label="Address",
        max_length=200,
        help_text=FormDefinition._meta.get_field("url").help_text,
        validators=[_check_address],
    )

    def _get_validation_exclusions(self) -> set[str]:
        """The address is judged above; its column asks for one of the web."""
        return {*super()._get_validation_exclusions(), "url"}

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        refused = [each for each in self.formsets["section_links"].forms if not self._may_stand(each)]
        return not refused

    def _may_stand(self, link: Any) -> bool:
        section = None if link.cleaned_data.get("DELETE") else link.cleaned_data.get("section")
        if section is None or self.linkable is None or section.pk in self.linkable:
            return True
        link.add_error("section", "Choose a section of this form or one of the library")
        return False


class SectionForm(DraftForm):
    """A section, whose items keep the names they were published with, and stay while rules look at them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.broken: list[Broken] = []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.instance.pk is not None and "items" in cleaned:
            self._keep_names(cleaned["items"])
        # A field with an error is no longer there.
        if self.instance.pk is not None and "items" in cleaned:
            self._keep_what_rules_use(cleaned["items"])
        return cleaned

    def _keep_what_rules_use(self, items: Any) -> None:
        stored = self.instance._meta.get_field("items").stream_block.get_prep_value(items)
        self.broken = broken_by(self.instance, items_of(stored))
        gone = [each.sentence for each in self.broken if not each.retyped]
        if gone:
            said = "This cannot be saved, because rules look at a question that is no longer here. Change these first:"
            self.add_error("items", StreamBlockValidationError(non_block_errors=[f"{said} {' '.join(gone)}"]))
        retyped: dict[str, list[str]] = {}
        for each in self.broken:
            if each.retyped:
                retyped.setdefault(each.asked, []).append(each.sentence)

        def judge(child: Any) -> dict[str, str]:
            said = " ".join(retyped.get(child.id, ()))
            return (
                {"label": f"Rules look at this as another type of question. Change these first: {said}"} if said else {}
            )

        try:
            refuse_items(items, judge)
        except StreamBlockValidationError as error:
            self.add_error("items", error)

    def _keep_names(self, items: Any) -> None:
        published = published_names(places_of(self.instance))

        def judge(child: Any) -> dict[str, str]:
            name = published.get(child.id)
            if name is None or child.value["link_id"] == name:
                return {}
            return {"link_id": f"This was published as “{name}”, and other systems know it by that. Put “{name}” back."}

        try:
            refuse_items(items, judge)
        except StreamBlockValidationError as error:
            self.add_error("items", error)


class MoveForm(forms.Form):
    """Where an item goes: `places` are (section's title, [(value, words)]), as choices of a grouped list."""

    to = forms.ChoiceField(label="Where it goes", error_messages={"required": "Choose where it goes"})

    def __init__(self, places: list[tuple[str, list[tuple[str, str]]]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.error_messages["invalid_choice"] = "Choose where it goes"
        field.choices = [("", "Choose a place"), *places]


class EditorForm(forms.Form):
    """A colleague who is to edit one form, until when, and why."""

    email = forms.EmailField(
        label="Work email address",
        help_text="The address they sign in with. They must be on a staff list",
        error_messages={
            "required": "Enter the work email address",
            "invalid": "Enter an email address in the correct format, like name@example.com",
        },
    )
    until = forms.DateField(
        label="Last day",
        help_text="At most a year from now",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Enter the last day", "invalid": "Enter a real date, like 2027-03-31"},
    )
    reason = forms.CharField(label="Reason", max_length=200, error_messages={"required": "Enter the reason"})


class TestCaseForm(forms.Form):
    """The name of a test case; what it expects is ticked."""

    title = forms.CharField(
        label="Name of the test case", max_length=200, error_messages={"required": "Enter a name for the test case"}
    )
