"""What learning may refuse."""

from core.exceptions import Refused


class TooManyAttempts(Refused):
    """Today's tries are used up."""
