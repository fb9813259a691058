"""One recording from its first sound to its end, in the recorder's own process.

One loop serves the doors, takes in what the sources' processes send, joins it on one timeline, and writes it. It
waits for nobody: a source that ends, hangs or floods is ended and started again, for as long as the recording lasts.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

from core import errors, paths
from core.audio import processes
from core.audio.doors import Doors
from core.audio.recorder import WINDOW_AGAIN, RecorderState, clear, session_file
from core.audio.recording import BITS_PER_CHANNEL, RATE, RecordingWriter
from core.audio.source_process import FIRST_SOUND_WITHIN, SourceProcess
from core.audio.sources import missing
from core.audio.timeline import WAIT, Timeline
from core.audio.watch import Watch
from core.values import Channel, SourceState

TICK = 0.05  # seconds between two writings
SYNC_EVERY = 0.7  # with the page that is being filled, a power cut takes less than a second
STALLED = 0.5  # a turn of the loop that took longer: a slow disk, or this process was held up
CAUGHT_UP_WITHIN = 2.0  # after which what the sources kept for us has come
BEHIND = 0.25
LAST_WORDS_WITHIN = 0.7  # what was said before the stop is still on its way
LAST_WORDS = 0.1  # seconds after the stop that are heard too, since clocks are not that exact
SLEPT = 1.0

ALONE_AFTER = 1.5  # without a door; the promise is an end within 2 s
WINDOW_WITHIN = 20.0  # it has a library to open
WINDOWS, WINDOWS_IN = 3, 300.0  # a window that dies so often in so many seconds is not started again

RESERVE = 50_000_000
"""Bytes that a recording leaves on the disk, for the meeting's text and for the system to live."""

LEAST_ROOM = 300.0  # seconds that must fit for a recording to begin
TELL_ROOM = 1800.0

_log = structlog.get_logger("recorder")


def _asleep() -> float:
    """For how many seconds this machine has slept, from some beginning on. Untried on Windows and macOS."""
    if sys.platform == "win32":
        import ctypes

        awake = ctypes.c_ulonglong()  # in units of 100 ns
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(awake))
        return time.monotonic() - awake.value / 1e7
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC) - time.clock_gettime(time.CLOCK_UPTIME_RAW)
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)


class Session:
    """One recording. `begin` raises what keeps it from being one; then `end` leaves no trace of it.

    `sources` are started and are the channels in their order. `window` is the command that is run when no door is left.
    """

    def __init__(
        self,
        path: Path,
        doors: Doors,
        sources: Sequence[SourceProcess],
        window: Sequence[str],
        *,
        append: bool,
    ) -> None:
        self._path = path
        self._append = append
        self._window = window
        self._windows: list[float] = []  # when one was started
        self._children: list[subprocess.Popen[bytes]] = []
        self._doors = doors
        self._sources = sources
        self._timeline = Timeline(len(sources), RATE)
        self._watch = self._new_watch()
        self._writer: RecordingWriter | None = None
        self._announced = False
        self._paused = False
        self._asked_to_stop = False
        self._stopped_at: float | None = None
        self._ended = False
        self._room: float | None = None
        self._gaps_told = 0
        self._watch_broke = False
        self._turned = self._taken = self._synced = time.monotonic()
        self._patient_until = 0.0
        self._slept = _asleep()
        self.problem: errors.Problem | None = None

    # --- the beginning ---------------------------------------------------------------------------

    def begin(self) -> None:
        """Returns when the first sound is on the disk and doors are invited."""
        if self._path.exists() and not self._append:
            raise errors.NameTaken(str(self._path))
        self._look_at_the_disk(LEAST_ROOM)
        self._wait_for_sound()
        self._writer = RecordingWriter(self._path, len(self._sources), append=self._append)
        before = self._writer.synced
        self._turned = time.monotonic()
        while self._writer.synced <= before:
            if self._asked_to_stop:
                raise errors.RecorderDied
            self._turn()
            if self._writer.written > before:
                self._writer.sync()
        channels = [str(source.channel) for source in self._sources]
        invitation = {**self._doors.invitation(), "channels": channels}
        paths.write_private(session_file(self._path), json.dumps(invitation).encode())
        self._announced = True
        _log.info("recording_began", channels=channels)

    def _wait_for_sound(self) -> None:
        until = time.monotonic() + FIRST_SOUND_WITHIN
        while not any(source.present for source in self._sources):
            self._doors.serve(TICK, self.answer)
            self._listen(time.monotonic())
            problems = [source.problem for source in self._sources if source.problem is not None]
            late = time.monotonic() > until or self._asked_to_stop
            if late or len(problems) == len(self._sources):
                first = self._sources[0]
                raise problems[0] if problems else missing(first.channel, first.name)

    # --- its course ------------------------------------------------------------------------------

    def record(self) -> None:
        """Writes what the sources deliver until there is a reason to end."""
        try:
            while not self._is_over():
                self._turn()
                self._keep_on_disk()
                self._look_for_doors()
                self._take_orders()
            self._write(time.monotonic() + WAIT)
        except errors.StorageProblem as problem:
            self.problem = problem

    def _turn(self) -> None:
        self._doors.serve(TICK, self.answer)
        now = time.monotonic()
        if now - self._turned > STALLED:
            _log.warning("recorder_held_up", seconds=round(now - self._turned, 1))
            self._patient_until = now + CAUGHT_UP_WITHIN
            for source in self._sources:
                source.forgive(now)
            if not self._waits_for_window():
                self._doors.forgive(now, now - self._turned)
        self._turned = now
        self._look_for_sleep(now)
        self._listen(now)
        behind = any(source.present and now - source.heard_to > BEHIND for source in self._sources)
        if now - self._taken >= TICK and not (behind and now < self._patient_until):
            self._taken = now
            self._write(now)

    def _listen(self, now: float) -> None:
        for index, source in enumerate(self._sources):
            for at, block, rate in source.take():
                self._timeline.add(index, at, block, rate)
                self._judge(source.channel, now, block, rate)
            if source.check(now):
                self._timeline.lost(index)
                self._watch.lost(source.channel, now, refused=source.refused)

    def _new_watch(self) -> Watch:
        return Watch([source.channel for source in self._sources])

    def _judge(self, channel: Channel, now: float, block: NDArray[np.float32], rate: int) -> None:
        try:
            self._watch.hear(channel, now, block, rate)
        except Exception:  # noqa: BLE001  it only says what is wrong with a source: no reason to end the recording
            if not self._watch_broke:
                _log.warning("watch_broke", channel=str(channel), exc_info=True)
            self._watch_broke = True
            self._watch = self._new_watch()
            if self._paused:
                self._watch.pause()

    def _write(self, now: float) -> None:
        sound = self._timeline.take(now)
        if self._timeline.gaps > self._gaps_told:
            self._gaps_told = self._timeline.gaps
            _log.warning("sound_missing", gaps=self._gaps_told)
        if self._writer is not None and len(sound):
            self._writer.write(sound)

    def _look_for_sleep(self, now: float) -> None:
        before, self._slept = self._slept, _asleep()
        if self._slept - before > SLEPT:
            _log.info("machine_slept", seconds=round(self._slept - before))
            self._timeline.skip(now)
            if not self._paused:
                self._watch.resume(now)
            for index, source in enumerate(self._sources):
                source.restart(now)
                self._timeline.lost(index)

    def _keep_on_disk(self) -> None:
        if self._writer is not None and self._turned - self._synced >= SYNC_EVERY:
            self._synced = self._turned
            self._writer.sync()
            try:
                self._look_at_the_disk(0.0)
            except errors.StorageProblem as problem:
                self.problem = problem
                self.stop()

    def _look_at_the_disk(self, needed: float) -> None:
        """Raises `DiskFull` when there is not room for `needed` seconds."""
        try:
            free = shutil.disk_usage(self._path.parent).free
        except OSError as error:
            raise paths.storage_problem(error, self._path) from error
        # The container takes 3 % on top.
        second = 1.03 * BITS_PER_CHANNEL / 8 * len(self._sources)
        room = (free - RESERVE) / second
        if room <= needed:
            raise errors.DiskFull(str(self._path), RESERVE + round(second * needed), free)
        self._room = room if room < TELL_ROOM else None

    def _look_for_doors(self) -> None:
        """Starts the window again when no door is left; ends the recording when none comes."""
        if self._asked_to_stop or self._doors.alone_for() <= ALONE_AFTER:
            return
        now = time.monotonic()
        if self._waits_for_window():
            status = self._children[-1].poll()
            if not status:  # it is on its way, or has asked another window to come
                if now - self._windows[-1] > WINDOW_WITHIN:
                    _log.warning("no_window_came")
                    self.stop()
                return
            _log.warning("window_failed", status=status)
        self._windows = [started for started in self._windows if now - started < WINDOWS_IN]
        if not self._window or len(self._windows) >= WINDOWS:
            _log.warning("recorder_alone", windows=len(self._windows))
            self.stop()
            return
        _log.warning("window_started_again")
        self._windows.append(now)
        try:
            process = subprocess.Popen(
                self._window,
                env={**os.environ, WINDOW_AGAIN: "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **processes.apart(),
            )
        except OSError:
            self.stop()
        else:
            self._children = [child for child in self._children if child.poll() is None] + [process]

    def _waits_for_window(self) -> bool:
        return bool(self._windows) and self._windows[-1] > self._doors.alone_since

    # --- its end ---------------------------------------------------------------------------------

    def stop(self) -> None:
        """Asks for the end; also from a signal, so nothing else happens here."""
        self._asked_to_stop = True

    def _take_orders(self) -> None:
        if self._asked_to_stop and self._stopped_at is None:
            self._stopped_at = time.monotonic()
            self._timeline.pause(self._stopped_at)

    def _is_over(self) -> bool:
        if self._stopped_at is None:
            return False
        until = self._stopped_at + LAST_WORDS
        heard = all(not source.present or source.heard_to >= until for source in self._sources)
        return heard or self._paused or time.monotonic() - self._stopped_at > LAST_WORDS_WITHIN

    def end(self) -> None:
        """Closes the file, ends the sources and takes the invitation away.

        Without a door that hears of the end the invitation stays: it tells the next start that there is something
        to be noted.
        """
        for source in self._sources:
            source.end()
        if self._writer is not None:
            if self._announced:
                self._writer.close()
            else:
                self._writer.discard()
        self._ended = True
        if self._announced:
            _log.info(
                "recording_ended",
                seconds=round(self._length()[1], 1),
                gaps=self._gaps(),
                doors=self._doors.count,
                problem=str(self.problem),
            )
        if not self._announced or self._doors.count:
            clear(self._path)

    def take_leave(self) -> None:
        """Tells every door how the recording ended."""
        self._doors.close(self.answer("state") if self._announced else None)

    # --- what doors ask --------------------------------------------------------------------------

    def answer(self, what: str) -> dict[str, Any]:
        """Does what a door asks and gives the fields of `RecorderState`."""
        now = time.monotonic()
        if what == "stop":
            self.stop()
        elif what == "pause" and not self._paused and self._stopped_at is None:
            self._paused = True
            self._timeline.pause(now)
            self._watch.pause()
        elif what == "resume" and self._paused and self._stopped_at is None:
            self._paused = False
            self._timeline.resume(now)
            self._watch.resume(now)
        written, synced = self._length()
        return asdict(
            RecorderState(
                elapsed=synced if self._ended else written,
                unsaved=0.0 if self._ended else max(0.0, written - synced),
                sources=tuple(self._state_of(source, now) for source in self._sources),
                paused=self._paused,
                gaps=self._gaps(),
                room=self._room,
                silent=self._watch.silent(now),
                doors=self._doors.count,
                ended=self._ended,
                problem=errors.to_failure(self.problem) if self.problem else None,
            )
        )

    def _gaps(self) -> int:
        return self._timeline.gaps + sum(source.overflows for source in self._sources)

    def _length(self) -> tuple[float, float]:
        return (self._writer.written, self._writer.synced) if self._writer is not None else (0.0, 0.0)

    def _state_of(self, source: SourceProcess, now: float) -> SourceState:
        rms, peak = self._watch.level(source.channel)
        trouble = self._watch.trouble(source.channel, now)
        return SourceState(source.channel, source.name, rms, peak, trouble)
