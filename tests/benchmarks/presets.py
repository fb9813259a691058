"""The presets beside bare faster-whisper's two calls: word errors and time, on the half nothing was tuned on.

Recordings and models as for `word_error_rate`. All five ways hear each file in turn, from the file to words with
times, with the same model, compute type and threads; the order turns from file to file.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
from faster_whisper import BatchedInferencePipeline

from core.speech.hypotheses import BEAMS
from core.values import Model
from tests.benchmarks.word_error_rate import (
    Recording,
    Score,
    Way,
    bare_whisper,
    model_for,
    our_way,
    pooled,
    recordings,
    scored,
    sequential,
)

DRAWS = 10_000
"""Samples of the files, drawn with replacement, from which the limits of a difference are taken."""

GOALS = {
    "best": ("sequential", 0.0, 0.90),
    "balanced": ("sequential", 0.5, 0.75),
    "fast": ("batched", 0.0, 1.05),
}
"""For each preset the call it is held against, the points more it may be wrong, and the share of its time."""


def tuned_on(recording: Recording) -> bool:
    """Whether a file is of the half that constants were chosen on: every other one by the checksum of its name."""
    return zlib.crc32(recording.path.stem.encode()) % 2 == 0


def _ways(model: Model) -> dict[str, Way]:
    whisper = bare_whisper(model)
    pipeline = BatchedInferencePipeline(whisper)

    def batched(recording: Recording) -> Iterator[str]:
        found, _ = pipeline.transcribe(
            str(recording.path), language=recording.language, batch_size=8, word_timestamps=True
        )
        yield from (segment.text for segment in found)

    ours = {name: our_way(model, name) for name in BEAMS}
    return {**ours, "sequential": sequential(whisper), "batched": batched}


def _limits(one: list[Score], other: list[Score]) -> tuple[float, float]:
    """Between which points the difference of two error rates lies in 95 % of samples of the files (paired)."""
    drawn = np.random.default_rng(0).integers(0, len(one), (DRAWS, len(one)))
    words = np.array([score.words for score in one])[drawn].sum(axis=1)
    more = np.array([a.wrong - b.wrong for a, b in zip(one, other, strict=True)])[drawn].sum(axis=1)
    low, high = np.percentile(100 * more / np.maximum(1, words), (2.5, 97.5))
    return float(low), float(high)


def _measure(language: str, spoken: list[Recording], model: Model) -> dict[str, list[Score]]:
    """The scores of each way on the half that nothing was tuned on; prints those of both."""
    ways = _ways(model)
    for way in ways.values():
        list(way(min(spoken, key=lambda one: one.path.stat().st_size)))  # loading the model is not timed
    scores: dict[str, list[Score]] = {name: [] for name in ways}
    for number, recording in enumerate(spoken):
        names = list(ways)
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            scores[name].append(scored(ways[name], recording))
        print(
            f"{recording.path.name:36}{scores['best'][-1].words:5}"
            + "".join(
                f"  {name} {scores[name][-1].wrong:3} {scores[name][-1].seconds:5.2f}s" for name in names
            ),
            flush=True,
        )
    half: dict[str, list[Score]] = {}
    for title, tuned in (("tuned on", True), ("reported", False)):
        print(f"{language}, {title}")
        half = {
            name: [one for one, file in zip(all_of, spoken, strict=True) if tuned_on(file) is tuned]
            for name, all_of in scores.items()
        }
        _report(half)
    return half


def _report(scores: dict[str, list[Score]]) -> None:
    for name, found in scores.items():
        whole = pooled(found)
        line = f"  {name:12}{whole.rate:7.2%} ({whole.wrong}/{whole.words})"
        for bare in ("sequential", "batched"):
            low, high = _limits(found, scores[bare])
            line += (
                f"   to {bare}: {100 * (whole.rate - pooled(scores[bare]).rate):+.2f}"
                f" [{low:+.2f}, {high:+.2f}] points, time × {whole.seconds / pooled(scores[bare]).seconds:.2f}"
            )
        print(line)


def _reached(scores: dict[str, list[Score]]) -> bool:
    reached = True
    for name, (bare, points, share) in GOALS.items():
        ours, other = pooled(scores[name]), pooled(scores[bare])
        good = 100 * (ours.rate - other.rate) <= points and ours.seconds <= share * other.seconds
        print(f"  {name}: {'reached' if good else 'not reached'}")
        reached = reached and good
    return reached


def run() -> int:
    """Measures every language with a model and recordings of both halves.

    1 when a goal is missed, 2 when there is no such language, else 0.
    """
    reached: list[bool] = []
    found = recordings()
    for language in sorted({recording.language for recording in found}):
        spoken = [recording for recording in found if recording.language == language]
        model = model_for(language)
        if model is None or len({tuned_on(recording) for recording in spoken}) < 2:
            print(f"{language}: not measured, no model or no recordings of both halves")
            continue
        reached.append(_reached(_measure(language, spoken, model)))
    return int(not all(reached)) if reached else 2
