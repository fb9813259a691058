from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from core.audio.timeline import LATE, MOST, WAIT, Timeline, _Stretch
from tests.benchmarks.alignment import STARTED, Block, Scripted, found, joined

RATE = 8000
"""Low, so that minutes pass in a moment; nothing in a timeline depends on it."""

Samples = NDArray[np.float32]


def noise(seconds: float, rate: int = RATE, seed: int = 1) -> Samples:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, round(seconds * rate)).astype(np.float32)


def tone(seconds: float, rate: int, frequency: float = 440.0) -> Samples:
    return (0.5 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


class Meeting:
    """A timeline that is asked ten times a second, while its sources deliver blocks of 20 ms on time."""

    def __init__(self, channels: int) -> None:
        self.line = Timeline(channels, RATE)
        self.now = 0.0
        self.given: list[Samples] = []
        self.gaps = 0

    def hear(self, *sounds: Samples | None, rate: int = RATE, late: float = 0.0) -> None:
        """The sources play `sounds`, None for one that is silent; what they say of their time is `late`."""
        began, size = self.now, rate // 50
        length = max(len(sound) for sound in sounds if sound is not None)
        for first in range(0, length, size):
            for channel, sound in enumerate(sounds):
                if sound is not None and first < len(sound):
                    self.line.add(channel, began + first / rate + late, sound[first : first + size], rate)
            self.now = began + (first + size) / rate
            if first // size % 5 == 4:
                self.take()
        self.now = began + length / rate

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until - 1e-9:
            self.now += 0.1
            self.take()

    def take(self) -> None:
        self.given.append(self.line.take(self.now))

    def end(self) -> Samples:
        """All that was given and what was still held; `gaps` are those before, since here nothing more comes."""
        self.gaps = self.line.gaps
        return np.concatenate([*self.given, self.line.take(self.now + WAIT)])


def stretches(sound: Samples) -> list[tuple[int, int]]:
    """From where to where there is sound, in milliseconds."""
    heard = np.flatnonzero(sound)
    breaks = np.flatnonzero(np.diff(heard) > RATE // 100)
    starts, ends = heard[np.r_[0, breaks + 1]], heard[np.r_[breaks, len(heard) - 1]] + 1
    return [
        (round(1000 * start / RATE), round(1000 * end / RATE))
        for start, end in zip(starts, ends, strict=True)
    ]


# --- one source ----------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [1, 7, 160, 3000])
def test_one_source_passes_through_unchanged(block: int) -> None:
    sound = noise(2.0)
    line = Timeline(1, RATE)
    given = []
    for first in range(0, len(sound), block):
        line.add(0, 100 + first / RATE, sound[first : first + block], RATE)
        given.append(line.take(100 + (first + block) / RATE))
    assert np.array_equal(np.concatenate(given)[:, 0], sound)
    assert given[0].dtype == np.float32
    assert given[0].shape[1] == 1
    assert line.gaps == 0


def test_the_first_block_of_one_source_is_given_at_once() -> None:
    line = Timeline(1, RATE)
    line.add(0, 50.0, noise(0.02), RATE)
    assert len(line.take(50.02)) == RATE // 50


def test_before_the_first_sound_there_is_nothing() -> None:
    line = Timeline(2, RATE)
    assert line.take(7.0).shape == (0, 2)
    line.lost(0)
    line.skip(8.0)
    assert line.take(9.0).shape == (0, 2)


@pytest.mark.parametrize("seed", range(5))
def test_bursts_and_stalls_lose_and_double_nothing(seed: int) -> None:
    source = Scripted(seed, 100e-6, 120.0, (), rate=RATE)
    blocks = [
        (arrived, at, noise(0.02, seed=number)) for number, (arrived, at, _) in enumerate(source.blocks())
    ]
    assert max(arrived - STARTED - 0.02 * number for number, (arrived, *_) in enumerate(blocks)) > 0.4
    line, given = Timeline(1, RATE), []
    for arrived, at, sound in blocks:
        line.add(0, at, sound, RATE)
        given.append(line.take(arrived))
    assert np.array_equal(np.concatenate(given)[:, 0], np.concatenate([sound for *_, sound in blocks]))
    assert line.gaps == 0


@pytest.mark.parametrize("rate", [16_000, 44_100, 96_000])
def test_another_rate_is_made_the_streams(rate: int) -> None:
    line = Timeline(1, 48_000)
    sound = tone(2.0, rate)
    given = []
    for first in range(0, len(sound), 777):
        line.add(0, 5 + first / rate, sound[first : first + 777], rate)
        given.append(line.take(5 + first / rate))
    heard = np.concatenate(given)[:, 0]
    assert abs(len(heard) / 48_000 - 2.0) < 0.02
    error = heard[2000:-2000] - tone(2.0, 48_000)[2000 : len(heard) - 2000]
    assert 20 * math.log10(np.sqrt((error**2).mean()) / 0.35) < -60


def test_silence_stands_for_a_lost_source_and_its_times_stay_true() -> None:
    meeting = Meeting(1)
    meeting.hear(noise(2.0))
    meeting.line.lost(0)
    meeting.wait(5.0)
    given = sum(map(len, meeting.given)) / RATE
    assert 7.0 - WAIT - 0.1 <= given <= 7.0
    meeting.hear(noise(2.0))
    assert stretches(meeting.end()[:, 0]) == [(0, 2000), (7000, 9000)]
    assert meeting.gaps == 1


def test_a_source_that_comes_back_at_another_rate() -> None:
    meeting = Meeting(1)
    meeting.hear(noise(2.0))
    meeting.line.lost(0)
    meeting.wait(3.0)
    meeting.hear(tone(2.0, 16_000), rate=16_000)
    (_, first_end), (second, end) = stretches(meeting.end()[:, 0])
    assert first_end == 2000
    assert abs(second - 5000) <= 3
    assert abs(end - 7000) <= 3


def test_a_rate_that_changes_without_a_word() -> None:
    meeting = Meeting(1)
    meeting.hear(noise(2.0))
    meeting.hear(tone(2.0, 16_000), rate=16_000)
    assert abs(len(meeting.end()) / RATE - 4.0) < 0.005


def test_sound_missing_between_two_blocks_leaves_a_hole_of_its_length() -> None:
    meeting = Meeting(1)
    meeting.hear(noise(3.0))
    meeting.wait(2.0)
    meeting.hear(noise(3.0))
    meeting.now += 0.3
    meeting.hear(noise(3.0))
    assert stretches(meeting.end()[:, 0]) == [(0, 3000), (5000, 8000), (8300, 11300)]
    assert meeting.gaps == 2


def test_an_empty_block_is_nothing() -> None:
    meeting = Meeting(1)
    meeting.line.add(0, -1.0, np.zeros(0, np.float32), RATE)
    meeting.hear(noise(1.0))
    assert np.array_equal(meeting.end()[:, 0], noise(1.0))


@pytest.mark.parametrize("jump", [-500.0, -1.0, 1.0, 5.0])
def test_a_clock_that_jumps_is_believed_in_the_end(jump: float) -> None:
    meeting = Meeting(1)
    meeting.hear(noise(5.0))
    meeting.hear(noise(5.0), late=jump)
    meeting.wait(10.0)
    heard = meeting.end()[:, 0]
    assert meeting.gaps >= 1
    assert len(heard) <= RATE * 21
    assert np.array_equal(heard[: 4 * RATE], noise(5.0)[: 4 * RATE])


def test_one_wrong_time_does_no_harm() -> None:
    meeting = Meeting(1)
    for wrong in (-30.0, 4.0, 4e5):
        meeting.hear(noise(5.0))
        meeting.hear(noise(0.02), late=wrong)
    meeting.hear(noise(5.0))
    assert meeting.gaps == 0
    assert np.count_nonzero(meeting.end()) == round(20.06 * RATE)


# --- several -------------------------------------------------------------------------------------


def test_clocks_that_drift_stay_together() -> None:
    """The hour at 48 kHz is `python -m tests.benchmarks alignment`; here ten minutes at 8 kHz."""
    marks = tuple(float(second) for second in range(5, 600, 15))
    sources = [Scripted(1, 100e-6, 600.0, marks, rate=RATE), Scripted(2, -100e-6, 600.0, marks, rate=RATE)]
    line = Timeline(2, RATE)
    heard = np.concatenate(list(joined(line, RATE, *(source.blocks() for source in sources))))
    mine, theirs = (found(heard[:, channel], RATE, marks) for channel in (0, 1))
    apart = [other - own for own, other in zip(mine, theirs, strict=True)]
    assert max(map(abs, apart)) < 0.02
    assert abs(len(heard) / RATE - 600 * (1 + 100e-6)) < 1
    assert line.gaps == 0


@pytest.mark.parametrize("drift", [100e-6, -100e-6])
def test_a_stretched_source_is_smooth_and_whole(drift: float) -> None:
    sources = [Scripted(1, -drift, 60.0, (), rate=RATE), Scripted(2, drift, 60.0, (), rate=RATE)]
    line = Timeline(2, RATE)
    sound = tone(61.0, RATE)

    def playing(source: Scripted) -> Iterator[Block]:
        for number, (arrived, at, _) in enumerate(source.blocks()):
            yield arrived, at, sound[160 * number : 160 * number + 160]

    heard = np.concatenate(list(joined(line, RATE, *map(playing, sources))))
    for channel in (0, 1):
        body = heard[RATE : len(heard) - RATE, channel].astype(float)
        # For a pure tone, x[n+1] + x[n-1] = 2 cos(w) x[n]: a lost, doubled or bent sample breaks it.
        broken = body[2:] + body[:-2] - 2 * math.cos(2 * math.pi * 440 / RATE) * body[1:-1]
        assert np.abs(broken).max() < 2e-3
    phase = np.unwrap(
        np.angle(np.array([_phasor(heard[at : at + RATE, 1]) for at in range(0, 50 * RATE, RATE)]))
    )
    speed = np.diff(phase) / (2 * np.pi * 440)
    assert np.abs(speed).max() < 600e-6
    assert line.gaps == 0


def _phasor(sound: Samples) -> complex:
    return complex(
        (sound * np.hanning(len(sound)) * np.exp(-2j * np.pi * 440 * np.arange(len(sound)) / RATE)).sum()
    )


def test_a_source_that_starts_later_is_placed_by_its_time() -> None:
    meeting = Meeting(2)
    meeting.line.lost(1)
    meeting.hear(noise(3.0), None)
    meeting.hear(noise(3.0), noise(3.0))
    heard = meeting.end()
    assert stretches(heard[:, 0]) == [(0, 6000)]
    ((start, end),) = stretches(heard[:, 1])
    assert abs(start - 3000) <= 25  # of its first block, less than what had been given when it came
    assert abs(end - 6000) <= 5
    assert meeting.gaps == 0


def test_the_leader_may_come_last_or_never() -> None:
    meeting = Meeting(2)
    meeting.line.lost(0)
    meeting.hear(None, noise(3.0))
    meeting.hear(noise(3.0), noise(3.0))
    heard = meeting.end()
    assert abs(stretches(heard[:, 0])[0][0] - 3000) <= 25
    assert abs(stretches(heard[:, 1])[0][1] - 6000) <= 5

    alone = Meeting(2)
    alone.hear(None, noise(3.0))
    assert abs(stretches(alone.end()[:, 1])[0][1] - 3000) <= 5
    assert alone.gaps == 0


def test_a_lost_leader_leaves_the_others_in_their_place() -> None:
    meeting = Meeting(2)
    meeting.hear(noise(3.0), noise(3.0))
    meeting.line.lost(0)
    meeting.hear(None, noise(3.0))
    meeting.hear(noise(3.0), noise(3.0))
    heard = meeting.end()
    (one, two), ((start, end),) = stretches(heard[:, 0]), stretches(heard[:, 1])
    assert one == (0, 3000)
    assert abs(two[0] - 6000) <= 25
    assert abs(two[1] - 9000) <= 5
    assert abs(start) <= 5
    assert abs(end - 9000) <= 5
    assert meeting.gaps == 1


def test_a_late_source_is_waited_for_and_then_left_out() -> None:
    meeting = Meeting(2)
    meeting.hear(noise(3.0), noise(3.0))
    late = noise(2.0, seed=9)
    meeting.hear(noise(2.0), None)
    given = sum(map(len, meeting.given)) / RATE
    assert given == pytest.approx(5.0 - WAIT, abs=0.11)
    # Now all that was held up arrives at once, and then everything is on time again.
    for first in range(0, len(late), 160):
        meeting.line.add(1, meeting.now - 0.02, late[first : first + 160], RATE)
    meeting.hear(noise(3.0), noise(3.0))
    heard = meeting.end()
    assert stretches(heard[:, 0]) == [(0, 8000)]
    (_, before), (after, end) = stretches(heard[:, 1])
    assert abs(before - 3000) <= 5
    assert abs(after - 1000 * given) <= 5  # what came for a time that was given out is left out
    assert abs(end - 8000) <= 5
    assert meeting.gaps == 1


def test_a_short_stall_is_waited_for_and_nothing_is_missing() -> None:
    meeting = Meeting(2)
    meeting.hear(noise(3.0), tone(3.0, RATE))
    stalled = tone(0.4, RATE)
    meeting.hear(noise(0.4), None)
    for first in range(0, len(stalled), 160):
        meeting.line.add(1, meeting.now - 0.02, stalled[first : first + 160], RATE)
    meeting.hear(noise(3.0), tone(3.0, RATE))
    heard = meeting.end()
    assert meeting.gaps == 0
    assert len(stretches(heard[:, 1])) == 1


def test_a_first_block_that_is_late_does_not_shift_the_rest() -> None:
    line = Timeline(2, RATE)
    marks = (10.0, 20.0, 30.0)
    sources = [
        Scripted(3, 0, 35.0, marks, rate=RATE, stall=0),
        Scripted(4, 0, 35.0, marks, rate=RATE, stall=0),
    ]

    def late(source: Scripted) -> Iterator[Block]:
        for arrived, at, sound in source.blocks():
            yield max(arrived, STARTED + 0.3), max(at, STARTED + 0.3 - 0.02), sound

    heard = np.concatenate(list(joined(line, RATE, sources[0].blocks(), late(sources[1]))))
    mine, theirs = (found(heard[:, channel], RATE, marks) for channel in (0, 1))
    assert np.abs(np.subtract(mine, theirs)).max() < 0.01
    assert line.gaps == 0


def test_a_little_missing_sound_is_made_up_for_by_stretching() -> None:
    marks = tuple(float(second) for second in range(20, 200, 20))
    sources = [Scripted(seed, 0, 200.0, marks, rate=RATE, stall=0) for seed in (5, 6)]
    other = list(sources[1].blocks())
    missing = round(0.1 / sources[1].block)
    assert missing * sources[1].block < LATE
    del other[1500 : 1500 + missing]
    heard = np.concatenate(list(joined(Timeline(2, RATE), RATE, sources[0].blocks(), other)))
    mine, theirs = (found(heard[:, channel], RATE, marks) for channel in (0, 1))
    apart = np.subtract(mine, theirs)
    assert abs(apart[0]) < 0.01
    assert 0.05 < abs(apart[1]) < 0.11  # at 40 s, ten seconds after the loss
    assert np.abs(apart[-4:]).max() < 0.05


# --- pause and sleep -----------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 2])
def test_a_pause_leaves_out_exactly_what_was_heard_between(channels: int) -> None:
    meeting = Meeting(channels)
    sound = noise(10.0)
    before, after = round(2.86 * RATE), 6 * RATE
    meeting.hear(*[sound[:before]] * channels)
    # Some of what was heard before the pause comes after it, and some of the pause after its end.
    meeting.line.pause(2.9)
    meeting.hear(*[sound[before:after]] * channels)
    meeting.line.resume(6.1)
    meeting.hear(*[sound[after:]] * channels)
    heard = meeting.end()
    kept = np.concatenate([sound[: round(2.9 * RATE)], sound[round(6.1 * RATE) :]])
    assert np.array_equal(heard[:, 0], kept)
    assert meeting.gaps == 0


def test_a_paused_recording_gives_nothing_and_holds_nothing() -> None:
    meeting = Meeting(1)
    meeting.hear(noise(1.0))
    meeting.line.pause(meeting.now)
    meeting.line.pause(meeting.now)
    before = sum(map(len, meeting.given))
    meeting.hear(noise(100.0))
    assert sum(map(len, meeting.given)) == before
    assert meeting.line._sources[0]._held < RATE
    meeting.line.resume(meeting.now)
    meeting.line.resume(meeting.now)
    meeting.hear(noise(1.0))
    assert len(meeting.end()) == 2 * RATE


def test_a_pause_from_the_beginning() -> None:
    meeting = Meeting(1)
    meeting.line.pause(0.0)
    meeting.line.resume(0.0)
    meeting.line.pause(0.0)
    meeting.hear(noise(2.0))
    meeting.line.resume(meeting.now)
    meeting.hear(noise(3.0))
    assert np.array_equal(meeting.end()[:, 0], noise(3.0))


def test_a_source_lost_in_a_pause_is_missing_after_it() -> None:
    meeting = Meeting(1)
    meeting.hear(noise(2.0))
    meeting.line.pause(meeting.now)
    meeting.line.lost(0)
    meeting.wait(5.0)
    assert meeting.line.gaps == 0
    meeting.line.resume(meeting.now)
    meeting.wait(2.0)
    assert meeting.line.gaps == 1
    meeting.hear(noise(2.0))
    assert stretches(meeting.end()[:, 0]) == [(0, 2000), (4000, 6000)]


@pytest.mark.parametrize("channels", [1, 2])
def test_sleep_leaves_no_silence(channels: int) -> None:
    meeting = Meeting(channels)
    meeting.hear(*[noise(3.0)] * channels)
    meeting.now += 8 * 3600
    meeting.line.skip(meeting.now)
    meeting.take()
    meeting.hear(*[noise(3.0)] * channels)
    heard = meeting.end()
    assert abs(len(heard) / RATE - 6.0) < 0.03
    assert np.count_nonzero(heard[:, 0]) == len(heard)
    assert meeting.gaps == 0


def test_sleep_in_a_pause_and_sources_started_again() -> None:
    meeting = Meeting(1)
    meeting.hear(noise(2.0))
    meeting.line.pause(meeting.now)
    meeting.now += 3600
    meeting.line.skip(meeting.now)
    meeting.line.lost(0)
    meeting.line.resume(meeting.now)
    meeting.wait(1.0)
    meeting.hear(noise(2.0))
    assert stretches(meeting.end()[:, 0]) == [(0, 2000), (3000, 5000)]


# --- whatever happens ----------------------------------------------------------------------------


def test_a_long_silence_is_given_in_pieces() -> None:
    line = Timeline(1, RATE)
    line.add(0, 0.0, noise(1.0), RATE)
    line.lost(0)
    pieces = [len(line.take(3600.0)) for _ in range(70)]
    assert max(pieces) == MOST * RATE
    assert sum(pieces) == round((3600 - WAIT) * RATE)


def test_nobody_takes_and_memory_stays() -> None:
    line = Timeline(2, RATE)
    for second in range(600):
        for channel in (0, 1):
            line.add(channel, float(second), noise(1.0), RATE)
    assert all(source._held <= (MOST + 2) * RATE for source in line._sources)


@pytest.mark.parametrize("ahead", [0.0, 1e6])
def test_a_source_that_floods_or_lives_in_the_future(ahead: float) -> None:
    line = Timeline(2, RATE)
    given = 0
    for number in range(1000):
        line.add(0, number / 10, noise(0.1), RATE)
        for _ in range(3):
            line.add(1, number / 10 + number * ahead, noise(0.1), RATE)
        given += len(line.take(number / 10 + 0.1))
    assert sum(len(piece) for source in line._sources for _, piece in source._pieces) <= 3 * MOST * RATE
    assert sum(len(piece) for source in line._sources for piece in source.waiting) <= 2 * MOST * RATE
    assert 99 * RATE < given < 102 * RATE


def test_rounding_never_asks_for_a_sample_that_is_still_to_come() -> None:
    stretch = _Stretch(1 / 3, 0.0)
    sound = np.arange(17, dtype=np.float32)
    made = np.concatenate([stretch.feed(sound[:16], 1 / 3), stretch.feed(sound[16:], 0.33333333333333326)])
    assert len(made) == 4
    assert np.all(np.diff(made) > 0.2)


def test_seeded_nonsense_never_breaks_it() -> None:
    chance = np.random.default_rng(0)
    line = Timeline(3, RATE)
    now = given = 0.0
    asks: Iterable[int] = chance.integers(0, 12, 5000)
    for ask in asks:
        now += float(chance.choice([0.0, 0.01, 0.1, 2.0], p=[0.3, 0.4, 0.28, 0.02]))
        channel = int(chance.integers(3))
        if ask < 7:
            rate = int(chance.choice([8000, 16_000, 44_100], p=[0.8, 0.1, 0.1]))
            at = now + float(chance.choice([0, 0, 0, -1, 1, -50, 50]))
            line.add(channel, at, noise(float(chance.uniform(0, 0.1)), rate), rate)
        elif ask == 7:
            line.lost(channel)
        elif ask == 8:
            (line.pause if chance.random() < 0.5 else line.resume)(now)
        elif ask == 9 and chance.random() < 0.1:
            line.skip(now)
        sound = line.take(now)
        assert np.isfinite(sound).all()
        given += len(sound)
    assert given / RATE <= now + MOST
