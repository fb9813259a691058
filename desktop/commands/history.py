"""What the person changed in each meeting since the program was started, to take it back and to do it again.

An `Edit` changes the library and gives the edit that takes this back, which again gives the one that does it anew.
All of them run on the store lane in the order in which they were asked for, so that one can be taken back before it is
stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.values import MeetingId

if TYPE_CHECKING:
    from core.meetings import Library

Edit = Callable[["Library"], "Edit"]

MOST_STEPS = 500
"""How many changes of one meeting are remembered; the oldest are forgotten."""


def both_ways(do: Callable[[Library], object], undo: Callable[[Library], object]) -> Edit:
    """An edit that is done by `do` and taken back by `undo`, however often."""

    def edit(library: Library) -> Edit:
        do(library)
        return both_ways(undo, do)

    return edit


@dataclass(eq=False, slots=True)
class Step:
    """One change: `what` it is in words, as “Rename”, and what is to be run next to do it or to take it back."""

    meeting_id: MeetingId
    what: str
    edit: Edit

    def run(self, library: Library) -> None:
        """Does it, or takes it back; on the store lane."""
        self.edit = self.edit(library)


class History:
    """The steps of every meeting that were done, and those that were taken back since, the newest last."""

    def __init__(self) -> None:
        self._done: dict[MeetingId, list[Step]] = {}
        self._undone: dict[MeetingId, list[Step]] = {}

    def push(self, step: Step) -> None:
        """Notes a new change; what was taken back before cannot be done again."""
        done = self._done.setdefault(step.meeting_id, [])
        done.append(step)
        del done[:-MOST_STEPS]
        self._undone.pop(step.meeting_id, None)

    def newest(self, meeting_id: MeetingId) -> Step | None:
        """What is taken back next."""
        return next(reversed(self._done.get(meeting_id, ())), None)

    def next(self, meeting_id: MeetingId) -> Step | None:
        """What was taken back last, and is done again next."""
        return next(reversed(self._undone.get(meeting_id, ())), None)

    def take_back(self, step: Step) -> bool:
        """Notes that a step is taken back; False where it is not done any more."""
        return _move(step, self._done, self._undone)

    def do_again(self, step: Step) -> bool:
        """Notes that a step is done again; False where it is not taken back."""
        return _move(step, self._undone, self._done)

    def forget(self, meeting_id: MeetingId) -> None:
        """Forgets all steps of a meeting, which speak of times that it has no more."""
        self._done.pop(meeting_id, None)
        self._undone.pop(meeting_id, None)

    def drop(self, step: Step) -> None:
        """Forgets a step that failed, as if it had never been."""
        for steps in (self._done, self._undone):
            if step in steps.get(step.meeting_id, ()):
                steps[step.meeting_id].remove(step)


def _move(step: Step, source: dict[MeetingId, list[Step]], target: dict[MeetingId, list[Step]]) -> bool:
    steps = source.get(step.meeting_id, [])
    if step not in steps:
        return False
    steps.remove(step)
    target.setdefault(step.meeting_id, []).append(step)
    return True
