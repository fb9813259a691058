"""How the window asks `core`: questions and jobs on its lanes, their answers on the interface thread."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from core import errors, paths
from core.settings import Settings
from core.tasks import Lane, Priority, State, Task, Tasks
from core.values import Event, Job, MeetingId, Stage
from desktop.bridge import Bridge
from desktop.commands.answers import Trouble, trouble

if TYPE_CHECKING:
    from core.meetings import Library

_T = TypeVar("_T")


def _ignored(_answer: object) -> None:
    return


class Asking(QObject):
    """The open library, its settings, and the ways to ask it something; every answer comes on the interface thread."""

    troubled = Signal(object)  # Trouble
    settled = Signal(str)  # the kind of a trouble that is over

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__()
        self.places = places
        self.settings = settings
        self._tasks = tasks
        self._bridge = bridge
        self._library: Library | None = None
        self._early: list[Callable[[], None]] = []
        """What was asked before the library was open, which the list of meetings does not wait for."""
        self._closing = False
        self._storing = 0  # the person's changes that are on their way
        self.lost: Trouble | None = None
        """Why the last change could not be stored; None where it was."""

    def tell(self, fault: Exception) -> None:
        """Tells the person of a fault of ours in the window itself."""
        self.troubled.emit(trouble(fault))

    def _busy(self) -> bool:
        return any(task.lane is Lane.STORE for task in self._tasks.alive())

    def _ask(
        self,
        question: Callable[[Library], _T],
        then: Callable[[_T], None] = _ignored,
        *,
        lane: Lane = Lane.STORE,
    ) -> None:
        """Has `question` answered on a lane and `then` called with the answer, once the library is open; a failure is
        told."""
        library = self._library
        if library is None:
            self._early.append(partial(self._ask, question, then, lane=lane))
        else:
            self._run(lambda: question(library), then, self.troubled.emit, lane)

    def _store(
        self,
        change: Callable[[Library], _T],
        then: Callable[[_T], None] = _ignored,
        failed: Callable[[Trouble], None] | None = None,
    ) -> None:
        """Has a change of the person's stored, once the library is open, and notes whether it was."""
        library = self._library
        if library is None:
            self._early.append(partial(self._store, change, then, failed))
            return

        no_room = False  # rather than nothing to be changed any more

        def store() -> _T:
            nonlocal no_room
            try:
                return change(library)
            except errors.StorageProblem:
                no_room = True
                raise

        def over(lost: Trouble | None) -> None:
            self._storing -= 1
            self.lost = lost

        def stored(answer: _T) -> None:
            over(None)
            then(answer)

        def not_stored(trouble: Trouble) -> None:
            over(trouble if no_room else None)
            (failed or self.troubled.emit)(trouble)

        self._storing += 1
        self._run(store, stored, not_stored)

    @property
    def is_stored(self) -> bool:
        """Whether all that the person changed is stored."""
        return not self._storing and self.lost is None

    def when_stored(self, then: Callable[[], None]) -> None:
        """Calls `then` as soon as it is known of every change whether it could be stored; see `lost`."""
        self._ask(lambda _library: None, lambda _none: then())

    def _ask_early(self) -> None:
        """Asks, in its order, what was asked too early."""
        early, self._early = self._early, []
        for asked in early:
            asked()

    def _run(
        self,
        question: Callable[[], _T],
        then: Callable[[_T], None],
        failed: Callable[[Trouble], None],
        lane: Lane = Lane.STORE,
    ) -> None:
        def ended(task: Task) -> None:
            if task.state is State.DONE:
                self._bridge.carry(lambda: then(task.result))
            elif task.error:
                told = trouble(task.error)
                self._bridge.carry(lambda: failed(told))

        if not self._closing:
            self._tasks.start(_at_once(question), lane=lane, on_end=ended)

    def _start(
        self,
        job: Callable[[Library], Job[Any]],
        stage: Stage | None,
        lane: Lane,
        meeting_id: MeetingId | None = None,
        priority: Priority = Priority.QUEUE,
        position: int = 0,
        told: Callable[[Task, Event], None] | None = None,
        ended: Callable[[Task], None] | None = None,
    ) -> Task | None:
        """The task of a long job: events come to `told`, else to `_on_event`, its end to `ended`, else to `_on_end`.

        None while closed.
        """
        if self._library is None or self._closing:
            return None
        return self._tasks.start(
            _begun(job, self._library),
            stage=stage,
            lane=lane,
            meeting_id=meeting_id,
            priority=priority,
            position=position,
            on_event=lambda task, event: self._bridge.carry(partial(told or self._on_event, task, event)),
            on_end=lambda task: self._bridge.carry(partial(ended or self._on_end, task)),
        )

    def _on_event(self, task: Task, event: Event) -> None:
        raise NotImplementedError

    def _on_end(self, task: Task) -> None:
        raise NotImplementedError


# --- on the lanes' threads -------------------------------------------------------------------------


def _at_once(question: Callable[[], _T]) -> Generator[Event, None, _T]:
    """A job of one step."""
    yield from ()
    return question()


def _begun(job: Callable[[Library], Job[_T]], library: Library) -> Job[_T]:
    """A job that is made, with what it imports, on its lane."""
    return (yield from job(library))
