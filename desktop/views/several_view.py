"""What can be done with several meetings at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QFrame, QLineEdit

from core.messages import _, ngettext
from core.values import Meeting
from desktop import theme
from desktop.commands import Commands
from desktop.models.meetings import MeetingsModel
from desktop.views.actions import Actions, KeysOf, follow_tip
from desktop.views.widgets import button, column, label, row


class SeveralView(QFrame):
    """The page while several meetings are selected."""

    def __init__(self, commands: Commands, actions: Actions, meetings: MeetingsModel) -> None:
        super().__init__()
        self.setObjectName("page")
        self._commands = commands
        self._known = meetings
        self._meetings: tuple[Meeting, ...] = ()
        self._title = label("", "heading")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tag = QLineEdit()
        self.tag.setPlaceholderText(_("Add a tag"))
        self.tag.setAccessibleName(_("Add a tag"))
        self.tag.setToolTip(_("Give all of them a tag. Enter keeps it, Esc leaves it."))
        self.tag.setFixedWidth(theme.grown(theme.SEARCH_LEAST))
        self.tag.editingFinished.connect(self._add_tag)
        KeysOf(self.tag, {"Esc": self.tag.clear})
        export = button(_("Export…"), actions.export.trigger, icon="export")
        follow_tip(actions.export, export.setToolTip)
        star = button(_("Star"), self._star, icon="star", tip=_("Give all of them a star, or take it away"))
        delete = button(_("Move to bin"), self._delete, icon="trash", tip=_("Move all of them to the bin"))
        layout = column(None, self._title, space=theme.SPACE_4)
        layout.addLayout(row(None, export, star, delete, None, space=theme.SPACE_2))
        layout.addLayout(row(None, self.tag, None))
        layout.addStretch(2)
        self.setLayout(layout)

    def show_meetings(self, meetings: tuple[Meeting, ...]) -> None:
        """Offers what can be done with these."""
        self._meetings = meetings
        count = len(meetings)
        self._title.setText(
            ngettext("{count} meeting selected", "{count} meetings selected", count).format(count=count)
        )
        completer = QCompleter(self._known.tags(), self.tag)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tag.setCompleter(completer)

    def begin_tag(self) -> None:
        """Has the person write a tag for all of them."""
        self.tag.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _add_tag(self) -> None:
        tag = self.tag.text().strip().removeprefix("#")
        if tag:
            self._commands.add_tag(self._meetings, tag)
            self.tag.clear()

    def _star(self) -> None:
        self._commands.star(*self._meetings, starred=not all(one.starred for one in self._meetings))

    def _delete(self) -> None:
        self._commands.delete(*(one for one in self._meetings if not one.recording_open))
