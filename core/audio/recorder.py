"""The recorder, a small process of its own that does nothing but record: how doors reach it, and how it begins.

The process holds the meeting's recording lock, so it alone writes the file. Beside the file lies a
private `.session` file which tells any door of this user where to reach it and with what key. Doors
send lines of JSON (`{"key": …, "do": "attach" | "state" | "pause" | "resume" | "stop"}`); each is answered
by one line, the state, and the end is told by one more, unasked. It never records unseen: when no door is
left that goes on asking for the state, it starts the window again, or ends.
"""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import structlog

from core import errors, locks, logs, paths
from core.audio import processes
from core.values import Channel, Failure, SourceState, Trouble

START_WITHIN = 20.0  # seconds
GONE_WITHIN = 5.0  # after its end has been told
# A disk may make the recorder wait for a sync, and a stranger may have its address by now.
ATTACHED_WITHIN = 30.0
STOPPED_WITHIN = 60.0  # the same, when everything has to be written
LOCKED_FOR = 0.5  # by a door that only looks whether anybody holds the lock

WINDOW_AGAIN = "MEETING_TRANSCRIBER_WINDOW_AGAIN"
"""Set to 1 in the environment of a window that the recorder started because the one before it was gone."""


@dataclass(frozen=True, slots=True)
class RecorderState:
    """Where a recording stands.

    `elapsed` seconds are recorded, of which all but `unsaved` would survive a power cut; a continued recording
    counts from its file's beginning. `gaps` counts the places where sound is missing. `room` is for how many seconds
    more the disk has space, None while that is more than half an hour. For `silent` seconds nobody has been heard in
    any source. So many `doors` show it, which is that they go on asking. When it has `ended`, `problem` says why, None
    meaning that it was asked to.
    """

    elapsed: float
    unsaved: float
    sources: tuple[SourceState, ...]
    paused: bool = False
    gaps: int = 0
    room: float | None = None
    silent: float = 0.0
    doors: int = 1
    ended: bool = False
    problem: Failure | None = None

    @classmethod
    def read(cls, told: dict[str, Any]) -> RecorderState:
        """The state whose fields, as JSON has them, are `told`."""
        sources = tuple(
            SourceState(
                Channel(one["channel"]),
                one["device"],
                one["rms"],
                one["peak"],
                Trouble(one["trouble"]) if one["trouble"] else None,
            )
            for one in told.pop("sources")
        )
        problem = told.pop("problem")
        return cls(sources=sources, problem=Failure(**problem) if problem else None, **told)


# --- for doors -----------------------------------------------------------------------------------


class Recorder:
    """A door's connection to a running recorder; may be used from several threads.

    Who shows the recording keeps it open and asks for the `state` again and again: the recorder ends when no
    door does. A door that only calls in closes it again, best by `with`.
    """

    def __init__(self, path: Path, process: subprocess.Popen[bytes] | None = None) -> None:
        """Connects to the recorder of `path`; use `start` or `attach`. Raises `RecorderDied`."""
        self.path = path
        self._process = process
        self._turn = threading.Lock()
        self._ended: RecorderState | None = None
        try:
            session = json.loads(session_file(path).read_bytes())
            self._key = session["key"]
            self._socket = processes.connected(session["address"], ATTACHED_WITHIN)
        except (OSError, ValueError, KeyError) as error:
            raise errors.RecorderDied from error
        self._answers = self._socket.makefile("rb")
        if process is not None:
            self._socket.settimeout(None)

    @classmethod
    def start(
        cls,
        path: Path,
        lock: Path,
        channels: Sequence[Channel],
        *,
        microphone: str = "",
        window: Sequence[str] = (),
        append: bool = False,
    ) -> Recorder:
        """Starts recording `channels` to the new file `path` and returns when its first sound is on the disk.

        `lock` is the meeting's recording lock, which the recorder holds until the file is closed. `microphone` is
        the `name` of a `Microphone`, '' the system's default. `window` is the command that the recorder starts when no
        door is left; without one it ends then. With `append` the file is there and is continued. A source that cannot
        be had is waited for while there is another one.

        Raises `NoMicrophone`, `MicrophoneUnknown`, `NoSystemSound`, `NoSoundSystem`, `MeetingBusy`, `NameTaken`,
        `DiskFull`, `FolderNotWritable` or `RecorderDied`, with `append` also `MissingFile`, `NotPermitted` or
        `DamagedMedia`; then no file is left, or the one that was there with all its sound.
        """
        if locks.is_held(lock):
            raise errors.MeetingBusy(path.stem)
        clear(path)
        asked = {
            "path": str(path.absolute()),
            "lock": str(lock.absolute()),
            "channels": list(channels),
            "microphone": microphone,
            "window": list(window),
            "append": append,
        }
        process = subprocess.Popen(
            processes.command("recorder", json.dumps(asked)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **processes.apart(),
        )
        try:
            until = time.monotonic() + START_WITHIN
            while process.poll() is None and time.monotonic() < until:
                if session_file(path).exists():
                    started = cls(path, process)
                    started.state()
                    return started
                time.sleep(0.02)
        except BaseException:
            process.terminate()
            _reaped(process)
            _forget(path, append)
            raise
        hung = process.poll() is None
        output = _reaped(process)
        if not hung:
            raise processes.failure_in(output)
        _forget(path, append)
        raise errors.RecorderDied

    @classmethod
    def attach(cls, path: Path) -> Recorder:
        """Connects to the recorder of `path`, whoever started it. Raises `RecorderDied` when there is none."""
        attached = cls(path)
        attached._ask("attach")
        # One that is held up is waited for: the system tells when it is gone.
        attached._socket.settimeout(None)
        return attached

    def state(self) -> RecorderState:
        """Where the recording stands now. Raises `RecorderDied` when its process is gone."""
        return self._ask("state")

    def pause(self) -> None:
        """Leaves out what is said from now on. Raises `RecorderDied`."""
        self._ask("pause")

    def resume(self) -> None:
        """Records on after `pause`. Raises `RecorderDied`."""
        self._ask("resume")

    def stop(self) -> RecorderState:
        """Ends the recording, waits until its file is closed, and returns its last state.

        A recording that had ended already gives its last state too. Raises `RecorderDied`; one that this process
        started and that does not end is killed then.
        """
        try:
            with self._turn:
                state = self._answered("stop", STOPPED_WITHIN)
                while not state.ended:
                    state = self._heard()
        except errors.RecorderDied:
            if self._process is not None:
                _reaped(self._process)
            raise
        return state

    def close(self) -> None:
        """Lets go of the recorder without stopping it."""
        self._answers.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, what: str) -> RecorderState:
        with self._turn:
            return self._answered(what)

    def _answered(self, what: str, within: float | None = None) -> RecorderState:
        if self._ended is not None:
            return self._ended
        # One that has ended takes no request, but its last words are still there to be read.
        with suppress(OSError):
            if within is not None:
                self._socket.settimeout(within)
            self._socket.sendall(json.dumps({"key": self._key, "do": what}).encode() + b"\n")
        return self._heard()

    def _heard(self) -> RecorderState:
        try:
            told = json.loads(self._answers.readline())
        except (OSError, ValueError) as error:
            self._leave()
            raise errors.RecorderDied from error
        state = RecorderState.read(told)
        if state.ended:
            self._ended = state
            self._leave()
        return state

    def _leave(self) -> None:
        self.close()
        if self._process is None:
            return
        if self._ended is None:
            # It may only have let go of this door, and other doors are with it.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(GONE_WITHIN)
            if self._process.returncode is None:
                return
        output = _reaped(self._process)
        if self._process.returncode:
            processes.failure_in(output)  # logs the trace of a fault of ours


def session_file(path: Path) -> Path:
    """Where the recorder of `path` says how it is reached; gone once it has told a door that the recording ended."""
    return path.with_name(path.name + ".session")


def channels_of(path: Path) -> tuple[Channel, ...]:
    """What each channel of a recording holds whose recorder died; none where that is not to be found out."""
    try:
        return tuple(map(Channel, json.loads(session_file(path).read_bytes())["channels"]))
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def clear(path: Path) -> None:
    """Removes what a recorder that died left beside its recording; only for one whose lock nobody holds."""
    file = session_file(path)
    with suppress(OSError, ValueError, KeyError):
        address = json.loads(file.read_bytes())["address"]
        if isinstance(address, str):
            Path(address).unlink(missing_ok=True)
            Path(address).parent.rmdir()
    with suppress(OSError):
        file.unlink(missing_ok=True)


def _forget(path: Path, append: bool) -> None:
    """Removes what a recorder that did not get to recording left."""
    clear(path)
    if not append:
        path.unlink(missing_ok=True)


def _reaped(process: subprocess.Popen[bytes]) -> bytes:
    """What a recorder that is to end printed. One that does not end is killed."""
    try:
        return process.communicate(timeout=GONE_WITHIN)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


# --- its process ---------------------------------------------------------------------------------


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
    from core.audio.doors import Doors
    from core.audio.source_process import SourceProcess

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    file = Path(path)
    _log_beside(file)
    until = time.monotonic() + LOCKED_FOR
    while (held := locks.take(Path(lock))) is None:
        if time.monotonic() > until:
            raise errors.MeetingBusy(file.stem)
        time.sleep(0.02)
    try:
        doors = Doors()
    except OSError as error:
        raise paths.storage_problem(error, Path(tempfile.gettempdir())) from error
    names = {Channel.MICROPHONE: microphone}
    sources = [SourceProcess(channel, names.get(channel, ""), doors) for channel in map(Channel, channels)]
    for source in sources:
        source.check(time.monotonic())
    from core.audio.session import Session  # loads the codec while the sources start

    session = Session(file, doors, sources, window, append=append)
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
        logs.start(places, "recorder")
    else:
        # Standard output is a pipe that nobody empties.
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
