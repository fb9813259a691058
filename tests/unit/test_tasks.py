"""The lanes: order, stopping, failing, and what a listener hears."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core import errors
from core.tasks import Lane, Priority, State, Task, Tasks
from core.values import Event, Job, MeetingId, Notice, Progress, Stage, TextAdded

MEETING = MeetingId("m1")


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    running = Tasks()
    yield running
    assert running.close(5)


class Steps:
    """A job whose steps are let through one by one; `began` says that a step is being made."""

    def __init__(self, name: str, diary: list[str]) -> None:
        self.name, self.diary = name, diary
        self.began = threading.Event()
        self._may = threading.Semaphore(0)
        self.threads: set[str] = set()

    def let(self, count: int = 1) -> None:
        for _ in range(count):
            self._may.release()

    def job(self, count: int) -> Job[str]:
        try:
            for step in range(count):
                self.threads.add(threading.current_thread().name)
                self.began.set()
                assert self._may.acquire(timeout=10)
                self.diary.append(f"{self.name}{step}")
                yield Progress(Stage.TRANSCRIBE, step / count)
        finally:
            self.threads.add(threading.current_thread().name)
            self.diary.append(f"{self.name} tidied")
        return self.name


def quick(count: int, result: object = None) -> Job[object]:
    for step in range(count):
        yield Progress(Stage.IMPORT, step / count)
    return result


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def end_of(task: Task) -> State:
    until(lambda: task.state.final)
    return task.state


def test_a_job_ends_with_its_result_after_all_its_events_in_order(tasks: Tasks) -> None:
    heard: list[Any] = []
    ended: list[Task] = []

    def job() -> Job[int]:
        for number in range(1000):
            yield TextAdded(str(number))
        return 42

    task = tasks.start(
        job(),
        lane=Lane.IO,
        stage=Stage.IMPORT,
        meeting_id=MEETING,
        on_event=lambda _task, event: heard.append(event.text),  # type: ignore[union-attr]
        on_end=ended.append,
    )
    until(lambda: bool(ended))
    assert heard == [str(number) for number in range(1000)]
    assert ended == [task]
    assert (task.state, task.result, task.error) == (State.DONE, 42, None)
    assert tasks.alive() == ()


def test_a_late_listener_finds_the_newest_event_of_each_kind(tasks: Tasks) -> None:
    def job() -> Job[None]:
        yield Notice("x")
        yield Progress(Stage.IMPORT, 0.1)
        yield Progress(Stage.IMPORT, 0.9)

    task = tasks.start(job(), lane=Lane.IO)
    end_of(task)
    assert task.latest == {Notice: Notice("x"), Progress: Progress(Stage.IMPORT, 0.9)}


def test_what_runs_is_found_by_its_meeting_and_stage(tasks: Tasks) -> None:
    steps = Steps("a", [])
    task = tasks.start(steps.job(1), lane=Lane.COMPUTE, stage=Stage.TRANSCRIBE, meeting_id=MEETING)
    waiting = tasks.start(quick(1), lane=Lane.COMPUTE, stage=Stage.SUMMARISE, meeting_id=MEETING)
    assert tasks.of(MEETING, Stage.TRANSCRIBE) is task
    assert tasks.of(MEETING) is task
    assert tasks.of(MEETING, Stage.SUMMARISE) is waiting
    assert tasks.of(MeetingId("other")) is None
    assert tasks.alive() == (task, waiting)
    steps.let()
    end_of(waiting)
    assert tasks.of(MEETING) is None


# --- order ---------------------------------------------------------------------------------------


def test_a_lane_takes_the_most_urgent_then_the_oldest(tasks: Tasks) -> None:
    diary: list[str] = []
    first = Steps("first", diary)
    tasks.start(first.job(1), lane=Lane.COMPUTE, priority=Priority.LIVE)
    assert first.began.wait(5)

    def named(name: str) -> Job[None]:
        diary.append(name)
        yield Notice("x")

    queued = [
        tasks.start(named(f"{priority.name} {number}"), lane=Lane.COMPUTE, priority=priority)
        for number in (1, 2)
        for priority in (Priority.QUEUE, Priority.ON_SCREEN, Priority.REDO)
    ]
    first.let()
    assert {end_of(task) for task in queued} == {State.DONE}
    assert diary == [
        "first0",
        "first tidied",
        "REDO 1",
        "REDO 2",
        "ON_SCREEN 1",
        "ON_SCREEN 2",
        "QUEUE 1",
        "QUEUE 2",
    ]


def test_a_more_urgent_job_runs_between_two_steps_of_another_which_then_carries_on(tasks: Tasks) -> None:
    diary: list[str] = []
    low, middle, high = Steps("low", diary), Steps("mid", diary), Steps("high", diary)
    lower = tasks.start(low.job(3), lane=Lane.COMPUTE, priority=Priority.QUEUE)
    assert low.began.wait(5)
    low.let()
    until(lambda: diary == ["low0"])
    tasks.start(middle.job(2), lane=Lane.COMPUTE, priority=Priority.ON_SCREEN)
    low.let()
    assert middle.began.wait(5)
    tasks.start(high.job(1), lane=Lane.COMPUTE, priority=Priority.LIVE)
    middle.let()
    assert high.began.wait(5)
    assert lower.state is State.RUNNING
    for steps in (high, middle, low):
        steps.let(5)
    assert end_of(lower) is State.DONE
    assert lower.result == "low"
    assert diary == [
        *("low0", "low1", "mid0", "high0", "high tidied", "mid1", "mid tidied", "low2", "low tidied")
    ]


def test_an_equally_urgent_job_waits_and_other_lanes_do_not(tasks: Tasks) -> None:
    diary: list[str] = []
    first, second = Steps("first", diary), Steps("second", diary)
    tasks.start(first.job(2), lane=Lane.COMPUTE)
    later = tasks.start(second.job(1), lane=Lane.COMPUTE)
    assert first.began.wait(5)
    assert end_of(tasks.start(quick(1), lane=Lane.STORE)) is State.DONE
    assert later.state is State.QUEUED
    first.let(2)
    second.let()
    end_of(later)
    assert diary == ["first0", "first1", "first tidied", "second0", "second tidied"]


def test_the_io_lane_runs_three_jobs_at_a_time(tasks: Tasks) -> None:
    diary: list[str] = []
    jobs = [Steps(name, diary) for name in "abcd"]
    started = [tasks.start(steps.job(1), lane=Lane.IO) for steps in jobs]
    for steps in jobs[:3]:
        assert steps.began.wait(5)
    assert not jobs[3].began.wait(0.05)
    jobs[1].let()
    assert jobs[3].began.wait(5)
    for steps in jobs:
        steps.let()
    assert {end_of(task) for task in started} == {State.DONE}
    assert len([thread for thread in threading.enumerate() if thread.name == "io"]) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux: niceness of a thread")
def test_computing_is_done_at_lowered_priority(tasks: Tasks) -> None:
    def niceness() -> Job[int]:
        yield Notice("x")
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    own = os.getpriority(os.PRIO_PROCESS, 0)
    compute, io = tasks.start(niceness(), lane=Lane.COMPUTE), tasks.start(niceness(), lane=Lane.IO)
    end_of(compute)
    end_of(io)
    assert (compute.result, io.result) == (max(own, 10), own)
    assert os.getpriority(os.PRIO_PROCESS, 0) == own


# --- stopping ------------------------------------------------------------------------------------


def test_a_stopped_job_tidies_up_on_its_own_thread(tasks: Tasks) -> None:
    diary: list[str] = []
    ended: list[State] = []
    steps = Steps("a", diary)
    task = tasks.start(steps.job(5), lane=Lane.COMPUTE, on_end=lambda task: ended.append(task.state))
    assert steps.began.wait(5)
    tasks.stop(task)
    assert task.state is State.RUNNING
    steps.let()
    until(lambda: bool(ended))
    assert ended == [State.STOPPED]
    assert diary == ["a0", "a tidied"]
    assert steps.threads == {"compute"}
    assert (task.result, task.error) == (None, None)
    assert end_of(tasks.start(quick(1), lane=Lane.COMPUTE)) is State.DONE


def test_a_held_job_is_stopped_between_two_steps_of_the_urgent_one(tasks: Tasks) -> None:
    diary: list[str] = []
    low, high = Steps("low", diary), Steps("high", diary)
    held = tasks.start(low.job(9), lane=Lane.COMPUTE, priority=Priority.QUEUE)
    assert low.began.wait(5)
    urgent = tasks.start(high.job(2), lane=Lane.COMPUTE, priority=Priority.LIVE)
    low.let(9)
    assert high.began.wait(5)
    tasks.stop(held)
    assert held.state is State.RUNNING
    high.let()
    assert end_of(held) is State.STOPPED
    assert urgent.state is State.RUNNING
    high.let()
    assert end_of(urgent) is State.DONE
    assert diary == ["low0", "high0", "low tidied", "high1", "high tidied"]
    assert low.threads == {"compute"}


def test_a_queued_job_is_stopped_at_once_and_never_begins(tasks: Tasks) -> None:
    diary: list[str] = []
    first, queued = Steps("first", diary), Steps("queued", diary)
    tasks.start(first.job(1), lane=Lane.COMPUTE)
    ended: list[State] = []
    task = tasks.start(queued.job(1), lane=Lane.COMPUTE, on_end=lambda task: ended.append(task.state))
    tasks.stop(task)
    tasks.stop(task)
    assert ended == [State.STOPPED]
    first.let()
    until(lambda: tasks.alive() == ())
    assert diary == ["first0", "first tidied"]


def test_a_stop_in_the_last_step_does_not_take_the_result_away(tasks: Tasks) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def job() -> Job[str]:
        yield Notice("x")
        inside.set()
        assert go_on.wait(5)
        return "all of it"

    task = tasks.start(job(), lane=Lane.IO)
    assert inside.wait(5)
    tasks.stop(task)
    go_on.set()
    assert end_of(task) is State.DONE
    assert task.result == "all of it"


# --- failing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [errors.NoMicrophone(), ZeroDivisionError("a bug")])
def test_a_failed_job_keeps_its_error_and_its_lane_alive(tasks: Tasks, error: Exception) -> None:
    def job() -> Job[None]:
        yield Progress(Stage.RECORD, None)
        raise error

    ended: list[Task] = []
    task = tasks.start(job(), lane=Lane.RECORD, on_end=ended.append)
    assert end_of(task) is State.FAILED
    assert task.error is error
    assert end_of(tasks.start(quick(1), lane=Lane.RECORD)) is State.DONE
    assert ended == [task]


def test_a_failure_while_tidying_up_is_told(tasks: Tasks) -> None:
    def job() -> Job[None]:
        try:
            while True:
                yield Notice("x")
        finally:
            raise errors.DiskFull("/x")

    task = tasks.start(job(), lane=Lane.IO)
    until(lambda: bool(task.latest))
    tasks.stop(task)
    assert end_of(task) is State.FAILED
    assert task.error == errors.DiskFull("/x")


def test_the_failure_of_an_urgent_job_leaves_the_other_running(tasks: Tasks) -> None:
    diary: list[str] = []
    low = Steps("low", diary)
    lower = tasks.start(low.job(2), lane=Lane.COMPUTE, priority=Priority.QUEUE)
    assert low.began.wait(5)

    def failing() -> Job[None]:
        yield Notice("x")
        raise errors.ModelMissing("small")

    urgent = tasks.start(failing(), lane=Lane.COMPUTE, priority=Priority.LIVE)
    low.let(2)
    assert end_of(urgent) is State.FAILED
    assert end_of(lower) is State.DONE


def test_a_listener_that_fails_ends_neither_lane_nor_job(tasks: Tasks) -> None:
    diary: list[str] = []
    steps = Steps("a", diary)
    steps.let(3)

    def broken(*_arguments: object) -> None:
        raise RuntimeError("the window is gone")

    task = tasks.start(steps.job(3), lane=Lane.COMPUTE, on_event=broken, on_end=broken)
    assert end_of(task) is State.DONE
    assert diary[-1] == "a tidied"
    assert steps.threads == {"compute"}
    assert end_of(tasks.start(quick(1), lane=Lane.COMPUTE, on_end=broken)) is State.DONE
    assert end_of(tasks.start(quick(1), lane=Lane.COMPUTE)) is State.DONE


# --- closing -------------------------------------------------------------------------------------


def test_closing_stops_what_runs_and_what_waits(tasks: Tasks) -> None:
    diary: list[str] = []

    def endless() -> Job[None]:
        try:
            while True:
                time.sleep(0.01)
                yield Notice("x")
        finally:
            diary.append("tidied")

    running = tasks.start(endless(), lane=Lane.COMPUTE)
    until(lambda: running.state is State.RUNNING)
    waiting = tasks.start(endless(), lane=Lane.COMPUTE)
    assert tasks.close(5)
    assert (running.state, waiting.state) == (State.STOPPED, State.STOPPED)
    assert diary == ["tidied"]
    with pytest.raises(RuntimeError):
        tasks.start(quick(1), lane=Lane.IO)


def test_closing_does_not_wait_longer_than_it_may(tasks: Tasks) -> None:
    steps = Steps("a", [])
    task = tasks.start(steps.job(5), lane=Lane.COMPUTE)
    assert steps.began.wait(5)
    began = time.monotonic()
    assert not tasks.close(0.2)
    assert time.monotonic() - began < 1
    assert task.state is State.RUNNING
    steps.let()
    assert end_of(task) is State.STOPPED


def test_many_jobs_from_many_threads_all_end(tasks: Tasks) -> None:
    ended: list[Task] = []

    def start(lane: Lane) -> None:
        for number in range(50):
            tasks.start(quick(3, number), lane=lane, on_end=ended.append)

    def heard(_task: Task, event: Event) -> None:
        assert isinstance(event, Progress)

    threads = [threading.Thread(target=start, args=(lane,)) for lane in Lane for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tasks.start(quick(1), lane=Lane.IO, on_event=heard, on_end=ended.append)
    until(lambda: len(ended) == 2 * 50 * len(Lane) + 1)
    assert {task.state for task in ended} == {State.DONE}
    assert tasks.alive() == ()


def test_what_the_compute_lane_keeps_is_given_back_once_it_has_rested() -> None:
    rested = threading.Event()
    tasks = Tasks(on_rest=rested.set, rest=0.05)
    tasks.start(quick(1), lane=Lane.IO)
    tasks.start(quick(1), lane=Lane.COMPUTE)
    assert rested.wait(10)
    rested.clear()
    ended = threading.Event()
    tasks.start(quick(1), lane=Lane.COMPUTE, on_end=lambda _task: ended.set())
    assert ended.wait(10)
    assert tasks.close(5)


def test_the_compute_lane_closes_while_it_rests() -> None:
    rested = threading.Event()
    tasks = Tasks(on_rest=rested.set, rest=60)
    ended = threading.Event()
    tasks.start(quick(1), lane=Lane.COMPUTE, on_end=lambda _task: ended.set())
    assert ended.wait(10)
    assert tasks.close(5)
    assert not rested.is_set()


def test_an_earlier_place_in_the_queue_goes_first_and_may_change(tasks: Tasks) -> None:
    diary: list[str] = []
    third, second, first = (Steps(name, diary) for name in ("third", "second", "first"))
    running = tasks.start(third.job(2), lane=Lane.COMPUTE, position=3)
    assert third.began.wait(5)
    tasks.start(second.job(1), lane=Lane.COMPUTE, position=2)
    last = tasks.start(first.job(1), lane=Lane.COMPUTE, position=4)
    assert [tasks.waits(one) for one in (running, last)] == [False, True]
    last.position = 1
    assert not tasks.waits(last)  # the other one gives way
    for steps in (third, second, first):
        steps.let(2)
    assert end_of(running) is State.DONE
    assert [line for line in diary if "tidied" not in line] == ["third0", "first0", "second0", "third1"]
