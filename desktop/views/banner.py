"""Where the work on the shown meeting stands, and what the person should know of its text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar

from core import errors, messages
from core.messages import _
from core.values import Meeting, Stage, Transcript
from desktop import theme
from desktop.commands import Commands
from desktop.models.states import Activity, activity_line, failed_work, paused_line
from desktop.views.widgets import Symbol, button, column, label, row

Call = Callable[[], object]


class Banner(QFrame):
    """What is being done with the meeting, or why it is not, with the one button that changes it."""

    language_wanted = Signal()  # another one is to be chosen for the text

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._call: Call | None = None
        self._meeting: Meeting | None = None
        self._icon = Symbol("")
        self.text = label("", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName(_("Progress"))
        self.button = button("", self._clicked, kind="link")
        self.stop = button(
            _("Stop"),
            self._stop,
            kind="link",
            tip=_("Do no more of it; what there is stays, and it can be undone"),
        )
        line = row(self._icon, space=theme.SPACE_3)
        line.addLayout(column(self.text, self.progress, space=6), 1)
        line.addWidget(self.button)
        line.addWidget(self.stop)
        line.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        self.setLayout(line)
        self.hide()

    def tell(
        self, meeting: Meeting, activity: Activity | None, transcript: Transcript | None
    ) -> errors.Problem | None:
        """Shows where the work on a meeting stands, or what the person should know of its text; the problem, if one."""
        commands, self._meeting = self._commands, meeting
        failed = failed_work(meeting)
        if activity and not meeting.recording_open:
            self._working(activity, lambda: commands.pause(meeting.id))
        elif failed:
            problem = errors.from_failure(failed[1])
            self._failed(meeting, problem)
            return problem
        elif any(work.paused for work in meeting.work):
            self._paused(paused_line(meeting), lambda: commands.carry_on(meeting.id))
        elif transcript and transcript.unsure:
            self._unsure(messages.unsure_language(transcript))
        elif transcript and (doubtful := messages.doubtful_text(transcript)):
            self._show("banner", "warning", doubtful)
        else:
            self.hide()
        return None

    def _failed(self, meeting: Meeting, problem: errors.Problem) -> None:
        """Shows what happened, and the way out."""
        commands = self._commands
        self._show("problem", "warning-circle", str(messages.explain(problem)))
        if isinstance(problem, errors.NotEnglish):
            tip = _("English is spoken in this meeting")
            self._offer(_("Transcribe as English"), tip, lambda: commands.transcribe_in(meeting.id, "en"))
        elif isinstance(problem, errors.CannotTranslate):
            tip = _("Leave the text as it is")
            self._offer(_("Keep the original"), tip, lambda: commands.leave_original(meeting.id))
        else:
            self._offer(_("Try again"), _("Do it again"), lambda: commands.try_again(meeting.id))

    def _working(self, activity: Activity, pause: Call) -> None:
        """Shows progress, with Pause where it is this program's."""
        self._show("banner", "", activity_line(activity))
        self.progress.setVisible(activity.fraction is not None)
        self.progress.setValue(round(1000 * (activity.fraction or 0)))
        ours = not (activity.stopping or activity.elsewhere)
        if activity.stage in {Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE} and ours:
            self._offer(_("Pause"), _("Pause here; it can go on later"), pause)
            self.stop.setVisible(bool(self._meeting and self._meeting.work))

    def _unsure(self, text: str) -> None:
        """Shows between which languages it was not certain."""
        self._show("banner", "warning", text)
        self._offer(
            _("Change the language…"), _("Choose the language that is spoken"), self.language_wanted.emit
        )

    def _paused(self, text: str, carry_on: Call) -> None:
        """Shows that it waits for the person."""
        self._show("banner", "pause", text)
        self._offer(_("Go on"), _("Go on where it was paused"), carry_on)

    def _show(self, kind: str, icon: str, text: str) -> None:
        if self.objectName() != kind:
            self.setObjectName(kind)
            theme.restyle(self)
        self._icon.draw(icon, "danger_text" if kind == "problem" else "text2")
        self.text.setText(text)
        self.progress.hide()
        self.button.hide()
        self.stop.hide()
        self.show()

    def _offer(self, does: str, tip: str, call: Call) -> None:
        self._call = call
        self.button.setText(does)
        self.button.setToolTip(tip)
        self.button.show()

    def _stop(self) -> None:
        if self._meeting:
            self._commands.leave_queue(self._meeting)

    def _clicked(self) -> None:
        if self._call:
            self._call()
