"""The forms behind bringing a form in: a file or pasted text, then a look at the report."""

from typing import Any

from django import forms

from careplan_forms.schema.bringing import FORMATS
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES

_MEGABYTES = DEFAULT_MAX_BYTES // (1024 * 1024)
_TOO_LARGE = f"The file is larger than {_MEGABYTES} MB. Choose a form of at most {_MEGABYTES} MB"


class BringForm(forms.Form):
    """Somebody else's form: one file, or its text."""

    file = forms.FileField(
        label="File",
        required=False,
        help_text=f"JSON of at most {_MEGABYTES} MB and 2,000 items",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json,application/fhir+json"}),
        error_messages={"empty": "The file is empty. Choose another", "invalid": "Choose a file"},
    )
    text = forms.CharField(
        label="Or paste the text of the form",
        required=False,
        strip=False,
        help_text="At most 1 MB; choose a file when it is longer",
        max_length=1024 * 1024,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={"max_length": "The text is longer than 1 MB. Save it as a file and choose that"},
    )
    format = forms.ChoiceField(
        label="What it is written in",
        choices=list(FORMATS.items()),
        initial="auto",
        error_messages={"invalid_choice": "Choose what it is written in", "required": "Choose what it is written in"},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > DEFAULT_MAX_BYTES:
            raise forms.ValidationError(_TOO_LARGE)
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        given = [name for name in ("file", "text") if cleaned.get(name) or name in self.errors]
        if not given:
            self.add_error("file", "Choose a file, or paste the text of a form")
        elif len(given) == 2:
            self.add_error("text", "Choose a file or paste the text, not both")
        return cleaned

    def content(self) -> bytes:
        """What was brought."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else str(self.cleaned_data["text"]).encode()


class BringListForm(BringForm):
    """A list of answers: one file, or its text."""

    format = None  # type: ignore[assignment]
    key = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=100)


class KeepForm(forms.Form):
    """The decision to keep what was brought, after the report was shown."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    key = forms.SlugField(
        label="Key of the new form",
        max_length=100,
        help_text="A short name in small letters and hyphens that never changes",
        error_messages={
            "required": "Enter a key for the form",
            "invalid": "Enter a key of small letters, numbers and hyphens, like frailty-plan",
        },
    )
