"""The recorder's hold on one source: the process that opens its device (`core.audio.sources`), and what that sends."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any

import structlog

from core import errors
from core.audio import processes, sources
from core.audio.doors import Doors
from core.values import Channel, Failure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Piece = tuple[float, NDArray[np.float32], int]
    """The monotonic second of the first frame, the mono block in [-1, 1], its rate in Hz."""

FIRST_SOUND_WITHIN = 8.0  # seconds
LOST_AFTER = 2.0  # without a block; devices deliver many times a second
AGAIN_AFTER = 1.5  # between two starts of a source
LONG_LOST = 20.0  # without sound, from then on each start, a second of a core, comes later
AGAIN_LATER = 5.0  # between two starts of such a source
FALLBACK_AFTER = 3.0  # without the chosen microphone the default one is taken
FLOOD = 30.0  # seconds of sound more than there can be

_LONGEST_MESSAGE = 4_000_000  # bytes
_AT_ONCE = 1_000_000  # bytes taken in a turn: what is left waits, and the others have theirs
_RATES = range(8_000, 400_000)  # Hz

_log = structlog.get_logger("recorder")


class SourceProcess:
    """One source of the recording: its process, and the sound that came from it.

    `present` while it delivers; `name` is its device's; `heard_to` the monotonic second up to which it was heard;
    `problem` why its last process gave no sound, if it said so, and `refused` whether the system refuses it.
    """

    def __init__(self, channel: Channel, device: str, doors: Doors) -> None:
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
        self._pieces: list[Piece] = []
        self._started = 0.0
        self._delivered = 0.0  # seconds of sound, by the process that runs
        self._heard_at = 0.0
        self._lost_at: float | None = None

    def take(self) -> list[Piece]:
        """What came since the last call."""
        pieces, self._pieces = self._pieces, []
        return pieces

    def check(self, now: float) -> bool:
        """Keeps a process at work; whether one has just failed."""
        self._ending = [process for process in self._ending if process.poll() is None]
        if self._process is None:
            long_lost = self._lost_at is not None and now - self._lost_at > LONG_LOST
            if now >= self._started + (AGAIN_LATER if long_lost else AGAIN_AFTER) or not self._started:
                self._start(now)
            return False
        limit = LOST_AFTER if self.present else FIRST_SOUND_WITHIN
        ended = self._line is None and self._process.poll() is not None
        silent = now - self._heard_at > limit
        if not (self._gone or ended or silent):
            return False
        if self._lost_at is None:
            why = self.problem or ("silent" if silent else "ended")
            _log.warning("source_lost", channel=str(self.channel), why=str(why))
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
            while taken < _AT_ONCE:
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
            if length > _LONGEST_MESSAGE or kind not in {sources.SOUND, sources.TOLD}:
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
        import numpy as np  # here, so that a source is started before it is loaded

        now = time.monotonic()
        if rate not in _RATES or not self._started - 60 < at < now + 1:
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
            self.problem = errors.from_failure(Failure(**told["problem"]))
            self.refused = bool(told["refused"])
