"""The recording of this machine: whether one runs, starting, pausing and stopping it."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response, status

from core import errors
from core.api.problems import Refused
from core.api.service import Here, Key, Route, Service
from core.api.shapes import MeetingShape, RecordingAsked, RecordingChange, RecordingShape, SourceShape
from core.messages import _
from core.tasks import Lane, State, Task
from core.values import Event, Job, MeetingId, Recording, Stage

router = APIRouter(prefix="/recording", tags=["recording"], route_class=Route)


@router.get("", summary="See what is being recorded")
async def get_recording(service: Here) -> RecordingShape:
    """The running recording, whichever door began it; `meeting_id` is null where there is none."""

    def look() -> RecordingShape:
        from core import meetings

        for meeting_id in meetings.running(service.library):
            try:
                return _shape(meetings.recording_state(service.library, meeting_id))
            except errors.RecorderDied:
                continue
        return RecordingShape(meeting_id=None)

    return await service.ask(look, Lane.RECORD)


def _shape(state: Recording) -> RecordingShape:
    sources = [
        SourceShape(
            channel=one.channel,
            device=one.device,
            rms=one.rms,
            peak=one.peak,
            trouble=one.trouble and str(one.trouble),
        )
        for one in state.sources
    ]
    return RecordingShape(
        meeting_id=state.meeting_id,
        paused=state.paused,
        elapsed=state.elapsed,
        unsaved=state.unsaved,
        gaps=state.gaps,
        sources=sources,
    )


@router.post("", summary="Start recording", status_code=status.HTTP_201_CREATED)
async def start_recording(
    service: Here, asked: RecordingAsked, response: Response, key: Key = None
) -> RecordingShape:
    """Begins a recording; the answer comes with its first sound. Only one runs at a time."""

    async def make() -> RecordingShape:
        if await service.ask(lambda: _running(service), Lane.RECORD):
            raise Refused(409, _("A recording runs already."), _("Stop that one first."))
        return await _begun(service, asked)

    made = await service.once(key, ["POST", "recording", asked.model_dump()], RecordingShape, make)
    response.headers["Location"] = "/v1/recording"
    return made


def _running(service: Service) -> tuple[MeetingId, ...]:
    from core import meetings

    return meetings.running(service.library)


async def _begun(service: Service, asked: RecordingAsked) -> RecordingShape:
    loop = asyncio.get_running_loop()
    began: asyncio.Future[RecordingShape] = loop.create_future()

    def job() -> Job[MeetingId]:
        from core import meetings

        return (
            yield from meetings.record(
                service.library,
                channels=service.library.channels(asked.sources or ""),
                microphone=asked.microphone,
                title=asked.title or "",
                consent=asked.consent,
            )
        )

    def on_event(_task: Task, event: Event) -> None:
        if isinstance(event, Recording):
            loop.call_soon_threadsafe(settle, event, None)

    def on_end(task: Task) -> None:
        loop.call_soon_threadsafe(settle, None, task.error)

    def settle(event: Recording | None, error: Exception | None) -> None:
        if began.done():
            return
        if event:
            began.set_result(_shape(event))
        else:
            began.set_exception(error or errors.RecorderDied())

    service.recorder = service.tasks.start(
        job(), lane=Lane.RECORD, stage=Stage.RECORD, on_event=on_event, on_end=on_end
    )
    return await began


@router.patch("", summary="Pause or go on")
async def change_recording(service: Here, asked: RecordingChange) -> RecordingShape:
    """Has the running recording wait, or go on."""
    meeting_id = await _the_one(service)

    def pause() -> RecordingShape:
        from core import meetings

        meetings.pause_recording(service.library, meeting_id, paused=asked.paused)
        return _shape(meetings.recording_state(service.library, meeting_id))

    return await service.ask(pause, Lane.RECORD)


@router.delete("", summary="Stop recording")
async def stop_recording(service: Here) -> MeetingShape:
    """Ends the running recording, whichever door began it; the meeting with its length comes back."""
    meeting_id = await _the_one(service)

    def stop() -> None:
        from core import meetings

        meetings.stop_recording(service.library, meeting_id)

    await service.ask(stop, Lane.RECORD)
    while service.recorder and service.recorder.state not in {State.DONE, State.FAILED, State.STOPPED}:
        await asyncio.sleep(0.02)
    return MeetingShape.model_validate(await service.ask(lambda: service.library.store.meeting(meeting_id)))


async def _the_one(service: Service) -> MeetingId:
    running = await service.ask(lambda: _running(service), Lane.RECORD)
    if not running:
        raise Refused(409, _("Nothing is being recorded."), _("Start a recording first."))
    return running[0]
