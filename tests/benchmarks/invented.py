"""What is heard where nobody speaks, and how much of real speech is marked: invented words must not stay unmarked.

Ten minutes each of sounds without a word. Then the recordings of `word_error_rate`: the marked share of the words that
are right and of those that are wrong.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.audio import media
from core.speech.detector import SAMPLE_RATE, Samples
from core.values import Model, Segment, TranscriptOptions
from tests.benchmarks.word_error_rate import model_for, recordings, transcribe, words

SECONDS = 600.0
BLOCK = SAMPLE_RATE

Sound = NDArray[np.float64]


def sounds(seconds: float) -> Iterator[tuple[str, Samples]]:
    """Names, and sounds without a word, `seconds` long, mono float32 at 16 kHz; always the same."""
    length = round(seconds * SAMPLE_RATE)
    random = np.random.default_rng(4)
    time = np.arange(length) / SAMPLE_RATE
    white = random.normal(0, 1, length)
    hum = sum(np.sin(2 * np.pi * 50 * k * time) / k for k in range(1, 8))
    for name, sound in (
        ("silence", np.zeros(length)),
        ("silence with clicks", _struck(random, length, 0.4, 0.002, 0.6)),
        ("music", _music(time)),
        ("white noise", 0.1 * white),
        ("pink noise", 0.1 * _coloured(white, 0.5)),
        ("brown noise", 0.1 * _coloured(white, 1.0)),
        ("tones", 0.3 * np.sin(2 * np.pi * 440 * time) * (time % 3 < 2)),
        ("sweeps", 0.3 * np.sin(2 * np.pi * np.cumsum(80 * 50 ** ((time % 8) / 8)) / SAMPLE_RATE)),
        ("keyboard", 0.002 * white + _struck(random, length, 5.0, 0.02, 0.3)),
        ("fan", 0.05 * hum * (1 + 0.2 * np.sin(2 * np.pi * 0.7 * time)) + 0.03 * _coloured(white, 0.5)),
        ("babble", _babble(random, time)),
    ):
        yield name, np.clip(sound, -1, 1).astype(np.float32)


def _coloured(white: Sound, slope: float) -> Sound:
    """Noise whose amplitude falls with frequency to the power of `slope`, as loud as `white`."""
    spectrum = np.fft.rfft(white)
    shaped = np.fft.irfft(spectrum / np.maximum(1, np.arange(len(spectrum))) ** slope, len(white))
    return np.asarray(shaped / shaped.std())


def _struck(random: np.random.Generator, length: int, rate: float, decay: float, loudness: float) -> Sound:
    """Short bursts of noise at random times, `rate` of them in a second, each fading in `decay` seconds."""
    sound = np.zeros(length)
    long = round(8 * decay * SAMPLE_RATE)
    fading = np.exp(-np.arange(long) / (decay * SAMPLE_RATE))
    for place in random.integers(0, max(1, length - long), round(rate * length / SAMPLE_RATE)):
        sound[place : place + long] += (
            loudness * random.uniform(0.3, 1) * random.normal(0, 0.5, long) * fading
        )
    return sound


def _music(time: Sound) -> Sound:
    """Chords, two seconds each, and a melody above them, with harmonics, fading notes and vibrato."""
    sound = np.zeros(len(time))
    chords = np.array([[0, 4, 7], [9, 12, 16], [5, 9, 12], [7, 11, 14]])
    tune = np.array([12, 16, 19, 16, 21, 19, 16, 14, 12, 14, 16, 19, 17, 16, 14, 11])
    bar, beat = (time // 2).astype(int), (time // 0.5).astype(int)
    lines = [chords[bar % len(chords), voice] for voice in range(3)]
    for notes, length in [*((line, 2.0) for line in lines), (tune[beat % len(tune)], 0.5)]:
        pitch = 196 * 2 ** (notes / 12) * (1 + 0.004 * np.sin(2 * np.pi * 5.5 * time))
        phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
        fading = np.minimum(1, 40 * (time % length)) * np.exp(-2 * (time % length) / length)
        sound += 0.08 * fading * sum(np.sin(k * phase) / k for k in range(1, 7))
    return sound


def _babble(random: np.random.Generator, time: Sound) -> Sound:
    """A crowd: six voices' worth of noise in the band of speech, each rising and falling as syllables do."""
    frequency = np.fft.rfftfreq(len(time), 1 / SAMPLE_RATE)
    sound = np.zeros(len(time))
    for _voice in range(6):
        spectrum = np.fft.rfft(random.normal(0, 1, len(time)))
        centre = random.uniform(400, 1800)
        voice = np.fft.irfft(spectrum * np.exp(-(((frequency - centre) / 400) ** 2)), len(time))
        rate, phase = random.uniform(3, 5), random.uniform(0, 6)
        sound += voice / voice.std() * np.maximum(0, np.sin(2 * np.pi * rate * time + phase)) ** 2
    return 0.05 * sound


def heard(sound: Samples, model: Model, language: str = "") -> list[Segment]:
    """The segments that a transcription of `sound` stores."""
    blocks = (sound[place : place + BLOCK] for place in range(0, len(sound), BLOCK))
    options = TranscriptOptions(language=language)
    return [one for batch in transcribe(blocks, model, options) for one in batch.segments]


def counted(segments: list[Segment]) -> tuple[int, int]:
    """(words that stay unmarked, words that are marked)."""
    kept = sum(len(one.text.split()) for one in segments if not one.doubt)
    return kept, sum(len(one.text.split()) for one in segments if one.doubt)


def _marked_words(segments: list[Segment], text: str) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Words that are right and wrong (rows), unmarked and marked (columns)."""
    said = [(word, bool(one.doubt)) for one in segments for word in words(one.text)]
    matcher = difflib.SequenceMatcher(None, words(text), [word for word, _ in said], autojunk=False)
    right = {block.b + place for block in matcher.get_matching_blocks() for place in range(block.size)}
    table = np.zeros((2, 2), dtype=np.int64)
    for place, (_word, marked) in enumerate(said):
        table[int(place not in right), int(marked)] += 1
    return table


def run() -> int:
    """1 when an invented word stays unmarked, else 0."""
    starter = model_for("en")
    assert starter
    failed = False
    print(f"{'':28}{'unmarked':>10}{'marked':>8}   reasons")
    for name, sound in sounds(SECONDS):
        segments = heard(sound, starter)
        kept, marked = counted(segments)
        failed |= kept > 0
        reasons = ", ".join(sorted({one.doubt for one in segments if one.doubt}))
        print(f"{name:28}{kept:10}{marked:8}   {reasons}", flush=True)
        for one in segments[:3]:
            print(f"    {one.start:7.1f}–{one.end:.1f} {one.doubt or 'unmarked'}: {one.text[:70]}")
    spoken = recordings()
    for language in sorted({recording.language for recording in spoken}):
        model = model_for(language)
        if model is None:
            continue
        table, unheard = np.zeros((2, 2), dtype=np.int64), 0
        for recording in (one for one in spoken if one.language == language):
            sound = np.concatenate(list(media.blocks(recording.path)))
            segments = heard(sound, model, language)
            found = _marked_words(segments, recording.text)
            table += found
            unheard += sum(one.doubt == "unheard" for one in segments)
            reasons = ", ".join(sorted({one.doubt for one in segments if one.doubt}))
            print(f"  {recording.path.name:40}right {found[0]} wrong {found[1]} {reasons}", flush=True)
        for name, row in zip(("right", "wrong"), table, strict=True):
            print(f"{language}: {name} words {row.sum()}, marked {row[1] / max(1, row.sum()):.1%}")
        print(f"{language}: stretches of speech without text {unheard}")
    return int(failed)
