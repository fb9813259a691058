"""What a person can ask of passages: cut them from a meeting, bring them back, let them go with the bin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import messages
from core.messages import _
from core.tasks import Lane, State, Task
from core.values import Cut, Job, MeetingId, Stage
from desktop.commands.answers import trouble
from desktop.commands.history import Edit, Step
from desktop.commands.inquiring import Inquiring
from desktop.models.states import Activity

if TYPE_CHECKING:
    from core.meetings import Library

BEYOND = 0.1
"""Seconds behind its beginning at which a passage is shown: it begins with a whole packet of sound, before its text."""


class Cutting(Inquiring):
    """Cuts, each a long job and a step of its meeting's history; taken back, they are read again like any edit."""

    def cut_passage(self, meeting_id: MeetingId, start: float, end: float) -> None:
        """Cuts what lies between two seconds from a meeting; it can be undone."""

        def job(library: Library) -> Job[Cut]:
            from core import meetings

            return meetings.cut_passage(library, meeting_id, start, end)

        def ended(task: Task) -> None:
            self._set_activity(meeting_id, None)
            if task.error:
                self.troubled.emit(trouble(task.error))
            elif task.state is State.DONE:
                step = Step((meeting_id,), _("Cut the passage"), _back(task.result), self._sound_changed)
                told = _("A passage of {length} was cut").format(length=messages.length(task.result.seconds))
                self._note_done(step, told)
                self.read_bin()
            self._refresh(meeting_id, carry_on=True)

        self.pause_playing()
        if self._start(job, Stage.CUT, Lane.IO, meeting_id, ended=ended):
            self._set_activity(meeting_id, Activity(Stage.CUT))

    def bring_back(self, cut: Cut) -> None:
        """Puts a passage back out of the bin and shows it."""

        def job(library: Library) -> Job[MeetingId]:
            from core import meetings

            return meetings.bring_back(library, cut.id)

        def ended(task: Task) -> None:
            self._set_activity(cut.meeting_id, None)
            if task.error:
                self.troubled.emit(trouble(task.error))
            elif task.state is State.DONE:
                # What was changed since speaks of the times that there were without it.
                self._history.forget((cut.meeting_id,))
                self.history_changed.emit()
                self.said.emit(
                    _("The passage is back in “{title}”").format(title=messages.short_title(cut.title)), None
                )
            # Its place is gone to once the text is read again.
            self._place = (cut.meeting_id, 0, cut.start + BEYOND)
            self._refresh(cut.meeting_id, carry_on=True)
            if cut.meeting_id != self._shown:
                self.show(cut.meeting_id)
            self.read_bin()

        self.pause_playing()
        self._start(job, Stage.CUT, Lane.IO, cut.meeting_id, ended=ended)

    def _sound_changed(self, *, done: bool) -> None:  # noqa: ARG002  either way
        self.pause_playing()
        self.read_bin()


# --- on the store lane's thread --------------------------------------------------------------------


def _back(cut: Cut) -> Edit:
    """An edit that puts a passage back."""

    def edit(library: Library) -> Edit:
        from core import meetings

        for _event in meetings.bring_back(library, cut.id):
            pass
        return _again(cut)

    return edit


def _again(cut: Cut) -> Edit:
    """An edit that cuts a passage that was put back."""

    def edit(library: Library) -> Edit:
        from core import meetings

        job = meetings.cut_passage(library, cut.meeting_id, cut.start, cut.start + cut.seconds)
        while True:
            try:
                next(job)
            except StopIteration as end:
                return _back(end.value)

    return edit
