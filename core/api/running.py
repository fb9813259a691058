"""The jobs that the interface started: where each stands, told to whoever listens, also to whoever comes late."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import errors, messages
from core.api.problems import Refused, document_of
from core.api.shapes import JobShape, ProblemDocument
from core.messages import _
from core.tasks import Lane, Priority, State, Task
from core.values import Event, Fetching, Job, MeetingId, Notice, Progress, SegmentsAdded, Stage, Waiting

if TYPE_CHECKING:
    from core.api.service import Service

KEPT = 200
"""How many jobs that have ended are remembered."""
QUIET = 15.0
"""Seconds after which a stream says that it is still there."""

LANES = {Stage.TRANSCRIBE: Lane.COMPUTE, Stage.SEPARATE: Lane.COMPUTE}

Told = tuple[str, dict[str, Any]]
"""The name of an event and what it says."""


@dataclass(eq=False)
class Started:
    """A job, and who listens to it."""

    id: str
    stage: Stage
    meeting_id: MeetingId
    task: Task | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    wish: bool = False
    """Whether the library notes that it is to be done, until it is."""
    listeners: set[asyncio.Queue[Told | None]] = field(default_factory=set)

    @property
    def files(self) -> tuple[Path, ...]:
        """What an export has written."""
        done = self.task is not None and self.task.state is State.DONE and self.stage is Stage.EXPORT
        return self.task.result if done and self.task else ()

    def shape(self) -> JobShape:
        """How it stands now."""
        task = self.task
        state = task.state if task else State.QUEUED
        told = task.latest.get(Progress) if task and not state.final else None
        progress = told if isinstance(told, Progress) else None
        return JobShape(
            id=self.id,
            stage=self.stage,
            meeting_id=self.meeting_id,
            state=state.value,
            fraction=1.0 if state is State.DONE else progress.fraction if progress else None,
            seconds_left=progress.seconds_left if progress else None,
            problem=_problem(task.error) if task and task.error else None,
            files=[f"/v1/jobs/{self.id}/files/{place}" for place in range(len(self.files))],
            created_at=self.created_at,
            ended_at=self.ended_at,
        )


class Running:
    """The jobs of one service; used on the event loop's thread alone."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._jobs: dict[str, Started] = {}

    def start(
        self,
        stage: Stage,
        meeting_id: MeetingId,
        job: Callable[[], Job[Any]],
        ended: Callable[[Started], None] = lambda _started: None,
        *,
        wish: bool = False,
    ) -> Started:
        """Starts a job, which is made on its lane; `ended` is called here when it has ended.

        Raises `Refused` where the same is being done with the meeting.
        """
        tasks = self._service.tasks
        if tasks.of(meeting_id, stage):
            raise Refused(
                409, _("This is being done with the meeting right now."), _("Wait until it has ended.")
            )
        loop = asyncio.get_running_loop()
        started = Started(secrets.token_hex(6), stage, meeting_id, wish=wish)

        def on_event(task: Task, event: Event) -> None:
            self._service.host.heard(task, event)
            loop.call_soon_threadsafe(self._tell, started, event)

        def on_end(task: Task) -> None:
            self._service.host.heard(task, None)
            loop.call_soon_threadsafe(self._end, started, ended)

        self._jobs[started.id] = started
        self._forget()
        started.task = tasks.start(
            _begun(job),
            lane=LANES.get(stage, Lane.IO),
            stage=stage,
            meeting_id=meeting_id,
            priority=Priority.QUEUE,
            on_event=on_event,
            on_end=on_end,
        )
        return started

    def get(self, job_id: str) -> Started:
        """The job with this id. Raises `Refused`."""
        if job_id not in self._jobs:
            raise Refused(404, _("There is no such job."), _("List the jobs to see their ids."))
        return self._jobs[job_id]

    def all(self) -> list[Started]:
        """Every job that is remembered, the newest first."""
        return list(self._jobs.values())[::-1]

    async def follow(self, started: Started) -> AsyncIterator[bytes]:
        """What the job tells, as server-sent events: first how it stands, at last how it ended."""
        queue: asyncio.Queue[Told | None] = asyncio.Queue()
        started.listeners.add(queue)
        try:
            yield sent("state", started.shape().model_dump(mode="json"))
            while started.ended_at is None and not self._service.closing.is_set():
                try:
                    told = await asyncio.wait_for(queue.get(), QUIET)
                except TimeoutError:
                    yield b": still there\n\n"
                    continue
                if told is None:
                    break
                yield sent(*told)
            yield sent("end", started.shape().model_dump(mode="json"))
        finally:
            started.listeners.discard(queue)

    def close(self) -> None:
        """Ends every stream."""
        for started in self._jobs.values():
            for queue in started.listeners:
                queue.put_nowait(None)

    def _tell(self, started: Started, event: Event) -> None:
        told = _told(event)
        if told:
            for queue in started.listeners:
                queue.put_nowait(told)

    def _end(self, started: Started, ended: Callable[[Started], None]) -> None:
        started.ended_at = datetime.now(UTC)
        for queue in started.listeners:
            queue.put_nowait(None)
        ended(started)

    def _forget(self) -> None:
        over = [one.id for one in self._jobs.values() if one.ended_at]
        for job_id in over[: max(0, len(over) - KEPT)]:
            del self._jobs[job_id]


def sent(name: str, content: dict[str, Any]) -> bytes:
    """A server-sent event."""
    return f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def _told(event: Event) -> Told | None:
    match event:
        case Progress():
            return "progress", {
                "fraction": event.fraction,
                "seconds_left": event.seconds_left,
                "tokens": event.tokens,
            }
        case SegmentsAdded(meeting_id, segments):
            texts = [{"start": one.start, "end": one.end, "text": one.text} for one in segments]
            return "segments", {"meeting_id": meeting_id, "segments": texts}
        case Waiting(seconds, attempt, cause):
            why = messages.explain(errors.from_failure(cause)).what
            return "waiting", {"seconds": seconds, "attempt": attempt, "why": why}
        case Fetching():
            return "fetching", {"model": event.model, "received": event.received, "size": event.size}
        case Notice():
            return "notice", {"text": messages.notice(event)}
    return None


def _problem(error: Exception) -> ProblemDocument:
    if isinstance(error, errors.Problem):
        return document_of(error)
    said = messages.explain(error)
    return ProblemDocument(title="Internal Server Error", status=500, detail=said.what, do=said.do)


def _begun(job: Callable[[], Job[Any]]) -> Job[Any]:
    """A job that is made, with what it imports, on its lane."""
    return (yield from job())
