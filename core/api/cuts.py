"""Passages that were cut from meetings: listed, brought back, and removed for good. A job cuts one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from core import errors
from core.api.service import Here, Key, Route
from core.api.shapes import MOST_ID, CutShape, JobShape
from core.tasks import Lane
from core.values import Cut, Stage

router = APIRouter(tags=["cuts"], route_class=Route)

CutId = Annotated[int, Path(ge=1, le=MOST_ID, description="a cut's id", examples=[1])]


@router.get("/cuts", summary="List cut passages")
def list_cuts(service: Here) -> list[CutShape]:
    """The passages that were cut from meetings and can still be brought back, the newest first."""
    return [*map(CutShape.model_validate, service.library.store.cuts())]


@router.post(
    "/cuts/{cut_id}/restore", summary="Bring a cut passage back", status_code=status.HTTP_202_ACCEPTED
)
async def restore_cut(service: Here, cut_id: CutId, response: Response, key: Key = None) -> JobShape:
    """Starts the job that puts a passage back in its meeting; of several of a meeting the last one comes first."""

    async def make() -> JobShape:
        from core import meetings

        cut = await service.ask(lambda: _cut(service, cut_id))
        if not cut.last:
            raise errors.CutBelow(cut.title)
        started = service.jobs.start(
            Stage.CUT, cut.meeting_id, lambda: meetings.bring_back(service.library, cut_id)
        )
        return started.shape()

    made = await service.once(key, ["POST", "cuts", cut_id], JobShape, make)
    response.headers["Location"] = f"/v1/jobs/{made.id}"
    return made


@router.delete(
    "/cuts/{cut_id}", summary="Remove a cut passage for good", status_code=status.HTTP_204_NO_CONTENT
)
async def remove_cut(service: Here, cut_id: CutId) -> None:
    """Removes a passage with its sound, as emptying the bin does. This cannot be undone."""

    def remove() -> None:
        from core.meetings import cuts

        _cut(service, cut_id)
        for _event in cuts.forget(service.library, [cut_id]):
            pass

    await service.ask(remove, Lane.IO)


def _cut(service: Here, cut_id: int) -> Cut:
    found = next((one for one in service.library.store.cuts() if one.id == cut_id), None)
    if found is None:
        raise errors.CutGone
    return found
