"""One source of sound in a small process of its own, so that a driver that crashes or hangs takes nothing away.

The recorder starts it as the hidden verb `source` and writes one line of JSON to its standard input: `address` and
`key` of the recorder's connection, the `channel`, the name of the `device` ('' for the default one) and whether the
default one may stand in (`fallback`). The process answers over that connection with one line of JSON, `{"key": …}`,
and then with messages: a `HEADER` and what it announces. It ends with the connection.

PulseAudio, PipeWire and WASAPI are reached through SoundCard, which also hears what an output plays; CoreAudio and bare
ALSA through PortAudio; the system sound of macOS through ScreenCaptureKit. What was not tried on a real machine so far:
everything for Windows and macOS.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import sys
import time
import traceback
import warnings
from contextlib import suppress
from dataclasses import asdict
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Self

from core import errors
from core.audio.processes import connected
from core.values import Channel, Devices, Microphone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Piece = tuple[float, NDArray[np.float32]]
    """When a block's first frame was heard, as a monotonic second, and the mono block in [-1, 1]."""

HEADER = struct.Struct("<BdIII")
"""What it announces, the monotonic second of its first frame, its rate in Hz, how often the device lost sound since the
last one, and its bytes: `SOUND` is mono float32, little-endian; `TOLD` is JSON, the `device`'s name, a `problem` and
whether the system `refused` the sound, or the `trace` of a fault of ours."""

SOUND, TOLD = 0, 1

RATE = 48_000  # Hz, the rate of recordings; a device may have another

BLOCK = 0.05  # seconds; what is on its way is lost when the machine's power fails
STALL = 2.0  # seconds of sound kept for us while this process cannot run
LOOKED_EVERY = 2.0  # seconds between two looks at which device is the right one
TAKEN_WITHIN = 30.0  # a recorder that takes nothing for so long is gone

_FIRST_MACOS = 13  # whose ScreenCaptureKit hears the system's sound
_REFUSED_BY_WINDOWS = "0x80070005"  # E_ACCESSDENIED
_REFUSED_BY_MACOS = -3801  # SCStreamErrorUserDeclined


def run() -> int:
    """The hidden verb `source`: delivers what one source hears until nobody takes it. Never returns."""
    status = 1
    try:
        _deliver(json.loads(sys.stdin.readline()))
    except (OSError, ValueError, KeyError):
        status = 0  # the recorder is gone
    finally:
        # A sound library that hangs at the end must not keep the process.
        os._exit(status)


def _deliver(asked: dict[str, Any]) -> None:
    channel = Channel(asked["channel"])
    line = connected(asked["address"], TAKEN_WITHIN)
    line.sendall(json.dumps({"key": asked["key"]}).encode() + b"\n")
    _end_with(line)
    try:
        while True:
            with _opened(channel, asked["device"], fallback=bool(asked["fallback"])) as source:
                _tell(line, {"device": source.name})
                looked = time.monotonic()
                while (now := time.monotonic()) - looked < LOOKED_EVERY or source.is_right():
                    if now - looked >= LOOKED_EVERY:
                        looked = now
                    at, block = source.read()
                    header = HEADER.pack(SOUND, at, source.rate, source.overflows, 4 * len(block))
                    source.overflows = 0
                    line.sendall(header + block.astype("<f4").tobytes())
    except _Refused as refused:
        _tell(line, {"problem": asdict(errors.to_failure(refused.problem)), "refused": True})
    except errors.SoundProblem as problem:
        _tell(line, {"problem": asdict(errors.to_failure(problem)), "refused": False})
    except OSError:
        raise
    except Exception:  # noqa: BLE001  nobody sees this process; the recorder logs the trace
        _tell(line, {"trace": traceback.format_exc()})


class _Refused(Exception):
    """The system does not let this program have the sound."""

    def __init__(self, problem: errors.SoundProblem) -> None:
        super().__init__()
        self.problem = problem


def _tell(line: socket.socket, what: dict[str, Any]) -> None:
    told = json.dumps(what).encode()
    line.sendall(HEADER.pack(TOLD, 0.0, 0, 0, len(told)) + told)


def _end_with(line: socket.socket) -> None:
    """Ends this process within a second of its connection, also while a device is waited for."""
    if sys.platform == "win32":
        return  # SoundCard comes back from its waiting there, and the next sending fails

    def look(*_: object) -> None:
        # Nothing is ever sent here, so there is something to read only at the end.
        if select.select([line], [], [], 0)[0]:
            os._exit(0)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1.0, 1.0)


# --- which devices there are ---------------------------------------------------------------------


def missing(channel: Channel, device: str) -> errors.SoundProblem:
    """What is wrong where a source cannot be had; `device` is the chosen microphone, '' for the default one."""
    if channel is Channel.SYSTEM:
        return errors.NoSystemSound("no_output")
    return errors.MicrophoneUnknown(device) if device else errors.NoMicrophone()


def present() -> Devices:
    """The devices that this process can see now. Raises `NoSoundSystem` where there is nothing to see them with."""
    served = _Served.reached()
    if served is not None:
        default = served.default_microphone()
        found = tuple(Microphone(name, id_ == default) for name, id_ in served.microphones().items())
        system = served.output()
        name = system[0] if system else ""
        return Devices(_default_first(found), name, "" if system else "no_output")
    portaudio = _portaudio()
    inputs = _inputs(portaudio).items()
    found = tuple(Microphone(name, is_default) for name, (_device, is_default) in inputs)
    name, hint = _macos_output(portaudio) if sys.platform == "darwin" else ("", "no_server")
    return Devices(_default_first(found), name, hint)


def _default_first(found: tuple[Microphone, ...]) -> tuple[Microphone, ...]:
    return tuple(sorted(found, key=lambda microphone: not microphone.is_default))


def _told_apart(names: list[tuple[str, Any]]) -> dict[str, Any]:
    """The ids by name; a second device of the same name gets a number."""
    apart: dict[str, Any] = {}
    for name, id_ in names:
        count = 1
        while (unique := name if count == 1 else f"{name} ({count})") in apart:
            count += 1
        apart[unique] = id_
    return apart


def _set_up_streams() -> None:
    """Keeps PulseAudio from moving a stream to another device, and lets it tell the time of a block as it is.

    Without the first the microphone would come in the others' channel, or what they say in the microphone's, when the
    default changes or its own device goes. Without the second, blocks read late by a busy machine seem to have been
    heard up to 0.2 s later than they were. SoundCard has no option for it; the names are private, and the version is
    pinned.
    """
    from soundcard import pulseaudio

    connect = pulseaudio._pulse._pa_stream_connect_record  # noqa: SLF001
    constants = pulseaudio._pa  # noqa: SLF001
    wanted = (
        constants.PA_STREAM_DONT_MOVE
        | constants.PA_STREAM_INTERPOLATE_TIMING
        | constants.PA_STREAM_AUTO_TIMING_UPDATE
    )

    def connected_so(stream: Any, device: Any, attributes: Any, flags: int) -> Any:
        return connect(stream, device, attributes, flags | wanted)

    pulseaudio._pulse._pa_stream_connect_record = connected_so  # noqa: SLF001


class _Served:
    """What a sound server offers, through SoundCard: PulseAudio or PipeWire on Linux, WASAPI on Windows."""

    def __init__(self, soundcard: Any) -> None:
        self._soundcard = soundcard

    @classmethod
    def reached(cls) -> Self | None:
        """The server of this machine, None where there is none."""
        if sys.platform == "darwin":
            return None
        try:
            import soundcard

            if sys.platform == "linux":
                soundcard.set_name("Meeting Transcriber")  # as the system's sound settings show it
                _set_up_streams()
        except Exception:  # noqa: BLE001  OSError without the library, AssertionError without a server
            return None
        return cls(soundcard)

    def microphones(self) -> dict[str, str]:
        """The ids of the microphones by name; what an output plays is one only where the person made it the default."""
        default = self.default_microphone()
        every = self._soundcard.all_microphones(include_loopback=True)
        return _told_apart([(m.name, m.id) for m in every if m.id == default or not m.isloopback])

    def default_microphone(self) -> str | None:
        """The id of the default microphone, None where there is none."""
        try:
            found = self._soundcard.default_microphone()
            output = self.output() if found.isloopback else None
        except Exception:  # noqa: BLE001  SoundCard meets no default with whatever it stumbles over
            return None
        # Without a microphone PulseAudio's default source is what the default output plays: that is no microphone.
        return None if output and output[1].id == found.id else str(found.id)

    def output(self) -> tuple[str, Any] | None:
        """The name of the default output and the device that hears what it plays, None where there is none."""
        try:
            speaker = self._soundcard.default_speaker()
            every = self._soundcard.all_microphones(include_loopback=True)
            # PulseAudio and PipeWire name it after the output, WASAPI has one id for both.
            ids = {speaker.id, f"{speaker.id}.monitor"}
            return speaker.name, next(m for m in every if m.id in ids and m.isloopback)
        except Exception:  # noqa: BLE001  as above
            return None

    def right(self, channel: Channel, device: str, *, fallback: bool) -> tuple[str, Any]:
        """The name and the device that is to be recorded now. Raises a `SoundProblem`."""
        if channel is Channel.SYSTEM:
            output = self.output()
            if output is None:
                raise missing(channel, device)
            return output
        microphones = self.microphones()
        id_ = microphones.get(device) if device else self.default_microphone()
        if id_ is None and device and fallback:
            id_ = self.default_microphone()
        if id_ is None:
            raise missing(channel, device)
        every = self._soundcard.all_microphones(include_loopback=True)
        name = next((name for name, known in microphones.items() if known == id_), "")
        return name, next(m for m in every if m.id == id_)


def _portaudio() -> Any:
    try:
        import sounddevice
    except Exception as error:
        # OSError without the library; its own error class, not importable then, when it does not start.
        raise errors.NoSoundSystem from error
    return sounddevice


def _inputs(portaudio: Any) -> dict[str, tuple[dict[str, Any], bool]]:
    """The input devices by name, and whether each is the default one.

    Those of one host interface, since every other lists the same devices again; of ALSA's names those of hardware and
    a default that leads to some, the rest being plugins.
    """
    try:
        default = portaudio.query_devices(kind="input")
    except portaudio.PortAudioError:
        return {}
    alsa = portaudio.query_hostapis(default["hostapi"])["name"] == "ALSA"
    found = []
    for device in portaudio.query_devices():
        if device["hostapi"] != default["hostapi"] or device["max_input_channels"] < 1:
            continue
        is_default = device["index"] == default["index"]
        plugin = alsa and "(hw:" not in device["name"]
        if plugin and not (is_default and _opens(portaudio, device, 1, int(device["default_samplerate"]))):
            continue
        found.append((str(device["name"]), (dict(device), is_default)))
    return _told_apart(found)


def _opens(portaudio: Any, device: dict[str, Any], channels: int, rate: int) -> bool:
    try:
        portaudio.check_input_settings(
            device=device["index"], channels=channels, dtype="float32", samplerate=rate
        )
    except portaudio.PortAudioError:
        return False
    return True


def _macos_output(portaudio: Any) -> tuple[str, str]:
    """The name of what a Mac plays to, or '' and why its sound cannot be recorded, as `Devices.system_hint`."""
    import platform

    if int(platform.mac_ver()[0].partition(".")[0] or 0) < _FIRST_MACOS:
        return "", "old_macos"
    try:
        return str(portaudio.query_devices(kind="output")["name"]), ""
    except portaudio.PortAudioError:
        return "", "no_output"


# --- sound from one of them ----------------------------------------------------------------------


def _opened(channel: Channel, device: str, *, fallback: bool) -> _Source:
    """The source, delivering. Raises a `SoundProblem` or `_Refused`."""
    served = _Served.reached()
    if served is not None:
        return _ServedSource(served, channel, device, fallback=fallback)
    if channel is Channel.MICROPHONE:
        return _PortAudioSource(device, fallback=fallback)
    if sys.platform == "darwin":
        return _MacOSSystemSound()
    raise errors.NoSystemSound("no_server")


class _Source:
    """One open device: `name`, `rate` in Hz, and how often it lost sound since `overflows` was last set to 0."""

    name = ""
    rate = RATE
    overflows = 0

    def read(self) -> Piece:
        """The next sound, waited for. Raises `SoundProblem` or `OSError` when there is no more."""
        raise NotImplementedError

    def is_right(self) -> bool:
        """Whether this is still the device to be recorded."""
        return True

    def close(self) -> None:
        """Lets go of the device."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _ServedSource(_Source):
    """A device of a sound server, mixed to one channel by the server: the mean of a microphone array is what
    its makers mean to be heard, and a channel that hears nothing costs 6 dB, a wrong choice would cost all."""

    def __init__(self, served: _Served, channel: Channel, device: str, *, fallback: bool) -> None:
        self._served = served
        self._wanted = channel, device
        self._fallback = fallback
        self.name, self._device = served.right(channel, device, fallback=fallback)
        if sys.platform == "win32":
            warnings.showwarning = self._lost  # how SoundCard tells it
        # PulseAudio takes this for the size of a piece and keeps 4 MB for us; WASAPI for how much it keeps.
        seconds = STALL if sys.platform == "win32" else BLOCK
        try:
            self._recorder = self._device.recorder(RATE, channels=1, blocksize=int(RATE * seconds))
            self._recorder.__enter__()
        except Exception as error:
            if _REFUSED_BY_WINDOWS in str(error):
                if channel is Channel.SYSTEM:
                    raise _Refused(errors.NoSystemSound("refused")) from error
                raise _Refused(errors.NoMicrophone()) from error
            raise missing(channel, device) from error

    def _lost(self, *_: object, **__: object) -> None:
        self.overflows += 1

    def read(self) -> Piece:
        try:
            block = self._recorder.record(None)[:, 0]
            late = 0.0
            if sys.platform == "linux":
                late = float(self._recorder.latency)
        except Exception as error:  # the device or the server is gone; SoundCard says it in several ways
            raise OSError("no more sound") from error
        return time.monotonic() - late - len(block) / self.rate, block

    def is_right(self) -> bool:
        channel, device = self._wanted
        try:
            _name, right = self._served.right(channel, device, fallback=self._fallback)
        except errors.SoundProblem:
            return False
        return bool(right.id == self._device.id)

    def close(self) -> None:
        with suppress(Exception):
            self._recorder.__exit__(None, None, None)


class _Called(_Source):
    """A device that calls back in a thread of its library's own, where nothing may wait."""

    def __init__(self) -> None:
        self._pieces: SimpleQueue[Piece] = SimpleQueue()

    def read(self) -> Piece:
        while True:
            try:
                return self._pieces.get(timeout=STALL)
            except Empty:
                if not self._delivers():
                    raise OSError("no more sound") from None

    def _delivers(self) -> bool:
        return True


class _PortAudioSource(_Called):
    """A microphone through PortAudio; of more channels than one the mean of the first two."""

    def __init__(self, device: str, *, fallback: bool) -> None:
        super().__init__()
        portaudio = _portaudio()
        inputs = _inputs(portaudio)
        default = next((name for name, (_, is_default) in inputs.items() if is_default), None)
        self.name = device if device in inputs else (default or "") if fallback or not device else ""
        if not self.name:
            raise missing(Channel.MICROPHONE, device)
        chosen = inputs[self.name][0]
        channels = min(2, int(chosen["max_input_channels"]))
        # What ALSA names a default rate is not the device's own.
        self.rate = RATE if _opens(portaudio, chosen, channels, RATE) else int(chosen["default_samplerate"])
        try:
            self._stream = portaudio.InputStream(
                device=chosen["index"],
                channels=channels,
                samplerate=self.rate,
                dtype="float32",
                latency="high",
                callback=self._take,
            )
            self._stream.start()
        except portaudio.PortAudioError as error:
            raise missing(Channel.MICROPHONE, device) from error

    def _take(self, block: NDArray[np.float32], frames: int, when: Any, status: Any) -> None:
        if status.input_overflow:
            self.overflows += 1
        delay = when.currentTime - when.inputBufferAdcTime
        if not frames / self.rate <= delay < 1.0:  # some drivers do not tell
            delay = frames / self.rate
        self._pieces.put((time.monotonic() - delay, block.mean(axis=1)))

    def _delivers(self) -> bool:
        return bool(self._stream.active)

    def close(self) -> None:
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


if sys.platform == "darwin":
    _AUDIO = 1  # SCStreamOutputTypeAudio

    class _MacOSSystemSound(_Called):
        """What a Mac plays, through ScreenCaptureKit. Untried."""

        def __init__(self) -> None:
            super().__init__()
            self.name, hint = _macos_output(_portaudio())
            if hint:
                raise errors.NoSystemSound(hint)
            import objc
            import ScreenCaptureKit as Kit
            from Foundation import NSObject

            pieces = self._pieces

            class Listener(NSObject, protocols=[objc.protocolNamed("SCStreamOutput")]):  # type: ignore[misc]
                def stream_didOutputSampleBuffer_ofType_(self, _stream: Any, sample: Any, kind: int) -> None:
                    if kind == _AUDIO:
                        pieces.put(_samples_of(sample))

            content = self._answer(Kit.SCShareableContent.getShareableContentWithCompletionHandler_)
            picture = Kit.SCContentFilter.alloc().initWithDisplay_excludingWindows_(content.displays()[0], [])
            wish = Kit.SCStreamConfiguration.alloc().init()
            wish.setCapturesAudio_(True)
            wish.setSampleRate_(RATE)
            wish.setChannelCount_(1)
            wish.setWidth_(2)  # the picture cannot be left out, but it can be next to nothing
            wish.setHeight_(2)
            self._listener = Listener.alloc().init()
            self._stream = Kit.SCStream.alloc().initWithFilter_configuration_delegate_(picture, wish, None)
            self._stream.addStreamOutput_type_sampleHandlerQueue_error_(self._listener, _AUDIO, None, None)
            self._answer(
                lambda done: self._stream.startCaptureWithCompletionHandler_(lambda error: done(True, error))
            )

        @staticmethod
        def _answer(ask: Any) -> Any:
            """What `ask` calls back with; it is the person's privacy settings that make it fail."""
            answers: SimpleQueue[tuple[Any, Any]] = SimpleQueue()
            ask(lambda answer, error: answers.put((answer, error)))
            answer, error = answers.get()
            if error is not None and error.code() == _REFUSED_BY_MACOS:
                raise _Refused(errors.NoSystemSound("refused"))
            if error is not None or not answer:
                raise errors.NoSystemSound("no_output")
            return answer

        def close(self) -> None:
            self._stream.stopCaptureWithCompletionHandler_(None)

    def _samples_of(sample: Any) -> Piece:
        import CoreMedia
        import numpy as np

        frames = CoreMedia.CMSampleBufferGetNumSamples(sample)
        content = CoreMedia.CMSampleBufferGetDataBuffer(sample)
        _status, data = CoreMedia.CMBlockBufferCopyDataBytes(content, 0, 4 * frames, None)
        return time.monotonic() - frames / RATE, np.frombuffer(bytes(data), dtype="<f4")
