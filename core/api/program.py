"""The program itself: what it is, its settings and models, its health, and what changes in the library."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from importlib import metadata
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from core import paths
from core.api.answers import EVENTS
from core.api.running import QUIET, sent
from core.api.service import Here, Route, Service
from core.api.shapes import (
    HealthShape,
    ModelList,
    ModelShape,
    ProgramShape,
    SettingsChange,
    SettingsShape,
)
from core.tasks import Lane
from core.values import MeetingId

VERSION = "1.0.0"
"""Of the interface, by semantic versioning: what is added raises the second number, what breaks callers the first."""

LOOK_SECONDS = 0.5
"""How often the library is asked what changed, while somebody follows that."""

router = APIRouter(tags=["program"], route_class=Route)


@router.get("/program", summary="See which program answers")
def get_program(service: Here) -> ProgramShape:
    """Name and versions, and how many changes the library has seen."""
    return ProgramShape(
        program=paths.PROGRAM,
        version=metadata.version(paths.PROGRAM),
        api=VERSION,
        revision=service.library.store.revision(),
    )


@router.get("/health", summary="Check every part")
async def get_health(
    service: Here,
    listen: Annotated[bool, Query(description="record a second from the microphone too")] = False,
) -> HealthShape:
    """How every part of the program is, and what to do; takes some seconds. One check serves all who ask meanwhile."""
    return HealthShape.model_validate(await service.health(listen=listen))


@router.get("/models", summary="List speech models")
async def list_models(service: Here) -> ModelList:
    """The models of this machine, and the names of those that can be downloaded."""

    def known() -> ModelList:
        from core import meetings

        found = meetings.known_models(service.library)
        return ModelList(
            installed=[*map(ModelShape.model_validate, found.here)],
            offered=[*(one.name for one in found.cached), *(one.name for one in found.offered)],
        )

    return await service.ask(known, Lane.IO)


@router.get("/settings", summary="Get the settings")
def get_settings(service: Here) -> SettingsShape:
    """What the person chose, without any secret."""
    return SettingsShape.model_validate(service.library.settings)


@router.patch("/settings", summary="Change the settings")
async def change_settings(service: Here, asked: SettingsChange) -> SettingsShape:
    """Changes some settings; they count from the next job on."""
    return SettingsShape.model_validate(await service.change_settings(**asked.model_dump(exclude_none=True)))


@router.get(
    "/events", summary="Follow the library", response_class=StreamingResponse, responses={200: EVENTS}
)
async def follow_library(
    service: Here,
    seconds: Annotated[float, Query(ge=0, le=86_400, description="after which the stream ends")] = 3600.0,
) -> StreamingResponse:
    """Server-sent events: `changed` with the ids of meetings that any door added or changed."""
    return StreamingResponse(_changes(service, seconds), media_type="text/event-stream")


async def _changes(service: Service, seconds: float) -> AsyncIterator[bytes]:
    store = service.library.store
    end = time.monotonic() + seconds
    seen = await service.ask(store.revision)
    yield sent("state", {"revision": seen})
    quiet = time.monotonic()
    while time.monotonic() < end and not service.closing.is_set():
        await asyncio.sleep(LOOK_SECONDS)
        now = await service.ask(store.revision)
        if now != seen:
            changed: tuple[MeetingId, ...] = await service.ask(lambda since=seen: store.changed_since(since))  # type: ignore[misc]
            yield sent("changed", {"revision": now, "meetings": list(changed)})
            seen, quiet = now, time.monotonic()
        elif time.monotonic() - quiet > QUIET:
            yield b": still there\n\n"
            quiet = time.monotonic()
