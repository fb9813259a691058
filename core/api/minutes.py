"""The minutes of a meeting, and all of it as files."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from core.api.answers import FILE, download
from core.api.meetings import Id
from core.api.problems import Refused
from core.api.service import Here, Route
from core.api.shapes import MOST_ID, LineChange, LineShape, MinutesShape
from core.messages import _
from core.tasks import Lane
from core.values import Minutes

router = APIRouter(tags=["minutes"], route_class=Route)


@router.get("/meetings/{meeting_id}/minutes", summary="Get the minutes")
def get_minutes(service: Here, meeting_id: Id) -> MinutesShape:
    """The version that is shown, line by line, each with where it was said."""
    return MinutesShape.model_validate(_minutes(service, meeting_id))


@router.patch("/meetings/{meeting_id}/minutes/lines/{line_id}", summary="Change a line")
def change_line(
    service: Here, meeting_id: Id, line_id: Annotated[int, Path(ge=1, le=MOST_ID)], asked: LineChange
) -> LineShape:
    """Gives a line the person's words or owner, or ticks it; all of it survives new minutes."""
    minutes = _minutes(service, meeting_id)
    line = next((line for line in minutes.lines if line.id == line_id), None)
    if line is None:
        raise Refused(404, _("These minutes have no such line."), _("Read them again."))
    store = service.library.store
    changed = line
    if asked.text is not None:
        changed = replace(changed, text=asked.text, edited=True)
    if asked.owner is not None:
        changed = replace(changed, owner=asked.owner, taken=None, called="", edited=True)
    if changed != line:
        store.edit_line(minutes.meeting_id, changed)
    if asked.done is not None:
        store.tick(minutes.meeting_id, line_id, done=asked.done)
    after = _minutes(service, meeting_id)
    return LineShape.model_validate(next(line for line in after.lines if line.id == line_id))


def _minutes(service: Here, meeting_id: str) -> Minutes:
    store = service.library.store
    found = store.minutes(store.meeting(meeting_id).id)
    if found is None:
        raise Refused(404, _("This meeting has no minutes yet."), _("Start a job that summarises it."))
    return found


@router.get("/exports", summary="List the formats", tags=["exports"])
def list_formats(service: Here) -> list[str]:
    """The formats that a meeting can be written in, the person's own templates among them."""
    from core import meetings

    return [*meetings.export_formats(service.library)]


@router.get(
    "/meetings/{meeting_id}/exports/{format}",
    summary="Download a meeting",
    tags=["exports"],
    response_class=StreamingResponse,
    responses={200: FILE},
)
async def export(
    service: Here,
    meeting_id: Id,
    format: Annotated[str, Path(min_length=1, max_length=100, examples=["md"])],  # noqa: A002  as in the address
) -> StreamingResponse:
    """The meeting as a file in this format. Sound takes a while; a job tells how far it is."""
    library = service.library

    def written() -> FilePath:
        from core import meetings

        meetings.check_formats(library, [format])
        folder = FilePath(tempfile.mkdtemp(dir=library.places.exports, prefix="."))
        try:
            job = meetings.export(library, library.store.meeting(meeting_id).id, folder, [format])
            while True:
                next(job)
        except StopIteration as end:
            path: FilePath = end.value[0]
            return path
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    path = await service.ask(written, Lane.IO)
    return await download(service, path, lambda: shutil.rmtree(path.parent, ignore_errors=True))
