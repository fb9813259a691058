"""What the loudspeaker put into the microphone is silenced; what the person says is not."""

from __future__ import annotations

import numpy as np
import pytest

from core.audio.echo import EchoGate, Samples
from core.audio.media import SAMPLE_RATE

NOISE = -65.0


def voice(seed: int, seconds: float) -> Samples:
    """Something that rises and falls like speech, at -26 dB: noise, louder at low pitch, in syllables."""
    random = np.random.default_rng(seed)
    count = round(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(random.standard_normal(count))
    pitch = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    spectrum *= (pitch > 100) / (1 + (pitch / 700) ** 1.5)
    syllables = random.uniform(0.0, 1.0, round(seconds * 5) + 2) ** 2 * (
        random.random(round(seconds * 5) + 2) > 0.2
    )
    loudness = np.interp(np.arange(count) / SAMPLE_RATE * 5, np.arange(len(syllables)), syllables)
    sound = np.fft.irfft(spectrum, count) * loudness
    return np.asarray(sound * 10 ** (-26 / 20) / np.sqrt(np.mean(sound**2)), dtype=np.float32)


def noise(count: int) -> Samples:
    return (np.random.default_rng(99).standard_normal(count) * 10 ** (NOISE / 20)).astype(np.float32)


def leaked(others: Samples, level: float, late: float, room: float = 0.0, clock: float = 0.0) -> Samples:
    """`others` as they arrive at the microphone; `late` and `room` (its reverberation) in seconds."""
    random = np.random.default_rng(7)
    tail = np.arange(round(room * SAMPLE_RATE))
    response = np.concatenate(
        [[1.0], 0.1 * random.standard_normal(len(tail)) * 10 ** (-3 * tail / (len(tail) + 1))]
    )
    response *= 10 ** (level / 20) / np.sqrt(np.sum(response**2))
    size = len(others) + len(response)
    heard = np.fft.irfft(np.fft.rfft(others, size) * np.fft.rfft(response, size), size)
    there = np.arange(len(others)) * (1 + clock) - late * SAMPLE_RATE
    return np.asarray(np.interp(there, np.arange(size), heard, left=0.0), dtype=np.float32)


def gated(microphone: Samples, system: Samples, size: int = 4000) -> Samples:
    gate = EchoGate()
    both = np.stack([microphone, system], axis=1)
    done = [gate.quieten(both[start : start + size]) for start in range(0, len(both), size)]
    return np.concatenate([*done, gate.rest()])


def level(sound: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-20))


def loudest(sound: Samples) -> float:
    """The level of the loudest 50 ms, in dB."""
    return max(level(sound[start : start + 800]) for start in range(0, len(sound), 800))


def seconds(start: float, stop: float) -> slice:
    return slice(round(start * SAMPLE_RATE), round(stop * SAMPLE_RATE))


@pytest.mark.parametrize(
    ("loud", "late", "room", "clock"),
    [
        (-5.0, 0.12, 0.4, 0.0),
        (-10.0, 0.3, 0.0, 0.0),
        (-20.0, 0.0, 0.0, 0.0),
        (-20.0, -0.05, 0.3, 0.0),
        (-20.0, 0.05, 0.3, 2e-4),
        (-30.0, 0.12, 0.3, 0.0),
    ],
)
def test_an_echo_is_silenced(loud: float, late: float, room: float, clock: float) -> None:
    others = voice(1, 12)
    microphone = leaked(others, loud, late, room, clock) + noise(len(others))
    out = gated(microphone, others)
    spoken = seconds(3, 11.5)
    assert loudest(microphone[spoken]) > NOISE + 12
    assert loudest(out[spoken]) < NOISE + 3


def test_without_an_echo_the_microphone_is_left_alone_bit_by_bit() -> None:
    for seed in range(3):
        person = voice(10 + seed, 15) + noise(15 * SAMPLE_RATE)
        assert np.array_equal(gated(person, voice(20 + seed, 15)), person)
    silence = np.zeros_like(person)
    assert np.array_equal(gated(person, silence), person)
    assert np.array_equal(gated(silence, person), silence)


def test_the_size_of_the_blocks_decides_nothing() -> None:
    others = voice(1, 5)
    microphone = voice(2, 5) + leaked(others, -15, 0.1)
    whole = gated(microphone, others, len(others))
    assert not np.array_equal(whole, microphone)
    for size in (100, 256, 4000, 16_001):
        assert np.array_equal(gated(microphone, others, size), whole)


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 1500, 1537, 5000])
def test_as_much_comes_out_as_went_in_and_little_is_held_back(count: int) -> None:
    sound = voice(1, 1)[:count]
    gate = EchoGate()
    first = gate.quieten(np.stack([sound, sound], axis=1))
    assert count - 1600 <= len(first) <= count
    assert np.array_equal(np.concatenate([first, gate.rest()]), sound)


def test_who_speaks_in_turn_is_not_touched() -> None:
    others, person = voice(1, 12), voice(2, 12)
    others[seconds(5, 9)] = 0
    person[seconds(0, 5.5)] = 0
    person[seconds(8.5, 12)] = 0
    microphone = person + noise(len(person)) + leaked(others, -20, 0.12, 0.3)
    out = gated(microphone, others)
    turn = seconds(5.7, 8.4)
    assert np.abs(out[turn] - microphone[turn]).max() < 1e-4
    assert loudest(out[seconds(3, 5)]) < NOISE + 3
    assert loudest(out[seconds(9.2, 12)]) < NOISE + 3


@pytest.mark.parametrize("loud", [-15.0, -20.0, -30.0])
def test_who_speaks_at_the_same_time_is_kept(loud: float) -> None:
    others, person = voice(1, 14), voice(2, 14)
    person[seconds(0, 4)] = 0
    out = gated(person + noise(len(person)) + leaked(others, loud, 0.12, 0.3), others)
    both = seconds(4, 13.5)
    assert abs(level(out[both]) - level(person[both])) < 0.5
    assert level(out[both] - person[both]) < level(person[both]) - 14


def test_an_echo_that_ends_leaves_the_person_alone() -> None:
    """The headphones are put on."""
    others, person = voice(1, 60), voice(2, 60)
    person[seconds(0, 10)] = 0
    echo = leaked(others, -15, 0.1)
    echo[seconds(10, 60)] = 0
    microphone = person + noise(len(person)) + echo
    out = gated(microphone, others)
    assert loudest(out[seconds(4, 9)]) < NOISE + 3
    after = seconds(50, 59)
    assert level(out[after] - person[after]) < level(person[after]) - 25


def test_an_echo_that_moves_is_found_again() -> None:
    """The loudspeaker is changed for a slower one."""
    others = voice(1, 24)
    echo = np.concatenate(
        [leaked(others, -20, 0.05)[seconds(0, 8)], leaked(others, -14, 0.25)[seconds(8, 24)]]
    )
    out = gated(echo + noise(len(others)), others)
    assert loudest(out[seconds(3, 8)]) < NOISE + 3
    assert loudest(out[seconds(16, 23)]) < NOISE + 3


def test_a_microphone_that_was_muted_is_gated_when_it_comes_back() -> None:
    others = voice(1, 24)
    microphone = leaked(others, -20, 0.1, 0.3) + noise(len(others))
    microphone[seconds(5, 15)] = 0
    out = gated(microphone, others)
    assert not out[seconds(5.1, 14.9)].any()
    assert loudest(out[seconds(16, 23)]) < NOISE + 3


def test_memory_does_not_grow() -> None:
    def held(gate: EchoGate) -> int:
        return sum(one.nbytes for one in vars(gate).values() if isinstance(one, np.ndarray))

    others = voice(1, 4)
    both = np.stack([leaked(others, -20, 0.1), others], axis=1)
    gate = EchoGate()
    gate.quieten(both)
    before = held(gate)
    for _round in range(5):
        gate.quieten(both)
    assert held(gate) == before
