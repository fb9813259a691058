"""One meeting: its title, what is being done with it, its summary, transcript and notes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QSplitter, QTabWidget, QWidget

from core import errors, messages
from core.messages import _
from core.values import LiveText, Meeting, MeetingId, Models, Source, Transcript
from desktop import theme
from desktop.commands import MARKDOWN, Commands, Page
from desktop.models.meetings import Activity, MeetingsModel, failed_work, paused_line
from desktop.views.actions import Actions, connect
from desktop.views.models_page import ModelOffer
from desktop.views.notes_view import NotesView
from desktop.views.page_parts import Banner, LanguageMenu, PartOrSentence, Tags, Title
from desktop.views.player import Player
from desktop.views.settings.transcription import SPOKEN
from desktop.views.summary_view import SummaryView
from desktop.views.transcript_view import TranscriptView
from desktop.views.widgets import Question, column, file_dialog, label, menu_button, row

TITLE_FRAME = 7
SIDE_BY_SIDE = 700
"""Pixels from which on the notes of a running recording stand beside its text, and below it under that."""


class MeetingPage(QFrame):
    """Shows the `Page` that was read last and what happens to its meeting since."""

    def __init__(self, commands: Commands, actions: Actions, meetings: MeetingsModel) -> None:
        super().__init__()
        self.setObjectName("page")
        self._commands = commands
        self._actions = actions
        self._meeting: Meeting | None = None
        self._transcript: Transcript | None = None
        self._counterpart: Transcript | None = None
        self._listening: bool | None = None
        self._meetings = meetings
        self.title = Title()
        self._meta = label("", "meta")
        self.tags = Tags()
        self._banner = Banner()
        self.spoken = LanguageMenu(SPOKEN, commands.languages, self)
        self.model_offer = ModelOffer(commands, actions.models.trigger)
        self.summary = SummaryView(actions)
        self.transcript = TranscriptView()
        self.notes = NotesView(commands, self._second)
        self.player = Player(commands, actions)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setAccessibleName(_("Parts of the meeting"))
        self._summary_or_empty = PartOrSentence(self.summary)
        self._transcript_or_empty = PartOrSentence(self.transcript)
        self._text = QSplitter()
        self._text.setChildrenCollapsible(False)
        self._text.setHandleWidth(1)
        self._text.addWidget(self._transcript_or_empty)
        for part, action in (
            (self._summary_or_empty, actions.summary),
            (self._text, actions.transcript),
            (self.notes, actions.notes),
        ):
            place = self.tabs.addTab(part, action.text())
            self.tabs.setTabToolTip(place, action.toolTip())
        self._lay_out()
        self._connect()
        self._show_nothing()

    def _lay_out(self) -> None:
        export = menu_button(_("Export"), _("Take the meeting elsewhere"), "export")
        export.menu().addActions([self._actions.export, self._actions.copy])
        more = menu_button("", _("More"), "dots-three")
        more.menu().addActions([self._actions.rename, self._actions.tags, self._actions.note])
        more.menu().addMenu(self.spoken)
        more.menu().addAction(self._actions.translate)
        more.menu().addAction(self._actions.delete)
        head = row(space=theme.SPACE_2)
        head.addWidget(self.title, 1)
        head.addWidget(export)
        head.addWidget(more)
        top = column(space=theme.SPACE_1)
        # The title's own frame and padding reach out into the margin, so that its letters stand on it.
        top.setContentsMargins(theme.SPACE_6 - TITLE_FRAME, theme.SPACE_4, theme.SPACE_6, theme.SPACE_2)
        top.addLayout(head)
        indented = row(TITLE_FRAME, self._meta, theme.SPACE_3, space=0)
        indented.addWidget(self.tags, 1)
        top.addLayout(indented)
        top.addSpacing(theme.SPACE_1)
        top.addLayout(row(TITLE_FRAME, self._banner, space=0))
        top.addLayout(row(TITLE_FRAME, self.model_offer, space=0))
        layout = column(space=0)
        layout.addLayout(top)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.player)
        self.setLayout(layout)

    def _connect(self) -> None:
        commands, actions = self._commands, self._actions
        commands.shown.connect(self._show_nothing)
        commands.page_read.connect(self.set_page)
        commands.segments_added.connect(self._add_segments)
        commands.activity_changed.connect(self._activity_changed)
        self.title.renamed.connect(self._rename)
        self.tags.changed.connect(self._set_tags)
        connect(actions.tags, self.tags.begin)
        connect(actions.translate, self._translate)
        self.spoken.chosen.connect(self._transcribe_in)
        self.transcript.segments.corrected.connect(self._correct)
        self.transcript.again_wanted.connect(self._transcribe_again)
        commands.models_found.connect(self._name_models)
        self.transcript.segments.rowsRemoved.connect(self._show_empty_states)
        self.summary.place_wanted.connect(self.go_to)
        self.summary.ticked.connect(self._tick)
        self.summary.place_wanted.connect(lambda _segment, second: self.player.play_at(second))
        self.notes.place_wanted.connect(lambda _segment, second: self.player.play_at(second))
        connect(actions.rename, self.title.begin)
        connect(actions.export, self._choose_export)
        connect(actions.copy, self._copy)
        connect(actions.delete, self._delete)
        connect(actions.transcribe, self._transcribe)
        connect(actions.stretch, self._offer_again)
        connect(actions.minutes_offline, lambda: self._make_minutes("offline"))
        connect(actions.minutes_mistral, lambda: self._make_minutes("mistral"))
        connect(actions.summary, lambda: self._turn_to(self._summary_or_empty, self.summary))
        connect(actions.transcript, lambda: self._turn_to(self._text, self.transcript))
        connect(actions.notes, self._turn_to_notes)
        connect(actions.note, self._turn_to_notes)

    # --- showing -----------------------------------------------------------------------------------

    def _show_nothing(self, awaited: str = "") -> None:
        """Empties the page; the meeting `awaited` is being read and comes next."""
        self.notes.show_notes(MeetingId(""), ())
        self._meeting = None
        self._awaited = awaited
        self.title.show_title("", force=True)
        self._meta.clear()
        self.tags.show_tags((), force=True)
        self.transcript.segments.set_transcript(None)
        for channel in self.transcript.segments.speaking:
            self.transcript.segments.end_live(channel)
        self.summary.set_minutes(None)
        self.player.show_nothing()
        self._banner.hide()
        self.model_offer.answer(None)

    def set_page(self, page: Page) -> None:
        """Shows a meeting as it was just read; what has not changed keeps its place."""
        other = self._meeting is None or self._meeting.id != page.meeting.id
        self._meeting = page.meeting
        self._transcript, self._counterpart = page.transcript, page.counterpart
        self._name_translation()
        begins = page.meeting.recording_open and (other or self.tabs.indexOf(self.notes) >= 0)
        self._place_notes(page.meeting)
        if other or begins:
            self._listening = None
            self.tabs.setCurrentWidget(self._first_part(page))
        self.title.show_title(page.meeting.title, force=other)
        self.tags.show_tags(page.meeting.tags, page.known_tags, force=other)
        self._meta.setText(_about(page.meeting, page.transcript))
        self._meta.setToolTip(messages.language_found(page.transcript) if page.transcript else "")
        self.spoken.show_chosen(page.transcript.options.language if page.transcript else None)
        self.transcript.show_channels(page.meeting.channels)
        self.transcript.segments.set_transcript(page.transcript)
        self.transcript.viewport().update()  # what can be done with a text hangs on whether it is complete
        if begins:
            self.transcript.scrollToBottom()
        self.summary.set_minutes(page.minutes)
        self.notes.show_notes(page.meeting.id, page.notes)
        self.player.set_page(page)
        self._show_state()

    def set_live(self, live: LiveText | None) -> None:
        """Shows the sentence that is being said in a channel, '' that there is none; None: nobody listens any more.

        Sentences of another meeting than the one shown are not for this page.
        """
        shown = live if self._meeting and live and live.meeting_id == self._meeting.id else None
        self._listening = shown is not None
        self.transcript.set_live(shown)
        self._show_empty_states()

    def _place_notes(self, meeting: Meeting) -> None:
        """Notes stand with the text while the meeting is recorded, else in a part of their own."""
        tab = self.tabs.indexOf(self.notes)
        if meeting.recording_open == (tab < 0):
            return
        field = QApplication.focusWidget()
        if meeting.recording_open:
            self.tabs.removeTab(tab)
            self._text.addWidget(self.notes)
            self.notes.show()
            self._text.setSizes([600, 400])
        else:
            tab = self.tabs.addTab(self.notes, self._actions.notes.text())
            self.tabs.setTabToolTip(tab, self._actions.notes.toolTip())
        if field and self.notes.isAncestorOf(field):
            self._turn_to_notes(field)

    @property
    def has_meeting(self) -> bool:
        """Whether a meeting is shown."""
        return self._meeting is not None

    @property
    def is_wanted(self) -> bool:
        """Whether a meeting is shown or about to be."""
        return self.has_meeting or bool(self._awaited)

    def enable_fitting(self) -> None:
        """Offers minutes where there is a text, with Mistral where there is a key, and no bin while it is recorded."""
        recorded = self._meeting is not None and self._meeting.recording_open
        self._actions.delete.setEnabled(self.has_meeting and not recorded)
        ready = self._meeting is not None and self._meeting.transcript_complete
        self._actions.transcribe.setEnabled(ready)
        self.spoken.setEnabled(self.has_meeting and not recorded)
        self._actions.stretch.setEnabled(ready)
        self._actions.translate.setEnabled(ready)
        self._actions.minutes_offline.setEnabled(ready)
        self._actions.minutes_mistral.setEnabled(ready and self._commands.has_key)

    def _first_part(self, page: Page) -> QWidget:
        return self._summary_or_empty if page.minutes and not page.meeting.recording_open else self._text

    def _add_segments(self, meeting_id: str, segments: object) -> None:
        if self._meeting and meeting_id == self._meeting.id and isinstance(segments, tuple):
            self.transcript.segments.add(segments)
            self._show_empty_states()

    def _activity_changed(self, meeting_id: str) -> None:
        if self._meeting and self._meeting.id == meeting_id:
            self._show_state()

    def _show_state(self) -> None:
        if self._meeting:
            self._show_banner(self._meeting, self._meetings.activity_of(self._meeting.id))
            self._show_empty_states()

    def _show_banner(self, meeting: Meeting, activity: Activity | None) -> None:
        commands = self._commands
        problem: errors.Problem | None = None
        if activity and not meeting.recording_open:
            self._banner.working(activity, lambda: commands.pause(meeting.id))
        elif failed := failed_work(meeting):
            problem = errors.from_failure(failed[1])
            explanation = str(messages.explain(problem))
            if isinstance(problem, errors.NotEnglish):
                self._banner.not_english(explanation, lambda: commands.transcribe_in(meeting.id, "en"))
            elif isinstance(problem, errors.CannotTranslate):
                self._banner.cannot_translate(explanation, lambda: commands.leave_original(meeting.id))
            else:
                self._banner.failed(explanation, lambda: commands.try_again(meeting.id))
        elif any(work.paused for work in meeting.work):
            self._banner.paused(paused_line(meeting), lambda: commands.carry_on(meeting.id))
        elif self._transcript and self._transcript.unsure:
            self._banner.unsure(messages.unsure_language(self._transcript), self._choose_language)
        elif self._transcript and self._transcript.doubtful:
            self._banner.warned(messages.doubtful_text())
        else:
            self._banner.hide()
        self.model_offer.answer(problem)

    def _show_empty_states(self) -> None:
        meeting = self._meeting
        if meeting is None:
            return
        busy = self._meetings.activity_of(meeting.id) is not None
        silent = meeting.transcript_complete and not self.transcript.segments.count
        if self.transcript.segments.rowCount():
            self._transcript_or_empty.show_part()
        elif meeting.recording_open:
            self._transcript_or_empty.say(
                _("Listening… The text appears here as it is said.")
                if self._is_listening()
                else _("The text comes when the recording has ended.")
            )
        elif silent:
            self._transcript_or_empty.say(_nobody_spoke(meeting))
        elif busy:
            self._transcript_or_empty.say(_("The text appears here as it is made."))
        elif meeting.work:
            self._transcript_or_empty.say(_("There is no text yet."))
        else:
            self._transcript_or_empty.say(
                _("This meeting has no text yet."),
                _("Transcribe"),
                lambda: self._commands.transcribe(meeting.id),
            )
        if meeting.has_minutes:
            self._summary_or_empty.show_part()
        elif silent:
            self._summary_or_empty.say(_nobody_spoke(meeting))
        elif busy or meeting.work or meeting.recording_open or not meeting.transcript_complete:
            self._summary_or_empty.say(_("The minutes follow when the text is complete."))
        else:
            self._summary_or_empty.say(
                _("This meeting has no minutes yet."),
                _("Make minutes"),
                lambda: self._make_minutes(self._commands.settings.provider),
            )

    def _is_listening(self) -> bool:
        """Whether text is made while it is recorded: as was heard of it, and before that as the settings say."""
        return self._listening if self._listening is not None else self._commands.settings.live_text == "on"

    # --- asking ------------------------------------------------------------------------------------

    def go_to(self, segment_id: int, second: float) -> None:
        """Turns to the transcript, where it was said."""
        if self.transcript.segments.count:
            self._turn_to(self._text, self.transcript)
            self.transcript.go_to(segment_id, second)

    def _turn_to(self, part: QWidget, focus: QWidget) -> None:
        self.tabs.setCurrentWidget(part)
        focus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _turn_to_notes(self, field: QWidget | None = None) -> None:
        beside = self.tabs.indexOf(self.notes) < 0
        self.tabs.setCurrentWidget(self._text if beside else self.notes)
        # As if clicked on: a shortcut would select what is being written, and the next key replace it.
        (field or self.notes.input).setFocus(Qt.FocusReason.OtherFocusReason)

    def _second(self) -> float:
        """Where a note belongs that is begun now: at what is being recorded, or played, else at the selected text."""
        recording = self._commands.recording
        if recording and self._meeting and recording.meeting_id == self._meeting.id:
            return recording.elapsed
        return self._commands.second or self.transcript.current_second()

    def bookmark(self) -> None:
        """Marks the moment that is recorded, else the one that is heard in the meeting that is shown."""
        if self._commands.recording:
            self._commands.bookmark()
        elif self._meeting:
            self._commands.add_note(self._meeting.id, self._second(), "", bookmark=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts the notes of a running recording below its text where both are too narrow beside each other."""
        super().resizeEvent(event)
        wide = self.width() >= SIDE_BY_SIDE
        self._text.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    def _rename(self, title: str) -> None:
        if self._meeting:
            self._commands.rename(self._meeting.id, title)

    def _set_tags(self, tags: tuple[str, ...]) -> None:
        if self._meeting:
            self._commands.set_tags(self._meeting, tags)

    def _correct(self, segment_id: int, text: str) -> None:
        if self._meeting:
            self._commands.edit_segment(self._meeting.id, segment_id, text)

    def _offer_again(self) -> None:
        self._turn_to(self._text, self.transcript)
        self.transcript.offer_again()

    def _transcribe_again(self, start: float, end: float, model: str, language: str) -> None:
        if self._meeting:
            self._commands.transcribe_again(self._meeting.id, start, end, model=model, language=language)

    def _name_models(self, models: Models) -> None:
        self.transcript.models = tuple(model.name for model in models.here)

    def _tick(self, line_id: int, done: bool) -> None:
        if self._meeting:
            self._commands.tick(self._meeting.id, line_id, done=done)

    def _make_minutes(self, provider: str) -> None:
        if self._meeting:
            self._commands.make_minutes(self._meeting.id, provider)

    def _transcribe(self) -> None:
        if self._meeting:
            self._commands.transcribe(self._meeting.id)

    def _transcribe_in(self, language: str) -> None:
        if self._meeting:
            self._commands.transcribe_in(self._meeting.id, language)

    def _name_translation(self) -> None:
        """Has the action lead to the translation, be it still to be made, or back to the original."""
        action, shown = self._actions.translate, self._transcript
        if shown and shown.options.task == "translate":
            action.setText(_("Show the original text"))
            action.setToolTip(_("Show the text in the language of the meeting"))
        elif self._counterpart:
            action.setText(_("Show the translation"))
            action.setToolTip(_("Show the text in English"))
        else:
            action.setText(_("Translate into English"))
            action.setToolTip(_("Make the text in English too"))

    def _translate(self) -> None:
        if self._meeting and self._counterpart:
            self._commands.show_version(self._meeting.id, self._counterpart.id)
        elif self._meeting and self._transcript and self._transcript.options.task == "translate":
            self._commands.transcribe(self._meeting.id)
        elif self._meeting:
            self._commands.translate(self._meeting.id)

    def _choose_language(self) -> None:
        self.spoken.popup(self._banner.button.mapToGlobal(self._banner.button.rect().bottomLeft()))

    def _copy(self) -> None:
        if self._meeting:
            self._commands.copy(self._meeting.id)

    def _delete(self) -> None:
        if self._meeting:
            self._commands.delete(self._meeting)

    def _choose_export(self) -> None:
        meeting = self._meeting
        if meeting is None:
            return
        dialog = file_dialog(self, _("Export as Markdown"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_("Markdown files (*.md)"))
        # The name may still get its ending; it is asked about once it is whole.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        folder = self._commands.settings.export_folder or str(self._commands.places.exports)
        dialog.setDirectory(folder)
        dialog.selectFile(self._commands.export_name(meeting))
        dialog.fileSelected.connect(lambda file: self._export(meeting, Path(file)))
        dialog.open()

    def _export(self, meeting: Meeting, chosen: Path) -> None:
        """Writes to the chosen file, with the ending if it has none; asks before it replaces one."""
        file = chosen if chosen.name.endswith(MARKDOWN) else chosen.with_name(chosen.name + MARKDOWN)
        if not file.exists():
            self._commands.export(meeting.id, file)
            return
        question = ReplaceFile(file.name, self)
        question.accepted.connect(lambda: self._commands.export(meeting.id, file))
        question.open()


class ReplaceFile(Question):
    """Asks whether a file is to be replaced. Accepted: it is."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(
            parent,
            _("The file exists already"),
            _("“{name}” exists already. Its content would be lost.").format(name=name),
            yes=(_("Replace it"), _("Write the meeting in its place")),
            no=(_("Leave it"), _("Export nothing")),
        )


def _nobody_spoke(meeting: Meeting) -> str:
    """That there is nothing to read, and what to do."""
    if meeting.source == Source.RECORDING:
        return _(
            "Nobody was heard in this recording. Check the microphone in the settings, then record again."
        )
    return _("Nobody is heard in this file. Check that it is the right one, and import another.")


def _about(meeting: Meeting, transcript: Transcript | None) -> str:
    parts = [messages.day_and_time(meeting.started_at)]
    if meeting.duration:
        parts.append(messages.length(meeting.duration))
    if meeting.language:
        spoken = messages.language_name(meeting.language)
        translated = transcript and transcript.options.task == "translate"
        parts.append(_("{language}, in English").format(language=spoken) if translated else spoken)
    return " · ".join(parts)
