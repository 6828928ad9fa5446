"""Nothing that identifies a person leaves in a log line, a trace or an error message."""

import logging
import re

_NHS_NUMBER = re.compile(r"(?<!\d)\d{3}[ \-]?\d{3}[ \-]?\d{4}(?!\d)")
_QUERY = re.compile(r"\?[^\s\"']*")


def redact(text: str) -> str:
    """`text` without query strings and without anything that looks like an NHS number."""
    return _NHS_NUMBER.sub("[number]", _QUERY.sub("?[query]", text))


class RedactingFormatter(logging.Formatter):
    """Formats a record, then redacts the whole line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def formatter() -> logging.Formatter:
    """What `config.logs` uses."""
    return RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
