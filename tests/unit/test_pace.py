"""How long a transcription still takes: by the speech in it, without the time in which it was held."""

from __future__ import annotations

import pytest

from core.meetings import pace
from core.meetings.pace import Pace
from core.values import Job, Progress, Stage


class Clock:
    """Time that passes only when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pace, "time", made)
    return made


def told(clock: Clock, measured: Pace, steps: list[tuple[float, float, float]], held: float = 0.0) -> float:
    """What is told after steps of (seconds of work, speech, sound), between which the job is held for a while."""

    def job() -> Job[None]:
        reached = 0.0
        for work, spoken, sound in steps:
            clock.now += work
            reached += sound
            measured.heard(spoken)
            yield Progress(Stage.TRANSCRIBE, None, measured.seconds_left(reached))

    left = None
    for event in measured.timed(job()):
        assert isinstance(event, Progress)
        left = event.seconds_left
        clock.now += held
    assert left is not None
    return left


def test_nothing_is_told_before_anything_is_known() -> None:
    assert Pace(0.0, 1000.0).seconds_left(0.0) is None


def test_what_was_seen_of_the_model_is_told_first() -> None:
    assert Pace(0.0, 1000.0, seen=10.0).seconds_left(0.0) == 100.0


def test_it_goes_by_the_speed_so_far(clock: Clock) -> None:
    assert told(clock, Pace(0.0, 1000.0), [(2.0, 20.0, 20.0)] * 10) == pytest.approx(80.0)


def test_time_in_which_another_goes_first_does_not_count(clock: Clock) -> None:
    steps = [(2.0, 20.0, 20.0)] * 10
    assert told(clock, Pace(0.0, 1000.0), steps, held=500.0) == pytest.approx(80.0)


def test_a_silence_does_not_make_the_rest_look_quick(clock: Clock) -> None:
    # Half of the sound is speech; the last steps went through a long silence.
    steps = [(2.0, 20.0, 20.0)] * 10 + [(0.01, 0.0, 200.0)]
    assert told(clock, Pace(0.0, 1400.0), steps) == pytest.approx(50.0, rel=0.05)


def test_silence_alone_is_told_too(clock: Clock) -> None:
    assert told(clock, Pace(0.0, 1000.0), [(1.0, 0.0, 100.0)] * 5) == pytest.approx(5.0)


def test_a_step_in_which_the_machine_slept_is_left_out(clock: Clock) -> None:
    steps = [(2.0, 20.0, 20.0)] * 10 + [(8000.0, 20.0, 20.0)] + [(2.0, 20.0, 20.0)] * 5
    assert told(clock, Pace(0.0, 1000.0), steps) == pytest.approx(68.0, rel=0.07)


def test_another_speed_is_noticed_soon(clock: Clock) -> None:
    steps = [(2.0, 20.0, 20.0)] * 20 + [(6.0, 20.0, 20.0)] * 6
    assert told(clock, Pace(0.0, 1000.0), steps) == pytest.approx(480 * 6 / 20, rel=0.2)


def test_small_changes_are_not_told(clock: Clock) -> None:
    # By the speed alone it would be 78.4; the last one told, counted down, is as good.
    steps = [(2.0, 20.0, 20.0)] * 10 + [(2.1, 20.0, 20.0)]
    assert told(clock, Pace(0.0, 1000.0), steps) == pytest.approx(77.9)


def test_it_is_never_less_than_nothing(clock: Clock) -> None:
    assert told(clock, Pace(0.0, 100.0), [(2.0, 20.0, 60.0)] * 3) == 0.0
