"""Model fields shared by the apps."""

from typing import Any

from django.db.models import Field
from wagtail.fields import StreamField as WagtailStreamField


class StreamField(WagtailStreamField):
    """A StreamField whose blocks stay out of migrations: changing what an editor offers changes no table."""

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        super().__init__(block_types, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _, kwargs = Field.deconstruct(self)
        return name, path, [[]], kwargs
