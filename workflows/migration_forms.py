"""What is filled to move cases: where those of each state go, why, and the word of a second person."""

from typing import Any

from django import forms

from core.forms import LongTextField, NHSForm
from workflows.engine.spec import Spec
from workflows.engine.state_map import STAYS, resting, targets
from workflows.move_policies import MAX_REASON

_STATE = "state_"
_SURE = "Confirm that you have read what this means for the cases"


class StateMapForm(NHSForm):
    """Where the cases of each state go on, bound to the map that was shown; only states are offered that they may go
    to.
    """

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, old: Spec, new: Spec, state_map: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = targets(old, new)
        for state in resting(old):
            stays = (STAYS, "Nowhere: they stay on the old version")
            self.fields[f"{_STATE}{state.key}"] = forms.ChoiceField(
                label=f"Cases in “{state.label}” go to",
                choices=[stays, *((there.key, there.label) for there in may[state.key])],
                initial=state_map.get(state.key, STAYS),
                required=False,
                error_messages={"invalid_choice": "Choose a state from the list"},
            )

    def state_map(self) -> dict[str, str]:
        """The map as it was filled."""
        named = {name.removeprefix(_STATE): name for name in self.fields if name.startswith(_STATE)}
        return {key: self.cleaned_data[name] for key, name in named.items()}


class AskForm(NHSForm):
    """Asking a second person: the map that was counted, the reason, and the word that it is meant."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = LongTextField(label="Why are these cases moved?", max_length=MAX_REASON)
    sure = forms.BooleanField(label="I have read what this means for the cases")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = "Enter the reason"
        self.fields["sure"].error_messages["required"] = _SURE


class ConfirmForm(NHSForm):
    """The second person's word, on all that was shown."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
    sure = forms.BooleanField(label="I have read where these cases go and what this means for them")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].error_messages["required"] = _SURE


class SendBackForm(NHSForm):
    """Why a move is not confirmed."""

    reason = LongTextField(label="Why do you not confirm it?", max_length=MAX_REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = "Enter the reason"
