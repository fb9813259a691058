"""Long work on a meeting: started, followed as it goes on, and stopped."""

from __future__ import annotations

import asyncio
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Response, status
from fastapi.responses import StreamingResponse

from core import errors
from core.api.answers import EVENTS, download
from core.api.running import Started
from core.api.service import Here, Key, Route, Service
from core.api.shapes import (
    CutAsked,
    ExportAsked,
    JobAsked,
    JobList,
    JobShape,
    SeparateAsked,
    SummariseAsked,
    TranscribeAsked,
)
from core.values import (
    Cut,
    ExportChoices,
    Job,
    Meeting,
    MeetingId,
    SpeakerOptions,
    Stage,
    TranscriptOptions,
)

router = APIRouter(tags=["jobs"], route_class=Route)

JobId = Annotated[str, Path(pattern="^[0-9a-f]{12}$", description="a job's id", examples=["0123456789ab"])]
MeetingPart = Annotated[str, Path(pattern="^[0-9a-f]{4,12}$", examples=["5c0ffee5ab1e"])]


@router.post(
    "/meetings/{meeting_id}/jobs", summary="Start a job on a meeting", status_code=status.HTTP_202_ACCEPTED
)
async def start_job(
    service: Here, meeting_id: MeetingPart, asked: JobAsked, response: Response, key: Key = None
) -> JobShape:
    """Has text made of the sound, its voices told apart, minutes made of the text, or files of all that there is.

    Its progress can be followed.
    """

    async def make() -> JobShape:
        meeting = await service.ask(lambda: service.library.store.meeting(meeting_id))
        match asked:
            case TranscribeAsked():
                started = await _transcribe(service, meeting, asked)
            case SeparateAsked():
                started = await _separate(service, meeting, asked)
            case SummariseAsked():
                started = await _summarise(service, meeting, asked)
            case ExportAsked():
                started = await _export(service, meeting, asked)
            case CutAsked():
                started = _cut(service, meeting, asked)
        return started.shape()

    what = ["POST", "jobs", meeting_id, asked.model_dump()]
    made = await service.once(key, what, JobShape, make)
    response.headers["Location"] = f"/v1/jobs/{made.id}"
    return made


async def _transcribe(service: Service, meeting: Meeting, asked: TranscribeAsked) -> Started:
    library = service.library

    def ask() -> None:
        from core import speech

        library.audio_of(meeting)
        if asked.language and asked.language not in speech.LANGUAGES:
            raise errors.LanguageUnknown(asked.language)
        usual = library.transcript_options(meeting.id)
        wanted = TranscriptOptions(
            # Only models that are here by name: a path would lead out of the library.
            model=FilePath(asked.model).name if asked.model else usual.model,
            language=asked.language or usual.language,
            preset=asked.preset or usual.preset,
            vocabulary=usual.vocabulary,
            task="translate" if asked.translate else "transcribe",
        )
        speech.find_model(wanted, library.settings.model_folders, library.places.models)
        library.store.ask(meeting.id, Stage.TRANSCRIBE, wanted)

    await service.ask(ask)
    return await _started(service, meeting.id, Stage.TRANSCRIBE)


async def _separate(service: Service, meeting: Meeting, asked: SeparateAsked) -> Started:
    library = service.library

    def ask() -> None:
        library.audio_of(meeting)
        if asked.speakers is not None:
            library.store.set_speaker_count(meeting.id, asked.speakers)
        options = SpeakerOptions(library.store.meeting(meeting.id).speaker_count)
        library.store.ask(meeting.id, Stage.SEPARATE, options)

    await service.ask(ask)
    return await _started(service, meeting.id, Stage.SEPARATE)


async def _summarise(service: Service, meeting: Meeting, asked: SummariseAsked) -> Started:
    library = service.library

    def ask() -> None:
        wanted = library.summary_options(asked.provider or "")
        transcript = library.store.transcript(meeting.id)
        if transcript is None or not transcript.segments:
            raise errors.NothingSaid(meeting.title)
        library.store.ask(meeting.id, Stage.SUMMARISE, wanted)

    await service.ask(ask)
    return await _started(service, meeting.id, Stage.SUMMARISE)


async def _export(service: Service, meeting: Meeting, asked: ExportAsked) -> Started:
    from core import meetings

    library = service.library
    await service.ask(lambda: meetings.check_formats(library, asked.formats))

    def job() -> Job[tuple[FilePath, ...]]:
        return meetings.export(
            library, meeting.id, library.places.exports, asked.formats, choices=ExportChoices()
        )

    return service.jobs.start(Stage.EXPORT, meeting.id, job)


def _cut(service: Service, meeting: Meeting, asked: CutAsked) -> Started:
    from core import meetings

    def job() -> Job[Cut]:
        return meetings.cut_passage(service.library, meeting.id, asked.start, asked.end)

    return service.jobs.start(Stage.CUT, meeting.id, job)


async def _started(service: Service, meeting_id: MeetingId, stage: Stage) -> Started:
    """The job of this stage, which was asked for; what the meeting needs after it follows."""
    from core import meetings

    library = service.library

    def job() -> Job[object]:
        work = next((one for one in library.store.meeting(meeting_id).work if one.stage is stage), None)
        return (yield from meetings.carry_out(library, work)) if work else None

    def ended(started: Started) -> None:
        done = started.task is not None and started.task.error is None and not started.task.stopping
        if done and not service.host.carries_on:
            service.later(carry_on(service, meeting_id))

    return service.jobs.start(stage, meeting_id, job, ended, wish=True)


async def carry_on(service: Service, meeting_id: MeetingId) -> None:
    """Starts what the meeting needs next, if anything."""
    meeting = await service.ask(lambda: service.library.store.meeting(meeting_id))
    wanted = meeting.next_work
    if wanted and not (wanted.paused or wanted.failure or service.tasks.of(meeting_id)):
        await _started(service, meeting_id, wanted.stage)


@router.get("/jobs", summary="List jobs")
async def list_jobs(service: Here) -> JobList:
    """The jobs that this interface started since the program began, the newest first."""
    return JobList(items=[started.shape() for started in service.jobs.all()])


@router.get("/jobs/{job_id}", summary="Get a job")
async def get_job(service: Here, job_id: JobId) -> JobShape:
    """One job, as it stands now."""
    return service.jobs.get(job_id).shape()


@router.get(
    "/jobs/{job_id}/events",
    summary="Follow a job",
    response_class=StreamingResponse,
    responses={200: EVENTS},
)
async def follow_job(service: Here, job_id: JobId) -> StreamingResponse:
    """Server-sent events: `state` at first, then `progress`, `segments`, `waiting` and `notice`, and `end` at last."""
    return StreamingResponse(service.jobs.follow(service.jobs.get(job_id)), media_type="text/event-stream")


@router.delete("/jobs/{job_id}", summary="Stop a job")
async def stop_job(service: Here, job_id: JobId) -> JobShape:
    """Asks a job to end after its current step; what was made so far stays, and the wish for the rest is taken back."""
    started = service.jobs.get(job_id)
    if started.task and not started.task.state.final:
        service.tasks.stop(started.task)
        if started.wish:
            await service.ask(lambda: service.library.store.finish(started.meeting_id, started.stage))
        for _step in range(20):  # a step of the speech engine may take longer
            if started.ended_at:
                break
            await asyncio.sleep(0.05)
    return started.shape()


@router.get(
    "/jobs/{job_id}/files/{place}",
    summary="Get a file of an export",
    response_class=StreamingResponse,
    responses={200: {"description": "The file", "content": {"application/octet-stream": {}}}},
)
async def get_file(
    service: Here, job_id: JobId, place: Annotated[int, Path(ge=0, le=100)]
) -> StreamingResponse:
    """One of the files that an export has written."""
    files = service.jobs.get(job_id).files
    return await download(service, files[place] if place < len(files) else None)
