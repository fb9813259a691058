"""The recorder's own process: one recording from its first sound to its end. The doors' side is `core.audio.recorder`.

One loop serves the doors, takes in what the sources' processes send (`core.audio.sources`), joins it on one timeline,
and writes it. It loads no sound library and waits for nobody: a source that ends, hangs or floods is ended and started
again, for as long as the recording lasts.
"""

from __future__ import annotations

import hmac
import json
import math
import os
import secrets
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from core import errors, locks, logs, paths
from core.audio import processes, sources
from core.audio.recorder import WINDOW_AGAIN, RecorderState, clear, session_file
from core.values import Channel, Failure, SourceState

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.audio.recording import RecordingWriter
    from core.audio.timeline import Timeline
    from core.audio.watch import Watch

TICK = 0.05  # seconds between two writings
SYNC_EVERY = 0.7  # with the page that is being filled, a power cut takes less than a second
STALLED = 0.5  # a turn of the loop that took longer: a slow disk, or this process was held up
CAUGHT_UP_WITHIN = 2.0  # after which what the sources kept for us has come
BEHIND = 0.25
LAST_WORDS_WITHIN = 0.7  # what was said before the stop is still on its way
LAST_WORDS = 0.1  # seconds after the stop that are heard too, since clocks are not that exact
SLEPT = 1.0

LOCKED_FOR = 0.5  # by a door that only looks whether anybody holds the lock
FIRST_SOUND_WITHIN = 8.0
LOST_AFTER = 2.0  # without a block; devices deliver many times a second
AGAIN_AFTER = 1.5  # between two starts of a source
FALLBACK_AFTER = 3.0  # without the chosen microphone the default one is taken
FLOOD = 30.0  # seconds of sound more than there can be

KEY_WITHIN = 10.0  # whoever connects gives it at once
ASKED_WITHIN = 30.0  # a door that was stopped or hangs; one that shows the recording asks 25 times a second
ALONE_AFTER = 1.5  # without a door; the promise is an end within 2 s
FIRST_DOOR_WITHIN = 10.0
WINDOW_WITHIN = 20.0  # it has a library to open
WINDOWS, WINDOWS_IN = 3, 300.0  # a window that dies so often in so many seconds is not started again

RESERVE = 50_000_000
"""Bytes that a recording leaves on the disk, for the meeting's text and for the system to live."""

LEAST_ROOM = 300.0  # seconds that must fit for a recording to begin
TELL_ROOM = 1800.0

_log = structlog.get_logger("recorder")


def run(arguments: list[str]) -> int:
    """The hidden verb `recorder`: records as its one argument says, which `Recorder.start` writes.

    Returns the exit status, as `processes.printed`.
    """
    return processes.printed(lambda: _record(**json.loads(arguments[0])))


def _record(
    path: str,
    lock: str,
    channels: list[str],
    microphone: str,
    window: list[str],
    append: bool,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    file = Path(path)
    _log_beside(file)
    until = time.monotonic() + LOCKED_FOR
    while (held := locks.take(Path(lock))) is None:
        if time.monotonic() > until:
            raise errors.MeetingBusy(file.stem)
        time.sleep(0.02)
    session = _Session(file, [Channel(one) for one in channels], microphone, window, append=append)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: session.stop())
    try:
        session.begin()
        session.record()
    except Exception:
        session.problem = session.problem or errors.RecorderDied()
        raise
    finally:
        session.end()
        held.release()
        session.take_leave()
    if session.problem is not None:
        raise session.problem


def _log_beside(path: Path) -> None:
    """Sends this process's log to the library that the recording lies in; elsewhere there is none."""
    places = paths.folders(path.parent.parent)
    if path.parent == places.audio and places.logs.is_dir():
        logs.start(places)
    else:
        # Standard output is a pipe that nobody empties.
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())


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


class _Session:
    """One recording. `begin` raises what keeps it from being one, and then leaves no trace of it."""

    _timeline: Timeline
    _watch: Watch

    def __init__(
        self, path: Path, channels: Sequence[Channel], microphone: str, window: Sequence[str], *, append: bool
    ) -> None:
        self._path = path
        self._append = append
        self._window = list(window)
        self._windows: list[float] = []
        self._children: list[subprocess.Popen[bytes]] = []
        try:
            self._doors = _Doors()
        except OSError as error:
            raise paths.storage_problem(error, Path(tempfile.gettempdir())) from error
        names = {Channel.MICROPHONE: microphone}
        self._sources = [_Source(channel, names.get(channel, ""), self._doors) for channel in channels]
        self._writer: RecordingWriter | None = None
        self._before: _Before | None = None
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
        now = time.monotonic()
        for source in self._sources:
            source.check(now)
        # The sources' processes start while this one loads the codec.
        from core.audio.recording import RATE, RecordingWriter
        from core.audio.timeline import Timeline

        if self._path.exists() and not self._append:
            raise errors.NameTaken(str(self._path))
        self._look_at_the_disk(LEAST_ROOM)
        self._timeline = Timeline(len(self._sources), RATE)
        self._begin_watch()
        self._wait_for_sound()
        if self._append:
            self._before = _Before(self._path)
        self._writer = RecordingWriter(self._path, len(self._sources), RATE, append=self._append)
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
                raise problems[0] if problems else _silent(self._sources[0])

    # --- its course ------------------------------------------------------------------------------

    def record(self) -> None:
        """Writes what the sources deliver until there is a reason to end."""
        try:
            while not self._is_over():
                self._turn()
                self._keep_on_disk()
                self._look_for_doors()
                self._take_orders()
            from core.audio.timeline import WAIT

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

    def _begin_watch(self) -> None:
        from core.audio.watch import Watch

        self._watch = Watch([source.channel for source in self._sources])
        if self._paused:
            self._watch.pause()

    def _judge(self, channel: Channel, now: float, block: NDArray[np.float32], rate: int) -> None:
        try:
            self._watch.hear(channel, now, block, rate)
        except Exception:  # noqa: BLE001  it only says what is wrong with a source: no reason to end the recording
            if not self._watch_broke:
                _log.warning("watch_broke", channel=str(channel), exc_info=True)
            self._watch_broke = True
            self._begin_watch()

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
        from core.audio.recording import BITS_PER_CHANNEL

        try:
            free = shutil.disk_usage(self._path.parent).free - RESERVE
        except OSError as error:
            raise paths.storage_problem(error, self._path) from error
        # The container takes 3 % on top.
        room = free / (1.03 * BITS_PER_CHANNEL / 8 * len(self._sources))
        if room <= needed:
            raise errors.DiskFull(str(self._path))
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
            self._writer.close()
        self._ended = True
        if self._announced:
            _log.info(
                "recording_ended",
                seconds=round(self._length()[1], 1),
                gaps=self._gaps(),
                doors=self._doors.count,
                problem=_kind(self.problem),
            )
        elif self._before is not None:
            self._before.restore()
        elif self._writer is not None:
            self._path.unlink(missing_ok=True)
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

    def _state_of(self, source: _Source, now: float) -> SourceState:
        rms, peak = self._watch.level(source.channel)
        trouble = self._watch.trouble(source.channel, now)
        return SourceState(source.channel, source.name, rms, peak, trouble)


def _kind(problem: errors.Problem | None) -> str:
    return type(problem).__name__ if problem else ""


def _silent(source: _Source) -> errors.SoundProblem:
    """What it means that a source, though it said nothing against it, gave no sound."""
    if source.channel is Channel.SYSTEM:
        return errors.NoSystemSound("no_output")
    return errors.MicrophoneUnknown(source.name) if source.name else errors.NoMicrophone()


class _Before:
    """A recording as it was before it was continued: that changes nothing but its last page and what follows."""

    _LAST = 70_000  # bytes; more than the longest page, 65,307 (RFC 3533)

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                self._size = file.seek(0, os.SEEK_END)
                self._from = max(0, self._size - self._LAST)
                file.seek(self._from)
                self._end = file.read()
        except FileNotFoundError as error:
            raise errors.MissingFile(str(path)) from error
        except OSError as error:
            raise errors.NotPermitted(str(path)) from error

    def restore(self) -> None:
        """Makes it so again."""
        with suppress(OSError), self._path.open("r+b") as file:
            file.seek(self._from)
            file.write(self._end)
            file.truncate(self._size)
            file.flush()
            os.fsync(file.fileno())


class _Source:
    """One source of the recording: its process, and the sound that came from it.

    `present` while it delivers; `name` is its device's; `heard_to` the monotonic second up to which it was heard;
    `problem` why its last process gave no sound, if it said so, and `refused` whether the system refuses it.
    """

    _LONGEST = 4_000_000  # bytes of a message
    _AT_ONCE = 1_000_000  # bytes taken in a turn: what is left waits, and the others have theirs
    _RATES = range(8_000, 400_000)

    def __init__(self, channel: Channel, device: str, doors: _Doors) -> None:
        self.channel = channel
        self.name = device
        self.present = False
        self.overflows = 0
        self.heard_to = 0.0
        self.refused = False
        self.problem: errors.Problem | None = None
        self._device = device
        self._doors = doors
        self._process: subprocess.Popen[bytes] | None = None
        self._ending: list[subprocess.Popen[bytes]] = []
        self._line: socket.socket | None = None
        self._gone = False
        self._bytes = bytearray()
        self._pieces: list[tuple[float, NDArray[np.float32], int]] = []
        self._started = 0.0
        self._delivered = 0.0  # seconds of sound, by the process that runs
        self._heard_at = 0.0
        self._lost_at: float | None = None

    def take(self) -> list[tuple[float, NDArray[np.float32], int]]:
        """What came since the last call: (monotonic second of the first frame, mono float32 block, its rate)."""
        pieces, self._pieces = self._pieces, []
        return pieces

    def check(self, now: float) -> bool:
        """Keeps a process at work; whether one has just failed."""
        self._ending = [process for process in self._ending if process.poll() is None]
        if self._process is None:
            if now >= self._started + AGAIN_AFTER or not self._started:
                self._start(now)
            return False
        limit = LOST_AFTER if self._delivered else FIRST_SOUND_WITHIN
        ended = self._line is None and self._process.poll() is not None
        silent = now - self._heard_at > limit
        if not (self._gone or ended or silent):
            return False
        if self.present or self._lost_at is None:
            why = _kind(self.problem) or ("silent" if silent else "ended")
            _log.warning("source_lost", channel=str(self.channel), why=why)
            self._lost_at = now
        self.restart(now)
        return True

    def forgive(self, now: float) -> None:
        """This process was held up: what the source sent meanwhile is still to be read."""
        self._heard_at = now

    def restart(self, now: float) -> None:
        """Ends its process; the next `check` starts another."""
        self.end()
        self._lost_at = now if self._lost_at is None else self._lost_at

    def end(self) -> None:
        """Ends its process, without waiting for it."""
        if self._line is not None:
            self._doors.leave(self._line)
        if self._process is not None:
            self._process.kill()
            self._ending.append(self._process)
        self._process = self._line = None
        self._bytes.clear()
        self.present = False

    def _start(self, now: float) -> None:
        key = secrets.token_hex(32)
        self._doors.expect(key, self)
        asked = {
            "address": self._doors.address,
            "key": key,
            "channel": self.channel,
            "device": self._device,
            "fallback": self._lost_at is not None and now - self._lost_at > FALLBACK_AFTER,
        }
        self._started = self._heard_at = now
        self._delivered = 0.0
        self._gone = False
        self.problem = None
        try:
            self._process = subprocess.Popen(
                processes.command("source"),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **processes.apart(),
            )
            assert self._process.stdin is not None
            with self._process.stdin as its_input:
                its_input.write(json.dumps(asked).encode() + b"\n")
        except OSError as error:
            _log.warning("source_not_started", channel=str(self.channel), error=type(error).__name__)

    def adopt(self, line: socket.socket, rest: bytes) -> None:
        """`line` is its process's connection, on which `rest` came already."""
        if self._line is not None:
            self._doors.leave(self._line)
        self._line = line
        self._bytes[:] = rest
        self.receive()

    def receive(self) -> None:
        """Takes in what its process sent; never waits."""
        if self._line is None:
            return
        taken = 0
        try:
            while taken < self._AT_ONCE:
                received = self._line.recv(65_536)
                if not received:
                    self._gone = True
                    break
                self._bytes += received
                taken += len(received)
        except BlockingIOError:
            pass
        except OSError:
            self._gone = True
        try:
            self._read()
        except Exception:  # noqa: BLE001  whatever it sent, it ends nothing but itself
            _log.warning("source_sent_nonsense", channel=str(self.channel))
            self._gone = True
        if self._gone:
            self._doors.leave(self._line)
            self._line = None

    def _read(self) -> None:
        size = sources.HEADER.size
        while len(self._bytes) >= size:
            kind, at, rate, overflows, length = sources.HEADER.unpack_from(self._bytes)
            if length > self._LONGEST or kind not in {sources.SOUND, sources.TOLD}:
                raise ValueError
            if len(self._bytes) < size + length:
                return
            content = bytes(self._bytes[size : size + length])
            del self._bytes[: size + length]
            if kind == sources.SOUND:
                self._hear(at, rate, overflows, content)
            else:
                self._heed(json.loads(content))

    def _hear(self, at: float, rate: int, overflows: int, content: bytes) -> None:
        import numpy as np

        now = time.monotonic()
        if rate not in self._RATES or not self._started - 60 < at < now + 1:
            raise ValueError
        block = np.nan_to_num(np.frombuffer(content, "<f4"), nan=0.0, posinf=1.0, neginf=-1.0)
        self._delivered += len(block) / rate
        if self._delivered > now - self._started + FLOOD:
            raise ValueError
        if not self.present:
            away = now - self._lost_at if self._lost_at is not None else 0.0
            _log.info("source_heard", channel=str(self.channel), away=round(away, 1))
        self.present, self._lost_at, self.refused = True, None, False
        self._heard_at = now
        self.heard_to = at + len(block) / rate
        self.overflows += overflows
        if overflows:
            _log.warning("source_overflowed", channel=str(self.channel), times=overflows)
        self._pieces.append((at, block, rate))

    def _heed(self, told: dict[str, Any]) -> None:
        if "device" in told:
            self.name = str(told["device"])
        elif "trace" in told:
            _log.error("source_broke", trace=str(told["trace"]))
        else:
            kind, details, refused = told["problem"]
            self.problem = errors.from_failure(Failure(kind, details))
            self.refused = bool(refused)


class _Doors:
    """The connections of this recording's doors and sources, served from the recorder's one loop."""

    _LONGEST = 1000  # bytes of a request; the real ones have about 100

    _LONGEST_FOLDER = 80  # bytes; macOS takes 104 for a socket's whole path, Linux 108

    def __init__(self) -> None:
        self._key = secrets.token_hex(32)
        self._known: dict[socket.socket, float] = {}  # when it last asked for the state; never: -inf
        self._strangers: dict[socket.socket, float] = {}  # since when they have not given the key
        self._expected: dict[str, _Source] = {}
        self._served = time.monotonic()
        self.alone_since = self._served + FIRST_DOOR_WITHIN
        self._selector = selectors.DefaultSelector()
        self._folder: Path | None = None
        self.address: Any
        if sys.platform == "win32":
            self._listener = socket.socket()
            self._listener.bind(("127.0.0.1", 0))
            self.address = self._listener.getsockname()
        else:
            # In a folder of its own (mode 0700), whose path is short enough for a socket.
            usual = len(os.fsencode(tempfile.gettempdir())) < self._LONGEST_FOLDER
            self._folder = Path(tempfile.mkdtemp(prefix="mt-", dir=None if usual else "/tmp"))  # noqa: S108
            self._listener = socket.socket(socket.AF_UNIX)
            self.address = str(self._folder / "s")
            self._listener.bind(self.address)
        self._listener.listen()
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)

    def invitation(self) -> dict[str, Any]:
        """What a door needs to connect."""
        self.alone_since = time.monotonic() + FIRST_DOOR_WITHIN
        return {"pid": os.getpid(), "address": self.address, "key": self._key}

    def expect(self, key: str, source: _Source) -> None:
        """The connection that gives `key` will be the one of `source`, and no earlier one."""
        self._expected = {known: one for known, one in self._expected.items() if one is not source}
        self._expected[key] = source

    @property
    def count(self) -> int:
        """How many doors show the recording, which is that they go on asking for its state.

        Judged as it was when they were last served: what they ask while this process is held up is not seen yet.
        """
        return sum(self._served - asked < ASKED_WITHIN for asked in self._known.values())

    def alone_for(self) -> float:
        """For how many seconds no door has shown the recording; below 0 while the first may still come."""
        return 0.0 if self.count else self._served - self.alone_since

    def forgive(self, now: float, seconds: float) -> None:
        """This process was held up for `seconds`: what doors did meanwhile has not been seen yet."""
        self.alone_since = max(self.alone_since, now)
        self._known = {door: asked + seconds for door, asked in self._known.items()}

    def serve(self, wait: float, answer: Callable[[str], dict[str, Any]]) -> None:
        """Answers every request that is here or comes within `wait` seconds; never waits for a door."""
        for ready, _events in self._selector.select(wait):
            if ready.fileobj is self._listener:
                with suppress(OSError):
                    connection, _address = self._listener.accept()
                    connection.setblocking(False)
                    self._selector.register(connection, selectors.EVENT_READ, bytearray())
                    self._strangers[connection] = time.monotonic()
            elif isinstance(ready.data, _Source):
                ready.data.receive()
            elif isinstance(ready.fileobj, socket.socket):
                self._hear(ready.fileobj, ready.data, answer)
        self._served = time.monotonic()
        for stranger, since in list(self._strangers.items()):
            if self._served - since > KEY_WITHIN:
                self.leave(stranger)

    def _hear(
        self, connection: socket.socket, heard: bytearray, answer: Callable[[str], dict[str, Any]]
    ) -> None:
        try:
            received = connection.recv(4096)
            heard += received
            while b"\n" in heard:
                request, _, rest = heard.partition(b"\n")
                heard[:] = rest
                asked = json.loads(request)
                key = str(asked["key"])
                if source := self._expected.pop(key, None):
                    self._strangers.pop(connection, None)
                    self._selector.modify(connection, selectors.EVENT_READ, source)
                    source.adopt(connection, bytes(rest))
                    return
                if not hmac.compare_digest(key, self._key):
                    self.leave(connection)
                    return
                self._strangers.pop(connection, None)
                what = str(asked["do"])
                if what == "state":
                    self._known[connection] = self.alone_since = time.monotonic()
                else:
                    self._known.setdefault(connection, -math.inf)
                connection.sendall(json.dumps(answer(what)).encode() + b"\n")
            if not received or len(heard) > self._LONGEST:
                self.leave(connection)
        except Exception as error:  # noqa: BLE001  whatever it sent, it ends nothing but its own connection
            _log.warning("connection_dropped", error=type(error).__name__)
            self.leave(connection)

    def leave(self, connection: socket.socket) -> None:
        """Lets go of a door or a source."""
        self._selector.unregister(connection)
        connection.close()
        self._strangers.pop(connection, None)
        now = time.monotonic()
        if now - self._known.pop(connection, -math.inf) < ASKED_WITHIN:
            self.alone_since = now

    def close(self, last: dict[str, Any] | None) -> None:
        """Sends every door the `last` words, if any, and goes."""
        for door in self._known:
            with suppress(OSError):
                if last is not None:
                    door.sendall(json.dumps(last).encode() + b"\n")
                door.shutdown(socket.SHUT_WR)
        for ready in list(self._selector.get_map().values()):
            if isinstance(ready.fileobj, socket.socket):
                ready.fileobj.close()
        self._selector.close()
        if self._folder is not None:
            with suppress(OSError):
                (self._folder / "s").unlink(missing_ok=True)
                self._folder.rmdir()
