"""Structured logs: JSON lines in a rotating file with a total limit, plain lines on the terminal.

Nothing that was said in a meeting and no key is ever logged; a processor enforces both.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import structlog

from core import credentials, paths

FILE = "meeting-transcriber.log"
FILE_BYTES = 1_000_000
FILES_KEPT = 4

_SECRET = re.compile(
    r"(?i)(?:api[_-]?key|token|authorization)[\w-]*[\"']?\s*[:=]\s*(?:bearer\s+)?\S+|bearer\s+\S+"
)
_SPOKEN = frozenset({"text", "quote", "title", "prompt", "answer", "note", "words", "segments", "vocabulary"})
_KEYS = frozenset({"key", "api_key", "token", "authorization", "password"})


def redact(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The log event without keys and without anything said in a meeting."""
    known = credentials.loaded_key()
    clean: dict[str, Any] = {}
    for name, value in event.items():
        if name in _KEYS or name in _SPOKEN:
            clean[name] = "…"
            continue
        if isinstance(value, str):
            value = _SECRET.sub("…", value)  # noqa: PLW2901
            if known:
                value = value.replace(known, "…")  # noqa: PLW2901
        clean[name] = value
    return clean


def start(places: paths.Folders, *, verbose: bool = False) -> None:
    """Sends this process's logs to the library's log folder and, when `verbose`, to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    handlers: list[logging.Handler] = [_file(places, shared)]
    if verbose:
        handlers.append(_console(shared))
    root = logging.getLogger()
    for old in list(root.handlers):
        if getattr(old, "ours", False):
            root.removeHandler(old)
            old.close()
    for handler in handlers:
        handler.ours = True  # type: ignore[attr-defined]
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy in ("faster_whisper", "wakepy", "httpx", "httpcore", "httpx2", "httpcore2", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only the user may read."""

    def _open(self) -> TextIOWrapper:
        opened = super()._open()
        Path(self.baseFilename).chmod(paths.PRIVATE_FILE)
        return opened

    def handleError(self, record: logging.LogRecord) -> None:
        """A log that cannot be written (a full disk) must not disturb what the person does."""


def _file(places: paths.Folders, shared: list[Any]) -> logging.Handler:
    file = _PrivateFile(
        places.logs / FILE, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True
    )
    file.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    return file


def _console(shared: list[Any]) -> logging.Handler:
    console = logging.StreamHandler(sys.stderr)
    console.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(colors=False),
            ],
        )
    )
    return console


def stop() -> None:
    """Closes this process's log files."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if getattr(handler, "ours", False):
            root.removeHandler(handler)
            handler.close()
