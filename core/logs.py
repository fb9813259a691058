"""Structured logs: JSON lines in a rotating file with a total limit, which all processes of a library share.

Nothing that was said in a meeting and no key is ever logged; a processor enforces both. What is logged on one thread
while a job, a request or a verb runs bears its ids: whoever starts it binds them to structlog's context.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import re
import sys
from collections import deque
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import structlog

from core import credentials, locks, paths
from core.values import LogLine

FILE = "meeting-transcriber.log"
FILE_BYTES = 1_000_000
FILES_KEPT = 4
"""How many full files stay beside the newest one, so that all together keep below a limit."""

LEVELS = ("debug", "info", "warning", "error", "critical")

_SECRET = re.compile(
    r"(?i)(?:api[_-]?key|token|authorization)[\w-]*[\"']?\s*[:=]\s*(?:bearer\s+)?\S+|bearer\s+\S+"
)
_SPOKEN = frozenset({"text", "quote", "title", "prompt", "answer", "note", "words", "segments", "vocabulary"})
_KEYS = frozenset({"key", "api_key", "token", "authorization", "password"})


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """The log event without keys and without anything said in a meeting, however deep they lie."""
    secrets = credentials.loaded()
    return {name: _clean(name, value, secrets) for name, value in event.items()}


def _clean(name: str, value: Any, secrets: tuple[str, ...]) -> Any:
    if name in _KEYS or name in _SPOKEN:
        return "…"
    match value:
        case str():
            value = _SECRET.sub("…", value)
            for secret in secrets:
                value = value.replace(secret, "…")
            return value
        case Mapping():
            return {key: _clean(str(key), one, secrets) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_clean("", one, secrets) for one in value]
        case None | bool() | int() | float():
            return value
    return _clean("", str(value), secrets)


def start(places: paths.Folders, door: str = "", *, told: str = "", verbose: bool = False) -> None:
    """Sends this process's logs to the library's log folder from now on, each line with the `door` it came from.

    With a level in `told`, lines of it and above stand on standard error too, for a person. `verbose` keeps more.
    """
    stop()

    def who(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
        return {**event} | {"process": os.getpid()} | ({"door": door} if door else {})

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        who,
        structlog.processors.format_exc_info,
        redact,
    ]
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    file = _SharedFile(places)
    file.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[meta, structlog.processors.JSONRenderer(ensure_ascii=False)],
        )
    )
    handlers: list[logging.Handler] = [file]
    if told:
        person = _Told(sys.stderr)
        person.setLevel(told.upper())
        colours = sys.stderr.isatty()
        person.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=shared,
                processors=[meta, _short, structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=0)],
            )
        )
        handlers.append(person)
    root = logging.getLogger()
    level = logging.DEBUG if verbose else logging.INFO
    for handler in handlers:
        handler.addFilter(_ours_or_grave)
        root.addHandler(handler)
    root.setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _ours_or_grave(record: logging.LogRecord) -> bool:
    """Of other libraries only what goes wrong: what they tell besides fills the log, and may be of what was said."""
    return isinstance(record.msg, dict) or record.levelno >= logging.WARNING


def _short(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """What a person at the terminal need not be told with every line: which process it is, and the date."""
    shown = {name: value for name, value in event.items() if name not in {"process", "door"}}
    with suppress(ValueError):
        moment = datetime.fromisoformat(str(shown.get("timestamp", ""))).astimezone()
        shown["timestamp"] = f"{moment:%H:%M:%S}"
    return shown


class _Told(logging.StreamHandler[Any]):
    """Lines for a person, on standard error."""


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
        # Private from its making on: by its name, another process may have rotated it away already.
        return open(self.baseFilename, "a", encoding="utf-8", opener=_private)

    def handleError(self, record: logging.LogRecord) -> None:
        """A log that cannot be written (a full disk) must not disturb what the person does."""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, paths.PRIVATE_FILE)


def stop() -> None:
    """Closes this process's log files."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, _SharedFile | _Told):
            root.removeHandler(handler)
            handler.close()


# --- reading them --------------------------------------------------------------------------------


def lines(places: paths.Folders, *, level: str = "debug", last: int = 500) -> tuple[LogLine, ...]:
    """The `last` lines of at least this `level`, oldest first, of all processes of the library."""
    wanted = LEVELS[LEVELS.index(level) :]
    newest_first = (places.logs / f"{FILE}{'' if number == 0 else f'.{number}'}" for number in _numbers())
    found: deque[LogLine] = deque()
    for file in newest_first:
        held = deque((line for line in _read(file) if line.level in wanted), maxlen=last - len(found))
        found.extendleft(reversed(held))
        if len(found) >= last:
            break
    return tuple(found)


def _numbers() -> range:
    return range(FILES_KEPT + 1)


def _read(file: Path) -> Iterator[LogLine]:
    """The lines of one file; what is no line of ours (cut off as the power failed) is left out."""
    try:
        content = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for text in content.splitlines():
        with suppress(ValueError, TypeError, KeyError):
            told = json.loads(text)
            yield LogLine(
                at=datetime.fromisoformat(told.pop("timestamp")),
                level=told.pop("level"),
                event=str(told.pop("event")),
                facts=told,
            )
