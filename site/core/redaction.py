"""Nothing that identifies a person leaves in a log line, a trace or an error message.

Numbers, dates and addresses are recognised by their shape and masked in every line. Names have no shape: so the text of
an exception is shown only for the few kinds whose text is about code, frames never show their variables, requests
appear under the name of their route, and libraries that quote what they were given are not quoted.
"""

import datetime
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_UUID = r"(?P<keep>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})"
_GAP = r"(?:[\s\-.,/()+_\u2010-\u2015]|%20|%2d){0,3}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_PATTERNS = {
    "number": rf"(?<!\d)\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)",
    "query": r"\?(?=[^\s\"']*=)[^\s\"']*",
    "address": r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+",
    "date": (
        r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
        r"|(?<!\d)\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})(?!\d)"
        r"|(?<!\d)\d{1,2}[. ]\d{1,2}[. ]\d{4}(?!\d)"
        rf"|(?<![a-z]){_MONTH}[\s-]+\d{{1,2}}(?:st|nd|rd|th)?[\s,-]+\d{{4}}(?!\d)"
        rf"|(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?[\s-]+{_MONTH}[\s,-]+\d{{2,4}}(?!\d)"
        r"|date(?:time)?\(\d{4}, ?\d{1,2}, ?\d{1,2}[^)]*\)"
        r"|(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    ),
}
_ANY = re.compile("|".join([_UUID, *(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items())]), re.IGNORECASE)

#: Exceptions whose text speaks of code or of the machine, never of what somebody typed.
_SPEAKING = (ImportError, NameError, RecursionError, ConnectionError, TimeoutError, PermissionError)
_SPEAKING_NAMES = {
    "ImproperlyConfigured",
    "TemplateNotFound",
    "TemplateSyntaxError",
    "NoReverseMatch",
    "UndefinedError",
}
_ALSO_SPEAKING = {"AppRegistryNotReady", "OperationalError", "ProgrammingError"}
#: Libraries whose messages quote the document, the statement or the request they were given.
_QUOTING = ("xhtml2pdf", "reportlab", "svglib", "fontTools", "django.db", "py.warnings", "PIL", "httpx", "httpcore")
_WITHHELD_KEYS = re.compile(
    r"name$|surname|nhs|birth|dob|postcode|phone|email|address|password|secret|token|code$", re.IGNORECASE
)
_PLAIN_KEYS = {"timestamp", "level", "logger", "event", "route", "job", "thread", "subscriber", "topic", "function"}


def redact(text: str) -> str:
    """`text` without anything shaped like an NHS number, a date, an e-mail address or a query string."""
    return _ANY.sub(lambda match: match["keep"] or f"[{match.lastgroup}]", text)


def _mask(value: Any) -> Any:
    """A value fit for a log line: text masked, containers walked, anything else named by its type."""
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**9 else redact(str(value))
    if isinstance(value, datetime.date):
        return "[date]"
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {redact(str(key)): _mask_named(str(key), entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mask(entry) for entry in value]
    return f"<{type(value).__name__}>"


def _mask_named(key: str, value: Any) -> Any:
    if key in _PLAIN_KEYS or not _WITHHELD_KEYS.search(key):
        return _mask(value)
    return "[withheld]"


def describe_exception(error: BaseException | None) -> list[dict[str, Any]]:
    """The chain of exceptions, outermost first: kind, text where that is safe, and the frames without variables."""
    chain: list[dict[str, Any]] = []
    while error is not None and len(chain) < 5:
        frames = traceback.extract_tb(error.__traceback__)
        entry: dict[str, Any] = {
            "kind": f"{type(error).__module__}.{type(error).__qualname__}",
            "at": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-30:]],
        }
        if _may_speak(error):
            entry["text"] = redact(str(error).splitlines()[0] if str(error) else "")
        chain.append(entry)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def _may_speak(error: BaseException) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, _SPEAKING) or bool(names & (_SPEAKING_NAMES | _ALSO_SPEAKING))


def _short(filename: str) -> str:
    """A file's path from the checkout or from site-packages on."""
    for mark in ("/site-packages/", "/lib/python3"):
        if mark in filename:
            return filename.split(mark, 1)[1]
    return os.path.relpath(filename) if filename.startswith("/") else filename


def _withhold_quotes(logger: Any, method: str, event: EventDict) -> EventDict:
    """Structlog processor: messages of libraries that quote, and of Django about a request, are replaced."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None:
        return event
    if record.name.startswith(_QUOTING):
        event["event"] = f"{record.module}:{record.lineno} has something to say; its words are withheld"
    elif record.name == "django.request":
        event["event"] = "request failed" if record.levelno >= logging.ERROR else "request refused"
        event["status"] = getattr(record, "status_code", None)
        event["route"] = route_of(getattr(record, "request", None))
    return event


def _mask_event(logger: Any, method: str, event: EventDict) -> EventDict:
    """Structlog processor: the last word on every line."""
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    event.pop("stack", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    masked = {
        key: value if key == "timestamp" else _mask_named(key, value) for key, value in event.items() if key[0] != "_"
    }
    if isinstance(error, BaseException):
        masked["exception"] = describe_exception(error)
    return masked


def route_of(request: Any) -> str:
    """The pattern of the request's route, never the values in it; a dash when nothing matched."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else "-"


def formatter() -> logging.Formatter:
    """What `config.logs` uses: one JSON object a line, for our own log calls and everybody else's."""
    # A line that cannot be written is lost; logging would otherwise print it raw, arguments and all.
    logging.raiseExceptions = False
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[_withhold_quotes, _mask_event, structlog.processors.JSONRenderer()],
        keep_stack_info=False,
        use_get_message=True,
    )


def catch_stray_exceptions() -> None:
    """Have exceptions nobody caught, in any thread, leave as redacted log lines instead of raw tracebacks."""
    logger = logging.getLogger("uncaught")

    def log(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        logger.critical("uncaught exception", exc_info=(kind, error, trace))

    sys.excepthook = log
    threading.excepthook = lambda args: log(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    logging.captureWarnings(True)
