"""Every form that asks for sentences asks under a name whose text an error page gives back."""

from collections.abc import Iterator

from django import forms
from django.urls import get_resolver

from core import written
from tests.architecture import rules


def kinds_of(base: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def unknown(kind: type[forms.BaseForm]) -> list[str]:
    """Fields of several lines whose words would be lost with a refusal."""
    fields = getattr(kind, "base_fields", {}).items()
    return [name for name, field in fields if isinstance(field.widget, forms.Textarea) and name not in written.NAMES]


def test_no_sentence_of_our_forms_is_lost_with_a_refusal():
    assert get_resolver().url_patterns  # the views, and with them every form, are loaded
    ours = [kind for kind in kinds_of(forms.BaseForm) if kind.__module__.split(".")[0] in rules.LAYERS]
    assert len(ours) > 20
    assert {kind.__qualname__: names for kind in ours if (names := unknown(kind))} == {}


def test_the_rule_catches_a_name_nobody_knows():
    assert unknown(type("Letter", (forms.Form,), {"essay": forms.CharField(widget=forms.Textarea)})) == ["essay"]
