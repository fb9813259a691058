"""How long each speaker of a meeting talks, as bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from core import messages
from core.messages import _
from core.values import Talk
from desktop import theme, tips
from desktop.views.widgets import button, clear, column, label, row

SHARE_WIDTH = 108
NAME_LEAST, NAME_MOST = 110, 220
BAR_LEAST = 60


class TalkTime(QWidget):
    """The speakers of a meeting, who talks longest first; a click on a name asks for a place where that one talks."""

    place_wanted = Signal(int, float)  # segment id, 0 as only the time is known; seconds

    def __init__(self) -> None:
        super().__init__()
        self._talk: tuple[Talk, ...] = ()
        self._names: list[QPushButton] = []
        self._rows = column(space=0)
        layout = column(label(_("Talk time"), "heading"), space=theme.SPACE_2)
        layout.addLayout(self._rows)
        layout.setContentsMargins(0, theme.SPACE_6, 0, 0)
        self.setLayout(layout)
        self.hide()

    def show_talk(self, talk: tuple[Talk, ...]) -> None:
        """Shows these, unless only one of them is heard, who then talks all the time."""
        heard = tuple(one for one in talk if one.seconds)
        if heard == self._talk:
            return
        self._talk = heard
        focused = [name.hasFocus() for name in self._names]
        clear(self._rows)
        self._names = []
        times = messages.talk_times([one.seconds for one in heard])
        for one, time in zip(heard, times, strict=True):
            self._rows.addLayout(self._row(one, time, one.seconds / heard[0].seconds))
        self.setVisible(len(heard) > 1)
        for name, had in zip(self._names, focused, strict=False):
            if had:
                # Made anew, it has lost the keyboard.
                name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, talk: Talk, time: str, length: float) -> QHBoxLayout:
        who = messages.speaker_label(talk.speaker)
        room = NAME_MOST - 2 * theme.SPACE_6
        name = button(
            tips.verbatim(self.fontMetrics().elidedText(who, Qt.TextElideMode.ElideRight, room)),
            lambda: self.place_wanted.emit(0, talk.sample[0]) if talk.sample else None,
            kind="name",
            tip=_("Go to where {name} speaks").format(name=who),
        )
        name.setAccessibleName(who)
        self._names.append(name)
        name.setIcon(theme.speaker_dot(talk.speaker.colour))
        name.setMinimumWidth(NAME_LEAST)
        name.setMaximumWidth(NAME_MOST)
        bar = TalkBar()
        bar.show_share(length, talk.speaker.colour)
        bar.setAccessibleName(_("{name} speaks for {share}").format(name=who, share=time))
        bar.setToolTip(tips.plain(bar.accessibleName()))
        told = label(time, "meta")
        told.setMinimumWidth(SHARE_WIDTH)
        line = row(name, bar, told, space=theme.SPACE_2)
        line.setStretch(0, 1)
        line.setStretch(1, 2)
        return line


class TalkBar(QWidget):
    """How long a speaker talks, beside the one who talks longest."""

    def __init__(self) -> None:
        super().__init__()
        self._length = 0.0
        self._colour = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, length: float, colour: int) -> None:
        """Shows a bar of this length, 0 to 1, in a speaker's colour."""
        self._length, self._colour = length, colour
        self.update()

    def sizeHint(self) -> QSize:
        """A thin bar."""
        return QSize(BAR_LEAST, theme.TALK_BAR)

    def minimumSizeHint(self) -> QSize:
        """Still to be seen in a narrow window."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws it on its track."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        radius = track.height() / 2
        painter.setBrush(theme.tokens().color("line"))
        painter.drawRoundedRect(track, radius, radius)
        if self._length > 0:
            track.setWidth(max(track.height(), track.width() * self._length))
            painter.setBrush(theme.speaker_color(self._colour))
            painter.drawRoundedRect(track, radius, radius)
