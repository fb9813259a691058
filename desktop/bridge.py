"""From the lanes' threads onto the interface thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Bridge(QObject):
    """Runs calls on the thread it was made on, in the order they were carried."""

    _carried = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._open = True
        self._carried.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def carry(self, call: Callable[[], None]) -> None:
        """Has `call` run on the interface thread soon. From any thread; after `close` it is dropped."""
        if self._open:
            self._carried.emit(call)

    def close(self) -> None:
        """Drops what is still on its way."""
        self._open = False

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if self._open:
            call()
