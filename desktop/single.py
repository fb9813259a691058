"""One window per data folder: a second start brings the first window up, hands it the files it was given, and ends."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from core import errors, locks, paths

LOCK = "window"

HELP_SECONDS = 10.0
"""How long a second start waits for the first window to come up, or to end; then it opens one of its own."""

TRY_SECONDS = 0.1
ANSWER_MILLISECONDS = 2000

UP = b"up"


class FirstWindow(QObject):
    """The right to be the one window of a data folder, held until the process ends; `asked` for by a second start.

    `asked` carries the files that the second one was to open.
    """

    asked = Signal(tuple)

    def __init__(self, places: paths.Folders, lock: locks.Lock | None) -> None:
        super().__init__()
        self._lock = lock
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        # What a window that died, or hangs, left behind takes no more calls.
        QLocalServer.removeServer(_name(places))
        self._server.listen(_name(places))

    def _answer(self) -> None:
        while connection := self._server.nextPendingConnection():
            connection.disconnected.connect(connection.deleteLater)
            connection.readyRead.connect(partial(self._come_up, connection))
            self._come_up(connection)

    def _come_up(self, connection: QLocalSocket) -> None:
        if connection.canReadLine():
            self.asked.emit(tuple(json.loads(bytes(connection.readLine().data()))))
            connection.write(UP)
            connection.flush()
            connection.disconnectFromServer()

    def close(self) -> None:
        """Gives the right back."""
        self._server.close()
        if self._lock:
            self._lock.release()
            self._lock = None


def first_window(places: paths.Folders, files: Sequence[str] = ()) -> FirstWindow | None:
    """The right to open a window on this data folder; None when the one that is open has come up, and has the files.

    One that neither comes up nor ends in time is left alone, and so is a folder in which nothing can be written.
    """
    until = time.monotonic() + HELP_SECONDS
    while time.monotonic() < until:
        try:
            paths.create(places)
            lock = locks.take(places.locks / LOCK)
        except errors.StorageProblem:
            return FirstWindow(places, None)  # the window tells what is wrong
        if lock:
            return FirstWindow(places, lock)
        if _comes_up(places, files):
            return None
        time.sleep(TRY_SECONDS)
    return FirstWindow(places, None)


def _comes_up(places: paths.Folders, files: Sequence[str]) -> bool:
    """Whether the open window, asked to, has come up."""
    connection = QLocalSocket()
    connection.connectToServer(_name(places))
    if not connection.waitForConnected(ANSWER_MILLISECONDS):
        return False  # it has its lock already, and does not listen yet
    connection.write(json.dumps(list(files)).encode() + b"\n")
    connection.flush()
    answered = connection.bytesAvailable() > 0 or connection.waitForReadyRead(ANSWER_MILLISECONDS)
    return answered and connection.readAll().data() == UP


def _name(places: paths.Folders) -> str:
    folder = hashlib.sha256(str(places.root.resolve()).encode()).hexdigest()[:16]
    return f"{paths.PROGRAM}-{folder}"
