"""Whether the history of every case is whole, for `manage.py verify_history`."""

from collections.abc import Iterator

from django.db import transaction

from workflows.models import FlowCase
from workflows.selectors.chains import verify_case_chain

CHUNK = 200


def check_cases() -> Iterator[list[str]]:
    """For each case what is wrong with its history, a sentence each; nothing when it is whole.

    A case that moved between two of our questions looks broken: it is asked about again while it is held.
    """
    cases = FlowCase.objects.select_related("version").defer("version__spec").order_by("pk")
    for case in cases.prefetch_related("events", "decisions").iterator(CHUNK):
        yield _held(case.pk) if verify_case_chain(case) else []


@transaction.atomic
def _held(key: int) -> list[str]:
    case = FlowCase.objects.select_for_update(of=("self",)).get(pk=key)
    return [f"Case {case.public_id}: {words}" for words in verify_case_chain(case)]
