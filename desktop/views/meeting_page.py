"""One meeting: its header, and its parts, each a view of its own.

    PageHeader        title, facts, tags, what can be done with the whole, how the work stands
    SummaryView       the minutes
    TextPart          the text, with the notes beside it while it is recorded
    NotesView         the person's notes
    SpeakersView      who speaks, and for how long
    QuestionsView     what the person asks about the meeting
    Player            the sound, below all of them

One more part is added with `add_part`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QTextEdit,
    QWidget,
)

from core import messages
from core.messages import _
from core.values import Estimate, Line, LiveText, Meeting, MeetingId, Minutes, Transcript
from desktop.commands import Commands, Page
from desktop.commands.minuting import QUESTION
from desktop.models.meetings import MeetingsModel
from desktop.views.actions import Actions, connect, follow_tip
from desktop.views.empty_parts import fill_summary, fill_text
from desktop.views.notes_view import NotesView
from desktop.views.page_header import PageHeader
from desktop.views.page_parts import PartOrSentence
from desktop.views.player import Player
from desktop.views.questions_view import QuestionsView
from desktop.views.speakers_view import SpeakersView
from desktop.views.summary_view import SummaryView
from desktop.views.tasks_view import TasksView
from desktop.views.text_part import TextPart
from desktop.views.time_chip import follow
from desktop.views.widgets import column
from desktop.views.writing import Writing

SIDE_BY_SIDE = 700
"""Pixels from which on the notes of a running recording stand beside its text, and below it under that."""

CHIP_LOOKS = 4
"""How often a second it is looked which chips' moments are heard."""


class MeetingPage(QFrame):
    """Shows the `Page` that was read last and what happens to its meeting since."""

    def __init__(self, commands: Commands, actions: Actions, meetings: MeetingsModel) -> None:
        super().__init__()
        self.setObjectName("page")
        self._commands = commands
        self._actions = actions
        self._meeting: Meeting | None = None
        self._transcript: Transcript | None = None
        self._minutes: Minutes | None = None
        self._sent: dict[str, Estimate] = {}
        self._counterpart: Transcript | None = None
        self._listening: bool | None = None
        self._before: tuple[str, int] = ("", -1)
        self._looked_at = -1
        self._meetings = meetings
        self.header = PageHeader(commands, actions)
        self.summary = SummaryView(actions)
        self.text = TextPart(commands, actions)
        self.transcript = self.text.transcript
        self.notes = NotesView(commands, self._second)
        self.speakers = SpeakersView(commands)
        self.player = Player(commands, actions)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName(_("Pages of the meeting"))
        self.tabs.setAccessibleName(_("Parts of the meeting"))
        self._summary_or_empty = PartOrSentence(self.summary)
        self._transcript_or_empty = PartOrSentence(self.text)
        self._text = QSplitter()
        self._text.setChildrenCollapsible(False)
        self._text.setHandleWidth(1)
        self._text.addWidget(self._transcript_or_empty)
        self.add_part(self._summary_or_empty, actions.summary, self.summary)
        self.add_part(self._text, actions.transcript, self.transcript)
        self._add_notes()
        self.tasks = TasksView(commands, of_one_meeting=True)
        self.add_part(self.tasks, actions.todo, self.tasks.list)
        self.add_part(self.speakers, actions.speakers)
        self.questions = QuestionsView(commands, of_one_meeting=True)
        self.add_part(self.questions, actions.questions, self.questions.field)
        layout = column(self.header, space=0)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.player)
        self.setLayout(layout)
        self._writing = Writing(self, commands)
        self._connect()
        self._show_nothing()

    def add_part(self, part: QWidget, action: QAction, focus: QWidget | None = None) -> None:
        """Adds a part behind the others, which `action` turns to; the keyboard then stands on `focus`, else on it."""
        self.tabs.addTab(part, action.text())
        follow_tip(action, lambda tip: self._explain_part(part, tip))
        connect(action, lambda: self.turn_to(part, focus or part))

    def _explain_part(self, part: QWidget, tip: str) -> None:
        place = self.tabs.indexOf(part)
        if place >= 0:
            self.tabs.setTabToolTip(place, tip)

    def _connect(self) -> None:
        commands, actions = self._commands, self._actions
        commands.shown.connect(self._show_nothing)
        commands.page_read.connect(self.set_page)
        commands.segments_added.connect(self._add_segments)
        commands.activity_changed.connect(self._activity_changed)
        commands.settings_changed.connect(lambda _settings: self.enable_fitting())
        commands.settings_kept.connect(self._foresee)
        commands.key_known.connect(self._key_known)
        commands.estimated.connect(self._show_estimates)
        self.transcript.segments.rowsRemoved.connect(self._show_empty_states)
        for part in (self.summary, self.questions):
            part.play_wanted.connect(self._play)
            part.place_wanted.connect(self.go_to)
            part.place_wanted.connect(lambda _segment, second: self.player.play_at(second))
        self.summary.ticked.connect(self._tick)
        commands.playback_changed.connect(lambda _state: self._fill_chips())
        self.tabs.currentChanged.connect(lambda _place: self._fill_chips(anew=True))
        self.notes.place_wanted.connect(lambda _segment, second: self.player.play_at(second))
        commands.draft_taken_back.connect(self.notes.leave)
        connect(actions.translate, self._translate)
        connect(actions.transcribe, lambda: self._with_id(commands.transcribe))
        connect(actions.stretch, self._offer_again)
        self.text.listen_wanted.connect(self.player.play_at)
        self.transcript.listening_unwanted.connect(self.player.take_back)
        self.player.playing.connect(self._follow)
        for action, call in (
            (actions.find, partial(self.text.bar.begin, replacing=False)),
            (actions.replace, partial(self.text.bar.begin, replacing=True)),
            (actions.next_doubt, partial(self.transcript.go_to_doubt, 1)),
            (actions.previous_doubt, partial(self.transcript.go_to_doubt, -1)),
        ):
            connect(action, partial(self._turn_and, call))
        connect(actions.minutes_offline, lambda: self._make_minutes("offline"))
        connect(actions.minutes_mistral, lambda: self._make_minutes("mistral"))
        connect(actions.minutes_server, lambda: self._make_minutes("server"))
        commands.templates_found.connect(self.summary.set_templates)
        commands.opened.connect(commands.look_for_templates)
        self.summary.again_wanted.connect(
            lambda chosen: self._with_id(lambda meeting_id: commands.make_minutes(meeting_id, **chosen))
        )
        self.summary.version_wanted.connect(commands.show_minutes)
        self.summary.edited.connect(
            lambda old, new: self._with_id(lambda meeting_id: commands.edit_line(meeting_id, old, new))
        )
        self.summary.removed.connect(
            lambda line: self._with_id(lambda meeting_id: commands.remove_line(meeting_id, line))
        )
        for adding in (self.summary, self.tasks.new):
            adding.added.connect(self._add_line)
        connect(actions.notes, self._turn_to_notes)
        connect(actions.note, self._turn_to_notes)
        connect(actions.consent, self._note_consent)

    # --- showing -----------------------------------------------------------------------------------

    def commit(self) -> None:
        """Keeps what the person is writing anywhere on the page, in the meeting that it belongs to."""
        for part in (self.header, self.summary, self.transcript, self.notes, self.tasks.new, self.speakers):
            part.commit()
        self._writing.keep()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keeps it where something else is shown, and where the window closes."""
        super().hideEvent(event)
        self.commit()

    def _show_nothing(self, awaited: str = "") -> None:
        """Empties the page; the meeting `awaited` is being read and comes next."""
        writing = self.window().focusWidget()
        self.commit()
        if isinstance(writing, (QLineEdit, QPlainTextEdit, QTextEdit)) and self._holds(writing):
            # What is typed on belongs to no other meeting, and presses no button.
            self.tabs.tabBar().setFocus(Qt.FocusReason.OtherFocusReason)
        self.notes.show_notes(MeetingId(""), ())
        self._meeting = None
        self._awaited = awaited
        self.header.show_nothing()
        self.text.show_nothing()
        self.summary.set_minutes(None)
        self.summary.talk.show_talk(())
        self._minutes = None
        self.tasks.set_items(())
        self.tasks.new.use(None)
        self.speakers.show_nothing()
        self.questions.set_meeting(None, ready=False)
        self.player.show_nothing()

    def _holds(self, field: QWidget) -> bool:
        """Whether a field writes in the meeting that is shown; notes see to that themselves."""
        return self.isAncestorOf(field) and not self.notes.isAncestorOf(field)

    def set_page(self, page: Page) -> None:
        """Shows a meeting as it was just read; what has not changed keeps its place."""
        other = self._meeting is None or self._meeting.id != page.meeting.id
        self._meeting = page.meeting
        self._transcript, self._counterpart = page.transcript, page.counterpart
        self._name_translation()
        begins = page.meeting.recording_open and (other or self.tabs.indexOf(self.notes) >= 0)
        self._place_notes(page.meeting)
        if other:
            self._show_estimates(page.meeting.id, {})
        if other or begins:
            self._listening = None
            self.tabs.setCurrentWidget(self._first_part(page))
            self._turn_back(page.meeting)
        self.header.show_page(page)
        self.text.set_page(page)
        if begins:
            self.transcript.scrollToBottom()
        self.summary.set_minutes(page.minutes, page.versions)
        self._minutes = page.minutes
        self.tasks.set_minutes(page.meeting, page.minutes)
        self.notes.show_notes(page.meeting.id, page.notes)
        self.questions.set_meeting(page.meeting.id, ready=page.transcript is not None)
        if not page.partial:  # who talks for how long, and where, hangs on all of it
            self.summary.talk.show_talk(page.talk)
            self.speakers.show_page(page)
            self.player.set_page(page)
            self._foresee()
        self._show_state()

    def set_live(self, live: LiveText | None) -> None:
        """Shows the sentence that is being said in a channel, '' that there is none; None: nobody listens any more.

        Sentences of another meeting than the one shown are not for this page.
        """
        shown = live if self._meeting and live and live.meeting_id == self._meeting.id else None
        self._listening = shown is not None
        self.transcript.set_live(shown)
        self._show_empty_states()

    def _add_notes(self) -> None:
        tab = self.tabs.insertTab(2, self.notes, self._actions.notes.text())
        self.tabs.setTabToolTip(tab, self._actions.notes.toolTip())

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
            self._add_notes()
        if field and self.notes.isAncestorOf(field):
            self._turn_to_notes(field)

    @property
    def has_meeting(self) -> bool:
        """Whether a meeting is shown."""
        return self._meeting is not None

    @property
    def wanted(self) -> MeetingId:
        """The meeting that is shown or about to be; '' for none."""
        return self._meeting.id if self._meeting else MeetingId(self._awaited)

    def enable_fitting(self) -> None:
        """Offers a new text where there is sound, minutes where there is a text, with Mistral where there is a key."""
        recorded = self._meeting is not None and self._meeting.recording_open
        ready = self._meeting is not None and self._meeting.transcript_complete
        heard = self._meeting is not None and bool(self._meeting.audio)
        translated = self._transcript is not None and self._transcript.options.task == "translate"
        self._actions.transcribe.setEnabled(ready and heard)
        self.header.spoken.setEnabled(heard and not recorded)
        self._actions.stretch.setEnabled(ready and heard)
        self._actions.translate.setEnabled(ready and (heard or translated or self._counterpart is not None))
        self._actions.minutes_offline.setEnabled(ready)
        self._name_offline()
        self._actions.minutes_mistral.setEnabled(ready and self._commands.has_key)
        self._actions.minutes_server.setEnabled(ready and bool(self._commands.settings.provider_address))

    def begin_with(self, meeting_id: MeetingId, part: int) -> None:
        """Turns to a part of this meeting, by its place, where it is the first that is shown; -1 for none."""
        self._before = meeting_id, part

    def _turn_back(self, meeting: Meeting) -> None:
        (meeting_id, part), self._before = self._before, ("", -1)
        if meeting.id == meeting_id and part >= 0 and not meeting.recording_open:
            self.tabs.setCurrentIndex(part)

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
        if meeting := self._meeting:
            activity = self._meetings.activity_of(meeting.id)
            self.header.show_state(meeting, activity, self._transcript)
            self._show_empty_states()

    def _show_empty_states(self) -> None:
        meeting, commands = self._meeting, self._commands
        if meeting is None:
            return
        busy = self._meetings.activity_of(meeting.id) is not None
        text = self.transcript.segments
        silent = meeting.transcript_complete and not text.count
        if text.rowCount():
            self._transcript_or_empty.show_part()
        else:
            listening = self._is_listening()
            fill_text(self._transcript_or_empty, meeting, commands, busy=busy, listening=listening)
        if meeting.has_minutes:
            self._summary_or_empty.show_part()
        else:
            sent = self._sent.get(commands.settings.provider)
            fill_summary(self._summary_or_empty, meeting, commands, busy=busy, silent=silent, sent=sent)

    def _is_listening(self) -> bool:
        """Whether text is made while it is recorded: as was heard of it, and before that as the settings say."""
        return self._listening if self._listening is not None else self._commands.settings.live_text == "on"

    # --- turning and listening ---------------------------------------------------------------------

    def go_to(self, segment_id: int, second: float) -> None:
        """Turns to the transcript, where it was said."""
        if self.transcript.segments.count:
            self.turn_to(self._text, self.transcript)
            self.transcript.go_to(segment_id, second)

    def _follow(self, second: float) -> None:
        """Marks what is heard; a text that is being made stays at its end, whatever was heard before."""
        if self._meeting and not self._meeting.recording_open:
            self.transcript.follow(second)
        self._fill_chips()

    def _play(self, segment_id: int, second: float) -> None:
        """Plays a moment where one is; where there is no sound, shows what was said."""
        if self.player.can_play:
            self.player.play_at(second)
        else:
            self.go_to(segment_id, second)

    def _fill_chips(self, *, anew: bool = False) -> None:
        """Fills the chips in sight whose moment is heard; looks some times a second, unless it is to look `anew`."""
        second = self._commands.second if self._commands.is_playing else None
        now = -1 if second is None else int(second * CHIP_LOOKS)
        if now != self._looked_at or anew:
            self._looked_at = now
            for part in (self.summary, self.notes, self.questions):
                if part.isVisible():
                    follow(part, second)
            self.tasks.follow(second)

    def turn_to(self, part: QWidget, focus: QWidget) -> None:
        """Shows a part, with the keyboard on `focus`."""
        self.tabs.setCurrentWidget(part)
        focus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def turn_to_text(self) -> None:
        """Shows the text."""
        self.tabs.setCurrentWidget(self._text)

    def turn_to_summary(self) -> None:
        """Shows the minutes."""
        self.tabs.setCurrentWidget(self._summary_or_empty)

    def _turn_and(self, call: Callable[[], object]) -> None:
        self.turn_to_text()
        call()

    def _turn_to_notes(self, field: QWidget | None = None) -> None:
        beside = self.tabs.indexOf(self.notes) < 0
        self.tabs.setCurrentWidget(self._text if beside else self.notes)
        # As if clicked on: a shortcut would select what is being written, and the next key replace it.
        (field or self.notes.input).setFocus(Qt.FocusReason.OtherFocusReason)

    def _note_consent(self) -> None:
        """Notes at the beginning that those who took part agreed, for the person to say it better."""
        if self._meeting:
            text = messages.consent(self._meeting.participants, datetime.now().astimezone())
            self._commands.add_note(self._meeting.id, 0.0, text)
            self._turn_to_notes()

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

    # --- asking ------------------------------------------------------------------------------------

    def _with(self, call: Callable[[Meeting], object]) -> None:
        if self._meeting:
            call(self._meeting)

    def _with_id(self, call: Callable[[MeetingId], object]) -> None:
        if self._meeting:
            call(self._meeting.id)

    def _offer_again(self) -> None:
        self.turn_to(self._text, self.transcript)
        self.transcript.offer_again()

    def _tick(self, line_id: int, done: bool) -> None:
        if self._meeting:
            self._commands.tick(self._meeting.id, line_id, done=done)

    def _make_minutes(self, provider: str) -> None:
        if self._meeting:
            self._commands.make_minutes(self._meeting.id, provider=provider)

    def _key_known(self) -> None:
        self.enable_fitting()
        self._foresee()

    def _foresee(self) -> None:
        if self._meeting and self._meeting.transcript_complete:
            self._commands.foresee_minutes(self._meeting.id)

    def _show_estimates(self, meeting_id: str, sent: dict[str, Estimate]) -> None:
        """Says where minutes are asked for how much that would send."""
        if self._meeting and meeting_id == self._meeting.id:
            self._sent = sent
            self._actions.explain_minutes(sent)
            self.summary.show_estimates(sent)
            self.questions.show_estimate(sent.get(QUESTION))
            self._show_empty_states()

    def _add_line(self, line: Line) -> None:
        if self._minutes:
            self._commands.add_line(self._minutes, line)

    def _name_offline(self) -> None:
        """Has the action say that the minutes will not be in the language that is chosen in the settings."""
        action, wanted = self._actions.minutes_offline, self._commands.settings.minutes_language
        if self._transcript and wanted not in {"", self._transcript.written}:
            action.setText(_("Make minutes on this machine, not translated"))
            tip = _(
                "Make the minutes again, offline, in the meeting's language: this machine does not translate"
            )
        else:
            action.setText(_("Make minutes on this machine"))
            tip = _("Make the minutes again, offline")
        self._actions.explain(action, tip)

    def _name_translation(self) -> None:
        """Has the action lead to the translation, be it still to be made, or back to the original."""
        action, shown = self._actions.translate, self._transcript
        if shown and shown.options.task == "translate":
            action.setText(_("Show the original text"))
            self._actions.explain(action, _("Show the text in the language of the meeting"))
        elif self._counterpart:
            action.setText(_("Show the translation"))
            self._actions.explain(action, _("Show the text in English"))
        else:
            action.setText(_("Translate into English"))
            self._actions.explain(action, _("Make the text in English too"))

    def _translate(self) -> None:
        if self._meeting and self._counterpart:
            self._commands.show_version(self._meeting.id, self._counterpart.id)
        elif self._meeting and self._transcript and self._transcript.options.task == "translate":
            self._commands.transcribe(self._meeting.id)
        elif self._meeting:
            self._commands.translate(self._meeting.id)
