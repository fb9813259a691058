"""Answers that are no JSON: files, sent piece by piece, and streams of events."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from core.api.problems import Refused
from core.messages import _

if TYPE_CHECKING:
    from core.api.service import Service

PIECE = 1 << 18

EVENTS: dict[str, Any] = {
    "description": "Server-sent events",
    "content": {
        "text/event-stream": {
            "schema": {"type": "string"},
            "example": 'event: progress\ndata: {"fraction": 0.4, "seconds_left": 12.0}\n\n',
        }
    },
}

FILE: dict[str, Any] = {
    "description": "The file",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


async def download(
    service: Service, path: Path | None, then: Callable[[], None] = lambda: None
) -> StreamingResponse:
    """The file as an answer, and what is done `then`. Raises `Refused` where it is not there."""
    if path is None:
        raise Refused(404, _("There is no such file."))
    try:
        file = await service.ask(lambda: path.open("rb"))
    except OSError:
        raise Refused(404, _("There is no such file.")) from None
    size = path.stat().st_size
    # Whatever it is, a browser keeps it and does not run it.
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(path.name)}",
        "Content-Length": str(size),
    }
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return StreamingResponse(_pieces(service, file, then), headers=headers, media_type=kind)


async def _pieces(service: Service, file: BinaryIO, then: Callable[[], None]) -> AsyncIterator[bytes]:
    try:
        while piece := await service.ask(lambda: file.read(PIECE)):
            yield piece
    finally:
        file.close()
        then()
