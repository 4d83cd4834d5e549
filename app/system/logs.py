"""Logs: how a record of Python's `logging` becomes one line of JSON, or a readable one on a terminal.

Every room logs by `logging`, each by its own name. The lines go to standard error. structlog writes them; it is loaded
with the first line, so that a command that logs nothing does without it.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from flask import g, has_request_context

from app.config import Settings

LONGEST_TEXT = 500
"""Characters of a value in a line; what is longer is cut and ends in `…`."""

LONGEST_TRACE = 20_000
"""Characters of a trace. Its end is kept, where the error stands."""

Event = dict[str, Any]

_OF_EVERY_RECORD = {*logging.makeLogRecord({}).__dict__, "message", "asctime"}


def set_up(settings: Settings) -> None:
    """Has this process log, once: whoever set up logging before, as tests do, keeps what they chose."""
    root = logging.getLogger()
    if root.handlers:
        return
    handler = _StandardError()
    is_terminal = sys.stderr.isatty()
    is_text = settings.log_format == "text" or (settings.log_format == "auto" and is_terminal)
    handler.setFormatter(Lines(is_text=is_text, has_colours=is_terminal))
    root.addHandler(handler)
    logging.getLogger("app").setLevel(settings.log_level.upper())


def load() -> None:
    """Loads what writes lines now, and not in the midst of the first request."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, Lines):
            handler.format(logging.makeLogRecord({"levelname": "INFO"}))


class _StandardError(logging.StreamHandler[Any]):
    """Writes to what standard error is at the moment, as `logging.lastResort` does."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, _stream: Any) -> None:
        pass


class Lines(logging.Formatter):
    """A record as one line. What came with a request can neither begin a new line nor move a terminal's cursor."""

    def __init__(self, *, is_text: bool, has_colours: bool = False) -> None:
        super().__init__()
        self._is_text, self._has_colours = is_text, has_colours

    def format(self, record: logging.LogRecord) -> str:
        event: Event = {"level": record.levelname.lower(), "event": record.getMessage(), "logger": record.name}
        event |= {name: value for name, value in record.__dict__.items() if name not in _OF_EVERY_RECORD}
        if "request_id" not in event and has_request_context():
            # So that the `request_id` of an error finds what was logged on the way to it.
            event["request_id"] = g.get("request_id")
        if record.exc_info:
            event["exc_info"] = record.exc_info
        line: Any = event
        for process in self._processors:
            line = process(None, "", line)
        return str(line)

    @cached_property
    def _processors(self) -> Sequence[Callable[[Any, str, Event], Any]]:
        structlog = _structlog()
        renderer: Any = structlog.processors.JSONRenderer()
        if self._is_text:
            renderer = structlog.dev.ConsoleRenderer(
                colors=self._has_colours,
                sort_keys=False,
                timestamp_key="time",
                exception_formatter=structlog.dev.plain_traceback,
            )
        stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
        return (stamp, structlog.processors.format_exc_info, _bound, renderer)


def _structlog() -> Any:
    # For its colours structlog loads all of rich where it is there: 5 MB in each worker, for nothing.
    hides_rich = "rich" not in sys.modules
    if hides_rich:
        sys.modules["rich"] = None  # type: ignore[assignment]  # Python's way to say that a module is not there
    try:
        import structlog  # noqa: PLC0415  # see above
    finally:
        if hides_rich:
            del sys.modules["rich"]
    return structlog


def _bound(_logger: object, _method: str, event: Event) -> Event:
    """The time first, and every text with a bound and without characters that mean something to a terminal."""
    event = {"time": event.pop("time"), **event}
    for name, value in event.items():
        if name == "exception":
            # Each line of a trace is indented, so that none looks like a line of the log.
            lines = value[-LONGEST_TRACE:].splitlines()
            event[name] = "\n".join("  " + _printable(line) for line in lines)
        elif isinstance(value, str):
            event[name] = _printable(value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…")
    return event


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
