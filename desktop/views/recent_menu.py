"""The menu of the meetings that were shown lately."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QMenu

from core import messages
from core.messages import _
from core.values import Meeting
from desktop import tips
from desktop.commands import Commands
from desktop.models.meetings import MeetingsModel

MOST = 10
KEY = "recent"
NEVER_SHOWN = 2
"""How many of them are kept besides, for those that lie in the bin meanwhile."""


class RecentMenu(QMenu):
    """Lists them, the last one first; kept with the window's state, by their ids alone."""

    wanted = Signal(str)  # this meeting is to be shown

    def __init__(self, commands: Commands, model: MeetingsModel, state: QSettings) -> None:
        super().__init__(_("Recent meetings"))
        self.setToolTipsVisible(True)
        self._model = model
        self._state = state
        commands.shown.connect(self._note)
        self.aboutToShow.connect(self._fill)

    def last(self) -> str:
        """The id of the meeting that was shown last; '' where that is not known."""
        return next(iter(self._ids()), "")

    def _ids(self) -> list[str]:
        kept = self._state.value(KEY, "")
        return str(kept).split() if kept else []

    def _note(self, meeting_id: str) -> None:
        if meeting_id:
            others = [one for one in self._ids() if one != meeting_id]
            self._state.setValue(KEY, " ".join([meeting_id, *others][: MOST + NEVER_SHOWN]))

    def _fill(self) -> None:
        self.clear()
        found = (self._model.meeting(meeting_id) for meeting_id in self._ids())
        meetings = [meeting for meeting in found if meeting][:MOST]
        for meeting in meetings:
            action = self.addAction(_words(meeting), partial(self.wanted.emit, meeting.id))
            action.setToolTip(_("Show this meeting"))
        if meetings:
            self.addSeparator()
            forget = self.addAction(_("Clear this list"), self._forget)
            forget.setToolTip(_("Forget which meetings were shown; they stay in the library"))
        else:
            self.addAction(_("No meeting was shown yet")).setEnabled(False)

    def _forget(self) -> None:
        self._state.remove(KEY)


def _words(meeting: Meeting) -> str:
    title = tips.verbatim(meeting.title)
    return f"{title} · {messages.day(meeting.started_at)}"
