"""What people fill to try a flow: on the past, or by scenarios."""

from typing import Any

from django import forms

from core.forms import LongTextField, NHSForm
from workflows.engine.loading import load_file, load_spec
from workflows.engine.reading import SpecError
from workflows.engine.scenarios import ScenarioFile, load_scenarios
from workflows.engine.spec import Spec
from workflows.form_fields import MAX_FILE_BYTES, JSONFileField
from workflows.models import FlowVersion
from workflows.policies import spec_of
from workflows.selectors.replays import DAYS
from workflows.unfinished import in_file

MOST_DAYS = 366


class ReplayForm(NHSForm):
    """The version, or the draft in a file, that is asked about the past."""

    version = forms.TypedChoiceField(label="Version to ask", required=False, coerce=int, empty_value=None)
    file = JSONFileField(label="Or a draft in a flow file", required=False)
    days = forms.IntegerField(
        label="How many days back", min_value=1, max_value=MOST_DAYS, initial=DAYS, widget=forms.NumberInput
    )

    def __init__(self, *args: Any, versions: list[FlowVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {version.number: version for version in versions}
        field = self.fields["version"]
        field.choices = [("", "Choose a version"), *((n, f"Version {n}") for n in self._versions)]  # type: ignore[attr-defined]
        self.fields["days"].error_messages |= {
            "required": "Enter how many days back",
            "invalid": "Enter a whole number of days, such as 90",
            "min_value": "Enter a number of days that is at least 1",
            "max_value": f"Enter a number of days that is at most {MOST_DAYS}",
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and bool(said.get("version")) == bool(said.get("file")):
            raise forms.ValidationError("Choose a version or a file, one of the two")
        return said

    def clean_file(self) -> Spec | None:
        file = self.cleaned_data["file"]
        try:
            return load_spec(load_file(file.read()).spec) if file else None
        except SpecError as error:
            raise forms.ValidationError(in_file(error)) from None

    def spec(self) -> Spec:
        """The flow to ask."""
        chosen: Spec | None = self.cleaned_data["file"]
        return chosen or spec_of(self._versions[self.cleaned_data["version"]])


class ScenariosForm(NHSForm):
    """Scenarios, written into the box or in a file; the file counts when both are there."""

    text = LongTextField(
        label="Scenarios",
        required=False,
        max_length=MAX_FILE_BYTES,
        help_text="JSON: the people, and who does what with which result",
    )
    file = JSONFileField(label="Or a file of scenarios", required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        file, text = said.get("file"), said.get("text", "")
        if not file and not text.strip():
            raise forms.ValidationError("Write scenarios into the box, or choose a file")
        try:
            said["scenarios"] = load_scenarios(file.read() if file else text.encode())
        except SpecError as error:
            self.add_error("file" if file else "text", in_file(error) if file else str(error))
        return said

    def scenarios(self) -> ScenarioFile:
        """The stories."""
        found: ScenarioFile = self.cleaned_data["scenarios"]
        return found
