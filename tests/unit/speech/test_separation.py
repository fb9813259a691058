from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core import errors, paths
from core.audio import media
from core.speech import networks, separation
from core.speech.networks import SAMPLE_RATE
from core.speech.separation import Samples, Separated, Separator

LINDA, DANIEL, ROBERT = range(3)

SPOKEN = (
    (0.1, 9.7, LINDA),
    (10.6, 24.0, DANIEL),
    (24.6, 27.4, LINDA),
    (27.6, 34.4, DANIEL),
    (35.0, 41.3, ROBERT),
)
"""Who speaks when in the beginning of the sample meeting."""


@pytest.fixture(scope="module")
def sound() -> Samples:
    return np.concatenate(list(media.blocks(paths.SAMPLE))[:42])


def heard(sound: Samples, size: int = SAMPLE_RATE, start: float = 0.0) -> Separator:
    separator = Separator(start)
    for begin in range(0, len(sound), size):
        separator.hear(sound[begin : begin + size])
    separator.end()
    return separator


@pytest.fixture(scope="module")
def separator(sound: Samples) -> Separator:
    return heard(sound)


@pytest.fixture(scope="module")
def found(separator: Separator) -> Separated:
    return separator.separated()


def at(found: Separated, second: float) -> set[int]:
    return {turn.voice for turn in found.turns if turn.start <= second < turn.end}


def test_each_voice_has_its_turns(found: Separated) -> None:
    assert len(found.prints) == 3
    voices: dict[int, set[int]] = {}
    for start, end, speaker in SPOKEN:
        for second in np.arange(start + 0.4, end - 0.4, 0.5):
            voices.setdefault(speaker, set()).update(at(found, second))
    assert all(len(one) == 1 for one in voices.values())
    assert len(set.union(*voices.values())) == 3
    assert sum(found.seconds) == pytest.approx(sum(end - start for start, end, _ in SPOKEN), rel=0.15)
    assert list(found.seconds) == sorted(found.seconds, reverse=True)


def test_turns_are_in_order_and_inside_the_sound(found: Separated, sound: Samples) -> None:
    assert all(before.start <= after.start for before, after in pairwise(found.turns))
    assert all(0 <= turn.start < turn.end <= len(sound) / SAMPLE_RATE for turn in found.turns)


def test_how_the_sound_comes_decides_nothing(sound: Samples) -> None:
    short = sound[: 16 * SAMPLE_RATE]
    turns = heard(short).separated().turns
    assert heard(short, 999).separated().turns == heard(short, 999_999).separated().turns == turns


def test_times_are_those_of_the_meeting(sound: Samples) -> None:
    short = sound[: 8 * SAMPLE_RATE]
    now, later = (heard(short, start=start).separated().turns for start in (0.0, 100.0))
    assert [turn.start for turn in later] == pytest.approx([turn.start + 100 for turn in now], abs=0.01)


def test_as_many_voices_as_the_person_says(separator: Separator) -> None:
    assert [len(separator.separated(count).prints) for count in (1, 2, 3)] == [1, 2, 3]


def test_turns_are_known_while_the_sound_comes(found: Separated, sound: Samples) -> None:
    separator = Separator()
    assert separator.separated().turns == ()
    separator.hear(sound[: 27 * SAMPLE_RATE])
    assert 15 <= separator.reached <= 27
    early = separator.separated()
    assert len(early.prints) == 2
    assert at(early, 5.0) != at(early, 15.0)
    assert max(turn.end for turn in early.turns) <= separator.reached + 0.1


@pytest.mark.parametrize("seconds", [0.0, 0.1, 3.0, 12.0])
def test_where_nobody_speaks_there_are_no_turns(seconds: float) -> None:
    assert heard(np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32)).separated().turns == ()


def test_a_second_of_speech_is_a_turn(sound: Samples) -> None:
    (turn,) = heard(sound[: round(1.5 * SAMPLE_RATE)]).separated().turns
    assert turn.voice == 0
    assert turn.end - turn.start > 0.8


def test_a_pause_ends_no_turn_but_another_voice_does() -> None:
    frames = np.zeros((300, 2), dtype=bool)
    frames[10:60, 0] = frames[100:150, 0] = True
    assert separation._bridged(frames, 0) == [(10, 150)]
    frames[70:80, 1] = True
    assert separation._bridged(frames, 0) == [(10, 60), (100, 150)]


def test_stretches_are_about_two_seconds_long() -> None:
    frames = np.zeros(589, dtype=bool)
    frames[0:300] = frames[310:330] = True
    stretches = separation._cut(frames)
    assert stretches[0][0] == 0
    assert stretches[-1][1] == 330
    assert all((last - first) * separation.SECONDS_PER_FRAME <= 2.5 for first, last in stretches)


def test_a_damaged_network_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sound: Samples) -> None:
    (tmp_path / "activity.onnx").write_bytes(b"not a network")
    monkeypatch.setattr(networks, "FOLDER", tmp_path)
    networks._session.cache_clear()
    try:
        with pytest.raises(errors.SpeakerModelDamaged):
            heard(sound[:SAMPLE_RATE])
    finally:
        networks._session.cache_clear()
