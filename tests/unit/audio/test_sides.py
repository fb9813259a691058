"""Two sides of a talk in one file: they are known as such, and neither holds what is only the other's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.audio import media
from core.audio.sides import HOP, CrosstalkGate, crosstalk_gate, sides
from core.values import CALL, SIDES, Channel
from tests.sound_files import Sound, make

RATE = media.SAMPLE_RATE
TURN = 4 * RATE


def voice(seed: int) -> Sound:
    """Half a minute in which one of two speaks: syllables of noise, four in a second, none alike."""
    rng = np.random.default_rng(seed)
    loudness = np.repeat(rng.uniform(0.02, 0.3, 8 * TURN * 8 // RATE), RATE // 8)
    speaks = (np.arange(8 * TURN) // TURN) % 2 == seed % 2
    return np.asarray(rng.standard_normal(8 * TURN) * loudness * speaks * 0.5, np.float32)


def throughout(seed: int) -> Sound:
    """The same of one who never lets the other speak: words, and short rests of a lot's length between them."""
    rng = np.random.default_rng(seed)
    loudness = np.repeat(np.maximum(0.001, rng.uniform(-0.15, 0.3, 8 * TURN * 8 // RATE)), RATE // 8)
    return np.asarray(rng.standard_normal(8 * TURN) * loudness * 0.5, np.float32)


def room(sound: Sound, far: int, seed: int) -> Sound:
    """The sound as a microphone `far` samples away hears it: with the echoes of the walls, louder than itself."""
    echoes = np.random.default_rng(seed).normal(0, 1, RATE // 2) * np.exp(-np.arange(RATE // 2) / (RATE / 14))
    echoes[: far + 30] = 0
    answer = echoes * (1.4 / np.linalg.norm(echoes))
    answer[far] = 1.0
    length = len(sound) + len(answer)
    heard = np.fft.irfft(np.fft.rfft(sound, length) * np.fft.rfft(answer, length), length)
    return np.asarray(heard[: len(sound)] / 2, np.float32)


def late(sound: Sound) -> Sound:
    """The sound a tenth of a second later, 20 dB down, as a loudspeaker brings it."""
    return np.concatenate([np.zeros(RATE // 10, np.float32), np.float32(0.1) * sound[: -RATE // 10]])


@pytest.fixture(scope="module")
def noise() -> Sound:
    return np.random.default_rng(9).normal(0, 5e-4, (8 * TURN, 2)).astype(np.float32)


ONE, OTHER = voice(0), voice(1)
FIRST, SECOND = throughout(3), throughout(4)
LEFT_ONLY = np.stack([ONE + OTHER, 0 * ONE], axis=1)


@pytest.mark.parametrize(
    ("sound", "expected"),
    [
        (np.stack([ONE, OTHER], axis=1), SIDES["apart"]),
        (np.stack([ONE / 10, OTHER], axis=1), SIDES["apart"]),
        (np.stack([ONE + late(OTHER), OTHER], axis=1), CALL),
        (np.stack([ONE, OTHER + late(ONE)], axis=1), CALL[::-1]),
        (np.stack([ONE + late(OTHER), OTHER + late(ONE)], axis=1), ()),
        (np.stack([ONE + OTHER, ONE + OTHER], axis=1), ()),
        (np.stack([ONE + 0.4 * OTHER, 0.4 * ONE + OTHER], axis=1), ()),
        (np.stack([FIRST, SECOND], axis=1), SIDES["apart"]),
        (np.stack([FIRST / 10, SECOND], axis=1), SIDES["apart"]),
        (np.stack([room(FIRST, 40, 5), room(FIRST, 120, 6)], axis=1), ()),
        (
            np.stack(
                [room(FIRST, 40, 5) + room(SECOND, 120, 6), room(FIRST, 120, 7) + room(SECOND, 40, 8)], axis=1
            ),
            (),
        ),
        (np.stack([FIRST, -FIRST], axis=1), ()),
        (np.stack([FIRST, np.roll(FIRST, RATE // 4) / 2], axis=1), ()),
        (LEFT_ONLY, ()),
        (LEFT_ONLY[:, ::-1], ()),
        (0 * LEFT_ONLY, ()),
    ],
    ids=[
        "two sides",
        "one of them faint",
        "loudspeaker right",
        "loudspeaker left",
        "two microphones in one room",
        "the same twice",
        "stereo",
        "both at once",
        "both at once, one softer",
        "one voice in a room",
        "two voices in a room at once",
        "opposite",
        "the same later",
        "left only",
        "right only",
        "silence",
    ],
)
def test_two_sides_of_a_talk_are_told_from_other_stereo(
    tmp_path: Path, noise: Sound, sound: Sound, expected: tuple[Channel, ...]
) -> None:
    path = make(tmp_path / "talk.wav", "pcm_s16le", sound + noise, layout="stereo")
    assert sides(path, len(sound) / RATE) == expected


def test_a_long_file_is_heard_in_places_only(tmp_path: Path, noise: Sound) -> None:
    sound = np.tile(np.stack([ONE, OTHER], axis=1) + noise, (5, 1))
    path = make(tmp_path / "talk.flac", "flac", sound, layout="stereo")
    assert sides(path, len(sound) / RATE) == SIDES["apart"]


def test_what_is_only_a_rest_of_the_other_channel_is_silenced() -> None:
    quiet = np.stack([ONE + np.float32(0.01) * OTHER, OTHER + np.float32(0.01) * ONE], axis=1)
    gate = CrosstalkGate()
    pieces = [gate.quieten(piece) for piece in np.array_split(quiet, 77)]
    heard = np.concatenate([*pieces, gate.rest()])
    assert heard.shape == quiet.shape
    whole = CrosstalkGate()
    assert np.array_equal(np.concatenate([whole.quieten(quiet), whole.rest()]), heard)
    for side, own in enumerate((ONE, OTHER)):
        speaks = own != 0
        loud = np.convolve(speaks, np.ones(RATE // 2), "same") >= RATE // 2 - HOP
        assert np.array_equal(heard[loud, side], quiet[loud, side])
        # Half a second after a turn the channel counts as silent.
        late = np.arange(len(own)) % TURN > RATE // 2
        assert not heard[~speaks & late, side].any()


def test_a_soft_side_keeps_what_it_says_while_the_loud_one_speaks(tmp_path: Path, noise: Sound) -> None:
    both = np.stack([np.float32(0.05) * ONE, np.roll(OTHER, TURN // 2)], axis=1)
    path = make(tmp_path / "talk.wav", "pcm_s16le", both + noise / np.float32(100), layout="stereo")
    gate = crosstalk_gate(path, len(both) / RATE)
    heard = np.concatenate([gate.quieten(both), gate.rest()])
    assert np.array_equal(heard, both)
    plain = CrosstalkGate()
    assert not np.array_equal(np.concatenate([plain.quieten(both), plain.rest()]), both)
