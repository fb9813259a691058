"""Structured logs: JSON lines in a rotating file with a total limit, which all processes of a library share.

Nothing that was said in a meeting and no key is ever logged; a processor enforces both.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import structlog

from core import credentials, locks, paths

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


def start(places: paths.Folders) -> None:
    """Sends this process's logs to the library's log folder from now on."""
    stop()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    file = _SharedFile(places)
    file.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.addHandler(file)
    root.setLevel(logging.INFO)
    for noisy in ("faster_whisper", "wakepy", "httpx", "httpcore", "httpx2", "httpcore2", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


class _SharedFile(logging.handlers.RotatingFileHandler):
    """A rotating file of several processes, which only the user may read."""

    def __init__(self, places: paths.Folders) -> None:
        super().__init__(
            places.logs / FILE, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True
        )
        self._lock_file = places.locks / "log"

    def emit(self, record: logging.LogRecord) -> None:
        """Writes to the newest file; one process alone rotates it, and no other waits for that."""
        try:
            self._follow()
            if self.shouldRollover(record) and (lock := locks.take(self._lock_file)):
                try:
                    with suppress(OSError):  # Windows renames no file that others have open: it grows on
                        self._follow()
                        if self.shouldRollover(record):
                            self.doRollover()
                finally:
                    lock.release()
            logging.FileHandler.emit(self, record)
        except Exception:  # noqa: BLE001  as every handler
            self.handleError(record)

    def _follow(self) -> None:
        """Lets go of a file that another process has rotated."""
        with suppress(OSError):
            newest = Path(self.baseFilename).stat()
            if self.stream is None or os.path.samestat(newest, os.fstat(self.stream.fileno())):
                return
        self.close()

    def _open(self) -> TextIOWrapper:
        opened = super()._open()
        Path(self.baseFilename).chmod(paths.PRIVATE_FILE)
        return opened

    def handleError(self, record: logging.LogRecord) -> None:
        """A log that cannot be written (a full disk) must not disturb what the person does."""


def stop() -> None:
    """Closes this process's log files."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, _SharedFile):
            root.removeHandler(handler)
            handler.close()
