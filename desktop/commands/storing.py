"""What a person can ask about where the library lies and how much room it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices

from core.tasks import Lane
from core.values import Storage
from desktop.commands.archives import Archives

if TYPE_CHECKING:
    from core.meetings import Library


class Storing(Archives):
    """The library's folder."""

    storage_known = Signal(object)  # Storage

    def look_at_storage(self) -> None:
        """Finds out, with `storage_known`, how much room everything takes."""

        def look(library: Library) -> Storage:
            from core import meetings

            return meetings.measure_storage(library)

        self._ask(look, self.storage_known.emit, lane=Lane.IO)

    def open_library_folder(self) -> None:
        """Shows the library's folder in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.places.root)))
