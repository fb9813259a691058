"""What the person changed in the meetings since the program was started, to take it back and to do it again.

An `Edit` changes the library and gives the edit that takes this back, which again gives the one that does it anew.
All of them run on the store lane in the order in which they were asked for, so that one can be taken back before it is
stored.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.values import MeetingId, Unkept

if TYPE_CHECKING:
    from core.meetings import Library

Edit = Callable[["Library"], "Edit"]

MOST_STEPS = 500
"""How many changes are remembered; the oldest are forgotten."""


def both_ways(do: Callable[[Library], object], undo: Callable[[Library], object]) -> Edit:
    """An edit that is done by `do` and taken back by `undo`, however often."""

    def edit(library: Library) -> Edit:
        do(library)
        return both_ways(undo, do)

    return edit


def _nothing(*, done: bool) -> None: ...


@dataclass(eq=False, slots=True)
class Step:
    """One change of one or several meetings: `what` it is in words, as “Rename”, and what is run next to do or undo it.

    What is `away` takes its meetings to the bin, where they have no page on which it could be taken back.
    `then` is called on the interface thread each time the step was asked for, with whether it is done now. Steps in a
    row of the same `subject` can be one. What the person `wrote` is given back to them if it cannot be stored.
    """

    meeting_ids: tuple[MeetingId, ...]
    what: str
    edit: Edit
    then: Callable[..., None] = _nothing
    subject: object = None
    wrote: Unkept | None = None
    away: bool = False

    def run(self, library: Library) -> None:
        """Does it, or takes it back; on the store lane."""
        self.edit = self.edit(library)


class History:
    """The steps that were done, and those that were taken back since, of all meetings, the newest last.

    Each meeting has its own past: the steps that changed it. Asked without a meeting, it is that of the library.
    """

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def push(self, step: Step) -> None:
        """Notes a new change; what was taken back before in its meetings cannot be done again."""
        self._done.append(step)
        del self._done[:-MOST_STEPS]
        self._undone = [one for one in self._undone if not set(one.meeting_ids) & set(step.meeting_ids)]

    def newest(self, meeting_id: MeetingId | None = None) -> Step | None:
        """What is taken back next: what took other meetings away just before, else what changed this one."""
        if self._done and self._done[-1].away:
            return self._done[-1]
        return _last(self._done, meeting_id)

    def next(self, meeting_id: MeetingId | None = None) -> Step | None:
        """What was taken back last, and is done again next."""
        return _last(self._undone, meeting_id)

    def goes_on(self, meeting_id: MeetingId, subject: object) -> bool:
        """Whether a change of this subject belongs to the newest step of the meeting, with nothing taken back since."""
        newest = self.newest(meeting_id)
        return bool(newest and newest.subject == subject and not self.next(meeting_id))

    def take_back(self, step: Step) -> bool:
        """Notes that a step is taken back; False where it is not done any more."""
        return _move(step, self._done, self._undone)

    def do_again(self, step: Step) -> bool:
        """Notes that a step is done again; False where it is not taken back."""
        return _move(step, self._undone, self._done)

    def forget(self, meeting_ids: Container[MeetingId]) -> None:
        """Forgets all steps that changed nothing but these meetings: of times that they have no more, or for good."""
        for steps in (self._done, self._undone):
            steps[:] = [step for step in steps if any(one not in meeting_ids for one in step.meeting_ids)]

    def drop(self, step: Step) -> None:
        """Forgets a step that failed, as if it had never been."""
        for steps in (self._done, self._undone):
            if step in steps:
                steps.remove(step)


def _last(steps: list[Step], meeting_id: MeetingId | None) -> Step | None:
    return next(
        (step for step in reversed(steps) if meeting_id is None or meeting_id in step.meeting_ids), None
    )


def _move(step: Step, source: list[Step], target: list[Step]) -> bool:
    if step not in source:
        return False
    source.remove(step)
    target.append(step)
    return True
