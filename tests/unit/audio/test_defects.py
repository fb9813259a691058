"""What a sound is freed from while it is read: an offset, and two channels that are each other's opposite."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.audio import media
from tests.sound_files import Sound, make, tone

RATE = media.SAMPLE_RATE


def heard(path: Path, channels: int = 1) -> Sound:
    return np.concatenate(list(media.blocks(path, channels=channels)))


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("pcm_s16le", "a.wav"),
        ("pcm_u8", "a.wav"),
        ("pcm_f32le", "a.wav"),
        ("flac", "a.flac"),
        ("aac", "a.m4a"),
    ],
)
def test_channels_of_opposite_polarity_do_not_cancel(codec: str, name: str, tmp_path: Path) -> None:
    sound = tone()
    path = make(tmp_path / name, codec, np.stack([sound, -sound], axis=1), layout="stereo")
    mixed = heard(path)[: len(sound)]
    assert np.sqrt(np.mean(mixed**2)) == pytest.approx(np.sqrt(np.mean(sound**2)), rel=0.05)


def test_a_channel_is_turned_only_where_both_are_opposite(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    one, other = rng.normal(0, 0.1, (2, 2 * RATE)).astype(np.float32)
    pairs = [(one, other), (one, 0 * one), (one, -0.3 * one + other), (one, one)]
    for number, (left, right) in enumerate(pairs):
        path = make(tmp_path / f"{number}.wav", "pcm_f32le", np.stack([left, right], axis=1), layout="stereo")
        assert np.allclose(heard(path), (left + right) / 2, atol=1e-4)
    # Where the channels are read apart, each is as it was.
    path = make(tmp_path / "apart.wav", "pcm_f32le", np.stack([one, -one], axis=1), layout="stereo")
    assert np.allclose(heard(path, 2), np.stack([one, -one], axis=1), atol=1e-4)


@pytest.mark.parametrize("offset", [0.3, -0.6])
def test_a_constant_offset_is_taken_out(offset: float, tmp_path: Path) -> None:
    sound = tone() * np.float32(0.3)
    path = make(tmp_path / "a.wav", "pcm_s16le", sound + np.float32(offset))
    assert np.allclose(heard(path)[RATE:], sound[RATE:], atol=0.01)
    both = make(tmp_path / "b.wav", "pcm_s16le", np.stack([sound + offset, sound], axis=1), layout="stereo")
    assert np.allclose(heard(both, 2)[RATE:], np.stack([sound, sound], axis=1)[RATE:], atol=0.01)


def test_sound_without_an_offset_stays_as_it_is(tmp_path: Path) -> None:
    deep = (0.8 * np.sin(2 * np.pi * 25 * np.arange(2 * RATE) / RATE)).astype(np.float32)
    pop = np.where(np.arange(2 * RATE) < RATE // 50, np.float32(0.9), 0 * deep)
    for name, sound in (("deep", deep), ("pop", pop)):
        path = make(tmp_path / f"{name}.wav", "pcm_f32le", sound)
        assert np.array_equal(heard(path), sound)


@pytest.mark.parametrize(("unit", "most"), [(4.0, 1.0), (32768.0, 0.3)])
def test_floats_of_another_unit_come_to_full_scale(unit: float, most: float, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    room, talk = rng.normal(0, 3e-4, RATE), rng.uniform(-0.3, 0.3, RATE)
    sound = np.concatenate([room, talk]).astype(np.float32)
    got = heard(make(tmp_path / "a.wav", "pcm_f32le", sound * np.float32(unit)))
    assert np.abs(got).max() == pytest.approx(most, rel=0.01)
    assert np.sqrt(np.mean(got[: RATE - 500] ** 2)) == pytest.approx(
        3e-4 * (unit if most == 1.0 else 1), rel=0.1
    )


def test_a_damaged_place_changes_no_unit(tmp_path: Path) -> None:
    sound = tone()
    spoilt = sound.copy()
    spoilt[1000:1040] = 3e4
    got = heard(make(tmp_path / "a.wav", "pcm_f32le", spoilt))
    assert got[2000 : len(sound)] == pytest.approx(sound[2000:], abs=0.01)
