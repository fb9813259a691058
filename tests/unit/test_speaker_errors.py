from __future__ import annotations

import warnings
from itertools import permutations

import numpy as np
import pytest

from tests.benchmarks.speaker_errors import (
    SpeakerErrors,
    Spoken,
    best_pairs,
    speaker_errors,
    words_right,
)


def turns(*given: tuple[float, float, str]) -> list[Spoken]:
    return [Spoken(*one) for one in given]


def random_turns(chance: np.random.Generator, speakers: int) -> list[Spoken]:
    """A minute in which now and then two speak at once, nobody with himself."""
    found: list[Spoken] = []
    at = 0.0
    while at < 60:
        length = chance.uniform(0.3, 6)
        turn = Spoken(round(at, 3), round(at + length, 3), f"s{chance.integers(speakers)}")
        if all(one.speaker != turn.speaker or one.end <= turn.start for one in found):
            found.append(turn)
        at += length + chance.uniform(-1.0, 1.0)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_is_that_of_pyannote(seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyannote.core import Annotation, Segment, Timeline
        from pyannote.metrics.diarization import DiarizationErrorRate

    def annotation(spoken: list[Spoken]) -> Annotation:
        found = Annotation()
        for place, one in enumerate(spoken):
            found[Segment(one.start, one.end), place] = one.speaker
        return found

    chance = np.random.default_rng(seed)
    reference, heard = (random_turns(chance, int(chance.integers(1, 6))) for _ in range(2))
    collar = float(chance.choice([0.0, 0.1, 0.25]))
    metric = DiarizationErrorRate(collar=2 * collar)
    everything = Timeline([Segment(0, 100)])
    theirs = metric(annotation(reference), annotation(heard), uem=everything, detailed=True)
    ours = speaker_errors(reference, heard, collar)
    assert (ours.total, ours.missed, ours.invented, ours.confused) == pytest.approx(
        tuple(theirs[key] for key in ("total", "missed detection", "false alarm", "confusion")), abs=1e-6
    )
    assert ours.rate == pytest.approx(theirs["diarization error rate"], abs=1e-9)


def test_what_errors_are() -> None:
    reference = turns((0, 4, "ana"), (4, 8, "bob"))
    assert speaker_errors(reference, turns((0, 4, "1"), (4, 8, "0")), 0).rate == 0
    assert speaker_errors(reference, [], 0) == SpeakerErrors(8, 8, 0, 0)
    assert speaker_errors(reference, turns((0, 8, "0")), 0).confused == 4
    assert speaker_errors(reference, turns((0, 4, "0"), (4, 8, "1"), (2, 3, "1")), 0).invented == 1
    assert speaker_errors(reference, turns((0, 4.2, "0"), (4.2, 8, "1"))).rate == 0
    assert speaker_errors([], []).rate == 0


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (4, 4), (5, 2), (3, 6)])
def test_pairs_are_worth_most(shape: tuple[int, int]) -> None:
    worth = np.random.default_rng(sum(shape)).uniform(0, 9, shape)
    pairs = best_pairs(worth)
    rows, columns = shape
    small, large = sorted(shape)
    table = worth if rows <= columns else worth.T
    best = max(sum(table[i, j] for i, j in enumerate(one)) for one in permutations(range(large), small))
    assert sum(worth[pair] for pair in pairs) == pytest.approx(best)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == small


def test_words_with_the_right_speaker() -> None:
    reference = [Spoken(0, 1, "ana", "shall we begin now"), Spoken(1, 2, "bob", "yes please")]
    assert words_right(
        reference, [Spoken(0, 1, "0", "Shall we begin now?"), Spoken(1, 2, "1", "Yes, please.")]
    ) == (6, 6)
    # A change that comes a word late; a word that was not heard is not compared, one heard otherwise is.
    assert words_right(reference, [Spoken(0, 1, "0", "shall we begin yes"), Spoken(1, 2, "1", "please")]) == (
        4,
        5,
    )
    assert words_right(reference, []) == (0, 0)
