"""The recorder's connections: doors, which ask for the state or give an order, and sources, which send sound.

One loop (`core.audio.session`) serves them all. Whoever connects gives a key first: doors that of the `.session` file,
a source the one that its process was started with.
"""

from __future__ import annotations

import hmac
import json
import math
import os
import secrets
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from core.audio.source_process import SourceProcess

KEY_WITHIN = 10.0  # whoever connects gives it at once
ASKED_WITHIN = 30.0  # a door that was stopped or hangs; one that shows the recording asks 25 times a second
FIRST_DOOR_WITHIN = 10.0

_LONGEST_REQUEST = 1000  # bytes; the real ones have about 100
_LONGEST_FOLDER = 80  # bytes; macOS takes 104 for a socket's whole path, Linux 108

_log = structlog.get_logger("recorder")

Answer = Callable[[str], dict[str, Any]]
"""Does what a door asks; the fields of the state."""


class Doors:
    """The connections of one recording."""

    def __init__(self) -> None:
        self._key = secrets.token_hex(32)
        self._known: dict[socket.socket, float] = {}  # when it last asked for the state; never: -inf
        self._strangers: dict[socket.socket, float] = {}  # since when they have not given the key
        self._expected: dict[str, SourceProcess] = {}
        self._served = time.monotonic()
        self.alone_since = self._served + FIRST_DOOR_WITHIN
        self._selector = selectors.DefaultSelector()
        self._folder: Path | None = None
        self.address: Any
        if sys.platform == "win32":
            self._listener = socket.socket()
            self._listener.bind(("127.0.0.1", 0))
            self.address = self._listener.getsockname()
        else:
            # In a folder of its own (mode 0700), whose path is short enough for a socket.
            usual = len(os.fsencode(tempfile.gettempdir())) < _LONGEST_FOLDER
            self._folder = Path(tempfile.mkdtemp(prefix="mt-", dir=None if usual else "/tmp"))  # noqa: S108
            self._listener = socket.socket(socket.AF_UNIX)
            self.address = str(self._folder / "s")
            self._listener.bind(self.address)
        self._listener.listen()
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)

    def invitation(self) -> dict[str, Any]:
        """What a door needs to connect."""
        self.alone_since = time.monotonic() + FIRST_DOOR_WITHIN
        return {"pid": os.getpid(), "address": self.address, "key": self._key}

    def expect(self, key: str, source: SourceProcess) -> None:
        """The connection that gives `key` will be the one of `source`, and no earlier one."""
        self._expected = {known: one for known, one in self._expected.items() if one is not source}
        self._expected[key] = source

    @property
    def count(self) -> int:
        """How many doors show the recording, which is that they go on asking for its state.

        Judged as it was when they were last served: what they ask while this process is held up is not seen yet.
        """
        return sum(self._served - asked < ASKED_WITHIN for asked in self._known.values())

    def alone_for(self) -> float:
        """For how many seconds no door has shown the recording; below 0 while the first may still come."""
        return 0.0 if self.count else self._served - self.alone_since

    def forgive(self, now: float, seconds: float) -> None:
        """This process was held up for `seconds`: what doors did meanwhile has not been seen yet."""
        self.alone_since = max(self.alone_since, now)
        self._known = {door: asked + seconds for door, asked in self._known.items()}

    def serve(self, wait: float, answer: Answer) -> None:
        """Answers every request that is here or comes within `wait` seconds; never waits for a door."""
        for ready, _events in self._selector.select(wait):
            if ready.fileobj is self._listener:
                with suppress(OSError):
                    connection, _address = self._listener.accept()
                    connection.setblocking(False)
                    self._selector.register(connection, selectors.EVENT_READ, bytearray())
                    self._strangers[connection] = time.monotonic()
            elif callable(ready.data):
                ready.data()
            elif isinstance(ready.fileobj, socket.socket):
                self._hear(ready.fileobj, ready.data, answer)
        self._served = time.monotonic()
        for stranger, since in list(self._strangers.items()):
            if self._served - since > KEY_WITHIN:
                self.leave(stranger)

    def _hear(self, connection: socket.socket, heard: bytearray, answer: Answer) -> None:
        try:
            received = connection.recv(4096)
            heard += received
            while b"\n" in heard:
                request, _, rest = heard.partition(b"\n")
                heard[:] = rest
                asked = json.loads(request)
                key = str(asked["key"])
                if source := self._expected.pop(key, None):
                    self._strangers.pop(connection, None)
                    self._selector.modify(connection, selectors.EVENT_READ, source.receive)
                    source.adopt(connection, bytes(rest))
                    return
                if not hmac.compare_digest(key, self._key):
                    self.leave(connection)
                    return
                self._strangers.pop(connection, None)
                what = str(asked["do"])
                if what == "state":
                    self._known[connection] = self.alone_since = time.monotonic()
                else:
                    self._known.setdefault(connection, -math.inf)
                connection.sendall(json.dumps(answer(what)).encode() + b"\n")
            if not received or len(heard) > _LONGEST_REQUEST:
                self.leave(connection)
        except Exception as error:  # noqa: BLE001  whatever it sent, it ends nothing but its own connection
            _log.warning("connection_dropped", error=type(error).__name__)
            self.leave(connection)

    def leave(self, connection: socket.socket) -> None:
        """Lets go of a door or a source."""
        self._selector.unregister(connection)
        connection.close()
        self._strangers.pop(connection, None)
        now = time.monotonic()
        if now - self._known.pop(connection, -math.inf) < ASKED_WITHIN:
            self.alone_since = now

    def close(self, last: dict[str, Any] | None) -> None:
        """Sends every door the `last` words, if any, and goes."""
        for door in self._known:
            with suppress(OSError):
                if last is not None:
                    door.sendall(json.dumps(last).encode() + b"\n")
                door.shutdown(socket.SHUT_WR)
        for ready in list(self._selector.get_map().values()):
            if isinstance(ready.fileobj, socket.socket):
                ready.fileobj.close()
        self._selector.close()
        if self._folder is not None:
            with suppress(OSError):
                (self._folder / "s").unlink(missing_ok=True)
                self._folder.rmdir()
