"""Keys between models follow the import law, also those written as text, which no import betrays."""

import pytest
from django.apps import apps

from tests.architecture import rules


def ours() -> list:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in rules.LAYERS]


def test_no_model_holds_a_key_to_a_layer_above_it():
    upward = []
    for model in ours():
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model not in (None, "self"):
                target = field.related_model._meta.app_label
                if not rules.may_point_at(model._meta.app_label, target):
                    upward.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
    assert upward == []


@pytest.mark.parametrize(("source", "target", "allowed"), [
    ("careplan_forms", "governance", True),
    ("governance", "careplan_forms", False),
    ("workflows", "careplan_forms", False),
    ("careplan_forms", "content", False),
    ("content", "wagtailcore", True),
    ("core", "auth", True),
])  # fmt: skip
def test_the_rule_knows_up_from_down(source, target, allowed):
    assert rules.may_point_at(source, target) is allowed
