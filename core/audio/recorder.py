"""The doors' handle on the recorder, a small process of its own that does nothing but record (`core.audio.session`).

The process holds the meeting's recording lock, so it alone writes the file. Beside the file lies a
private `.session` file which tells any door of this user where to reach it and with what key. Doors
send lines of JSON (`{"key": …, "do": "state" | "pause" | "resume" | "stop"}`); each is answered by one
line, the state, and the end is told by one more, unasked. The process lives as long as a door is
connected: it never records unseen.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import structlog

from core import errors, locks
from core.audio.sources import connected
from core.values import Channel, Failure, SourceState, Trouble

START_WITHIN = 20.0
GONE_WITHIN = 5.0  # after its end has been told
ANSWERED_WITHIN = 30.0  # a disk may make the recorder wait for a sync

WINDOW_AGAIN = "MEETING_TRANSCRIBER_WINDOW_AGAIN"
"""Set to 1 in the environment of a window that the recorder started because the one before it was gone."""

_log = structlog.get_logger("recorder")


@dataclass(frozen=True, slots=True)
class RecorderState:
    """Where a recording stands.

    `elapsed` seconds are recorded, of which all but `unsaved` would survive a power cut; a continued recording
    counts from its file's beginning. `gaps` counts the places where sound is missing. `room` is for how many seconds
    more the disk has space, None while that is more than half an hour. For `silent` seconds nobody has been heard in
    any source. When it has `ended`, `problem` says why, None meaning that it was asked to.
    """

    elapsed: float
    unsaved: float
    sources: tuple[SourceState, ...]
    paused: bool = False
    gaps: int = 0
    room: float | None = None
    silent: float = 0.0
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


def printed(work: Callable[[], None]) -> int:
    """Does the work of a process of ours. Its exit status: 0, or 1 after a line for `failure_in`."""
    told: object
    try:
        work()
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
            self._socket = connected(session["address"], ANSWERED_WITHIN)
        except (OSError, ValueError, KeyError) as error:
            raise errors.RecorderDied from error
        self._answers = self._socket.makefile("rb")

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
        `DamagedMedia`; then no file is left, or the one that was there is as it was.
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
            command("recorder", json.dumps(asked)),
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
            _forget(path, append)
            raise
        hung = process.poll() is None
        output = _reaped(process)
        if not hung:
            raise failure_in(output)
        _forget(path, append)
        raise errors.RecorderDied

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
        state = RecorderState.read(told)
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
    """What a recorder that is ending printed. One that does not end is killed: its file is closed by then."""
    try:
        return process.communicate(timeout=GONE_WITHIN)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]
