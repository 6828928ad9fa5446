"""The languages a compiled form can be had in, worked out once for each form."""

from weakref import WeakKeyDictionary

from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.translating import offered_in

_offered: "WeakKeyDictionary[CompiledForm, list[str]]" = WeakKeyDictionary()


def languages_of(form: CompiledForm) -> list[str]:
    """The languages of a form, its own first."""
    found = _offered.get(form)
    if found is None:
        found = _offered[form] = offered_in(form.document)
    return found
