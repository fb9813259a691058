"""The one module that starts threads: it runs jobs in lanes and remembers where each stands.

A lane has a fixed number of threads. In the compute lane a job of a higher priority, or of the same and an earlier
place in the queue, is taken up between two steps of the one that runs, which waits in the queue again and carries on
afterwards: jobs are generators, so not asking for the next item is all it takes to hold one. Stopping closes the
generator; its `finally` tidies up. A held one is closed between two steps of the other.
Callbacks are given before the start and are called on the lane's thread.
"""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

from core.errors import Problem
from core.values import Event, Job, MeetingId, Stage

REST = 300.0
"""Seconds without work after which the compute lane gives back what it keeps for the next: a large model's memory."""


class Lane(Enum):
    """Where a job runs; the value is how many run there at a time."""

    COMPUTE = ("compute", 1)
    IO = ("io", 3)
    RECORD = ("record", 4)
    PLAY = ("play", 1)
    SEARCH = ("search", 1)
    """Searches: the next one ends the one before."""
    STORE = ("store", 1)
    """Short questions and edits of a door that must not block: one after the other, behind no long job."""
    API = ("api", 4)
    """What the local interface is asked; see `core.api`."""
    SERVE = ("serve", 1)
    """The local interface itself."""


class Priority(IntEnum):
    """Who goes first in a lane."""

    LIVE = 0
    REDO = 1
    ON_SCREEN = 2
    QUEUE = 3
    SPARE = 4
    """What gives way to all real work."""


class State(Enum):
    """Where a task stands. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def final(self) -> bool:
        """Whether nothing more comes."""
        return self in {State.DONE, State.FAILED, State.STOPPED}


@dataclass(eq=False)
class Task:
    """A job being run. `latest` has the newest event of each type, for a listener that comes late."""

    job: Job[Any] = field(repr=False)
    stage: Stage | None
    meeting_id: MeetingId | None
    lane: Lane
    priority: Priority
    position: int
    number: int
    on_event: Callable[[Task, Event], None] = field(repr=False)
    on_end: Callable[[Task], None] = field(repr=False)
    state: State = State.QUEUED
    result: Any = None
    error: Exception | None = None
    latest: dict[type, Event] = field(default_factory=dict, repr=False)
    stopping: bool = False

    @property
    def order(self) -> tuple[bool, int, int, int]:
        """Smaller goes first: at once what is to be closed, then by priority, place in the queue and age."""
        return (not self.stopping, self.priority, self.position, self.number)

    def goes_before(self, other: Task) -> bool:
        """Whether `other`, which runs, gives way to this one: not for its age alone."""
        return self.order[:-1] < other.order[:-1]


def _ignore(*_told: object) -> None:
    return


class Tasks:
    """The lanes of one process, their threads and tasks."""

    def __init__(self, *, on_rest: Callable[[], None] = _ignore, rest: float = REST) -> None:
        """`on_rest` is called on the compute lane's thread once that has had nothing to do for `rest` seconds."""
        self._on_rest = on_rest
        self._rest = rest
        self._changed = threading.Condition()
        self._queued: dict[Lane, list[Task]] = {lane: [] for lane in Lane}
        self._alive: list[Task] = []
        self._threads: dict[Lane, list[threading.Thread]] = {lane: [] for lane in Lane}
        self._idle: dict[Lane, int] = dict.fromkeys(Lane, 0)
        self._numbers = itertools.count()
        self._closed = False

    def start(
        self,
        job: Job[Any],
        *,
        lane: Lane,
        stage: Stage | None = None,
        meeting_id: MeetingId | None = None,
        priority: Priority = Priority.QUEUE,
        position: int = 0,
        on_event: Callable[[Task, Event], None] = _ignore,
        on_end: Callable[[Task], None] = _ignore,
    ) -> Task:
        """The task that runs `job`, at its `position` among those of its priority.

        `on_end` is called once, with its `state`, `result` or `error` set.
        """
        with self._changed:
            if self._closed:
                raise RuntimeError("no task starts after close")
            task = Task(
                job, stage, meeting_id, lane, priority, position, next(self._numbers), on_event, on_end
            )
            self._queued[lane].append(task)
            self._alive.append(task)
            if self._idle[lane] < len(self._queued[lane]) and len(self._threads[lane]) < lane.value[1]:
                self._start_thread(lane)
            self._changed.notify_all()
        return task

    def _start_thread(self, lane: Lane) -> None:
        # Daemons: quitting must not wait for the end of a step that cannot be interrupted.
        thread = threading.Thread(target=self._work, args=(lane,), name=lane.value[0], daemon=True)
        self._threads[lane].append(thread)
        thread.start()

    def alive(self) -> tuple[Task, ...]:
        """The tasks that are queued or running, oldest first."""
        with self._changed:
            return tuple(self._alive)

    def of(self, meeting_id: MeetingId, stage: Stage | None = None) -> Task | None:
        """The task queued or running for a meeting (and stage)."""
        return next(
            (
                task
                for task in self.alive()
                if task.meeting_id == meeting_id and (stage is None or task.stage == stage)
            ),
            None,
        )

    def waits(self, task: Task) -> bool:
        """Whether a task cannot begin, or go on, before another one of its lane has ended; none that gives way."""
        with self._changed:
            others = [one for one in self._alive if one.lane is task.lane and one is not task]
            queued = self._queued[task.lane]
            running = sum(
                one not in queued and not (task.lane is Lane.COMPUTE and task.goes_before(one))
                for one in others
            )
            before = sum(one.order < task.order for one in queued if one is not task)
            return task in queued and running + before >= task.lane.value[1]

    def stop(self, task: Task) -> None:
        """Asks a task to end after its current step; `on_end` follows. One that has not begun ends here and now."""
        with self._changed:
            task.stopping = True
            waits = task.state is State.QUEUED and task in self._queued[task.lane]
            if waits:
                self._queued[task.lane].remove(task)
        if waits:
            self._end(task, State.STOPPED)

    def close(self, seconds: float) -> bool:
        """Stops everything but what is to be stored, and waits at most `seconds`.

        False: a thread is still in the middle of a step.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for task in self.alive():
            if task.lane is not Lane.STORE:
                self.stop(task)
        threads = [thread for lane in self._threads.values() for thread in lane]
        until = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    # --- on the lanes' threads ---------------------------------------------------------------------

    def _work(self, lane: Lane) -> None:
        if lane is Lane.COMPUTE:
            _lower_priority()
        while task := self._next(lane):
            self._run(task)
            if lane is Lane.COMPUTE and self._rests():
                _tell(self._on_rest)

    def _rests(self) -> bool:
        """Whether nothing is asked of the compute lane for as long as it waits."""
        with self._changed:
            return not self._changed.wait_for(lambda: self._closed or self._queued[Lane.COMPUTE], self._rest)

    def _next(self, lane: Lane) -> Task | None:
        """The next task of the lane; waits for one. None once the lanes are closed and empty."""
        with self._changed:
            self._idle[lane] += 1
            try:
                while not self._queued[lane]:
                    if self._closed:
                        return None
                    self._changed.wait()
            finally:
                self._idle[lane] -= 1
            task = min(self._queued[lane], key=lambda queued: queued.order)
            self._queued[lane].remove(task)
            return task

    def _gives_way(self, task: Task) -> bool:
        """Whether another goes first; then the task is in the queue again."""
        if task.lane is not Lane.COMPUTE:
            return False
        with self._changed:
            queue = self._queued[task.lane]
            if not any(other.goes_before(task) for other in queue):
                return False
            queue.append(task)
            return True

    def _run(self, task: Task) -> None:
        with _named_in_the_log(task):
            try:
                task.state = State.RUNNING
                state = self._steps(task)
            except Problem as problem:
                task.error, state = problem, State.FAILED
                _log().warning("task failed", problem=str(problem), status=getattr(problem, "status", None))
            except Exception as error:  # noqa: BLE001  a bug of ours must reach the person, not end the lane
                task.error, state = error, State.FAILED
                _log().exception("task failed unexpectedly")
        if state:
            self._end(task, state)

    def _end(self, task: Task, state: State) -> None:
        with self._changed:
            task.state = state
            self._alive.remove(task)
        _tell(task.on_end, task)

    def _steps(self, task: Task) -> State | None:
        """How the job ended, or None where it gave way to another."""
        while not task.stopping:
            if self._gives_way(task):
                return None
            try:
                event = next(task.job)
            except StopIteration as end:
                task.result = end.value
                return State.DONE
            task.latest[type(event)] = event
            _tell(task.on_event, task, event)
        task.job.close()
        return State.STOPPED


def _named_in_the_log(task: Task) -> AbstractContextManager[object]:
    """What is logged from here on bears the task's ids.

    Before anybody has begun a log, a window lists its meetings: that does not wait for structlog's import.
    """
    structlog = sys.modules.get("structlog")
    if structlog is None:
        return nullcontext()
    ids = {"job": task.number, "stage": str(task.stage), "meeting": task.meeting_id}
    bound: AbstractContextManager[object] = structlog.contextvars.bound_contextvars(**ids)
    return bound


def _log() -> Any:
    """The log; a window paints before it is imported."""
    import structlog

    return structlog.get_logger("tasks")


def _tell(listener: Callable[..., None], *told: Any) -> None:
    try:
        listener(*told)
    except Exception:  # noqa: BLE001  a listener's bug must end neither the job nor the lane
        _log().exception("listener failed")


def _lower_priority() -> None:
    """Lets the window and the recorder go first. On Linux a thread has a niceness of its own."""
    import os

    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
