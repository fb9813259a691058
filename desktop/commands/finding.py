"""What a person can ask of the library as a whole: search it, see to several meetings at once, empty its bin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from core import paths
from core.messages import _, ngettext
from core.settings import Settings
from core.tasks import Lane, Task, Tasks
from core.values import Cut, Found, Job, Meeting, MeetingId
from desktop.bridge import Bridge
from desktop.commands.answers import Page, trouble
from desktop.commands.meetings import Reading
from desktop.commands.speaking import Speaking

if TYPE_CHECKING:
    from core.meetings import Library


class Finding(Speaking):
    """The library's search, and what leads from it into a meeting."""

    found = Signal(str, object)  # what was searched for, and Found
    bin_read = Signal(object, object)  # tuple[Meeting, ...], and tuple[Cut, ...] of what was cut
    action_items_read = Signal(object)  # tuple[ActionItem, ...]
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

    def _page_answered(self, reading: Reading, page: Page | None) -> None:
        super()._page_answered(reading, page)
        if self._place and reading.meeting_id == self._place[0]:
            self._go_on()

    def _go_on(self) -> None:
        """Goes to the place that is wanted, in the meeting that was just read."""
        place, self._place = self._place, None
        if place and place[0] == self._shown:
            self.place_wanted.emit(*place[1:])

    # --- one or several meetings -----------------------------------------------------------------

    def star(self, *meetings: Meeting, starred: bool) -> None:
        """Gives meetings a star, or takes it away."""
        for meeting in meetings:
            self._edit(meeting.id, partial(_star, meeting_id=meeting.id, starred=starred))

    def add_tag(self, meetings: Sequence[Meeting], tag: str) -> None:
        """Gives meetings one more tag; it can be undone."""

        def put(tags: dict[MeetingId, tuple[str, ...]]) -> None:
            for meeting_id, these in tags.items():
                self._edit(meeting_id, partial(_tag, meeting_id=meeting_id, tags=these))

        put({meeting.id: (*meeting.tags, tag) for meeting in meetings})
        self.said.emit(
            ngettext("{count} meeting was tagged", "{count} meetings were tagged", len(meetings)).format(
                count=len(meetings)
            ),
            lambda: put({meeting.id: meeting.tags for meeting in meetings}),
        )

    def delete(self, *meetings: Meeting) -> None:
        """Moves meetings to the bin; it can be undone."""
        for meeting in meetings:
            task = self._tasks.of(meeting.id)
            if task:
                self._tasks.stop(task)
            self._edit(meeting.id, partial(_bin, meeting_id=meeting.id))
        count = len(meetings)
        self.said.emit(
            _("“{title}” was moved to the bin").format(title=meetings[0].title)
            if count == 1
            else _("{count} meetings were moved to the bin").format(count=count),
            partial(self.restore, *(meeting.id for meeting in meetings)),
        )
        self.read_bin()

    # --- the bin ---------------------------------------------------------------------------------

    def restore(self, *meeting_ids: MeetingId) -> None:
        """Brings meetings back from the bin and shows the first."""
        for meeting_id in meeting_ids:
            self._edit(meeting_id, partial(_restore, meeting_id=meeting_id), carry_on=True)
        self.show(meeting_ids[0])
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

        self._start(job, None, Lane.IO, told=lambda _task, _event: None, ended=ended)

    # --- what is to be done ------------------------------------------------------------------------

    def read_action_items(self) -> None:
        """Tells, with `action_items_read`, what is to be done of all meetings, behind the edits asked for so far."""
        self._ask(lambda library: library.store.action_items(), self.action_items_read.emit)


# --- on the lanes' threads -------------------------------------------------------------------------


def _star(library: Library, meeting_id: MeetingId, *, starred: bool) -> None:
    library.store.star(meeting_id, starred=starred)


def _tag(library: Library, meeting_id: MeetingId, tags: tuple[str, ...]) -> None:
    library.store.set_tags(meeting_id, tags)


def _bin(library: Library, meeting_id: MeetingId) -> None:
    library.store.bin(meeting_id)


def _restore(library: Library, meeting_id: MeetingId) -> None:
    library.store.restore(meeting_id)
