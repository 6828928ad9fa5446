"""The forms behind the pages on which a migration is prepared and started."""

from typing import Any

from django import forms

from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.mapping_editing import neighbours, targets_for
from careplan_forms.schema.mapping_shape import ACTION_WORDS
from careplan_forms.schema.registry import ITEM_TYPES

KEEP, LEAVE_OUT = "keep", "leave-out"
_OPTION = "option-"


class RowForm(forms.Form):
    """What becomes of the answer to one question, chosen from what is possible for it."""

    shown = forms.CharField(widget=forms.HiddenInput)
    action = forms.ChoiceField(
        label="What happens",
        choices=[*ACTION_WORDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens to the answer"},
    )
    to = forms.MultipleChoiceField(
        label="The question or questions of the new form that take the answer",
        help_text="If it is divided, the answer is put under the first, and a clinician decides.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    joined_with = forms.MultipleChoiceField(
        label="Asked together with",
        help_text="Only if several questions become one",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, row: dict[str, Any], old: CompiledForm, new: CompiledForm, **kwargs: Any) -> None:
        """`row` is the question's row of the mapping."""
        initial = {"action": row["action"], "to": row["to"]} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        item = old.items[row["uid"]]
        self._options = item.item.options
        choices = [
            (each.uid, f"{each.label} ({ITEM_TYPES[each.type].title.lower()})")
            for each in targets_for(old, new, row["uid"])
        ]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        others = [(each.uid, each.label) for each in neighbours(old, row["uid"])]
        self.fields["joined_with"].choices = others  # type: ignore[attr-defined]
        self._add_options(row, new)

    def _add_options(self, row: dict[str, Any], new: CompiledForm) -> None:
        target = new.items.get(row["to"][0]) if row["to"] else None
        offered = [each for each in target.item.options if not each.retired] if target else []
        if not offered:
            return
        chosen = {(each["from"]["code"], each["from"]["system"]): each["to"] for each in row["options"]}
        numbers = {(each.code, each.system): str(n) for n, each in enumerate(offered)}
        self._offered = offered
        choices = [(KEEP, "Stays as it is"), *((str(n), each.display) for n, each in enumerate(offered))]
        for n, option in enumerate(self._options):
            key = (option.code, option.system)
            initial = KEEP
            if key in chosen:
                to = chosen[key]
                initial = numbers.get((to["code"], to["system"]), KEEP) if to else LEAVE_OUT
            self.fields[f"{_OPTION}{n}"] = forms.ChoiceField(
                label=f"“{option.display}” becomes",
                choices=[*choices, (LEAVE_OUT, "Is left out: the answer is lost")],
                initial=initial,
                required=False,
            )

    def options(self) -> dict[tuple[str, str], tuple[str, str] | None]:
        """The options that something else takes the place of."""
        found: dict[tuple[str, str], tuple[str, str] | None] = {}
        for n, option in enumerate(self._options):
            chosen = self.cleaned_data.get(f"{_OPTION}{n}") or KEEP
            if chosen == LEAVE_OUT:
                found[(option.code, option.system)] = None
            elif chosen != KEEP:
                successor = self._offered[int(chosen)]
                found[(option.code, option.system)] = (successor.code, successor.system)
        return found

    @property
    def groups(self) -> list[forms.BoundField]:
        """Fields of several controls, for the page."""
        return [self[name] for name in ("action", "to", "joined_with")]

    @property
    def selects(self) -> list[forms.BoundField]:
        """The lists, one for each option."""
        return [self[name] for name in self.fields if name.startswith(_OPTION)]


class StartForm(forms.Form):
    """Carrying a migration out: the mapping that was counted, the date, and the word that it is meant."""

    shown = forms.CharField(widget=forms.HiddenInput)
    deadline = forms.DateField(
        label="Last day on which open drafts finish on the old version",
        help_text="From the next day, whoever opens the plan looks at the change first.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Enter the last day", "invalid": "Enter a date, such as 2027-03-31"},
    )
    sure = forms.BooleanField(
        label="I have read what this means for the plans",
        error_messages={"required": "Confirm that you have read what this means for the plans"},
    )
