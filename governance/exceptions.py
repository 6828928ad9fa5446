"""What governance may say went wrong, beyond the sentences of `core.exceptions`."""

from core.exceptions import Unavailable


class AuditUnavailable(Unavailable):
    """A look could be recorded neither in the database nor on disk, so nothing may be shown."""

    def __init__(self) -> None:
        super().__init__(
            "We cannot show this now, because we could not record that you looked. Nothing was lost. "
            "Try again in a minute. If the person needs care now, use your own records and ring the service desk."
        )
