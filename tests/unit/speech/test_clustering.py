"""Voice prints by script: voices are directions, and a print is one of them with noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from core.speech import clustering
from core.speech.clustering import Floats, Stretches, voices

SIZE = 192


def directions(count: int, seed: int = 0) -> Floats:
    """So many voices that have as little in common as people's."""
    found = np.random.default_rng(seed).standard_normal((count, SIZE))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


def spoken(
    turns: Sequence[int],
    *,
    seconds: float | Sequence[float] = 2.0,
    apart: Sequence[tuple[int, int, float]] = (),
    noise: float = 0.5,
    known: Floats | None = None,
) -> Stretches:
    """Stretches of voices, by their numbers; two of one voice are alike by 1 / (1 + noise²): 0.8."""
    chance = np.random.default_rng(1)
    people = directions(max(turns) + 1) if known is None else known
    prints = people[list(turns)] + noise * chance.standard_normal((len(turns), SIZE)) / np.sqrt(SIZE)
    prints /= np.linalg.norm(prints, axis=1, keepdims=True)
    lengths = np.broadcast_to(np.asarray(seconds, dtype=np.float32), (len(turns),))
    return Stretches(prints.astype(np.float32), lengths.copy(), tuple(apart))


def whose(stretches: Stretches, found: Floats) -> list[int]:
    return [int(one) for one in (stretches.prints @ found.T).argmax(axis=1)]


def test_nobody_is_heard() -> None:
    assert voices(Stretches(np.zeros((0, SIZE), np.float32), np.zeros(0, np.float32), ())).shape == (0, SIZE)


@pytest.mark.parametrize("count", [1, 2, 3, 6, 12])
def test_finds_how_many_there_are(count: int) -> None:
    turns = [number % count for number in range(8 * count)]
    found = voices(spoken(turns))
    assert len(found) == count
    assert len(set(whose(spoken(turns), found))) == count
    assert np.linalg.norm(found, axis=1) == pytest.approx(1)


def test_the_one_who_speaks_most_is_first() -> None:
    stretches = spoken([0] * 3 + [1] * 9 + [2] * 5)
    assert whose(stretches, voices(stretches)) == [2] * 3 + [0] * 9 + [1] * 5


def test_what_is_too_short_makes_no_voice() -> None:
    stretches = spoken([0] * 6 + [1] * 6 + [2], seconds=[2.0] * 12 + [0.5])
    assert len(voices(stretches)) == 2
    assert len(voices(spoken([0] * 6 + [1] * 6 + [2], seconds=[2.0] * 12 + [1.5]))) == 2
    assert len(voices(spoken([0] * 6 + [1] * 6 + [2, 2], seconds=[2.0] * 12 + [1.5, 1.5]))) == 3


def test_where_little_is_said_that_has_to_do() -> None:
    assert len(voices(spoken([0], seconds=0.4))) == 1
    assert len(voices(spoken([0, 1], seconds=0.4))) == 2


def test_voices_heard_at_the_same_time_are_not_one() -> None:
    known = directions(2)
    known[1] = known[0] + 0.7 * known[1]
    known[1] /= np.linalg.norm(known[1])
    turns = [0, 1] * 8
    together = [(place, place + 1, 2.0) for place in range(0, 16, 2)]
    assert len(voices(spoken(turns, known=known))) == 1
    assert len(voices(spoken(turns, known=known, apart=together))) == 2


def test_as_many_as_the_person_says() -> None:
    four = spoken([0, 1, 2, 3] * 6)
    assert [len(voices(four, count)) for count in (1, 2, 3, 4)] == [1, 2, 3, 4]
    known = directions(2)
    known[1] = known[0] + 0.7 * known[1]
    known[1] /= np.linalg.norm(known[1])
    alike = spoken([0, 1] * 8, known=known, noise=0.3)
    assert len(voices(alike)) == 1
    assert len(voices(alike, 2)) == 2
    assert len(set(whose(alike, voices(alike, 2))[::2])) == 1


def test_more_than_can_be_told_apart_are_not_made_up() -> None:
    assert len(voices(spoken([0] * 4, noise=0.0), 3)) == 1


def test_a_long_meeting_is_grouped_in_parts_to_the_same_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    stretches = spoken([number % 4 for number in range(300)])
    whole = voices(stretches)
    monkeypatch.setattr(clustering, "PART", 50)
    assert voices(stretches) == pytest.approx(whole, abs=1e-4)
