"""Undo and redo: of the meeting that is shown, else of whichever changed last."""

from __future__ import annotations

from PySide6.QtCore import QObject

from core.values import MeetingId
from desktop.commands import Commands
from desktop.views.actions import Actions, connect


class Undoing(QObject):
    """Has the two actions do it, and their texts say what they would do."""

    def __init__(self, commands: Commands, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._commands = commands
        self._actions = actions
        self._meeting_id: MeetingId | None = None
        connect(actions.undo, lambda: commands.undo(self._meeting_id))
        connect(actions.redo, lambda: commands.redo(self._meeting_id))
        commands.history_changed.connect(self._name)
        self._name()

    def turn_to(self, meeting_id: MeetingId | None) -> None:
        """Keeps to the changes of one meeting; None: those of all."""
        self._meeting_id = meeting_id
        self._name()

    def _name(self) -> None:
        self._actions.name_history(
            self._commands.can_undo(self._meeting_id), self._commands.can_redo(self._meeting_id)
        )
