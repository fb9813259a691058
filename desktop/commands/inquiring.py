"""What a person asks of their meetings: questions in their own words, about one or about all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from core import errors, messages, paths
from core.settings import Settings
from core.tasks import Lane, Task, Tasks
from core.values import Estimate, Event, Job, Meeting, MeetingId, Notice, Progress, Reply, Unkept, Waiting
from desktop.bridge import Bridge
from desktop.commands.answers import Consent, Inquiry, trouble
from desktop.commands.finding import Finding

if TYPE_CHECKING:
    from core.meetings import Library

MOST_INQUIRIES = 20
"""So many questions about a meeting are remembered with their answers, until the program ends."""


class Inquiring(Finding):
    """Questions and their answers."""

    inquired = Signal(object)  # Inquiry, each time that something about it is new
    question_begun = Signal()  # `begun_questions` are others
    question_foreseen = Signal(object, str, object)  # MeetingId or None, the question, Estimate

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._inquiries: dict[MeetingId | None, list[Inquiry]] = {}
        self.begun_questions: dict[MeetingId | None, str] = {}
        """What stands in the field for the next question about each meeting, or about all (None)."""
        self._inquirers: dict[int, Task] = {}
        self._inquiry = 0

    def inquiries(self, meeting_id: MeetingId | None) -> tuple[Inquiry, ...]:
        """What was asked about a meeting, or about all, the newest first."""
        return tuple(self._inquiries.get(meeting_id, ()))

    def foresee_question(self, question: str, meeting_id: MeetingId | None) -> None:
        """Finds out what asking this would send to the provider of the settings; `question_foreseen` tells it."""

        def found(library: Library) -> Estimate:
            from core import meetings

            return meetings.estimate_of_question(library, question, meeting_id, library.summary_options())

        self._ask(found, partial(self.question_foreseen.emit, meeting_id, question), lane=Lane.IO)

    def inquire(self, question: str, meeting_id: MeetingId | None = None, provider: str = "") -> None:
        """Asks a question about a meeting, or about all; the provider of the settings answers unless another is named.

        Where text would leave this machine for the first time, `consent_wanted` asks before anything is sent; without
        an agreement this machine answers.
        """

        def ask(library: Library) -> Consent | None:
            from core import meetings
            from core.meetings import providers

            options = library.summary_options(provider)
            wanted = options.provider
            if not providers.needs_consent(library, wanted):
                return None
            consent = self._consent(library, wanted, partial(self.inquire, question, meeting_id, provider))
            sentence = messages.what_a_question_sends(providers.place_of(library, wanted))
            found = meetings.estimate_of_question(library, question, meeting_id, options)
            much = messages.estimate_of_question(found, providers.name_of(library, wanted))
            return replace(
                consent,
                sentence=f"{sentence}\n\n{much}".strip(),
                refuse=partial(self.inquire, question, meeting_id, "offline"),
            )

        start = partial(self._inquire, question, meeting_id, provider or self.settings.provider)
        self._ask(ask, partial(self._answered, start))

    def begin_question(self, meeting_id: MeetingId | None, text: str) -> None:
        """Notes what stands in the field for the next question about a meeting, or about all."""
        if text != self.begun_questions.get(meeting_id, ""):
            self.begun_questions[meeting_id] = text
            self.question_begun.emit()

    def _bring_back(self, found: tuple[Unkept, ...]) -> None:
        """Questions that were begun only stand in their fields again."""
        for one in found:
            if one.field == "question":
                self.begin_question(None if one.subject else one.meeting_id, one.texts[0])
        super()._bring_back(tuple(one for one in found if one.field != "question"))

    def _changed(self, meeting_id: MeetingId, meeting: Meeting | None, *, carry_on: bool = False) -> None:
        if meeting is None:
            self.begun_questions.pop(meeting_id, None)
        super()._changed(meeting_id, meeting, carry_on=carry_on)

    def stop_inquiry(self, number: int) -> None:
        """Waits for the answer to a question no longer."""
        if task := self._inquirers.get(number):
            self._tasks.stop(task)

    def _inquire(self, question: str, meeting_id: MeetingId | None, provider: str) -> None:
        self._inquiry += 1
        inquiry = Inquiry(self._inquiry, meeting_id, question, provider)

        def job(library: Library) -> Job[Reply]:
            from core import meetings

            return (yield from meetings.ask(library, question, meeting_id, library.summary_options(provider)))

        def told(_task: Task, event: Event) -> None:
            match event:
                case Waiting(seconds, _attempt, cause):
                    why = messages.explain(errors.from_failure(cause)).what
                    self._tell(inquiry.number, doing=f"{why} {messages.again_in(seconds)}")
                case Progress() if event.tokens:
                    self._tell(inquiry.number, doing=messages.asked_provider(provider, event.tokens))
                case Notice():
                    self._tell(inquiry.number, notice=messages.notice(event))

        def ended(task: Task) -> None:
            self._inquirers.pop(inquiry.number, None)
            failed = trouble(task.error) if task.error else None
            self._tell(inquiry.number, running=False, doing="", reply=task.result, trouble=failed)

        if task := self._start(job, None, Lane.IO, told=told, ended=ended):
            self._inquirers[inquiry.number] = task
            asked = self._inquiries.setdefault(meeting_id, [])
            asked[:] = [inquiry, *asked][:MOST_INQUIRIES]
            self.inquired.emit(inquiry)

    def _tell(self, number: int, **news: Any) -> None:
        """Changes what is known of a question."""
        for asked in self._inquiries.values():
            for place, one in enumerate(asked):
                if one.number == number and (changed := replace(one, **news)) != one:
                    asked[place] = changed
                    self.inquired.emit(changed)
