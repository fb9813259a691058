"""How the window goes: what is asked before, while a recording runs or where something could not be stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QDialog, QLineEdit, QWidget
from shiboken6 import isValid

from core.messages import _
from desktop.views.widgets import Question

if TYPE_CHECKING:
    from desktop.views.main_window import MainWindow

STORING_SECONDS = 2.0
"""How long the end of a session waits for what was written to be stored: the system does not wait for long itself."""

Call = Callable[[], object]


def _nothing() -> None: ...


class Leaving(QObject):
    """Whether the window may close, and what the person says to that.

    What was written is stored before it goes; where it cannot be, they decide.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._commands = window, window.commands
        self._asked: Question | None = None
        self.certain = False
        """That the program ends, whatever there is to be asked."""

    def may_close(self) -> bool:
        """Whether the window closes now. Else it does so later, steps aside, or asks.

        Where a recording would end, what the person chose for that is done; they are asked where they chose nothing.
        """
        wish = self._commands.settings.closing
        ends = not self._commands.holds_recording or wish == "stop"
        if self.certain or (ends and self._is_stored()):
            return True
        if ends:
            self.end()
        elif wish == "keep":
            self._window.step_aside()
        else:
            self._ask(
                lambda: Closing(self._window, tray=self._window.tray.is_there()), self._closing_answered
            )
        return False

    def quit(self) -> None:
        """Ends the program; asks first where a recording would end."""
        if self._commands.holds_recording:
            self._window.come_up()
            self._ask(lambda: StopRecording(self._window), self._quitting_answered)
        else:
            self.end()

    def end(self, leave: Call | None = None, stay: Call = _nothing) -> None:
        """Ends the program, or calls `leave`, once what was written is stored or given up; `stay` where it is not."""
        go = leave or self._window.leave
        if self._is_stored():
            go()
        else:
            self._commands.when_stored(lambda: self._leave_stored(go, stay))

    def end_session(self, session: QSessionManager) -> None:
        """Stores what is being written and ends the program, before this returns: then the system may end it itself.

        Where something cannot be stored and there is still somebody to be asked, they decide whether the session goes
        on.
        """
        if not self._is_stored():
            wait = QEventLoop()
            self._commands.when_stored(wait.quit)
            QTimer.singleShot(round(1000 * STORING_SECONDS), wait, wait.quit)
            wait.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        if (lost := self._commands.lost) and session.allowsInteraction():
            self._window.come_up()
            stays = Unstored(self._window.front, lost.what).exec() != QDialog.DialogCode.Accepted
            session.release()
            if stays:
                session.cancel()
                return
        self._window.leave()

    def commit(self) -> None:
        """Keeps what is being written, wherever it is."""
        for part in {self._window, self._window.front}:
            part.commit()
        _finish_field()

    def _is_stored(self) -> bool:
        """Keeps what is being written; whether all that was is stored already."""
        self.commit()
        return self._commands.is_stored

    def _leave_stored(self, leave: Call, stay: Call) -> None:
        """Leaves, unless something could not be stored and the person does not want that."""

        def answered(_question: Question, answer: int) -> None:
            (leave if answer == QDialog.DialogCode.Accepted else stay)()

        if not (lost := self._commands.lost):
            leave()
        elif not self._ask(lambda: Unstored(self._window.front, lost.what), answered):
            stay()

    def _ask(self, ask: Callable[[], Question], answered: Callable[[Question, int], None]) -> bool:
        """Asks, one question at a time; False where another one waits for its answer."""
        if self._asked:
            self._asked.activateWindow()
            return False
        self._asked = question = ask()

        def finished(answer: int) -> None:
            self._asked = None
            answered(question, answer)

        question.finished.connect(finished)
        question.open()
        return True

    def _closing_answered(self, question: Question, answer: int) -> None:
        keep, stop = answer == Question.INSTEAD, answer == QDialog.DialogCode.Accepted
        if question.remembers and (keep or stop):
            self._commands.change_settings(closing="keep" if keep else "stop")
        if stop:
            self.end()
        elif keep and self._commands.is_recording:
            self._window.step_aside()

    def _quitting_answered(self, _question: Question, answer: int) -> None:
        if answer == QDialog.DialogCode.Accepted:
            self.end()


def _finish_field() -> None:
    """Has the field with the keyboard keep what stands there, as when it is left; the keyboard stays in it."""
    field = QApplication.focusWidget()
    if isinstance(field, (QLineEdit, QAbstractSpinBox, QComboBox)):
        field.clearFocus()
        if isValid(field) and field.isVisible():
            field.setFocus(Qt.FocusReason.OtherFocusReason)


class _WhileRecording(Question):
    """Asks what is meant to become of the recording that runs. Accepted: stop and keep it."""

    def __init__(self, parent: QWidget, **answers: Any) -> None:
        """`answers` as for `Question`."""
        text = _("A recording is running. What was recorded is kept in any case.")
        super().__init__(parent, _("A recording is running"), text, **answers)


class StopRecording(_WhileRecording):
    """Before the program ends."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent,
            yes=(_("Stop and quit"), _("End the recording and close the program")),
            no=(_("Go on recording"), _("Leave the program open")),
        )


class Closing(_WhileRecording):
    """When the window is closed; instead of stopping it can go on without the window."""

    def __init__(self, parent: QWidget, *, tray: bool) -> None:
        aside = (_("Keep recording in the tray"), _("Hide the window; its icon in the tray brings it back"))
        minimised = (_("Keep recording, minimised"), _("Make the window small; the recording goes on"))
        super().__init__(
            parent,
            yes=(_("Stop and close"), _("End the recording and close the program")),
            no=(_("Cancel"), _("Leave the window open")),
            instead=aside if tray else minimised,
            remember=(_("Remember my choice"), _("It can be changed in the settings")),
        )


class Unstored(Question):
    """Before the program ends with something that was written and could not be stored. Accepted: it is given up."""

    def __init__(self, parent: QWidget, why: str) -> None:
        super().__init__(
            parent,
            _("Close without keeping it?"),
            _("What you changed last could not be stored, and is lost when the program ends. {why}").format(
                why=why
            ),
            yes=(_("Close without it"), _("Give up the change and close the program")),
            no=(_("Go back"), _("Leave the program open")),
        )
