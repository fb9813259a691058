"""What the echo of the others in the microphone costs, with `EchoGate` and without it.

Real speech stands for the person and for the others, in turns and both at once. What the others say leaks into
the microphone: at different levels, late, through a room, on a loudspeaker whose clock runs 200 millionths
faster; then the microphone is transcribed as a recording's would be. A line is doubled when most of its words
stand in what the others said at that time. Where nothing is wrong, another noise alone moves the word error rate by a
point or two: each row has its own noise, heard also without the echo, and the goals are for all rows together.
Recordings come from the folder that `MEETING_TRANSCRIBER_SPEECH` names;
without it there is nothing to measure.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.audio import media
from core.audio.echo import EchoGate
from core.speech import find_model
from core.values import Segment, TranscriptOptions
from tests.benchmarks.word_error_rate import SPEECH_VARIABLE, transcribe, word_errors, words

Samples = NDArray[np.float32]

RATE = media.SAMPLE_RATE
PERSON = (
    "en/two_cities.wav",
    "en/librivox_sonnet2.mp3",
    "en/librivox_austen_0870.wav",
    "en/jfk_1961_moon.wav",
)
OTHERS = ("en/bush_radio_address_2008.flac", "meetings/sim_meeting_en_2spk.flac")

LOUDNESS = -26.0
"""dB of what is spoken, where it is: a usual level."""
ROOM_NOISE = -65.0
"""dB of the microphone's noise."""
TURN = 5.0
"""Seconds that a turn lasts at least; it ends at a pause."""

DOUBLED = 0.02
WORSE = 0.01
"""The goals: the most lines doubled, and the most words that may be wrong beyond those without any echo."""


@dataclass(frozen=True, slots=True)
class Leak:
    """How the others' sound comes into the microphone: None in `level` for not at all (dB beside the others')."""

    level: float | None
    late: float = 0.0
    room: float = 0.0
    clock: float = 0.0

    def __str__(self) -> str:
        if self.level is None:
            return "no leak"
        parts = [f"{self.level:+.0f} dB"]
        parts += [f"{1000 * self.late:.0f} ms"] if self.late else []
        parts += [f"room {self.room:.1f} s"] if self.room else []
        parts += [f"clock {1e6 * self.clock:+.0f} ppm"] if self.clock else []
        return ", ".join(parts)


LEAKS = (
    Leak(None),
    Leak(-10, 0.12, 0.4),
    Leak(-20),
    Leak(-20, 0.12),
    Leak(-20, 0.04, 0.4, 2e-4),
    Leak(-30, 0.12, 0.4),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What each of them says, as sound of the same length, and the person's words."""

    name: str
    person: Samples
    others: Samples
    text: str


# --- the scenes ------------------------------------------------------------------------------------


def _spoken(folder: Path, names: Sequence[str]) -> tuple[list[Samples], str]:
    sounds, texts = [], []
    for name in names:
        sound = np.concatenate(list(media.blocks(folder / name)))
        loud = sound[np.abs(sound) > 0.02 * np.abs(sound).max()]
        sounds.append((sound * 10 ** (LOUDNESS / 20) / np.sqrt(np.mean(loud**2))).astype(np.float32))
        texts.append((folder / name).with_suffix(".txt").read_text(encoding="utf-8"))
    return sounds, " ".join(texts)


def _turns(sound: Samples) -> Iterator[Samples]:
    """`sound` cut in pauses, into pieces of at least `TURN` seconds."""
    frame = RATE // 50
    power = np.square(sound[: len(sound) // frame * frame]).reshape(-1, frame).mean(axis=1)
    quiet = np.convolve(power < 10 ** ((LOUDNESS - 20) / 10), np.ones(15), "same") == 15
    start = 0
    for place in (frame * int(one) for one in np.flatnonzero(quiet)):
        if place - start >= TURN * RATE:
            yield sound[start:place]
            start = place
    yield sound[start:]


def scenes(folder: Path) -> tuple[Scene, Scene]:
    """In turns, and both at once."""
    mine, text = _spoken(folder, PERSON)
    theirs, _ = _spoken(folder, OTHERS)
    pause = np.zeros(RATE // 2, dtype=np.float32)
    person, others = list[Samples](), list[Samples]()
    ours = [turn for sound in mine for turn in _turns(sound)]
    those = [turn for sound in theirs for turn in _turns(sound)]
    for number in range(max(len(ours), len(those))):
        for said, silent, turns in ((others, person, those), (person, others, ours)):
            for turn in turns[number : number + 1]:
                said += [turn, pause]
                silent += [np.zeros_like(turn), pause]
    length = sum(map(len, mine))
    return (
        Scene("in turns", np.concatenate(person), np.concatenate(others), text),
        Scene("both at once", np.concatenate(mine), np.concatenate(theirs)[:length], text),
    )


def echo(others: Samples, leak: Leak) -> Samples:
    """What of `others` arrives at the microphone."""
    if leak.level is None:
        return np.zeros_like(others)
    random = np.random.default_rng(1)
    response = np.zeros(round((leak.late + leak.room) * RATE) + 1)
    tail = np.arange(round(leak.room * RATE))
    if leak.room:
        response[-len(tail) :] = (
            0.1 * random.standard_normal(len(tail)) * 10 ** (-3 * tail / RATE / leak.room)
        )
    response[round(leak.late * RATE)] = 1.0
    response *= 10 ** (leak.level / 20) / np.sqrt(np.sum(response**2))
    size = len(others) + len(response)
    heard = np.fft.irfft(np.fft.rfft(others, size) * np.fft.rfft(response, size), size)
    at = np.arange(len(others))
    # Half of what the clocks part lies before the echo's place: -50 to 50 ms at most in these scenes.
    there = at * (1 + leak.clock) - leak.clock * len(at) / 2
    return np.asarray(np.interp(there, np.arange(size), heard), dtype=np.float32)


# --- measuring -------------------------------------------------------------------------------------


def _gated(microphone: Samples, system: Samples) -> tuple[Samples, float]:
    """The microphone without echo, and what share of the time one core was busy with it."""
    gate = EchoGate()
    both = np.stack([microphone, system], axis=1)
    started = time.process_time()
    done = [gate.quieten(both[start : start + RATE]) for start in range(0, len(both), RATE)]
    done.append(gate.rest())
    return np.concatenate(done), (time.process_time() - started) / (len(both) / RATE)


def _heard(sound: Samples) -> list[Segment]:
    options = TranscriptOptions(language="en")
    blocks = (sound[start : start + RATE] for start in range(0, len(sound), RATE))
    return [
        segment
        for batch in transcribe(blocks, find_model(options, (), Path()), options, freed=True)
        for segment in batch.segments
    ]


def doubled(microphone: Sequence[Segment], system: Sequence[Segment]) -> int:
    """How many lines of the microphone repeat what the system said within a second."""
    count = 0
    for line in microphone:
        said = words(line.text)
        near = {
            word
            for other in system
            for place in other.words
            if line.start - 1 <= place.start <= line.end + 1
            for word in words(place.text)
        }
        count += bool(said) and sum(word in near for word in said) > len(said) / 2
    return count


@dataclass(frozen=True, slots=True)
class Score:
    """Doubled lines and wrong words of one microphone."""

    doubled: int
    wrong: int


def run() -> int:
    """Prints a row for each leak; 1 when the rows in turns miss a goal together, 2 without recordings, else 0."""
    name = os.environ.get(SPEECH_VARIABLE)
    if not name:
        print(f"Not measured: {SPEECH_VARIABLE} names no folder.")
        return 2
    in_turns, at_once = scenes(Path(name))
    reached = _measure(in_turns)
    _measure(at_once)
    return 0 if reached else 1


def _measure(scene: Scene) -> bool:
    """Prints what each leak does to `scene`; whether all together reach the goals."""
    random = np.random.default_rng(0)
    system = _heard(scene.others)
    reference = words(scene.text)

    def score(sound: Samples) -> Score:
        lines = _heard(sound)
        heard = words(" ".join(line.text for line in lines))
        return Score(doubled(lines, system), word_errors(reference, heard))

    print(f"{scene.name}: {len(scene.others) / RATE / 60:.1f} min, {len(system)} lines of the others")
    print(f"  {'':30}{'lines doubled':>20}{'word error rate':>30}")
    print(
        f"  {'leak':30}{'as it is':>10}{'gated':>10}{'as it is':>10}{'gated':>10}{'no echo':>10}{'core':>8}"
    )
    rows: list[tuple[Score, Score, Score]] = []
    for leak in LEAKS:
        noise = random.standard_normal(len(scene.person)) * 10 ** (ROOM_NOISE / 20)
        clean = (scene.person + noise).astype(np.float32)
        microphone = clean + echo(scene.others, leak)
        gated, busy = _gated(microphone, scene.others)
        without = score(clean)
        plain = without if leak.level is None else score(microphone)
        after = without if np.array_equal(gated, clean) else score(gated)
        rows.append((plain, after, without))
        print(
            f"  {leak!s:30}{_shares(plain, after, without, len(system), len(reference))}{busy:8.1%}",
            flush=True,
        )
    plain, after, without = (
        Score(sum(one.doubled for one in column), sum(one.wrong for one in column))
        for column in zip(*rows[1:], strict=True)
    )
    lines, spoken = len(system) * len(rows[1:]), len(reference) * len(rows[1:])
    print(f"  {'all leaks':30}{_shares(plain, after, without, lines, spoken)}")
    return after.doubled <= DOUBLED * lines and after.wrong - without.wrong <= WORSE * spoken


def _shares(plain: Score, after: Score, without: Score, lines: int, spoken: int) -> str:
    return (
        f"{plain.doubled / lines:10.1%}{after.doubled / lines:10.1%}"
        f"{plain.wrong / spoken:10.2%}{after.wrong / spoken:10.2%}{without.wrong / spoken:10.2%}"
    )
