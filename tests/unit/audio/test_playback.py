"""Playing a file from any second, at any speed, without its pauses, into an output that notes what it hears."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from core.audio import media, output, playback
from core.audio.media import Samples
from core.audio.output import Output
from core.audio.playback import Playback, spoken
from core.audio.tempo import Tempo
from core.values import Playing
from tests.sound_files import make, tone

RATE = 16_000
SECONDS = 6.0


class Ear(Output):
    """Hears everything at once that it is given."""

    def __init__(self) -> None:
        super().__init__(RATE)
        self.sound: list[Samples] = []
        self.broken = False
        self.closed = False

    def advance(self) -> None:
        with self._lock:
            if not self._paused:
                self.sound.append(self._take(self._waiting))

    @property
    def works(self) -> bool:
        return not self.broken

    def close(self) -> None:
        self.closed = True

    def all(self) -> Samples:
        return np.concatenate([np.zeros(0, dtype=np.float32), *self.sound])


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> list[Ear]:
    """The outputs that were opened, in order."""
    opened: list[Ear] = []

    def opener() -> Ear:
        opened.append(Ear())
        return opened[-1]

    monkeypatch.setattr(playback, "open_output", opener)
    monkeypatch.setattr(playback, "STEP_SECONDS", 0.001)
    return opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make(tmp_path / "tone.flac", "flac", tone(SECONDS))


@pytest.fixture
def played(file: Path) -> Playback:
    return Playback(file, SECONDS)


def to_the_end(played: Playback) -> list[Playing]:
    """What is told until it has come to its end."""
    told: list[Playing] = []
    job = played.run()
    for state in job:
        assert isinstance(state, Playing)
        told.append(state)
        if state.ended:
            break
    job.close()
    return told


def pitch(sound: Samples) -> float:
    """The loudest frequency, in Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * RATE / len(sound))


def test_everything_is_heard_once_and_told_in_order(played: Playback, file: Path, ears: list[Ear]) -> None:
    played.play()
    told = to_the_end(played)
    whole = np.concatenate(list(media.sound(file, 0.0, RATE)))
    np.testing.assert_array_equal(ears[0].all(), whole)
    seconds = [state.second for state in told]
    assert seconds == sorted(seconds)
    assert told[-1] == Playing(SECONDS, paused=True, ended=True, silent=True)
    assert played.second == SECONDS
    assert ears[0].closed


def test_it_begins_where_the_person_stopped_and_goes_where_it_is_sent(file: Path, ears: list[Ear]) -> None:
    played = Playback(file, SECONDS, 5.0)
    assert played.second == 5.0
    played.seek(5.5)
    played.play()
    to_the_end(played)
    np.testing.assert_allclose(ears[0].all(), np.concatenate(list(media.sound(file, 5.5, RATE))), atol=1e-6)
    played.play()  # from the end: once more from the beginning
    assert played.second == 0.0


def test_a_place_beyond_the_sound_is_its_end(played: Playback) -> None:
    played.seek(99.0)
    assert played.second == SECONDS
    played.seek(-1.0)
    assert played.second == 0.0


@pytest.mark.parametrize("speed", [0.5, 1.5, 3.0])
def test_speech_is_faster_or_slower_at_its_own_pitch(played: Playback, ears: list[Ear], speed: float) -> None:
    played.use(speed=speed, volume=1.0, skips=None)
    played.play()
    told = to_the_end(played)
    heard = ears[0].all()
    assert len(heard) / RATE == pytest.approx(SECONDS / speed, rel=0.03)
    assert pitch(heard[RATE // 4 : -RATE // 4]) == pytest.approx(440, abs=6)
    # The place runs with the sound: halfway through one, halfway through the other.
    half = next(state.second for state in told if state.second >= SECONDS / 2)
    assert half == pytest.approx(SECONDS / 2, abs=0.5)


def test_another_speed_in_the_middle_keeps_the_place(played: Playback, ears: list[Ear]) -> None:
    job = played.run()
    played.play()
    while played.second < 2.0:
        next(job)
    before = played.second
    played.use(speed=2.0, volume=1.0, skips=None)
    assert played.second == before
    next(job)
    assert before <= played.second <= before + 1.0
    job.close()
    assert ears[0].closed
    assert played.second >= before


def test_only_what_is_said_is_heard_where_pauses_are_skipped(
    played: Playback, file: Path, ears: list[Ear]
) -> None:
    skips = spoken([(4.0, 4.5), (1.0, 1.5), (1.6, 2.0)])
    assert skips == ((0.75, 2.4), (3.75, 4.9))
    played.use(speed=1.0, volume=1.0, skips=skips)
    played.play()
    told = to_the_end(played)
    whole = np.concatenate(list(media.sound(file, 0.0, RATE)))
    wanted = [whole[round(begin * RATE) : round(end * RATE)] for begin, end in skips]
    np.testing.assert_array_equal(ears[0].all(), np.concatenate(wanted))
    assert not [state for state in told if 2.5 < state.second < 3.7]


def test_a_long_pause_is_jumped_over_in_the_file(
    played: Playback, file: Path, ears: list[Ear], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playback, "LONG_PAUSE", 1.0)
    entered: list[float] = []
    sound = media.sound

    def noted(path: Path, start: float, rate: int) -> object:
        entered.append(start)
        return sound(path, start, rate)

    monkeypatch.setattr(media, "sound", noted)
    played.use(speed=1.0, volume=1.0, skips=((0.0, 1.0), (1.5, 2.0), (5.0, 6.0)))
    played.play()
    to_the_end(played)
    assert entered == [0.0, 5.0]
    assert len(ears[0].all()) == 2.5 * RATE


def test_after_the_last_words_the_rest_can_still_be_heard(played: Playback, ears: list[Ear]) -> None:
    played.use(speed=1.0, volume=1.0, skips=((0.0, 1.0),))
    played.play(5.0)
    to_the_end(played)
    assert len(ears[0].all()) == RATE


def test_a_device_that_goes_is_replaced_and_the_place_stays(played: Playback, ears: list[Ear]) -> None:
    job = played.run()
    played.play()
    while played.second < 2.0:
        next(job)
    before = played.second
    ears[0].broken = True
    next(job)
    assert ears[0].closed
    assert len(ears) == 2
    assert before <= played.second < before + 0.5
    job.close()


def test_the_device_is_given_back_after_a_rest(
    played: Playback, ears: list[Ear], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playback, "REST_SECONDS", 0.0)
    assert [*played.run()] == []
    assert ears[0].closed


def test_both_sides_of_a_call_are_heard(tmp_path: Path, ears: list[Ear]) -> None:
    file = make(tmp_path / "two.flac", "flac", tone(1.0), layout="stereo")
    played = Playback(file, 1.0)
    played.play()
    to_the_end(played)
    np.testing.assert_allclose(ears[0].all(), tone(1.0), atol=1e-3)


def test_the_silent_clock_goes_on_as_time_does(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(output, "time", SimpleNamespace(monotonic=lambda: now[0]))
    clock = Output(1000)
    clock.write(np.zeros(500, dtype=np.float32))
    clock.pause(paused=False)
    clock.advance()
    now[0] += 0.2
    clock.advance()
    assert (clock.heard(), clock.waiting) == (200, 300)
    clock.pause(paused=True)
    now[0] += 1
    clock.advance()
    assert clock.heard() == 200
    clock.drop()
    assert (clock.heard(), clock.waiting) == (500, 0)


def test_what_is_left_in_the_stretcher_comes_at_the_end() -> None:
    tempo = Tempo(RATE, 1.5)
    sound = tone(1.0)
    heard = [tempo.stretched(piece) for piece in np.array_split(sound, 10)]
    assert sum(map(len, heard)) < RATE / 1.5
    assert sum(map(len, [*heard, tempo.rest()])) == pytest.approx(RATE / 1.5, rel=0.03)
    assert len(Tempo(RATE, 1.5).rest()) == 0
