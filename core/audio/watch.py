"""What is wrong with the sources of a running recording, judged from their sound alone.

The limits were chosen on half an hour of real speech (28 recordings, read aloud and from meetings) as found, at
normal level (-26 dB), up to 40 dB below it and in noise; none that is whole at normal level raises anything there,
nor 10 dB below, but for a stretch of one meeting that is some 15 dB quieter than the rest of it. Seconds come in as
arguments; nothing here looks at a clock.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.values import Channel, Trouble

FLOOR = -90.0
"""What counts as silence in a level, in dB below full scale."""

FRAME = 0.032
"""Seconds that are judged as one: two or three periods of the lowest voice."""

BAND = (90.0, 4000.0)
"""Hz in which a voice is looked for, and sound at all: hum of the mains and handling are below."""

PITCH = (80.0, 400.0)
"""Hz between which a voice repeats itself."""

PERIODIC = 0.7
"""How alike a voiced frame is to itself a period later, at least: half of speech has more than 0.9, noise has 0.3, and
the ring of a key that was struck passes it for a frame or two only."""

ABOVE = 9.0
"""dB by which a voice stands out of its source's own noise."""

LASTING = 4
"""Voiced frames in a row that make a voice. With `PERIODIC` and `ABOVE`: three quarters of the time that people speak,
and none of the time that they type, twelve strokes a second, or that a fan runs. A whisper is not found."""

NOISE_SECONDS, NOISE_SHARE = 10.0, 0.1
"""A source's own noise is what a tenth of the last ten seconds stays below: people pause more often than that."""

GOING_ON = 0.6
"""Seconds for which somebody who spoke is still speaking: pauses within a sentence are shorter."""

FAINTEST = -75.0
"""dB below which no voice is looked for."""

SILENT_BELOW = -65.0
"""dB below which nothing is to be heard: a quiet room through a microphone that is on has about -60."""

AUDIBLE = 3
"""Frames of the last ten that must be above it to be sound: a click is not."""

SILENT_AFTER, SILENT_ALONE_AFTER = 20.0, 30.0
"""Seconds without sound after which a source is silent: while another speaks; from the start if there is no other."""

SPOKEN, SPOKEN_TO_A_LISTENER = 10.0, 120.0
"""Seconds that another source must have spoken meanwhile; far more where a voice was heard in this one and its noise is
as it was: then somebody listens."""

FELL = 10.0
"""dB by which a source's own noise is lower than it was where it was switched off."""

ZEROS_AT_FIRST, ZEROS_LATER, ZEROS_MOST = 5.0, 10.0, 60.0
"""Seconds of nothing but zeros that mean muted: before any sound; after some; and the most where a microphone gives
zeros between sentences, as some that suppress noise do (then three times the longest it came back from)."""

QUIET_BELOW, QUIET_AFTER, QUIET_VOICE = -42.0, 20.0, 3.0
"""Too quiet: no frame of a voice reached so many dB for so many seconds, in which there was so much of a voice.
It stands until a voice is loud enough, or none is heard for as long. At normal level nobody stays below
it, 20 dB lower only who sits far off, and 30 dB lower nearly everybody."""

FULL, FULL_RUN = 0.99, 3
"""Clipped: so many samples in a row at full scale, the fewest that sound cut off cannot be mistaken for."""

CLIPS, CLIPS_WITHIN, CLIPPING_FOR = 6, 5.0, 10.0
"""So many clipped frames within so many seconds, and how long that stands. Good recordings made right up to full scale
have five."""

HOLD = 2.0
"""Seconds for which a trouble is still told after it went, so that it does not flicker."""

LEVEL_FRAMES = 8
"""A level is that of the last quarter of a second."""

Samples = NDArray[np.float32]


class Watch:
    """Listens to the sources of one recording."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        self._ears = {channel: _Ear() for channel in channels}
        self._began: float | None = None
        self._paused = False

    def hear(self, channel: Channel, now: float, block: Samples, rate: int) -> None:
        """Judges the mono float32 `block` of `rate` Hz, all of it numbers, as it was delivered at second `now`."""
        if self._began is None:
            self.resume(now)
        others = self._others(channel)
        alone = channel is not Channel.MICROPHONE or not any(other.speaks(now) for other in others)
        frames = self._ears[channel].hear(now, block, rate)
        if not self._paused:
            self._ears[channel].judge(frames, spoken=sum(other.spoken for other in others), alone=alone)

    def _others(self, channel: Channel) -> list[_Ear]:
        return [ear for other, ear in self._ears.items() if other is not channel]

    def lost(self, channel: Channel, now: float, *, refused: bool = False) -> None:
        """The source is gone, or the system does not give it (`refused`), until its next block."""
        self._ears[channel].lose(now, Trouble.REFUSED if refused else Trouble.LOST)

    def trouble(self, channel: Channel, now: float) -> Trouble | None:
        """What is wrong with a source at second `now`."""
        ear = self._ears[channel]
        judged = ear.here and not self._paused
        found = self._found(channel, now) if judged else ear.gone
        if found is None and now - ear.told_at < HOLD:
            return ear.told
        ear.told = found
        ear.told_at = now if found else -math.inf
        return found

    def _found(self, channel: Channel, now: float) -> Trouble | None:
        ear = self._ears[channel]
        if channel is Channel.MICROPHONE and ear.muted(now):
            return Trouble.MUTED
        others = self._others(channel)
        if ear.silent(now, sum(other.spoken for other in others) if others else None):
            return Trouble.SILENT
        if ear.clips_until > now:
            return Trouble.CLIPPING
        return Trouble.QUIET if ear.quiet(now) else None

    def level(self, channel: Channel) -> tuple[float, float]:
        """Root mean square and peak of a source's last quarter of a second, in dB below full scale, -90 to 0."""
        return self._ears[channel].level()

    def silent(self, now: float) -> float:
        """For how many seconds no voice was heard in any source; 0 before the first block and in a pause."""
        if self._began is None or self._paused:
            return 0.0
        return max(0.0, now - max(self._began, *(ear.voice_at for ear in self._ears.values())))

    def pause(self) -> None:
        """Nothing is judged but the level, and whether a source is there."""
        self._paused = True

    def resume(self, now: float) -> None:
        """Judges again, as from a new beginning; also right after the machine slept."""
        self._paused = False
        self._began = now
        for ear in self._ears.values():
            ear.begin(now)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is judged of one frame: when it was heard, its levels in dB, and what its samples show."""

    at: float
    band: float
    """The level of `BAND`."""
    level: float
    periodic: float
    zeros: bool
    clipped: bool


class _Ear:
    """What is known of one source; `here` says that it delivers, `gone` why it was lost."""

    def __init__(self) -> None:
        self.here = False
        self.gone: Trouble | None = None
        self.told: Trouble | None = None
        self.told_at = -math.inf
        self.voice_at = -math.inf
        self.spoken = 0.0
        """Seconds in which somebody spoke, in all."""
        self._voiced = False  # whether a voice was ever heard
        self._sounded = False  # whether anything but zeros was
        self._zeros_longest = 0.0
        self._rate = 0
        self.begin(0.0)
        self._forget()

    def begin(self, now: float) -> None:
        """What lasted until now begins to count again."""
        self.clips_until = -math.inf
        self._clips: deque[float] = deque()
        self._sound_at = self._zeros_since = self._loud_at = now
        self._spoken_then: float | None = None  # how long the others had spoken when sound was last heard
        self._quiet: deque[float] = deque()  # when a quiet voice was heard
        self._too_quiet = False

    def _forget(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._levels: deque[tuple[float, float]] = deque(maxlen=LEVEL_FRAMES)  # (mean square, peak)
        self._bands: deque[float] = deque(maxlen=round(NOISE_SECONDS / FRAME))
        self._noise = self._usual_noise = FLOOR
        self._audible: deque[bool] = deque(maxlen=10)
        self._run = 0

    def lose(self, now: float, why: Trouble) -> None:
        self.here, self.gone = False, why
        self.begin(now)
        self._forget()

    def hear(self, now: float, block: Samples, rate: int) -> list[_Frame]:
        """The frames that are whole with `block`."""
        if not self.here:
            self.here, self.gone = True, None
            self.begin(now)
        if rate != self._rate:
            self._rate = rate
            self._forget()
        sound = np.concatenate((self._rest, block))
        length = round(FRAME * rate)
        count = len(sound) // length
        self._rest = sound[count * length :]
        if not count:
            return []
        frames = sound[: count * length].reshape(count, length)
        squares, peaks = (frames * frames).mean(axis=1), np.abs(frames).max(axis=1)
        self._levels.extend(zip(squares.tolist(), peaks.tolist(), strict=True))
        bands, periodic = _features(frames)
        self._bands.extend(bands.tolist())
        share = int(NOISE_SHARE * len(self._bands))
        self._noise = float(np.partition(np.array(self._bands), share)[share])
        return [
            _Frame(
                at=now - (count - 1 - number) * FRAME,
                band=float(bands[number]),
                level=_decibels(float(squares[number])),
                periodic=float(periodic[number]),
                zeros=not peaks[number],
                clipped=bool(peaks[number] >= FULL) and _flat(frames[number]),
            )
            for number in range(count)
        ]

    def judge(self, frames: list[_Frame], *, spoken: float, alone: bool) -> None:
        """`spoken` is for how long the others spoke in all; `alone`, that a voice in here is not theirs."""
        if self._spoken_then is None:
            self._spoken_then = spoken
        for frame in frames:
            self._judge_samples(frame)
            self._audible.append(frame.band >= SILENT_BELOW)
            if sum(self._audible) >= AUDIBLE:
                self._sound_at, self._spoken_then, self._usual_noise = frame.at, spoken, self._noise
            stands_out = frame.band > max(self._noise + ABOVE, FAINTEST)
            self._run = self._run + 1 if stands_out and frame.periodic > PERIODIC else 0
            if self._run >= LASTING:
                self._voiced, self.voice_at = True, frame.at
                self._judge_loudness(frame, alone=alone)
            if self.speaks(frame.at):
                self.spoken += FRAME

    def _judge_samples(self, frame: _Frame) -> None:
        if not frame.zeros:
            if self._sounded:
                self._zeros_longest = max(self._zeros_longest, frame.at - self._zeros_since)
            self._zeros_since, self._sounded = frame.at, True
        if frame.clipped:
            self._clips.append(frame.at)
            while self._clips[0] < frame.at - CLIPS_WITHIN:
                self._clips.popleft()
            if len(self._clips) >= CLIPS:
                self.clips_until = frame.at + CLIPPING_FOR

    def _judge_loudness(self, frame: _Frame, *, alone: bool) -> None:
        if frame.level >= QUIET_BELOW:
            self._loud_at, self._too_quiet = frame.at, False
            self._quiet.clear()
        elif alone:
            self._quiet.extend([frame.at] * (LASTING if self._run == LASTING else 1))

    def speaks(self, now: float) -> bool:
        return now - self.voice_at < GOING_ON

    def muted(self, now: float) -> bool:
        gate = min(max(ZEROS_LATER, 3 * self._zeros_longest), ZEROS_MOST)
        return now - self._zeros_since >= (gate if self._sounded else ZEROS_AT_FIRST)

    def silent(self, now: float, spoken: float | None) -> bool:
        """`spoken` is for how long the others spoke in all, None where there are none."""
        without = now - self._sound_at
        if spoken is None:
            return not self._voiced and without >= SILENT_ALONE_AFTER
        listens = self._voiced and self._noise > self._usual_noise - FELL
        meanwhile = spoken - (spoken if self._spoken_then is None else self._spoken_then)
        return without >= SILENT_AFTER and meanwhile >= (SPOKEN_TO_A_LISTENER if listens else SPOKEN)

    def quiet(self, now: float) -> bool:
        while self._quiet and self._quiet[0] < now - QUIET_AFTER:
            self._quiet.popleft()
        if now - self._loud_at >= QUIET_AFTER:
            enough = len(self._quiet) * FRAME >= QUIET_VOICE
            self._too_quiet = enough or (self._too_quiet and bool(self._quiet))
        return self._too_quiet

    def level(self) -> tuple[float, float]:
        if not self._levels:
            return FLOOR, FLOOR
        square = sum(square for square, _ in self._levels) / len(self._levels)
        peak = max(peak for _, peak in self._levels)
        return round(_decibels(square), 1), round(_decibels(peak * peak), 1)


def _decibels(square: float) -> float:
    return 10 * math.log10(min(max(square, 10 ** (FLOOR / 10)), 1.0))


def _flat(frame: Samples) -> bool:
    """Whether samples in a row are cut off at full scale."""
    full = np.abs(frame) >= FULL
    return bool(sliding_window_view(full, FULL_RUN).all(axis=1).any())


_FOLDED = round(2 * BAND[1])  # the rate at which `BAND` just fits: periods are looked for at it
_BINS = round(BAND[1] * FRAME) + 1


def _features(frames: Samples) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each frame the level of `BAND` in dB, and how alike it is to itself a voice's period later, about 0 to 1."""
    window = np.hanning(frames.shape[1])
    heard = np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * window, axis=1)[:, :_BINS]
    power = np.abs(heard) ** 2 * (2 / (frames.shape[1] * (window @ window)))
    power[:, : math.ceil(BAND[0] * FRAME)] = 0
    level = 10 * np.log10(np.maximum(power.sum(axis=1), 10 ** (FLOOR / 10)))
    # The spectrum's own transform is the correlation of the frame with itself, lag by lag.
    lags = slice(round(_FOLDED / PITCH[1]), round(_FOLDED / PITCH[0]) + 1)
    alike = np.fft.irfft(power, 2 * (_BINS - 1), axis=1)
    folded = np.hanning(2 * (_BINS - 1))
    fading = np.correlate(folded, folded, "full")[len(folded) - 1 :][lags] / (folded @ folded)
    periodic = (alike[:, lags] / fading).max(axis=1) / np.maximum(alike[:, 0], 1e-15)
    return level, periodic
