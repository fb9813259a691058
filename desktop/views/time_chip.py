"""A ▸ 12:04 chip: a moment of the meeting to hear, filled while it is heard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QSizePolicy, QWidget

from core import messages
from core.messages import _
from desktop import theme, tips

LEAST_SECONDS = 5.0
"""So long a moment is that has no end of its own, as a note."""

EARLY_SECONDS = 0.05
"""So much earlier than asked for the sound may begin."""


def is_heard(begin: float, end: float | None, second: float | None) -> bool:
    """Whether the second that is heard, None for none, lies in a moment; None: it has no end of its own."""
    end = begin + LEAST_SECONDS if end is None else max(end, begin + 1)
    return second is not None and begin - EARLY_SECONDS <= second < end


class TimeChip(QPushButton):
    """Leads to a moment; its tool tip has the words said there."""

    def __init__(
        self,
        moment: tuple[float, float | None],
        quote: str,
        play: Callable[[], object],
        show: Callable[[], object] | None = None,
    ) -> None:
        """`moment` is its begin and end in seconds. With Ctrl held a click does `show`, where there is something."""
        super().__init__(messages.clock(moment[0]))
        self._moment = moment
        self._has_more = show is not None
        self.setProperty("kind", "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setIconSize(QSize(theme.grown(12), theme.grown(12)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(theme.meta_font())
        self._draw(playing=False)
        self.say(quote)

        def clicked() -> None:
            beside = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
            (show if show and beside else play)()

        self.clicked.connect(lambda _checked=False: clicked())

    def say(self, quote: str) -> None:
        """Has the tool tip tell these words."""
        more = _("Ctrl+click shows it in the transcript") if self._has_more else ""
        self.setToolTip(tips.plain("\n".join(filter(None, (quote, more)))))
        self.setAccessibleDescription(quote)

    def follow(self, second: float | None) -> None:
        """Is filled while the second that is heard lies in its moment; None: nothing is heard."""
        playing = is_heard(*self._moment, second)
        if playing != bool(self.property("playing")):
            self._draw(playing=playing)
            theme.restyle(self)

    def _draw(self, *, playing: bool) -> None:
        self.setProperty("playing", playing)
        self.setIcon(theme.icon("caret-right-fill", "on_fill" if playing else "accent_text"))


def follow(part: QWidget, second: float | None) -> None:
    """Fills the chips of a part whose moment is heard."""
    for chip in part.findChildren(TimeChip):
        chip.follow(second)
