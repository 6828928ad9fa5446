"""System checks that hold for every app."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from core.registry import ALL


@register()
def required_registries_are_filled(**kwargs: Any) -> list[CheckMessage]:
    """A layer that declared a required registry needs somebody above it to fill it."""
    return [
        Error(f"Nothing is registered with {registry.name}.", id="core.E001")
        for registry in ALL
        if registry.required and not len(registry)
    ]
