"""Looking for words in the text of the meeting that is shown, and writing them otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from re import Pattern
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QToolButton, QWidget

from core import editing
from core.messages import _
from core.values import Segment
from desktop import theme
from desktop.views.transcript_view import TranscriptView
from desktop.views.widgets import button, clearable, column, label, row

FIELD_WIDTH = 280
SLICE_SECONDS = 0.008
"""For how long is looked before the window answers again."""
STEP = 50
"""After how many segments that is asked."""


class _Found(NamedTuple):
    """One place where the words stand: in which segment, and between which characters of its text."""

    segment: Segment
    start: int
    end: int


class FindBar(QFrame):
    """Above the transcript while words are looked for; Esc closes it."""

    replacement_wanted = Signal(object, int)
    """Segments are to have other texts: these by the segments' ids, and how many places are written otherwise."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__()
        self.setObjectName("findBar")
        self._view = view
        self._sought: Pattern[str] | None = None
        self._found: list[_Found] = []
        self._looking: Iterator[None] = iter(())
        self._at = -1
        self._ended = False  # behind the last place to replace: the first ones may be what was just written
        self.input = _field(_("Find"), _("Words to look for; Enter goes to the next, Shift+Enter back"))
        self.count = label("", "meta")
        self.case = _switch("Aa", _("Only as it is written: capitals count"))
        self.whole = _switch(_("Whole words"), _("Not within longer words"))
        back = button("", self.back, kind="quiet", icon="caret-up", tip=_("Previous (Shift+Enter)"))
        on = button("", self.forward, kind="quiet", icon="caret-down", tip=_("Next (Enter)"))
        close = button("", self.leave, kind="quiet", icon="x", tip=_("Close (Esc)"))
        self.other = _field(_("Replace with"), _("What is written in its place"))
        self.replace_one = button(
            _("Replace"), self._replace_one, tip=_("Replace this one and go to the next")
        )
        self.replace_all = button(_("Replace all"), self._replace_all, tip=_("Replace all in this meeting"))
        buttons = (back, on, self.case, self.whole, self.replace_one, self.replace_all, close)
        self._in_order = (self.input, self.other, *buttons)
        first = row(self.input, back, on, self.count, self.case, self.whole, None, close)
        second = row(self.other, self.replace_one, self.replace_all, None)
        for line in (first, second):
            line.setStretch(0, 100)  # up to its greatest width
        self._second = QWidget()
        self._second.setLayout(second)
        layout = column(space=theme.SPACE_1)
        layout.addLayout(first)
        layout.addWidget(self._second)
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        self.setLayout(layout)
        self.input.textChanged.connect(lambda _text: self._search())
        self.case.toggled.connect(lambda _on: self._search())
        self.whole.toggled.connect(lambda _on: self._search())
        for field in (self.input, self.other):
            field.installEventFilter(self)
        # Once for all that changes in one go.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(lambda: self._search(move=False))
        self._further = QTimer(self)
        self._further.setInterval(0)
        self._further.timeout.connect(self._look)
        model = view.segments
        for changed in (model.dataChanged, model.rowsInserted, model.rowsRemoved, model.modelReset):
            changed.connect(self._text_changed)
        self.hide()

    def in_order(self) -> Sequence[QWidget]:
        """Its controls as one fills them in: both texts first."""
        return self._in_order

    def begin(self, *, replacing: bool) -> None:
        """Shows itself, with the keyboard in the field; what is written there is looked for at once."""
        self._ended = False
        self._second.setVisible(replacing)
        self.show()
        self.input.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.input.selectAll()
        self._search(move=False)

    def leave(self) -> None:
        """Goes, with the keyboard back in the text."""
        if self.isHidden():
            return
        self.hide()
        self._further.stop()
        self._sought, self._found, self._at = None, [], -1
        self._view.mark_sought(None)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def forward(self) -> None:
        """Goes to the next place, from the last one to the first."""
        self._step(1)

    def back(self) -> None:
        """Goes to the place before."""
        self._step(-1)

    def _text_changed(self) -> None:
        if self.isVisible():
            self._soon.start()

    def _search(self, *, move: bool = True) -> None:
        wanted = self.input.text().strip()
        before = self._found[self._at] if 0 <= self._at < len(self._found) else None
        case, whole = self.case.isChecked(), self.whole.isChecked()
        self._sought = editing.finder(wanted, case=case, whole=whole) if wanted else None
        self._found, self._at = [], -1
        self._ended = self._ended and not move
        self._looking = self._look_through(before, move=move)
        self._look()

    def _look(self) -> None:
        """Looks for a moment, and goes on when the window has answered."""
        until = time.perf_counter() + SLICE_SECONDS
        if all(time.perf_counter() < until for _step in self._looking):
            self._further.stop()
        else:
            self._further.start()

    def _finish_looking(self) -> None:
        for _step in self._looking:
            pass
        self._further.stop()

    def _look_through(self, before: _Found | None, *, move: bool) -> Iterator[None]:
        """Finds the places segment by segment; at last shows the one that was looked at `before`, or the next one."""
        for number, one in enumerate(tuple(self._view.segments.segments) if self._sought else (), 1):
            self._found += self._places(one)
            if number % STEP == 0:
                yield
        if self._ended:
            self._show(go=False)
            return
        spot = (self._view.current_second(), 0)
        if before and not move:  # what was looked at, or what comes behind it where that is gone
            spot = (before.segment.start, before.start)
        later = (place for place, one in enumerate(self._found) if (one.segment.start, one.start) >= spot)
        self._at = next(later, 0 if self._found else -1)
        self._show(go=move)

    def _places(self, segment: Segment) -> list[_Found]:
        """Where the words stand in a segment."""
        found = self._sought.finditer(segment.text.strip()) if self._sought else ()
        return [_Found(segment, *match.span()) for match in found]

    def _step(self, step: int) -> None:
        self._finish_looking()
        self._ended = False
        if self._found:
            self._at = (max(self._at, 0 if step < 0 else -1) + step) % len(self._found)
            self._show(go=True)

    def _show(self, *, go: bool) -> None:
        here = self._found[self._at] if 0 <= self._at < len(self._found) else None
        if not self.input.text().strip():
            self.count.setText("")
        elif here is None:
            self.count.setText(_("No more below") if self._found else _("Not found"))
        else:
            self.count.setText(_("{place} of {count}").format(place=self._at + 1, count=len(self._found)))
        self.replace_one.setEnabled(here is not None)
        self.replace_all.setEnabled(bool(self._found))
        self._view.mark_sought(self._sought, (here.segment.id, here.start) if here else (0, -1))
        if here and go:
            self._view.go_to(here.segment.id, here.segment.start)

    # --- replacing -----------------------------------------------------------------------------------

    def _replace_one(self) -> None:
        """Replaces the place that is looked at, in the text as it reads now, and goes to the next one."""
        self._finish_looking()
        if not 0 <= self._at < len(self._found):
            return
        here, other = self._found[self._at], self.other.text()
        text = here.segment.text.strip()
        before, after = text[: here.start] + other, text[here.end :]
        new = " ".join(f"{before}{after}".split())
        if not any(one.id == here.segment.id for one in self._view.segments.segments):
            return  # it went in this moment; what there is now is looked through next
        self.replacement_wanted.emit({here.segment.id: new}, 1)
        # At once, as the next key may come before that is stored and read again.
        written = self._view.segments.write(here.segment.id, new)
        first = next(place for place, one in enumerate(self._found) if one.segment.id == written.id)
        rest = [one for one in self._found[first:] if one.segment.id != written.id]
        self._found[first:] = [*self._places(written), *rest]
        spot = (written.start, len(" ".join(before.split())))
        later = (place for place, one in enumerate(self._found) if (one.segment.start, one.start) >= spot)
        self._at = next(later, -1)
        if self._at < 0 and self._found and not (self._sought and self._sought.search(other)):
            self._at = 0
        self._ended = self._at < 0
        self._show(go=True)

    def _replace_all(self) -> None:
        self._finish_looking()
        if not self._sought:
            return
        other = self.other.text()
        texts = {
            one.segment.id: self._sought.sub(lambda _match: other, one.segment.text.strip())
            for one in self._found
        }
        if texts:
            self.replacement_wanted.emit(texts, len(self._found))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on, Shift+Enter back, Esc closes."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                if watched is self.other:
                    self._replace_one()
                elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                    self.back()
                else:
                    self.forward()
                return True
        return super().eventFilter(watched, event)


def _field(name: str, tip: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(name)
    field.setAccessibleName(name)
    field.setToolTip(tip)
    field.setMaximumWidth(FIELD_WIDTH)
    clearable(field)
    return field


def _switch(text: str, tip: str) -> QToolButton:
    made = QToolButton()
    made.setText(text)
    made.setAccessibleName(tip)
    made.setToolTip(tip)
    made.setCheckable(True)
    made.setProperty("kind", "quiet")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
