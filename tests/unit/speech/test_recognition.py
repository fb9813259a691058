"""Which known voice it is: the most similar one, where that is clear, and never one for two."""

from __future__ import annotations

import numpy as np
import pytest

from core.speech.recognition import MOST, Recognised, are_two, recognise, same_voice

AXES = np.eye(192, dtype=np.float32)


def like(known: int, similarity: float, away: int = 100) -> np.ndarray:
    """A voice this similar to a known one, and to nobody else."""
    return np.asarray(similarity * AXES[known] + np.sqrt(1 - similarity**2).astype(np.float32) * AXES[away])


def found(
    *voices: np.ndarray, known: np.ndarray = AXES[:3], seconds: float = 10.0
) -> list[Recognised | None]:
    return recognise(np.array(voices, dtype=np.float32), [seconds] * len(voices), known)


def test_a_similar_voice_is_recognised_with_a_certainty_that_grows() -> None:
    first, second, nobody = found(like(1, 0.75), like(2, 0.9, 101), like(0, 0.68, 102))
    assert first
    assert second
    assert (first.known, second.known, nobody) == (1, 2, None)
    assert 0.9 < first.certainty < second.certainty == MOST


def test_who_says_too_little_is_not_guessed() -> None:
    assert found(like(1, 0.9), seconds=1.5) == [None]


def test_of_two_known_voices_that_are_somewhat_alike_none_is_guessed() -> None:
    known = np.array([AXES[0], like(0, 0.68)], dtype=np.float32)
    between = known.sum(axis=0)
    assert found(between / np.linalg.norm(between), known=known) == [None]


def test_a_voice_that_is_kept_under_two_names_is_found_under_the_nearer_one() -> None:
    twins = np.array([AXES[0], like(0, 0.9), AXES[1]], dtype=np.float32)
    assert same_voice(twins).tolist() == [[True, True, False], [True, True, False], [False, False, True]]
    one, other = found(like(0, 0.85, 103), known=twins)[0], found(twins[1], known=twins)[0]
    assert one
    assert other
    assert (one.known, other.known) == (0, 1)


@pytest.mark.parametrize(
    ("similarity", "seconds", "two"),
    [(0.6, 2.5, True), (0.7, 2.5, False), (0.7, 8.0, True), (0.8, 8.0, False)],
)
def test_a_splinter_of_a_voice_is_no_second_one(similarity: float, seconds: float, two: bool) -> None:
    assert are_two(np.array([AXES[0], like(0, similarity)]), [60.0, seconds]) == two
    assert not are_two(AXES[:1], [60.0])


def test_one_known_voice_is_only_one_person() -> None:
    (less, more) = found(like(1, 0.8), like(1, 0.9, 101))
    assert less is None
    assert more
    assert more.known == 1


@pytest.mark.parametrize("known", [AXES[:0]])
def test_without_known_voices_nobody_is_recognised(known: np.ndarray) -> None:
    assert found(AXES[0], known=known) == [None]
    assert found(known=AXES[:2]) == []
