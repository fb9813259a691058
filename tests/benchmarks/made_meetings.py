"""Meetings made up of readings: real voices, made turns, overlaps, rooms and noise, all from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.audio.media import SAMPLE_RATE
from tests.benchmarks.speaker_errors import Spoken

Samples = NDArray[np.float32]

LOUDNESS = 0.05
"""The root mean square of a voice before its own level."""

FRAME = SAMPLE_RATE // 100


@dataclass(slots=True)
class _Reader:
    sound: Samples
    left: list[tuple[int, int]]
    """Its pieces that were not heard yet."""


def made_meeting(
    readings: Sequence[tuple[str, Samples]], seed: int, seconds: float, *, overlaps: bool, room: bool
) -> tuple[Samples, tuple[Spoken, ...]]:
    """A meeting of so many seconds at most, and who speaks when; each of the `readings` is a speaker by its name.

    No piece of them comes twice: the same words would be more alike than a voice is to itself. Some are played a tenth
    slower or faster, which makes another voice of them. In a `room` there are echoes and noise.
    """
    chance = np.random.default_rng(seed)
    readers = {name: _reader(sound, chance, room=room) for name, sound in readings}
    names = list(readers)
    shares = chance.dirichlet(np.full(len(names), 2.0))
    sound = np.zeros(round((seconds + 60) * SAMPLE_RATE), dtype=np.float32)
    spoken: list[Spoken] = []
    at, last = 1.0, ""
    while at < seconds and (left := [name for name in names if readers[name].left]):
        others = [name for name in left if name != last] or left
        weights = np.array([shares[names.index(name)] for name in others])
        last = str(chance.choice(others, p=weights / weights.sum()))
        reader = readers[last]
        for _ in range(min(len(reader.left), 1 if chance.random() < 0.35 else int(chance.integers(1, 5)))):
            begin, end = reader.left.pop(0)
            piece = reader.sound[begin : min(end, begin + 12 * SAMPLE_RATE)]
            first = round(at * SAMPLE_RATE)
            sound[first : first + len(piece)] += piece[: len(sound) - first]
            spoken.append(Spoken(at, at + len(piece) / SAMPLE_RATE, last))
            at += len(piece) / SAMPLE_RATE + chance.uniform(0.1, 0.5)
        overlapping = overlaps and chance.random() < 0.3
        at = max(0.5, at + (chance.uniform(-1.0, 0.0) if overlapping else chance.uniform(0.05, 0.8)))
    sound = sound[: round((at + 1) * SAMPLE_RATE)]
    noise = chance.standard_normal(len(sound))
    noise *= LOUDNESS * 10 ** (-(chance.uniform(15, 25) if room else chance.uniform(25, 45)) / 20)
    sound = (sound + noise).astype(np.float32)
    return sound / max(1.0, float(np.abs(sound).max()) * 1.05), tuple(spoken)


def _reader(sound: Samples, chance: np.random.Generator, *, room: bool) -> _Reader:
    speed = float(chance.choice([1.0, 0.9, 1.1]))
    places = np.arange(0, len(sound) - 1, speed)
    sound = np.interp(places, np.arange(len(sound)), sound).astype(np.float32)
    sound *= LOUDNESS / float(np.sqrt(np.mean(sound**2))) * 10 ** (chance.uniform(-4, 4) / 20)
    if room:
        sound = _in_a_room(sound, chance)
    return _Reader(sound.astype(np.float32), spoken_pieces(sound))


def _in_a_room(sound: Samples, chance: np.random.Generator) -> Samples:
    """With an echo that dies away in a fifth to half a second."""
    length = round(chance.uniform(0.2, 0.5) * SAMPLE_RATE)
    echo = chance.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
    echo[0] = 0.0
    echo *= 0.35 * chance.uniform(0.5, 1.2) / float(np.sqrt((echo**2).sum()))
    echo[0] = 1.0
    size = 1 << int(np.ceil(np.log2(len(sound) + length)))
    joined = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(echo, size), size)
    return joined[: len(sound)].astype(np.float32)


def in_a_noisy_room(sound: Samples, chance: np.random.Generator) -> Samples:
    """With an echo, and with noise 15 to 25 dB below it."""
    heard = _in_a_room(sound, chance)
    level = float(np.sqrt((heard**2).mean())) * 10 ** (-chance.uniform(15, 25) / 20)
    return (heard + level * chance.standard_normal(len(heard))).astype(np.float32)


def spoken_pieces(sound: Samples) -> list[tuple[int, int]]:
    """Where somebody speaks, by energy, as (first, last + 1) sample; pauses up to 0.3 s are inside."""
    count = len(sound) // FRAME
    energy = (sound[: count * FRAME].reshape(count, FRAME) ** 2).mean(axis=1)
    level = np.convolve(10 * np.log10(energy + 1e-12), np.ones(5) / 5, "same")
    loud = np.flatnonzero(level > np.percentile(level, 95) - 30)
    return [
        (max(0, int(run[0]) - 5) * FRAME, min(count, int(run[-1]) + 6) * FRAME)
        for run in np.split(loud, np.flatnonzero(np.diff(loud) > 30) + 1)
        if len(run) and run[-1] - run[0] > 20
    ]
