"""What a person can ask of the sound of the meeting that is shown: play it, from where, how fast, without pauses."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from core import paths
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, Task, Tasks
from core.values import Event, Job, Meeting, MeetingId, Playing
from desktop.bridge import Bridge
from desktop.commands.answers import Trouble, trouble
from desktop.commands.choices import Choices

if TYPE_CHECKING:
    from core.audio.playback import Playback
    from core.meetings import Library

FRAME_MILLISECONDS = 33
"""How often the place is told while it is played."""

KEEP_FRAMES = 60
"""After so many of them the place is stored."""


class Listening(Choices):
    """The sound that is open, if any, and its waveform."""

    sound_opened = Signal(bool)  # False: the meeting has no sound, or its file is gone
    peaks_found = Signal(object)  # Peaks
    played = Signal(float)  # the second that is heard now, while it plays and when it was moved
    playback_changed = Signal(object)  # Playing

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._sound: tuple[MeetingId, int] | None = None  # whose, and how many bytes long
        self._playback: Playback | None = None
        self._said: tuple[tuple[float, float], ...] = ()
        self._player: Task | None = None
        self._shape: Task | None = None
        self._awaited: float | None = None  # where to play once the sound is open
        self._sought: float | None = None  # where to stand by then
        self._stretch: tuple[float, float] | None = None  # outside of which nothing is wanted
        self._state = Playing(0.0, paused=True)
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MILLISECONDS)
        self._frames.timeout.connect(self._frame)
        self._frame_count = 0
        self._told_silent = False
        self.settings_changed.connect(self._use_settings)

    # --- asked -------------------------------------------------------------------------------------

    def open_sound(self, meeting: Meeting) -> None:
        """Makes the sound of this meeting the one that is played; nothing happens where it is already."""
        sound = meeting.id, meeting.size
        if sound == self._sound:
            return
        self.close_sound()
        self._sound = sound

        def opened(playback: Playback) -> None:
            if self._sound != sound:
                return
            self._playback = playback
            self._use_settings()
            self.sound_opened.emit(True)
            self.played.emit(playback.second)
            self._look_for_peaks(meeting.id)
            if self._sought is not None:
                self.seek(self._sought)
            if self._awaited is not None:
                self.play_at(self._awaited, self._stretch and self._stretch[1])

        def failed(_trouble: Trouble) -> None:
            if self._sound == sound:
                self.sound_opened.emit(False)

        library = self._library
        if library is not None:
            self._run(partial(_playback, library, meeting.id), opened, failed, Lane.IO)

    def close_sound(self) -> None:
        """Ends playing; the place is kept."""
        self.pause_playing()
        for task in (self._player, self._shape):
            if task:
                self._tasks.stop(task)
        self._sound = self._playback = self._player = self._shape = self._awaited = self._stretch = (
            self._sought
        ) = None
        self._said = ()
        self._state = Playing(0.0, paused=True)

    @property
    def is_playing(self) -> bool:
        """Whether the meeting is being played."""
        return self._playback is not None and not self._playback.paused

    @property
    def second(self) -> float:
        """The second of the meeting that is heard now, or where it goes on."""
        return self._playback.second if self._playback else 0.0

    def heard(self, meeting_id: MeetingId) -> float | None:
        """The second of this meeting that is heard now; None where it is not being played."""
        return self.second if self.is_playing and self._sound and self._sound[0] == meeting_id else None

    def play_at(self, second: float | None = None, until: float | None = None) -> None:
        """Plays from this second on, or from where it was left, at most `until` there; once it is open."""
        self._stretch = None if second is None or until is None else (second, until)
        if self._playback is None:
            self._awaited = second
            return
        self._awaited = None
        self._playback.play(second)
        self._frames.start()
        self._ensure_player()
        self.playback_changed.emit(Playing(self.second, paused=False, silent=self._state.silent))

    def pause_playing(self) -> None:
        """Holds still, and keeps the place."""
        self._frames.stop()
        self._awaited = None
        if self._playback and not self._playback.paused:
            self._playback.pause()
            self._keep_place()
            self.playback_changed.emit(Playing(self.second, paused=True, silent=self._state.silent))

    def toggle_playing(self) -> None:
        """Plays, or holds still."""
        if self.is_playing:
            self.pause_playing()
        else:
            self.play_at()

    def seek(self, second: float) -> None:
        """Goes to this second, playing or not; once it is open."""
        self._sought = None if self._playback else second
        if self._playback:
            if self._stretch and not self._stretch[0] <= second < self._stretch[1]:
                self._stretch = None
            self._playback.seek(second)
            self.played.emit(self._playback.second)
            if self._playback.paused:
                self._keep_place()

    def seek_by(self, seconds: float) -> None:
        """Goes on or back by so much."""
        self.seek(self.second + seconds)

    def set_said(self, stretches: Iterable[tuple[float, float]]) -> None:
        """Tells where in the meeting something is said: what is played where pauses are left out."""
        self._said = tuple(stretches)
        self._use_settings()

    # --- on its way --------------------------------------------------------------------------------

    def _use_settings(self, _settings: Settings | None = None) -> None:
        if self._playback is None:
            return
        from core.audio.playback import spoken

        chosen = self.settings
        skips = spoken(self._said) if chosen.skip_silence and self._said else None
        self._playback.use(speed=chosen.playback_speed, volume=chosen.volume, skips=skips)

    def _ensure_player(self) -> None:
        if self._player is None and self._playback is not None and not self._closing:
            playback = self._playback
            self._player = self._tasks.start(
                playback.run(),
                lane=Lane.PLAY,
                on_event=partial(self._on_playing, playback),
                on_end=lambda task: self._bridge.carry(partial(self._player_ended, task, playback)),
            )

    def _on_playing(self, playback: Playback, _task: Task, event: Event) -> None:
        """On the lane's thread, many times a second: only what changed is carried over."""
        if isinstance(event, Playing) and playback is self._playback:
            before, self._state = self._state, event
            if (before.paused, before.ended, before.silent) != (event.paused, event.ended, event.silent):
                self._bridge.carry(partial(self._playing_changed, playback, event))

    def _playing_changed(self, playback: Playback, state: Playing) -> None:
        if playback is self._playback and state.paused == playback.paused:
            if state.paused:
                self._frames.stop()
                self._keep_place()
                self.played.emit(playback.second)
            self.playback_changed.emit(state)
            if state.silent and not self._told_silent:
                self._told_silent = True
                self.said.emit(_("There is no sound device: the meeting is followed without sound"), None)

    def _player_ended(self, task: Task, playback: Playback) -> None:
        if task is not self._player:
            return
        self._player = None
        if task.error:
            playback.pause()
            self._frames.stop()
            self.playback_changed.emit(Playing(playback.second, paused=True))
            self.troubled.emit(trouble(task.error))
        elif not playback.paused:
            # Asked for just as it gave the sound device back.
            self._ensure_player()

    def _frame(self) -> None:
        self.played.emit(self.second)
        if self._stretch and self.second >= self._stretch[1]:
            self._stretch = None
            self.pause_playing()
            return
        self._frame_count += 1
        if self._frame_count % KEEP_FRAMES == 0:
            self._keep_place()

    def _keep_place(self) -> None:
        if self._sound:
            meeting_id, second = self._sound[0], self.second
            self._ask(lambda library: library.store.keep_place(meeting_id, second))

    def _look_for_peaks(self, meeting_id: MeetingId) -> None:
        library = self._library
        if library is None or self._closing:
            return

        def job() -> Job[bytes]:
            from core import meetings

            return (yield from meetings.waveform(library, meeting_id))

        sound = self._sound

        def found(event: Event) -> None:
            if sound == self._sound:
                self.peaks_found.emit(event)

        self._shape = self._tasks.start(
            job(),
            lane=Lane.IO,
            on_event=lambda _task, event: self._bridge.carry(partial(found, event)),
        )


# --- on the lanes' threads -------------------------------------------------------------------------


def _playback(library: Library, meeting_id: MeetingId) -> Playback:
    from core import meetings

    return meetings.playback(library, meeting_id)
