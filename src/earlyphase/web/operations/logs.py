"""Logs as lines of JSON, without personal data: no name, no number of a participant, nothing that was typed.

A line says which address pattern was asked and how it went. What other software would log is kept out: its messages
hold paths, user names and values. Of an exception stay its kind and where it came from, not what it says.
"""

import logging
import traceback
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

OWN = "earlyphase"
"""Loggers of this name say only what they may: their fields are written as they are."""

FIELDS = ("request", "method", "route", "status", "milliseconds", "processes")

DEEPEST = 30
"""Frames of a traceback that are written."""


class NothingPersonal(JsonFormatter):
    """Writes a record as a line of JSON from the fields that are known to hold nothing personal."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line."""
        own = record.name == OWN or record.name.startswith(f"{OWN}.")
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "event": str(record.msg) if own else f"{record.module}:{record.lineno}",
        }
        if own:
            line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line |= _without_words(record.exc_info[0], record.exc_info[2])
        return self.jsonify_log_record(line)  # pyright: ignore[reportUnknownMemberType] - it takes any mapping


def _without_words(kind: type[BaseException], trace: TracebackType | None) -> dict[str, Any]:
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    where = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": f"{kind.__module__}.{kind.__qualname__}", "frames": where}


def logging_of() -> dict[str, Any]:
    """Give Django's setting: everything goes to the standard error, a line each."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "earlyphase.web.operations.logs.NothingPersonal"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "json"},
            "nowhere": {"class": "logging.NullHandler"},  # without any handler Python writes the message as it is
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            OWN: {"handlers": ["console"], "level": "INFO", "propagate": False},
            "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
            "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        },
    }
