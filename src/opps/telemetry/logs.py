"""Log lines for people or for programs; neither holds a variable or anything personal."""

import json
import logging
import re
import sys
import threading
from datetime import UTC, datetime
from typing import Any, TextIO

from opps.telemetry import asking
from opps.telemetry.safely import causes, stack, told

# Fields that a line may carry beside its words, in this order.
FIELDS = (
    "operation", "kind", "outcome", "status", "ms", "command", "position", "projection", "tenant",
)  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What they say after the first line is a repr of objects at work, with all that is in them.
_TALKATIVE = ("asyncio",)


def begin(form: str, level: str, stream: TextIO | None = None) -> logging.Handler:
    """Let everything be logged in one form, `text` or `json`, to standard error by default."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    # Of others only what goes wrong: some repeat what was sent, word by word, where more is asked.
    logging.basicConfig(
        handlers=[handler], level=max("WARNING", level.upper(), key=_number), force=True
    )
    logging.getLogger("opps").setLevel(level.upper())
    logging.raiseExceptions = False  # it would print the arguments of a line that cannot be told
    threading.excepthook = _thread_ended
    return handler


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level]


class _Safe(logging.Formatter):
    """Tells failures safely, as arguments of a message too."""

    def words(self, record: logging.LogRecord) -> str:
        """Return the message, each failure in it told safely."""
        if isinstance(record.args, tuple) and record.args:
            words = str(record.msg) % tuple(_safe(one) for one in record.args)
        else:
            words = record.getMessage()
        if record.name.partition(".")[0] in _TALKATIVE:
            words = words.partition("\n")[0]
        return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", words.strip())


class JsonLines(_Safe):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": _instant(record),
            "level": record.levelname,
            "logger": record.name,
            "message": self.words(record),
            **_ids(),
            **_fields(record),
        }
        if error := _failure(record):
            line["error"] = [
                {"told": told(one), "stack": stack(one)} for one in [error, *causes(error)]
            ]
        return json.dumps(line)


class TextLines(_Safe):
    """A line for people, with what failed below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the lines below it."""
        named = " ".join(f"{name}={value}" for name, value in {**_ids(), **_fields(record)}.items())
        # A line that something quoted may hold would pass for one of ours.
        words = self.words(record).replace("\n", "\n  ")
        head = f"{_instant(record)} {record.levelname} {record.name}: {words}"
        lines = [f"{head} [{named}]" if named else head]
        if error := _failure(record):
            for one in [error, *causes(error)]:
                lines += [f"  {_CONTROL.sub('?', told(one))}", *(f"    {at}" for at in stack(one))]
        return "\n".join(lines)


def _safe(argument: object) -> object:
    return told(argument) if isinstance(argument, BaseException) else argument


def _failure(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _instant(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ids() -> dict[str, str]:
    """Return the ids of what is being answered while the line is told."""
    found = asking.now()
    if found is None:
        return {}
    ids = {
        "request_id": found.request_id,
        "command_id": found.command_id,
        "correlation_id": found.correlation_id,
    }
    return {name: str(value) for name, value in ids.items() if value is not None}


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    name = ended.thread.name if ended.thread else "a thread"
    told_of = logging.getLogger("opps")
    if ended.exc_value is not None:
        told_of.critical("%s ended by a failure", name, exc_info=ended.exc_value)
