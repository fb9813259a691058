"""The meetings: listed, searched, added, changed, moved to the bin and brought back."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response, status

from core import errors, paths
from core.api import uploads
from core.api.jobs import carry_on
from core.api.problems import Refused
from core.api.service import Here, Key, Route, Service
from core.api.shapes import (
    HitPage,
    HitShape,
    MarkShape,
    MeetingChange,
    MeetingFromPath,
    MeetingPage,
    MeetingShape,
    Name,
)
from core.messages import _
from core.tasks import Lane
from core.values import Hit, Meeting, MeetingId, Stage

if TYPE_CHECKING:
    from core.meetings import Library

router = APIRouter(tags=["meetings"], route_class=Route)

Id = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{4,12}$",
        description="a meeting's id, or its beginning where no other id begins so",
        examples=["5c0ffee5ab1e"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=200, description="how many come at once")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="how many are passed over")]


@router.get("/meetings", summary="List meetings")
def list_meetings(
    service: Here,
    limit: Limit = 50,
    offset: Offset = 0,
    tag: Annotated[Name | None, Query(description="only those with this tag")] = None,
    starred: Annotated[
        bool | None, Query(description="only those with a star, or only those without")
    ] = None,
    bin: Annotated[bool, Query(description="those in the bin")] = False,  # noqa: A002  as it stands in the address
) -> MeetingPage:
    """The meetings of the library, newest first."""
    found, total = service.library.store.some_meetings(
        limit=limit, offset=offset, tag=tag or "", starred=starred, binned=bin
    )
    more = offset + len(found) < total
    asked = {"limit": limit, "offset": offset + limit, "tag": tag, "starred": starred, "bin": bin or None}
    query = urlencode({name: str(value).lower() for name, value in asked.items() if value is not None})
    return MeetingPage(
        items=[*map(MeetingShape.model_validate, found)],
        total=total,
        next=f"/v1/meetings?{query}" if more and found else None,
    )


@router.get("/search", summary="Search all meetings")
def search(
    service: Here,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=500,
            description="words and their beginnings, “phrases”, and filters such as tag:finance or before:2026-03",
            examples=["budget"],
        ),
    ],
    limit: Limit = 50,
) -> HitPage:
    """What is found in titles, minutes, notes and transcripts, the best first."""
    found = service.library.store.best(q, limit)
    return HitPage(items=[*map(_hit, found.hits)], more=found.more)


def _hit(hit: Hit) -> HitShape:
    return HitShape(
        meeting_id=hit.meeting_id,
        meeting_title=hit.of,
        started_at=hit.started_at,
        where=hit.where.value,
        text=hit.text,
        marks=[MarkShape(begin=begin, end=end) for begin, end in hit.marks],
        second=hit.second,
        segment_id=hit.segment_id or None,
    )


@router.get("/meetings/{meeting_id}", summary="Get a meeting")
def get_meeting(service: Here, meeting_id: Id) -> MeetingShape:
    """One meeting."""
    return MeetingShape.model_validate(service.library.store.meeting(meeting_id))


@router.post("/meetings", summary="Add a file of the data folder", status_code=status.HTTP_201_CREATED)
async def create_from_path(
    service: Here, asked: MeetingFromPath, response: Response, key: Key = None
) -> MeetingShape:
    """Makes a meeting of a file inside the library's data folder: audio, video or a transcript. The file stays."""
    path = _inside(service.library.places, asked.path)

    async def make() -> MeetingShape:
        return await _taken_in(service, path, asked.title, process=asked.process)

    made = await service.once(key, ["POST", "/v1/meetings", asked.model_dump()], MeetingShape, make)
    response.headers["Location"] = f"/v1/meetings/{made.id}"
    return made


@router.post(
    "/meetings/upload",
    summary="Add a file by sending it",
    status_code=status.HTTP_201_CREATED,
    openapi_extra={"requestBody": uploads.DESCRIPTION},
)
async def create_from_upload(
    service: Here, request: Request, response: Response, key: Key = None
) -> MeetingShape:
    """Makes a meeting of a file sent as `multipart/form-data`: audio, video or a transcript; some are taken at once."""
    if service.uploads >= uploads.AT_ONCE:
        raise Refused(
            429, _("Other files are being sent right now."), _("Send it again later."), Retry_After="5"
        )
    service.uploads += 1
    try:
        paths.make_private_folder(service.library.places.root / uploads.FOLDER)
        with tempfile.TemporaryDirectory(dir=service.library.places.root / uploads.FOLDER) as folder:
            sent = await uploads.receive(request, FilePath(folder), service)

            async def make() -> MeetingShape:
                return await _taken_in(service, sent.path, sent.title, process=sent.process)

            asked = ["POST", "/v1/meetings/upload", sent.digest, sent.title, sent.process]
            made = await service.once(key, asked, MeetingShape, make)
    finally:
        service.uploads -= 1
    response.headers["Location"] = f"/v1/meetings/{made.id}"
    return made


def _inside(places: paths.Folders, path: str) -> FilePath:
    """The file that `path` means. Raises `Refused` where it does not lie inside the data folder."""
    root = places.root.resolve()
    try:
        found = (root / path).resolve()
    except (OSError, ValueError, RuntimeError):
        found = FilePath("/")
    if not found.is_relative_to(root) or "\0" in path:
        raise Refused(
            403,
            _("Only files inside the library's data folder can be added by their path."),
            _("Send the file instead."),
        )
    return found


async def _taken_in(service: Service, path: FilePath, title: str | None, *, process: bool) -> MeetingShape:
    def taken() -> Meeting:
        from core import meetings

        is_text = path.suffix.lower().removeprefix(".") in paths.TRANSCRIPTS
        job = (meetings.import_transcript if is_text else meetings.import_audio)(service.library, path)
        while True:
            try:
                next(job)
            except StopIteration as end:
                meeting_id: MeetingId = end.value
                break
        if title:
            service.library.store.rename(meeting_id, title)
        if process and is_text:
            service.library.store.ask(meeting_id, Stage.SUMMARISE, service.library.summary_options())
        elif process:
            meetings.ask_for_text(service.library, meeting_id)
        return service.library.store.meeting(meeting_id)

    meeting = await service.ask(taken, Lane.IO)
    if process:
        await carry_on(service, meeting.id)
    return MeetingShape.model_validate(meeting)


@router.patch("/meetings/{meeting_id}", summary="Change a meeting")
async def change_meeting(service: Here, meeting_id: Id, asked: MeetingChange) -> MeetingShape:
    """Changes title, tags, participants, the star or how two channels are heard; an open window shows it at once."""
    meeting = await service.ask(lambda: _changed(service.library, meeting_id, asked))
    if asked.channels is not None:
        await carry_on(service, meeting.id)
    return MeetingShape.model_validate(meeting)


def _changed(library: Library, meeting_id: str, asked: MeetingChange) -> Meeting:
    """The meeting after it was changed as `asked`."""
    from core import meetings

    store = library.store
    known = store.meeting(meeting_id).id
    if asked.title is not None:
        store.rename(known, asked.title)
    if asked.tags is not None:
        store.set_tags(known, asked.tags)
    if asked.participants is not None:
        store.set_participants(known, asked.participants)
    if asked.starred is not None:
        store.star(known, starred=asked.starred)
    if asked.channels is not None:
        meetings.use_sides(library, known, asked.channels)
    return store.meeting(known)


@router.delete(
    "/meetings/{meeting_id}", summary="Move a meeting to the bin", status_code=status.HTTP_204_NO_CONTENT
)
def bin_meeting(service: Here, meeting_id: Id) -> None:
    """Moves it to the bin, from which it can be brought back. One that is being recorded stays."""
    meeting = service.library.store.meeting(meeting_id)
    if meeting.recording_open:
        raise errors.MeetingBusy(meeting.title)
    if meeting.deleted_at is None:
        service.library.store.bin(meeting.id)


@router.post("/meetings/{meeting_id}/restore", summary="Bring a meeting back from the bin")
def restore_meeting(service: Here, meeting_id: Id) -> MeetingShape:
    """Brings it back; one that is not in the bin stays as it is."""
    store = service.library.store
    known = store.meeting(meeting_id)
    if known.deleted_at is not None:
        store.restore(known.id)
    return MeetingShape.model_validate(store.meeting(known.id))
