"""The meetings of the library: the one that is shown, and what is being done with each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal

from core import errors, messages, paths
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, Priority, State, Task, Tasks
from core.values import (
    Failure,
    Job,
    Meeting,
    MeetingId,
    Progress,
    Queued,
    Segment,
    Stage,
    Work,
)
from desktop.bridge import Bridge
from desktop.commands import pages
from desktop.commands.answers import Offer, Page, trouble
from desktop.commands.listening import Listening
from desktop.models.states import Activity

if TYPE_CHECKING:
    from core.meetings import Library

LOOK_MILLISECONDS = 1000
"""How often the library is asked what other programs changed."""

HELD_SECONDS = 10.0
"""After this time it is tried again to work on a meeting that another program works on."""


@dataclass(eq=False, slots=True)
class Reading:
    """A page that is being read, and the text that was stored since."""

    meeting_id: MeetingId
    since: list[Segment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The complete text and the minutes of a meeting in whose place others were made; 0 for none. Where it got another
    title with them, the one it had."""

    transcript_id: int
    minutes_id: int
    title: str


class Meetings(Listening):
    """The meetings of the library, the one that is shown, and what is being done with them."""

    meetings_listed = Signal(object)  # tuple[Meeting, ...]
    meeting_changed = Signal(object)  # Meeting
    meeting_gone = Signal(str)  # before nothing is shown in its place, unless another meeting is by then
    shown = Signal(str)  # the meeting that the page is to show, '' for none
    turn_wanted = Signal(str)  # the meeting that the person wants to see, whatever is shown
    page_read = Signal(object)  # Page
    segments_added = Signal(str, object)  # tuple[Segment, ...]
    offered = Signal(object)  # Offer
    noticed = Signal(str, str)  # the meeting whose work ended, and how, in words
    activity_changed = Signal(str, object)  # Activity | None
    queue_changed = Signal(object)  # tuple[Queued, ...], in their order

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._shown = MeetingId("")
        self._seen: dict[str, int] = {}
        self._revision = 0
        self._readings: list[Reading] = []
        self._held: dict[MeetingId, float] = {}
        self._changing: Counter[MeetingId] = Counter()  # the edits that are not stored yet
        self._on_page = False  # all of the meeting to be shown was read
        self.is_writing: Callable[[], bool] = lambda: False
        """Whether the person is in the middle of a text, from which nothing takes them away; the window says so."""
        self._used = 0.0  # when the person last did something in the window
        self._queue: tuple[Queued, ...] = ()
        self._queue_asked = 0  # how often it was read
        self._working: Task | None = None  # whose turn it was last in the compute lane
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MILLISECONDS)
        self._look.timeout.connect(self._look_around)

    # --- what is shown -----------------------------------------------------------------------------

    def show(self, meeting_id: MeetingId) -> None:
        """Shows this meeting; its transcription goes before the others'."""
        if meeting_id == self._shown:
            return
        self._shown, self._on_page = meeting_id, False
        self._set_priorities()
        self.shown.emit(meeting_id)
        if meeting_id:
            self._read_shown()

    def note_use(self) -> None:
        """Notes that the person is doing something in the window, which keeps what they look at until they turn."""
        self._used = time.monotonic()

    def _show_or_offer(self, meeting_id: MeetingId, since: float, told: str = "") -> None:
        """Shows a meeting that was asked for at `since`; who did something else from then on, or is in the middle of
        a text, is told, and can open it.

        What is `told` is that it was imported, unless given.
        """
        if not self._shown or (self._used < since and not self.is_writing()):
            self.show(meeting_id)
            return

        def tell(meeting: Meeting | None) -> None:
            if meeting and meeting_id != self._shown:
                open_it = partial(self.turn_wanted.emit, meeting_id)
                text = told or _("“{title}” was imported").format(title=messages.short_title(meeting.title))
                self.offered.emit(Offer(text, _("Open"), _("Show this meeting"), open_it))

        self._ask(partial(pages.meeting, meeting_id=meeting_id), tell)

    def _read_shown(self) -> None:
        """Reads the page anew that is to be shown: the beginning of a long text before all of it."""
        meeting_id = self._shown

        def begun(page: Page | None) -> None:
            if page and meeting_id == self._shown and not self._on_page:
                self.page_read.emit(page)

        self._ask(partial(pages.beginning, meeting_id=meeting_id), begun)
        self._read_page(meeting_id)

    def _set_priorities(self) -> None:
        for task in self._tasks.alive():
            if task.lane is Lane.COMPUTE and task.priority in {Priority.ON_SCREEN, Priority.QUEUE}:
                task.priority = self._priority(task.meeting_id)

    def _priority(self, meeting_id: MeetingId | None) -> Priority:
        return Priority.ON_SCREEN if meeting_id == self._shown else Priority.QUEUE

    def _read_page(self, meeting_id: MeetingId) -> None:
        reading = Reading(meeting_id)
        self._readings.append(reading)
        self._ask(partial(pages.page, meeting_id=meeting_id), partial(self._page_answered, reading))

    def _page_answered(self, reading: Reading, page: Page | None) -> None:
        # They are answered in order; one that failed is never answered.
        del self._readings[: self._readings.index(reading) + 1]
        if page is None:
            self._gone(reading.meeting_id)
        elif page.meeting.id == self._shown and not (self._on_page and self._changing[reading.meeting_id]):
            # After an edit it is read again; what was there before is not shown once more.
            self._on_page = True
            self.page_read.emit(page)
            if reading.since:
                self.segments_added.emit(reading.meeting_id, tuple(reading.since))

    def _refresh(self, meeting_id: MeetingId, *, carry_on: bool = False) -> None:
        """Reads a meeting's row again, and its page where it is shown."""
        self._ask(
            partial(pages.meeting, meeting_id=meeting_id),
            partial(self._changed, meeting_id, carry_on=carry_on),
        )

    def _changed(self, meeting_id: MeetingId, meeting: Meeting | None, *, carry_on: bool = False) -> None:
        if meeting is None or meeting.deleted_at:
            self._gone(meeting_id)
            return
        self._seen[meeting_id] = meeting.revision
        self.meeting_changed.emit(meeting)
        self._read_queue()
        if meeting_id == self._shown:
            self._read_page(meeting_id)
        if carry_on:
            self._carry_on(meeting)

    def _gone(self, meeting_id: MeetingId) -> None:
        self._seen.pop(meeting_id, None)
        self._held.pop(meeting_id, None)
        self.meeting_gone.emit(meeting_id)
        if meeting_id == self._shown:
            self.show(MeetingId(""))
        self._read_queue()

    def _look_around(self) -> None:
        if self._busy():
            return
        self._ask(partial(pages.news, revision=self._revision), self._news)
        now = time.monotonic()
        for meeting_id in [held for held, due in self._held.items() if due <= now]:
            self._held[meeting_id] = now + HELD_SECONDS
            self._refresh(meeting_id, carry_on=True)

    def _news(self, answer: tuple[int, tuple[Meeting, ...], dict[str, Any]]) -> None:
        revision, meetings, settings = answer
        if settings:
            self.take_over(replace(self.settings, **settings))
        if revision != self._revision:
            self._revision = revision
            self._read_queue()
        for meeting in meetings:
            # What this program is doing itself has been shown as it happened.
            if self._seen.get(meeting.id) != meeting.revision and not self._tasks.of(meeting.id):
                self._changed(meeting.id, meeting)

    # --- what is being done ------------------------------------------------------------------------

    def pause(self, *meeting_ids: MeetingId) -> None:
        """Has what was asked for of meetings wait until `carry_on`; what runs ends after its current batch."""
        self._ask(lambda library: library.store.pause_work(meeting_ids, paused=True))
        for meeting_id in meeting_ids:
            self._leave(meeting_id)
            self._refresh(meeting_id)

    def carry_on(self, *meeting_ids: MeetingId) -> None:
        """Takes up again what was paused."""
        self._ask(lambda library: library.store.pause_work(meeting_ids, paused=False))
        for meeting_id in meeting_ids:
            self._held.pop(meeting_id, None)
            self._refresh(meeting_id, carry_on=True)

    def move(self, meeting_id: MeetingId, before: MeetingId | None) -> None:
        """Has a meeting come before another one in the queue, or at its end."""
        self._ask(lambda library: library.store.move_work(meeting_id, before))
        self._read_queue()

    def leave_queue(self, meeting: Meeting) -> None:
        """Asks no more for the text and minutes of a meeting; what there is stays, and it can be undone."""

        def forget(library: Library) -> None:
            for work in meeting.work:
                library.store.finish(meeting.id, work.stage)

        def ask_again(library: Library) -> None:
            for work in meeting.work:
                library.store.ask(meeting.id, work.stage, work.options)

        self._edit(meeting.id, forget)
        self._leave(meeting.id)
        self.said.emit(
            _("“{title}” was taken out of the queue").format(title=messages.short_title(meeting.title)),
            partial(self._edit, meeting.id, ask_again, carry_on=True),
        )

    def _leave(self, meeting_id: MeetingId) -> None:
        """Ends what is being done with a meeting after its current batch."""
        task = self._tasks.of(meeting_id)
        if task and task.stage in {Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE}:
            self._set_activity(meeting_id, Activity(task.stage, stopping=True))
            self._tasks.stop(task)

    def _read_queue(self) -> None:
        """Reads the queue again, behind the edits that were asked for so far."""
        self._queue_asked += 1
        self._ask(_queue, partial(self._queue_read, self._queue_asked))

    def _queue_read(self, number: int, queue: tuple[Queued, ...]) -> None:
        if number != self._queue_asked:
            # It may be from before an edit that is shown already; the one behind it is on its way.
            return
        paused = {one.meeting.id for one in self._queue if one.work.paused}
        self._queue = tuple(
            replace(one, held=one.held and not self._runs(self._tasks.of(one.meeting.id))) for one in queue
        )
        for one in self._queue:
            task = self._tasks.of(one.meeting.id)
            if task and task.priority in {Priority.ON_SCREEN, Priority.QUEUE}:
                task.position = one.work.position
                if one.work.paused and not task.stopping:
                    # Another door paused it.
                    self._leave(one.meeting.id)
            elif not task and one.meeting.id in paused and one.waits:
                self._carry_on(one.meeting)
        self.queue_changed.emit(self._queue)

    def _runs(self, task: Task | None) -> bool:
        return task is not None and task.state is State.RUNNING

    def _takes_turn(self, task: Task) -> None:
        """Shows of the others in the compute lane that they wait, where it was not this one's turn before."""
        if task.lane is not Lane.COMPUTE or task is self._working:
            return
        self._working = task
        self._show_waiting()

    def _show_waiting(self) -> None:
        """Shows of each task in the compute lane but the one whose turn it is that it waits, or begins."""
        for other in self._tasks.alive():
            if other.lane is Lane.COMPUTE and other is not self._working and not other.stopping:
                self._wait(other)

    def _wait(self, task: Task) -> None:
        """Shows that a task waits for its turn, or begins where nothing goes before it, and how far it came before."""
        if not task.meeting_id:
            return
        before = task.latest.get(Progress)
        fraction = before.fraction if isinstance(before, Progress) else None
        live = self._working is not None and self._working.priority is Priority.LIVE
        waits = self._tasks.waits(task)
        activity = Activity(
            task.stage or Stage.TRANSCRIBE, fraction, queued=waits, live=live and waits, starting=not waits
        )
        self._set_activity(task.meeting_id, activity)

    def _carry_on(self, meeting: Meeting) -> None:
        """Starts what was asked for, the text before the minutes, unless it is stopped, failed or running."""
        wanted = meeting.next_work
        if wanted is None or wanted.paused or wanted.failure or meeting.recording_open:
            # A recording is carried on when it has ended.
            if self._held.pop(meeting.id, None):
                self._set_activity(meeting.id, None)
            return
        if self._tasks.of(meeting.id):
            return
        lane = Lane.IO if wanted.stage is Stage.SUMMARISE else Lane.COMPUTE
        job = partial(_carried_out, work=wanted)
        task = self._start(
            job, wanted.stage, lane, meeting.id, self._priority(meeting.id), position=wanted.position
        )
        if task:
            self._wait(task)

    def _stage_ended(self, task: Task) -> None:
        meeting_id, stage = task.meeting_id, task.stage
        if meeting_id is None or stage is None:
            return
        busy = task.error if isinstance(task.error, errors.MeetingBusy) else None
        self._set_activity(meeting_id, Activity(stage, elsewhere=True) if busy else None)
        if task is self._working:
            self._working = None
            self._show_waiting()
        told = self._held.pop(meeting_id, None) is not None
        if busy:
            self._held[meeting_id] = time.monotonic() + HELD_SECONDS
            if not told:
                self.said.emit(str(messages.explain(busy)), None)
        elif task.error and not isinstance(task.error, errors.Problem):
            failure = Failure(type(task.error).__name__)
            self._edit(meeting_id, lambda library: library.store.fail(meeting_id, stage, failure))
            self.troubled.emit(trouble(task.error))
        elif task.error or task.state is State.DONE:
            self._tell_end(meeting_id, stage, task.error)
        # Minutes are made of a text without speakers too.
        goes_on = task.state is not State.FAILED or (stage is Stage.SEPARATE and not busy)
        self._refresh(meeting_id, carry_on=goes_on)

    def _tell_end(self, meeting_id: MeetingId, stage: Stage, error: Exception | None) -> None:
        """Tells what failed, and what is ready once nothing else is to be done with the meeting."""

        def tell(meeting: Meeting | None) -> None:
            if meeting is None:
                return
            title = messages.short_title(meeting.title)
            if error:
                what = messages.explain(error).what
                told = meeting.title in what
                words = what if told else _("{name}: {what}").format(name=title, what=what)
            elif stage is Stage.SUMMARISE:
                words = _("The minutes of “{title}” are ready").format(title=title)
            elif stage in {Stage.TRANSCRIBE, Stage.SEPARATE} and not meeting.work:
                words = _("The text of “{title}” is ready").format(title=title)
            else:
                return
            self.noticed.emit(meeting_id, words)

        self._ask(partial(pages.meeting, meeting_id=meeting_id), tell)

    def _set_activity(self, meeting_id: MeetingId, activity: Activity | None) -> None:
        self.activity_changed.emit(meeting_id, activity)

    # --- edits -------------------------------------------------------------------------------------

    def _edit(
        self, meeting_id: MeetingId, change: Callable[[Library], object], *, carry_on: bool = False
    ) -> None:
        self._store(change)
        if carry_on:
            # Asked for by the person, who is told anew if it cannot be done now.
            self._held.pop(meeting_id, None)
        self._refresh(meeting_id, carry_on=carry_on)


# --- on the lanes' threads -------------------------------------------------------------------------


def _queue(library: Library) -> tuple[Queued, ...]:
    from core import meetings

    return meetings.queue(library)


def _carried_out(library: Library, work: Work) -> Job[Earlier]:
    from core import meetings

    before = _shown_versions(library, work.meeting_id)
    yield from meetings.carry_out(library, work)
    now = _shown_versions(library, work.meeting_id)
    return Earlier(
        before.transcript_id if before.transcript_id != now.transcript_id else 0,
        before.minutes_id if before.minutes_id != now.minutes_id else 0,
        before.title if before.title != now.title else "",
    )


def _shown_versions(library: Library, meeting_id: MeetingId) -> Earlier:
    """The complete text, the minutes and the title that are shown."""
    store = library.store
    text, minutes = store.transcript(meeting_id), store.minutes(meeting_id)
    return Earlier(
        text.id if text and text.complete else 0,
        minutes.id if minutes else 0,
        store.meeting(meeting_id).title,
    )
