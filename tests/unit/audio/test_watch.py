from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from core import paths
from core.audio import media
from core.audio.watch import Watch
from core.values import Channel, Trouble

RATE = 16_000
MICROPHONE, SYSTEM = Channel.MICROPHONE, Channel.SYSTEM

Samples = NDArray[np.float32]


@pytest.fixture(scope="module")
def speech() -> Samples:
    """The sample meeting at the level that telephones are made for, -26 dB: about a minute of people speaking."""
    sound: Samples = np.concatenate(list(media.blocks(paths.RESOURCES / "sample" / "meeting.ogg")))
    sound = np.tile(sound, -(-60 * RATE // len(sound)))[: 60 * RATE]
    return np.asarray(sound / np.sqrt((sound**2).mean()) * 10 ** (-26 / 20), dtype=np.float32)


def noise(seconds: float, decibels: float, seed: int = 1) -> Samples:
    """A steady hiss, like a room's or a fan's."""
    chance = np.random.default_rng(seed)
    return (chance.standard_normal(round(seconds * RATE)) * 10 ** (decibels / 20)).astype(np.float32)


def zeros(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def typing(seconds: float) -> Samples:
    """Somebody types fast: every stroke a bang and its echo, with a ring of its own, over a quiet room."""
    chance = np.random.default_rng(3)
    sound = noise(seconds, -65)
    for at in np.cumsum(chance.exponential(0.12, round(seconds * 6)) + 0.04):
        for later in (0.0, 0.07):
            first, time = int((at + later) * RATE), np.arange(RATE // 16) / RATE
            if first + len(time) < len(sound):
                ring = np.sin(2 * np.pi * chance.uniform(300, 3000) * time)
                bang = 0.7 * (chance.standard_normal(len(time)) + ring)
                sound[first : first + len(time)] += 0.2 * np.exp(-time / chance.uniform(0.004, 0.015)) * bang
    return sound


class Listening:
    """A watch that hears its sources in blocks of 20 ms, and what it says every 0.1 s."""

    def __init__(self, *channels: Channel) -> None:
        self.channels = channels
        self.watch = Watch(channels)
        self.now = 1000.0
        self.said: list[tuple[float, tuple[Trouble | None, ...]]] = []

    def hear(self, *sounds: Samples, block: int = RATE // 50) -> Listening:
        began = self.now
        for first in range(0, len(sounds[0]), block):
            self.now = began + (first + block) / RATE
            for channel, sound in zip(self.channels, sounds, strict=True):
                self.watch.hear(channel, self.now, sound[first : first + block], RATE)
            if first // block % 5 == 0:
                self._ask()
        return self

    def _ask(self) -> None:
        told = tuple(self.watch.trouble(channel, self.now) for channel in self.channels)
        if not self.said or self.said[-1][1] != told:
            self.said.append((self.now - 1000.0, told))

    @property
    def troubles(self) -> list[Trouble | None]:
        """What the first source's trouble was, one after another."""
        found = [told[0] for _, told in self.said]
        return [one for number, one in enumerate(found) if not number or found[number - 1] != one]

    def began(self, trouble: Trouble) -> float:
        return next(at for at, told in self.said if told[0] is trouble)


# --- nothing is wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("gain", [1.0, 0.3, 2.0])
def test_people_who_speak_raise_nothing(speech: Samples, gain: float) -> None:
    assert Listening(MICROPHONE).hear(gain * speech).troubles == [None]


@pytest.mark.parametrize("level", [-50, -35])
def test_nor_in_a_noisy_room(speech: Samples, level: float) -> None:
    assert Listening(MICROPHONE).hear(speech + noise(60, level)).troubles == [None]


def test_who_listens_is_not_warned(speech: Samples) -> None:
    room = noise(60, -70)
    listening = Listening(MICROPHONE, SYSTEM)
    listening.hear(speech[: 15 * RATE] + room[: 15 * RATE], room[: 15 * RATE])
    listening.hear(room, speech)
    listening.hear(speech, room)
    assert {told for _, told in listening.said} == {(None, None)}


def test_what_leaks_from_the_loudspeaker_is_nobody_who_speaks_too_quietly(speech: Samples) -> None:
    listening = Listening(MICROPHONE, SYSTEM)
    for _ in range(2):
        listening.hear(0.03 * speech + noise(60, -60), speech)
    assert {told for _, told in listening.said} == {(None, None)}


# --- what is wrong -------------------------------------------------------------------------------


def test_a_microphone_that_gives_zeros_from_the_start_is_muted(speech: Samples) -> None:
    listening = Listening(MICROPHONE).hear(zeros(8))
    assert listening.began(Trouble.MUTED) == pytest.approx(5.0, abs=0.2)
    listening.hear(speech[: 6 * RATE])
    assert listening.troubles == [None, Trouble.MUTED, None]


def test_a_microphone_that_is_muted_later(speech: Samples) -> None:
    listening = Listening(MICROPHONE).hear(speech[: 20 * RATE]).hear(zeros(15))
    assert listening.began(Trouble.MUTED) == pytest.approx(30.0, abs=0.7)


def test_a_microphone_that_gives_zeros_between_sentences_is_not_muted(speech: Samples) -> None:
    listening = Listening(MICROPHONE)
    for pause in (6, 12, 20):
        listening.hear(speech[: 10 * RATE]).hear(zeros(pause))
    listening.hear(speech[: 5 * RATE])
    assert listening.troubles == [None]


def test_zeros_of_the_system_are_nothing_while_nobody_speaks_here() -> None:
    listening = Listening(SYSTEM, MICROPHONE).hear(zeros(60), noise(60, -55))
    assert listening.troubles == [None]


def test_the_system_is_silent_while_somebody_speaks_here(speech: Samples) -> None:
    listening = Listening(SYSTEM, MICROPHONE).hear(zeros(25), speech[: 25 * RATE])
    assert 20 <= listening.began(Trouble.SILENT) <= 24
    listening.hear(speech[: 5 * RATE], zeros(5))
    assert listening.troubles == [None, Trouble.SILENT, None]


def test_a_wrong_microphone_is_silent_while_the_others_speak(speech: Samples) -> None:
    listening = Listening(MICROPHONE, SYSTEM).hear(noise(25, -85), speech[: 25 * RATE])
    assert 20 <= listening.began(Trouble.SILENT) <= 24


def test_a_source_switched_off_in_mid_meeting_is_silent(speech: Samples) -> None:
    """By a switch that leaves the hiss of its own electronics."""
    listening = Listening(MICROPHONE, SYSTEM)
    listening.hear(speech[: 20 * RATE] + noise(20, -60), zeros(20))
    listening.hear(noise(40, -88), speech[: 40 * RATE])
    assert 40 <= listening.began(Trouble.SILENT) <= 46


def test_the_only_source_is_silent_when_nothing_comes_from_the_start(speech: Samples) -> None:
    listening = Listening(MICROPHONE).hear(noise(32, -85))
    assert listening.began(Trouble.SILENT) == pytest.approx(30.0, abs=0.2)
    listening.hear(speech[: 6 * RATE]).hear(noise(60, -85))
    assert listening.troubles == [None, Trouble.SILENT, None]
    assert Listening(SYSTEM).hear(zeros(32)).troubles == [None, Trouble.SILENT]


def test_a_voice_that_is_too_quiet(speech: Samples) -> None:
    listening = Listening(MICROPHONE).hear(speech * 10 ** (-32 / 20))
    assert 20 <= listening.began(Trouble.QUIET) <= 30
    assert listening.troubles == [None, Trouble.QUIET]
    listening.hear(speech[: 10 * RATE])
    assert listening.troubles == [None, Trouble.QUIET, None]


def test_quiet_noise_is_no_quiet_voice() -> None:
    assert Listening(MICROPHONE).hear(noise(60, -50)).troubles == [None]


def test_clipping_stands_for_a_while(speech: Samples) -> None:
    listening = Listening(MICROPHONE).hear(np.clip(20 * speech[: 10 * RATE], -1, 1))
    assert listening.began(Trouble.CLIPPING) < 6
    listening.hear(speech[: 20 * RATE])
    assert listening.troubles == [None, Trouble.CLIPPING, None]
    assert 19 <= listening.said[-1][0] <= 23


def test_one_bang_is_no_clipping(speech: Samples) -> None:
    sound = speech.copy()
    sound[20 * RATE : 20 * RATE + 200] = 1.0
    assert Listening(MICROPHONE).hear(sound).troubles == [None]


@pytest.mark.parametrize(("refused", "trouble"), [(False, Trouble.LOST), (True, Trouble.REFUSED)])
def test_a_lost_source_until_it_is_heard_again(speech: Samples, refused: bool, trouble: Trouble) -> None:
    listening = Listening(MICROPHONE, SYSTEM).hear(speech[: 5 * RATE], speech[: 5 * RATE])
    listening.watch.lost(MICROPHONE, listening.now, refused=refused)
    assert listening.watch.trouble(MICROPHONE, listening.now) is trouble
    assert listening.watch.trouble(SYSTEM, listening.now) is None
    assert listening.watch.level(MICROPHONE) == (-90.0, -90.0)
    listening.hear(speech[: RATE // 10], speech[: RATE // 10])
    assert listening.watch.trouble(MICROPHONE, listening.now) is trouble  # for a moment more
    listening.hear(speech[: 3 * RATE], speech[: 3 * RATE])
    assert listening.watch.trouble(MICROPHONE, listening.now) is None


def test_a_source_that_never_came() -> None:
    watch = Watch([MICROPHONE, SYSTEM])
    watch.lost(SYSTEM, 5.0)
    assert watch.trouble(SYSTEM, 5.0) is Trouble.LOST
    assert watch.trouble(MICROPHONE, 5.0) is None


# --- the pause -----------------------------------------------------------------------------------


def test_nothing_is_judged_in_a_pause_and_all_anew_after_it(speech: Samples) -> None:
    listening = Listening(MICROPHONE).hear(zeros(6))
    assert listening.troubles == [None, Trouble.MUTED]
    listening.watch.pause()
    listening.hear(zeros(30))
    assert listening.troubles[-1] is None
    assert listening.watch.silent(listening.now) == 0
    listening.watch.resume(listening.now)
    listening.hear(zeros(4))
    assert listening.troubles[-1] is None
    assert listening.watch.silent(listening.now) == pytest.approx(4.0)
    listening.hear(zeros(2))
    assert listening.troubles[-1] is Trouble.MUTED


def test_a_source_lost_in_a_pause_is_told() -> None:
    listening = Listening(MICROPHONE).hear(noise(1, -50))
    listening.watch.pause()
    listening.watch.lost(MICROPHONE, listening.now)
    assert listening.watch.trouble(MICROPHONE, listening.now) is Trouble.LOST


# --- since when nobody speaks --------------------------------------------------------------------


@pytest.mark.parametrize(
    "background",
    [
        pytest.param(lambda: zeros(60), id="zeros"),
        pytest.param(lambda: noise(60, -35), id="fan"),
        pytest.param(lambda: typing(60), id="typing"),
        pytest.param(
            lambda: (
                noise(60, -45) + np.float32(0.02) * np.sin(np.arange(60 * RATE) * (2 * np.pi * 100 / RATE))
            ),
            id="hum",
        ),
    ],
)
def test_what_is_no_voice_is_silence(speech: Samples, background: Callable[[], Samples]) -> None:
    listening = Listening(MICROPHONE).hear(speech[: 10 * RATE])
    assert listening.watch.silent(listening.now) < 3
    listening.hear(background().astype(np.float32))
    assert 50 <= listening.watch.silent(listening.now) <= 63


def test_a_voice_is_heard_over_a_fan(speech: Samples) -> None:
    listening = Listening(MICROPHONE).hear(noise(20, -40))
    assert listening.watch.silent(listening.now) == pytest.approx(20.0, abs=0.1)
    longest = 0.0
    for second in range(0, 60, 2):
        listening.hear((speech + noise(60, -40))[second * RATE : (second + 2) * RATE])
        longest = max(longest, listening.watch.silent(listening.now) if second > 4 else 0.0)
    assert longest < 5


def test_a_voice_in_any_source_counts(speech: Samples) -> None:
    listening = Listening(MICROPHONE, SYSTEM).hear(zeros(20), speech[: 20 * RATE])
    assert listening.watch.silent(listening.now) < 3
    assert Watch([MICROPHONE]).silent(5.0) == 0


# --- the level -----------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [100, 320, 4000])
def test_the_level_is_that_of_the_last_quarter_of_a_second(block: int) -> None:
    tone = np.sin(2 * np.pi * 500 * np.arange(RATE) / RATE).astype(np.float32)
    listening = Listening(MICROPHONE, SYSTEM).hear(tone, 0.1 * tone, block=block)
    assert listening.watch.level(MICROPHONE) == pytest.approx((-3.0, 0.0), abs=0.11)
    assert listening.watch.level(SYSTEM) == pytest.approx((-23.0, -20.0), abs=0.11)
    listening.hear(zeros(0.3), 40 * tone[: round(0.3 * RATE)], block=block)
    assert listening.watch.level(MICROPHONE) == (-90.0, -90.0)
    assert listening.watch.level(SYSTEM) == (0.0, 0.0)


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100, 48_000, 96_000])
def test_any_rate(rate: int) -> None:
    watch = Watch([MICROPHONE])
    sound = noise(1, -20)[: rate // 10]
    sound[4] = 1.0
    watch.hear(MICROPHONE, 1.0, sound[:0], rate)
    watch.hear(MICROPHONE, 1.1, sound, rate)
    assert watch.level(MICROPHONE)[1] == 0.0
    assert watch.trouble(MICROPHONE, 1.1) is None
