"""The player at the foot of the meeting page: the sound's shape, and the buttons around it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QMoveEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QMenu, QSlider, QWidgetAction

from core import messages
from core.messages import _
from core.values import Meeting, Minutes, Note, Peaks, Playing, Section, Segment, Speaker
from desktop import theme, tips
from desktop.commands import Commands, Page
from desktop.views.actions import Actions, connect
from desktop.views.waveform import Mark, Said, Waveform
from desktop.views.widgets import action_button, label, menu_button, row

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
SKIP_SECONDS = 5.0


class Player(QFrame):
    """Plays the meeting that is shown. `playing` tells the second that is heard, while it plays and when it is moved.

    `play_at` is for whatever leads to a second: time chips, words, bookmarks, search hits.
    """

    playing = Signal(float)
    moved = Signal()  # it has come, or is in another place

    def __init__(self, commands: Commands, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("player")
        self._commands = commands
        self._actions = actions
        self._meeting: Meeting | None = None
        self._still_at: float | None = None
        self._lost = False  # the sound is not where it was
        self.waveform = Waveform()
        self._time = label(messages.clock(0), "meta")
        self._length = label("", "meta")
        for text in (self._time, self._length):
            text.setFont(theme.meta_font())
        self.speed = menu_button("", _("How fast it is played"), "", QMenu(self))
        self.speed.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._speeds: dict[float, QAction] = {}
        self.loudness = menu_button("", _("How loud it is played"), "speaker-high", QMenu(self))
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self.marks = menu_button("", _("Chapters and bookmarks"), "list-bullets", QMenu(self))
        self.skip = action_button(actions.skip_silence, "quiet", words=False)
        self._make_menus()
        play = action_button(actions.play, "quiet", words=False)
        for quiet in (self.speed, self.loudness, self.marks):
            quiet.setProperty("kind", "quiet")
        line = row(
            play, self._time, self.waveform, self._length, self.speed, self.skip, self.loudness, self.marks
        )
        line.setStretch(2, 1)
        line.setContentsMargins(theme.SPACE_4, theme.SPACE_1, theme.SPACE_4, theme.SPACE_1)
        self.setLayout(line)
        self._connect()
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Says so."""
        super().showEvent(event)
        self.moved.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Says so."""
        super().moveEvent(event)
        self.moved.emit()

    def _make_menus(self) -> None:
        group = QActionGroup(self)
        for speed in SPEEDS:
            action = self._speeds[speed] = self.speed.menu().addAction(messages.speed(speed))
            action.setCheckable(True)
            group.addAction(action)
            connect(action, partial(self._set_speed, speed))
        self._volume.setRange(0, 100)
        self._volume.setPageStep(10)
        self._volume.setMinimumWidth(120)
        # Unlike a field on a page it takes the wheel: it was opened to be moved, and nothing there can be scrolled.
        self._volume.setAccessibleName(_("Volume"))
        self._volume.valueChanged.connect(lambda value: self._commands.change_settings(volume=value / 100))
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self._volume)
        self.loudness.menu().addAction(holder)
        self.marks.menu().aboutToShow.connect(self._list_marks)

    def _connect(self) -> None:
        commands, actions = self._commands, self._actions
        self.waveform.place_wanted.connect(commands.seek)
        commands.sound_opened.connect(self._sound_opened)
        commands.peaks_found.connect(self._peaks_found)
        commands.played.connect(self._show_second)
        commands.playback_changed.connect(self._show_state)
        commands.settings_changed.connect(self._show_settings)
        connect(actions.play, commands.toggle_playing)
        connect(actions.back, lambda: commands.seek_by(-SKIP_SECONDS))
        connect(actions.forward, lambda: commands.seek_by(SKIP_SECONDS))
        connect(actions.slower, lambda: self._step_speed(-1))
        connect(actions.faster, lambda: self._step_speed(1))
        actions.skip_silence.triggered.connect(lambda on: commands.change_settings(skip_silence=on))
        self._show_settings()
        self._enable(on=False)

    # --- showing -----------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """No meeting is shown: what was played ends."""
        self._meeting = None
        self._commands.close_sound()
        self._enable(on=False)
        self.hide()

    def set_page(self, page: Page) -> None:
        """Shows a meeting as it was just read; one whose recording runs cannot be played yet."""
        meeting, before = page.meeting, self._meeting
        if meeting.recording_open or not meeting.audio:
            self.show_nothing()
            return
        if before is None or (before.id, before.size) != (meeting.id, meeting.size):
            self.waveform.show_meeting(meeting.duration)
            self._length.setText(messages.clock(meeting.duration))
            self._show_second(meeting.listened)
        if before is None or before.id != meeting.id:
            self._lost = False
        self._meeting = meeting
        self._commands.open_sound(meeting)
        segments = page.transcript.segments if page.transcript else ()
        speakers = {one.speaker.id: one.speaker for one in page.talk}
        self.waveform.set_said([_said(one, speakers) for one in segments if one.text.strip()])
        self.waveform.set_marks(_marks(page.minutes, page.notes))
        complete = page.transcript is not None and page.transcript.complete
        self._commands.set_said((one.start, one.end) for one in segments if complete)
        self.show()

    def play_at(self, second: float, until: float | None = None) -> None:
        """Plays the meeting that is shown from this second on, at most `until` there."""
        self._still_at = None if self._commands.is_playing else self._commands.second
        self._commands.play_at(second, until)

    @property
    def can_play(self) -> bool:
        """Whether the meeting that is shown has sound."""
        return self._meeting is not None and not self._lost

    def take_back(self) -> None:
        """Holds still again, where it was before `play_at`; what played already goes on."""
        if self._still_at is not None:
            self._commands.pause_playing()
            self._commands.seek(self._still_at)

    def _sound_opened(self, there: bool) -> None:
        self._lost = not there
        self._enable(on=there)
        if not there:
            self._length.setText(_("The sound is not there"))

    def _enable(self, *, on: bool) -> None:
        for action in self._actions.of_player:
            action.setEnabled(on)

    def _peaks_found(self, peaks: Peaks) -> None:
        self.waveform.add_peaks(peaks)

    def _show_second(self, second: float) -> None:
        self.waveform.set_second(second)
        time = messages.clock(second)
        if time != self._time.text():
            self._time.setText(time)
        self.playing.emit(second)

    def _show_state(self, state: Playing) -> None:
        play = self._actions.play
        play.setText(_("Play") if state.paused else _("Pause playing"))
        play.setIcon(theme.icon("play-fill" if state.paused else "pause-fill"))

    def _show_settings(self, _settings: object = None) -> None:
        chosen = self._commands.settings
        self.speed.setText(messages.speed(chosen.playback_speed))
        self.speed.setAccessibleDescription(messages.speed(chosen.playback_speed))
        if action := self._speeds.get(chosen.playback_speed):
            action.setChecked(True)
        self._actions.skip_silence.setChecked(chosen.skip_silence)
        value = round(100 * chosen.volume)
        self._volume.blockSignals(True)
        self._volume.setValue(value)
        self._volume.blockSignals(False)
        self.loudness.setIcon(theme.icon("speaker-high" if value else "speaker-slash"))

    # --- asking ------------------------------------------------------------------------------------

    def _set_speed(self, speed: float) -> None:
        self._commands.change_settings(playback_speed=speed)

    def _step_speed(self, step: int) -> None:
        now = self._commands.settings.playback_speed
        nearest = min(range(len(SPEEDS)), key=lambda place: abs(SPEEDS[place] - now))
        self._set_speed(SPEEDS[min(max(0, nearest + step), len(SPEEDS) - 1)])

    def _list_marks(self) -> None:
        """The chapters and bookmarks of the meeting, each leading to its second."""
        menu = self.marks.menu()
        menu.clear()
        menu.addActions([self._actions.bookmark])
        menu.addSeparator()
        for mark in self.waveform.marks:
            name = mark.name or _("Bookmark")
            entry = menu.addAction(tips.verbatim(f"{messages.clock(mark.second)}  {name}"))
            entry.setIcon(theme.icon("text-align-left" if mark.is_chapter else "bookmark-simple"))
            connect(entry, partial(self.play_at, mark.second))


def _said(segment: Segment, speakers: Mapping[int, Speaker]) -> Said:
    speaker, channel = speakers.get(segment.speaker_id), segment.channel
    place = channel.place if channel else 0
    color = theme.SPEAKERS[(speaker.colour if speaker else place) % len(theme.SPEAKERS)]
    name = messages.speaker_label(speaker) if speaker else messages.channel_name(channel) if channel else ""
    words = f"{name}: {segment.text.strip()}" if name else segment.text.strip()
    return Said(segment.start, segment.end, color, words)


def _marks(minutes: Minutes | None, notes: tuple[Note, ...]) -> list[Mark]:
    """The chapters of the minutes and the bookmarks, by time."""
    chapters = [
        Mark(line.evidence[0].start, line.text, is_chapter=True)
        for line in (minutes.of(Section.CHAPTERS) if minutes else ())
        if line.evidence
    ]
    bookmarks = [Mark(note.at, note.text) for note in notes if note.bookmark]
    return sorted(chapters + bookmarks, key=lambda mark: mark.second)
