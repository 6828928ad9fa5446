"""Where a row says when something was done, it says who did it, and the database holds the two together."""

import pytest
from django.apps import apps
from django.db import models

from tests.architecture import rules

#: Wagtail's own columns on what it edits and moderates.
WAGTAILS = {"locked_at", "finished_at"}


def unheld(model: type[models.Model]) -> list[str]:
    """Pairs `x_at` and `x_by` that may both be empty, without a constraint that keeps them in step."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    checks = [repr(found.condition) for found in model._meta.constraints if isinstance(found, models.CheckConstraint)]
    found = []
    for name, field in fields.items():
        other = fields.get(f"{name.removesuffix('_at')}_by")
        if not name.endswith("_at") or other is None or name in WAGTAILS or not (field.null and other.null):
            continue
        if not any(name in check and other.name in check for check in checks):
            found.append(f"{model._meta.label}: {name} and {other.name}")
    return found


def test_every_pair_that_may_be_empty_is_held_together_by_the_database():
    ours = [model for model in apps.get_models() if model._meta.app_label in rules.LAYERS]
    ours = [model for model in ours if not model.__name__.startswith("Historical")]
    assert [complaint for model in ours for complaint in unheld(model)] == []


@pytest.mark.parametrize(("constraints", "complaints"), [
    ([], ["core.Sample: ended_at and ended_by"]),
    ([models.CheckConstraint(
        name="together",
        condition=models.Q(ended_at=None, ended_by=None) | models.Q(ended_at__isnull=False, ended_by__isnull=False),
    )], []),
])  # fmt: skip
def test_the_rule_catches_a_pair_that_can_come_apart(constraints, complaints):
    fields = {
        "__module__": "core.models",
        "started_at": models.DateTimeField(),
        "ended_at": models.DateTimeField(null=True),
        "ended_by": models.CharField(max_length=9, null=True),
    }
    meta = type("Meta", (), {"app_label": "core", "constraints": constraints})
    try:
        sample = type("Sample", (models.Model,), fields | {"Meta": meta})
        assert unheld(sample) == complaints
    finally:
        apps.all_models["core"].pop("sample", None)
        apps.clear_cache()
