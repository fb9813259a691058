"""What a person can ask of the library as a whole: search it, see to several meetings at once, empty its bin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from core import messages, paths
from core.messages import _, ngettext
from core.settings import Settings
from core.tasks import Lane, Task, Tasks
from core.values import Cut, Event, Found, Job, Meeting, MeetingChanged, MeetingId
from desktop.bridge import Bridge
from desktop.commands.answers import Page, trouble
from desktop.commands.history import Edit, Step
from desktop.commands.meetings import Reading
from desktop.commands.speaking import Speaking

if TYPE_CHECKING:
    from core.meetings import Library


class Finding(Speaking):
    """The library's search, and what leads from it into a meeting."""

    found = Signal(str, object)  # what was searched for, and Found
    bin_read = Signal(object, object)  # tuple[Meeting, ...], and tuple[Cut, ...] of what was cut
    action_items_read = Signal(object)  # tuple[ActionItem, ...]
    marks_wanted = Signal(object)
    """What is marked in the text that is shown: a function that tells the stretches (begin, end) of what somebody said;
    None: nothing any more."""
    place_wanted = Signal(
        int, float
    )  # a segment (0: none) and second of the meeting that is shown, once it is read

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._searches = 0
        self._place: tuple[MeetingId, int, float] | None = None

    def search(self, asked: str) -> None:
        """Looks for words everywhere; `found` tells, and an earlier search ends. '' ends it alone."""
        self._searches += 1
        number = self._searches
        if not asked.strip():
            return

        def job(library: Library) -> Job[None]:
            yield from library.store.search(asked, wanted=lambda: self._searches == number)

        def ended(task: Task) -> None:
            if task.error:
                self.troubled.emit(trouble(task.error))

        def told(_task: Task, event: object) -> None:
            if isinstance(event, Found) and self._searches == number:
                self.found.emit(asked, event)

        self._start(job, None, Lane.SEARCH, told=told, ended=ended)

    def open_at(self, meeting_id: MeetingId, segment_id: int, second: float) -> None:
        """Shows a meeting where something was said."""
        self._place = (meeting_id, segment_id, second)
        if meeting_id != self._shown:
            self.show(meeting_id)
        elif not any(reading.meeting_id == meeting_id for reading in self._readings):
            self._go_on()

    def mark(self, asked: str) -> None:
        """Has the words of a search marked in the text of the meeting that is shown; '': none any more."""
        if asked.strip():
            from core.store import query

            self.marks_wanted.emit(cache(query.parse(asked).marks))
        else:
            self.marks_wanted.emit(None)

    def _page_answered(self, reading: Reading, page: Page | None) -> None:
        super()._page_answered(reading, page)
        if self._place and reading.meeting_id == self._place[0]:
            self._go_on()

    def _go_on(self) -> None:
        """Goes to the place that is wanted, in the meeting that was just read."""
        place, self._place = self._place, None
        if place and place[0] == self._shown:
            self.seek(place[2])
            self.place_wanted.emit(*place[1:])

    # --- one or several meetings -----------------------------------------------------------------

    def star(self, *meetings: Meeting, starred: bool) -> None:
        """Gives meetings a star, or takes it away."""
        ids = _ids(meetings)
        what = _("Give a star") if starred else _("Take the star away")
        self._do(Step(ids, what, _starred(ids, starred=starred)))

    def add_tag(self, meetings: Sequence[Meeting], tag: str) -> None:
        """Gives meetings one more tag."""
        count = len(meetings)
        told = ngettext("{count} meeting was tagged", "{count} meetings were tagged", count)
        ids = _ids(meetings)
        self._do(Step(ids, _("Change the tags"), _tagged(ids, tag, add=True)), told.format(count=count))

    def delete(self, *meetings: Meeting) -> None:
        """Moves meetings to the bin."""
        count = len(meetings)
        told = (
            _("“{title}” was moved to the bin").format(title=messages.short_title(meetings[0].title))
            if count == 1
            else _("{count} meetings were moved to the bin").format(count=count)
        )
        ids = _ids(meetings)

        def then(*, done: bool) -> None:
            self._moved(ids, binned=done)

        self._do(Step(ids, _("Move to bin"), _binned(ids, binned=True), then, away=True), told)

    # --- the bin ---------------------------------------------------------------------------------

    def restore(self, *meeting_ids: MeetingId) -> None:
        """Brings meetings back from the bin and shows the first."""

        def then(*, done: bool) -> None:
            self._moved(meeting_ids, binned=not done)

        self._do(Step(meeting_ids, _("Bring back"), _binned(meeting_ids, binned=False), then))

    def _moved(self, meeting_ids: Sequence[MeetingId], *, binned: bool) -> None:
        for meeting_id in meeting_ids:
            if binned and (task := self._tasks.of(meeting_id)):
                self._tasks.stop(task)
            self._refresh(meeting_id, carry_on=True)
        if not binned:
            # Behind what is still being read of them from when they were in the bin, which would close the page again.
            self._ask(lambda _library: meeting_ids[0], self.show)
        self.read_bin()

    def read_bin(self) -> None:
        """Tells, with `bin_read`, what is in the bin, behind the edits that were asked for so far."""

        def binned(library: Library) -> tuple[tuple[Meeting, ...], tuple[Cut, ...]]:
            meetings = library.store.meetings(binned=True)
            gone = {meeting.id for meeting in meetings}
            # What was cut from a meeting that is in the bin itself comes back to nothing one could see.
            cuts = [cut for cut in library.store.cuts() if cut.meeting_id not in gone]
            return meetings, tuple(cuts)

        self._ask(binned, lambda found: self.bin_read.emit(*found))

    def remove(self, *meeting_ids: MeetingId) -> None:
        """Removes meetings of the bin, or without any all that are in it, for good."""

        def job(library: Library) -> Job[int]:
            from core.meetings import bin as binned

            return binned.remove(library, meeting_ids or None)

        self._empty(job)

    def remove_old(self) -> None:
        """Removes for good what has been in the bin for long enough, and sound that is to be kept no longer."""

        def job(library: Library) -> Job[int]:
            from core import meetings
            from core.meetings import bin as binned

            yield from meetings.remove_due_sound(library)
            return (yield from binned.remove_old(library))

        self._empty(job)

    def _empty(self, job: Callable[[Library], Job[int]]) -> None:
        def ended(task: Task) -> None:
            if task.error:
                self.troubled.emit(trouble(task.error))
            self.read_bin()

        self._start(job, None, Lane.IO, told=self._look_again, ended=ended)

    def _look_again(self, _task: Task, event: Event) -> None:
        """Reads a meeting again, which may be gone for good."""
        if isinstance(event, MeetingChanged):
            self._refresh(event.meeting_id)

    # --- what is to be done ------------------------------------------------------------------------

    def read_action_items(self) -> None:
        """Tells, with `action_items_read`, what is to be done of all meetings, behind the edits asked for so far."""
        self._ask(lambda library: library.store.action_items(), self.action_items_read.emit)


# --- on the store lane's thread --------------------------------------------------------------------


def _starred(meeting_ids: Sequence[MeetingId], *, starred: bool) -> Edit:
    """An edit that gives meetings a star, or takes it away, and is taken back where it changed something."""

    def edit(library: Library) -> Edit:
        others = [one for one in _kept(library, meeting_ids) if one.starred != starred]
        for meeting in others:
            library.store.star(meeting.id, starred=starred)
        return _starred(_ids(others), starred=not starred)

    return edit


def _tagged(meeting_ids: Sequence[MeetingId], tag: str, *, add: bool) -> Edit:
    """An edit that gives meetings a tag, or takes it away, and is taken back where it changed something."""

    def edit(library: Library) -> Edit:
        changed = []
        for meeting in _kept(library, meeting_ids):
            others = [one for one in meeting.tags if one.casefold() != tag.casefold()]
            if (len(others) == len(meeting.tags)) == add:
                library.store.set_tags(meeting.id, [*others, tag] if add else others)
                changed.append(meeting)
        return _tagged(_ids(changed), tag, add=not add)

    return edit


def _binned(meeting_ids: Sequence[MeetingId], *, binned: bool) -> Edit:
    """An edit that moves meetings to the bin, or brings them back."""

    def edit(library: Library) -> Edit:
        for meeting in _kept(library, meeting_ids):
            if binned:
                library.store.bin(meeting.id)
            else:
                library.store.restore(meeting.id)
        return _binned(meeting_ids, binned=not binned)

    return edit


def _kept(library: Library, meeting_ids: Sequence[MeetingId]) -> list[Meeting]:
    """These meetings, without those that were removed for good since."""
    return [library.store.meeting(one) for one in meeting_ids if library.store.knows(one)]


def _ids(meetings: Iterable[Meeting]) -> tuple[MeetingId, ...]:
    return tuple(meeting.id for meeting in meetings)
