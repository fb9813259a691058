"""The text of a meeting with the bar that looks for words in it: what is done there is asked of the commands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core import messages
from core.messages import _
from core.values import BIN_DAYS, MeetingId, Models
from desktop.commands import Commands, Page
from desktop.views.actions import Actions
from desktop.views.find_bar import FindBar
from desktop.views.transcript_view import TranscriptView
from desktop.views.widgets import Question, column


class TextPart(QWidget):
    """The transcript of the meeting that is shown."""

    listen_wanted = Signal(float, object)
    """As the transcript's."""

    def __init__(self, commands: Commands, actions: Actions) -> None:
        super().__init__()
        self._meeting_id = MeetingId("")
        self.transcript = TranscriptView(actions)
        self.bar = FindBar(self.transcript)
        layout = column(self.bar, space=0)
        layout.addWidget(self.transcript, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.transcript)
        text = self.transcript
        text.listen_wanted.connect(self.listen_wanted)
        commands.models_found.connect(self._name_models)
        commands.marks_wanted.connect(text.mark_searched)
        for signal, command in (
            (text.segments.corrected, self._correct),
            (text.segments.inserted, commands.insert_segment),
            (text.split_wanted, commands.split_segment),
            (text.merge_wanted, commands.merge_segments),
            (text.removal_wanted, commands.remove_segments),
            (text.speaker_wanted, commands.choose_speaker),
            (self.bar.replacement_wanted, commands.replace_text),
            (text.again_wanted, self._again),
            (text.cut_wanted, self._cut),
        ):
            signal.connect(partial(self._ask, command))
        self._commands = commands

    def show_nothing(self) -> None:
        """No meeting is shown."""
        self._meeting_id = MeetingId("")
        self.bar.leave()
        self.transcript.mark_searched(None)
        segments = self.transcript.segments
        segments.set_transcript(None)
        for channel in segments.speaking:
            segments.end_live(channel)

    def set_page(self, page: Page) -> None:
        """Shows the text of a meeting as it was just read."""
        self._meeting_id = page.meeting.id
        self.transcript.show_speakers([one.speaker for one in page.talk], page.meeting.channels)
        self.transcript.segments.has_sound = bool(page.meeting.audio)
        self.transcript.segments.set_transcript(page.transcript)
        self.transcript.viewport().update()  # what can be done with a text hangs on whether it is complete

    def _ask(self, command: Callable[..., object], *given: object) -> None:
        if self._meeting_id:
            command(self._meeting_id, *given)

    def _correct(self, meeting_id: MeetingId, segment_id: int, text: str) -> None:
        if text:
            self._commands.edit_segment(meeting_id, segment_id, text)
        else:
            self._commands.remove_segments(meeting_id, [segment_id])

    def _again(self, meeting_id: MeetingId, start: float, end: float, model: str, language: str) -> None:
        self._commands.transcribe_again(meeting_id, start, end, model=model, language=language)

    def _cut(self, meeting_id: MeetingId, start: float, end: float) -> None:
        question = _Cut(self, start, end)
        question.accepted.connect(lambda: self._commands.cut_passage(meeting_id, start, end))
        question.open()

    def _name_models(self, models: Models) -> None:
        self.transcript.models = tuple(model.name for model in models.here)


class _Cut(Question):
    """Says what cutting a passage means. Accepted: it is cut."""

    def __init__(self, parent: QWidget, start: float, end: float) -> None:
        text = _(
            "What is said from {start} to {end} ({length}) goes from the sound, the text and the minutes. "
            "It stays in the bin for {count} days and can be brought back until then."
        )
        times = {"start": messages.clock(start), "end": messages.clock(end)}
        super().__init__(
            parent,
            _("Cut this passage"),
            text.format(**times, length=messages.length(end - start), count=BIN_DAYS),
            yes=(_("Cut the passage"), _("Cut it; it can be undone")),
            no=(_("Leave it in"), _("Change nothing")),
            kind="main",
        )
