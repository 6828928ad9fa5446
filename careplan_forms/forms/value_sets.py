"""The form behind the page of a list of answers: what a signed-off form offers stays readable."""

from typing import Any

from wagtail.blocks.stream_block import StreamBlockValidationError

from careplan_forms.block_options import options_of
from careplan_forms.forms.designer import DraftForm
from careplan_forms.selectors.value_set_use import published_options

JSONDict = dict[str, Any]
#: What its page shows, in this order.
VALUE_SET_FIELDS = ("title", "key", "version", "source", "valid_from", "valid_until", "options")


class ValueSetForm(DraftForm):
    """A list of answers. An option of a signed-off form is retired, never deleted, and keeps its code."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and start > end:
            self.add_error("valid_until", "Enter a last day that is not before the first")
        if self.instance.pk is not None and "options" in cleaned:
            self._keep_published(cleaned["options"])
        return cleaned

    def _keep_published(self, stream: Any) -> None:
        given = {each["id"]: each for each in options_of(stream.stream_block.get_prep_value(stream))}
        sentences = [
            sentence
            for key, option in published_options(self.instance.key).items()
            if (sentence := lost_in(option, given.get(key)))
        ]
        if sentences:
            self.add_error("options", StreamBlockValidationError(non_block_errors=sentences))


def lost_in(published: JSONDict, now: JSONDict | None) -> str:
    """What would become unreadable about a published option; empty when nothing."""
    name = published["display"]
    if now is None:
        return (
            f"“{name}” is in a signed-off form, so it cannot be deleted. Put it back and mark it as no longer offered"
        )
    if (now["code"], now["system"]) != (published["code"], published["system"]):
        return (
            f"“{name}” was signed off with the code {published['code']}, which old plans hold. Put that code back; "
            "for another code add another answer and let it replace this one"
        )
    return ""
