"""The recorder: a small process that does nothing but record, and the doors' handle on it.

The process holds the meeting's recording lock, so it alone writes the file. Beside the file lies a
private `.session` file which tells any door of this user where to reach it and with what key. Doors
send lines of JSON (`{"key": …, "do": "state" | "pause" | "resume" | "stop"}`); each is answered by one
line, the state, and the end is told by one more, unasked. The process lives as long as a door is
connected: it never records unseen.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import structlog

from core import errors, locks, paths
from core.audio import recording
from core.values import Failure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.audio.devices import Input

FLOOR = -90.0  # dB below full scale, shown for silence

TICK = 0.05  # seconds between two looks at the microphone
SYNC_EVERY = 1.0
FIRST_BLOCK_WITHIN = 5.0
START_WITHIN = 20.0
LOST_AFTER = 2.0  # without a block; devices deliver many times a second
ALONE_AFTER = 1.5  # without a door; the promise is an end within 2 s
FIRST_DOOR_WITHIN = 10.0
GONE_WITHIN = 5.0  # after its end has been told
ANSWERED_WITHIN = 30.0  # a disk may make the recorder wait for a sync

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RecorderState:
    """Where a recording stands.

    `elapsed` seconds are recorded, of which all but `unsaved` would survive a power cut. `levels` has one
    (root mean square, peak) pair per channel in dB, -90 to 0. `overflows` counts gaps in the sound.
    When it has `ended`, `problem` says why, None meaning that it was asked to.
    """

    elapsed: float
    unsaved: float
    levels: tuple[tuple[float, float], ...]
    paused: bool = False
    overflows: int = 0
    ended: bool = False
    problem: Failure | None = None


# --- starting this program again -----------------------------------------------------------------


def command(*arguments: str) -> list[str]:
    """What starts this program again with `arguments`, from source or from a bundle; see `apart`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "core", *arguments]


def apart() -> dict[str, Any]:
    """How such a process is started: the folder in which `-m core` is ours, no part in the terminal's signals."""
    folder = str(Path(__file__).resolve().parents[2])
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"cwd": folder, "creationflags": flags}
    return {"cwd": folder, "start_new_session": True}


def failure_in(output: bytes) -> errors.Problem:
    """The problem that a process of ours printed as its last line; `RecorderDied` for anything else."""
    lines = output.splitlines()
    with suppress(ValueError, TypeError):
        told = json.loads(lines[-1]) if lines else {}
        if "trace" in told:
            _log.error("recorder_broke", trace=told["trace"])
        else:
            return errors.from_failure(Failure(**told))
    return errors.RecorderDied()


# --- the door's side -----------------------------------------------------------------------------


class Recorder:
    """A door's connection to a running recorder; may be used from several threads.

    Keep it open while the recording is shown: the recorder ends when no door is connected. A door that
    only calls in closes it again, best by `with`.
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
            self._socket = _connected(session["address"])
        except (OSError, ValueError, KeyError) as error:
            raise errors.RecorderDied from error
        self._answers = self._socket.makefile("rb")

    @classmethod
    def start(cls, path: Path, lock: Path, device: str = "", channels: int = 1) -> Recorder:
        """Starts recording to the new file `path` and returns when its first block is there.

        `lock` is the meeting's recording lock, which the recorder holds until the file is closed. `device` is
        the `name` of a `Microphone`, '' the system's default. Raises `NoMicrophone`, `MicrophoneUnknown`,
        `NoSoundSystem`, `MeetingBusy`, `NameTaken`, `DiskFull`, `FolderNotWritable` or `RecorderDied`;
        then no file is left.
        """
        if locks.is_held(lock):
            raise errors.MeetingBusy(path.stem)
        clear(path)
        process = subprocess.Popen(
            command("recorder", str(path.absolute()), str(lock.absolute()), device, str(channels)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **apart(),
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
            clear(path)
            path.unlink(missing_ok=True)
            raise
        hung = process.poll() is None
        output = _reaped(process)
        if not hung:
            raise failure_in(output)
        clear(path)
        path.unlink(missing_ok=True)
        raise errors.MicrophoneUnknown(device) if device else errors.NoMicrophone()

    @classmethod
    def attach(cls, path: Path) -> Recorder:
        """Connects to the recorder of `path`, whoever started it. Raises `RecorderDied` when there is none."""
        attached = cls(path)
        attached.state()
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

        A recording that had ended already gives its last state too. Raises `RecorderDied`.
        """
        with self._turn:
            state = self._answered("stop")
            while not state.ended:
                state = self._heard()
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

    def _answered(self, what: str) -> RecorderState:
        if self._ended is not None:
            return self._ended
        # One that has ended takes no request, but its last words are still there to be read.
        with suppress(OSError):
            self._socket.sendall(json.dumps({"key": self._key, "do": what}).encode() + b"\n")
        return self._heard()

    def _heard(self) -> RecorderState:
        try:
            told = json.loads(self._answers.readline())
        except (OSError, ValueError) as error:
            self._leave()
            raise errors.RecorderDied from error
        problem = told.pop("problem")
        levels = tuple((rms, peak) for rms, peak in told.pop("levels"))
        state = RecorderState(levels=levels, problem=Failure(**problem) if problem else None, **told)
        if state.ended:
            self._ended = state
            self._leave()
        return state

    def _leave(self) -> None:
        self.close()
        if self._process is not None:
            output = _reaped(self._process)
            if self._process.returncode:
                failure_in(output)  # logs the trace of a fault of ours


def session_file(path: Path) -> Path:
    """Where the recorder of `path` says how it is reached; gone once the recording has ended properly."""
    return path.with_name(path.name + ".session")


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


def _connected(address: Any) -> socket.socket:
    if isinstance(address, str):
        connection = socket.socket(socket.AF_UNIX)
    else:
        connection, address = socket.socket(), tuple(address)
    connection.settimeout(ANSWERED_WITHIN)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _reaped(process: subprocess.Popen[bytes]) -> bytes:
    """What a recorder that is ending printed. One that does not end is killed: its file is closed by then."""
    try:
        return process.communicate(timeout=GONE_WITHIN)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


# --- the recorder's process ----------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    """The hidden verbs: `microphones` prints the devices, `recorder PATH LOCK DEVICE CHANNELS` records.

    Returns the exit code: 0, or 1 after a line of JSON with a `Failure` or the `trace` of a fault of ours.
    """
    from core.audio import devices

    told: object
    try:
        if arguments[0] == "microphones":
            sys.stdout.write(devices.as_json(devices.present()) + "\n")
        else:
            path, lock, device, channels = arguments[1:]
            _record(Path(path), Path(lock), device, int(channels))
    except errors.Problem as problem:
        told = asdict(errors.to_failure(problem))
    except Exception:  # noqa: BLE001  nobody sees this process; its starter logs the trace
        told = {"trace": traceback.format_exc()}
    else:
        return 0
    with suppress(OSError):
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
    return 1


def _record(path: Path, lock_path: Path, device: str, channels: int) -> None:
    from core.audio import devices

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lock = locks.take(lock_path)
    if lock is None:
        raise errors.MeetingBusy(path.stem)
    microphone = devices.Input(device, channels)
    first = microphone.wait(FIRST_BLOCK_WITHIN)
    if not first:
        raise devices.not_delivering(device)
    session = _Session(path, microphone, first, channels)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: session.answer("stop"))
    try:
        session.record()
    except Exception:
        session.problem = errors.RecorderDied()
        raise
    finally:
        session.end()
        lock.release()
        session.take_leave()
    microphone.close()
    if session.problem is not None:
        raise session.problem


class _Session:
    """One recording from its first block to its end."""

    def __init__(
        self, path: Path, microphone: Input, first: list[NDArray[np.float32]], channels: int
    ) -> None:
        self._path = path
        self._microphone = microphone
        try:
            self._doors = _Doors()
        except OSError as error:
            raise paths.storage_problem(error, Path(tempfile.gettempdir())) from error
        try:
            self._writer = recording.RecordingWriter(path, channels, microphone.rate)
        except errors.Problem:
            self._doors.close(None)
            raise
        self._silence = ((FLOOR, FLOOR),) * channels
        self._levels = self._silence
        self._paused = False
        self._until = float("inf")
        self._ended = False
        self.problem: errors.Problem | None = None
        try:
            self._write(first)
            self._writer.sync()
            paths.write_private(session_file(path), json.dumps(self._doors.invitation()).encode())
        except errors.StorageProblem:
            self._writer.close()
            self._doors.close(None)
            path.unlink(missing_ok=True)
            raise

    def record(self) -> None:
        """Writes what the microphone delivers until there is a reason to end."""
        delivered = synced = time.monotonic()
        try:
            while (now := time.monotonic()) < self._until:
                self._doors.serve(TICK, self.answer)
                blocks = self._microphone.take()
                if blocks:
                    delivered = now
                    self._write(blocks)
                elif not self._microphone.active or now - delivered > LOST_AFTER:
                    raise errors.MicrophoneLost(self._microphone.name)  # noqa: TRY301
                if now - synced >= SYNC_EVERY:
                    self._writer.sync()
                    synced = now
                if self._doors.alone_for() > ALONE_AFTER:
                    self.answer("stop")
        except (errors.StorageProblem, errors.MicrophoneLost) as problem:
            self.problem = problem

    def _write(self, blocks: list[NDArray[np.float32]]) -> None:
        if self._paused:
            return
        for block in blocks:
            self._writer.write(block)
        self._levels = levels(blocks)

    def end(self) -> None:
        """Closes the file and takes the invitation away."""
        self._writer.close()
        self._ended = True
        clear(self._path)

    def take_leave(self) -> None:
        """Tells every door how the recording ended."""
        self._doors.close(self.answer("state"))

    def answer(self, what: str) -> dict[str, Any]:
        """Does what a door asks and gives the fields of `RecorderState`."""
        if what == "stop":
            # What was said before the stop is still on its way.
            self._until = min(self._until, time.monotonic() + self._microphone.latency)
        elif what in {"pause", "resume"}:
            self._paused = what == "pause"
            self._levels = self._silence
        written, synced = self._writer.written, self._writer.synced
        return asdict(
            RecorderState(
                elapsed=synced if self._ended else written,
                unsaved=0.0 if self._ended else max(0.0, written - synced),
                levels=self._levels,
                paused=self._paused,
                overflows=self._microphone.overflows,
                ended=self._ended,
                problem=errors.to_failure(self.problem) if self.problem else None,
            )
        )


def levels(blocks: list[NDArray[np.float32]]) -> tuple[tuple[float, float], ...]:
    """Root mean square and peak of each channel of `blocks` (frames, channels), in dB, -90 to 0."""
    import numpy as np

    sound = np.concatenate(blocks)
    both = np.stack([np.sqrt(np.mean(sound * sound, axis=0)), np.max(np.abs(sound), axis=0)], axis=1)
    decibels = 20 * np.log10(np.clip(both, 10 ** (FLOOR / 20), 1.0))
    return tuple((round(float(rms), 1), round(float(peak), 1)) for rms, peak in decibels)


class _Doors:
    """The connections of this recording's doors, served from the recorder's one loop."""

    _LONGEST = 1000  # bytes of a request; the real ones have about 100

    _LONGEST_FOLDER = 80  # characters; macOS takes 104 for a socket's whole path, Linux 108

    def __init__(self) -> None:
        self._key = secrets.token_hex(32)
        self._known: set[socket.socket] = set()
        self._alone_since = time.monotonic() + FIRST_DOOR_WITHIN
        self._selector = selectors.DefaultSelector()
        self._folder: Path | None = None
        self._address: Any
        if sys.platform == "win32":
            self._listener = socket.socket()
            self._listener.bind(("127.0.0.1", 0))
            self._address = self._listener.getsockname()
        else:
            # In a folder of its own (mode 0700), whose path is short enough for a socket.
            usual = len(tempfile.gettempdir()) < self._LONGEST_FOLDER
            self._folder = Path(tempfile.mkdtemp(prefix="mt-", dir=None if usual else "/tmp"))  # noqa: S108
            self._listener = socket.socket(socket.AF_UNIX)
            self._address = str(self._folder / "s")
            self._listener.bind(self._address)
        self._listener.listen()
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)

    def invitation(self) -> dict[str, Any]:
        """What a door needs to connect."""
        return {
            "pid": os.getpid(),
            "address": self._address,
            "key": self._key,
            "started": datetime.now(UTC).isoformat(),
        }

    def alone_for(self) -> float:
        """For how many seconds no door has been connected; below 0 while the first may still come."""
        return 0.0 if self._known else time.monotonic() - self._alone_since

    def serve(self, wait: float, answer: Callable[[str], dict[str, Any]]) -> None:
        """Answers every request that is here or comes within `wait` seconds; never waits for a door."""
        for ready, _events in self._selector.select(wait):
            if ready.fileobj is self._listener:
                with suppress(OSError):
                    connection, _address = self._listener.accept()
                    connection.setblocking(False)
                    self._selector.register(connection, selectors.EVENT_READ, bytearray())
            elif isinstance(ready.fileobj, socket.socket):
                self._hear(ready.fileobj, ready.data, answer)

    def _hear(
        self, connection: socket.socket, heard: bytearray, answer: Callable[[str], dict[str, Any]]
    ) -> None:
        try:
            received = connection.recv(4096)
            heard += received
            *requests, rest = heard.split(b"\n")
            heard[:] = rest
            for request in requests:
                asked = json.loads(request)
                if not hmac.compare_digest(str(asked["key"]), self._key):
                    raise PermissionError
                self._known.add(connection)
                connection.sendall(json.dumps(answer(str(asked["do"]))).encode() + b"\n")
            if not received or len(heard) > self._LONGEST:
                self._drop(connection)
        except (OSError, ValueError, TypeError, KeyError):
            self._drop(connection)

    def _drop(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        connection.close()
        if connection in self._known:
            self._known.remove(connection)
            self._alone_since = time.monotonic()

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
