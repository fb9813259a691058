"""A file that is sent as `multipart/form-data`: written to the disk as it comes, never held in memory."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from core import errors
from core.api.problems import Refused
from core.messages import _

if TYPE_CHECKING:
    from core.api.service import Service

FOLDER = "uploads"
"""Where files lie in the data folder until they are taken in."""
AT_ONCE = 4
"""How many files are taken at the same time."""
FIELDS = 8
"""How many parts a request may have."""
FIELD_BYTES = 10_000
TITLE_LENGTH = 300
BATCH = 1 << 20
"""Bytes that are written at once."""
ROOM = 500_000_000
"""Bytes that stay free on the disk for what else is being recorded."""

DESCRIPTION: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "audio or video"},
                    "title": {"type": "string", "maxLength": TITLE_LENGTH, "examples": ["Budget review"]},
                    "process": {
                        "type": "string",
                        "enum": ["true", "false"],
                        "description": "whether text and minutes are made at once",
                    },
                },
            }
        }
    },
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the file on the disk, and the fields beside it."""

    path: Path
    digest: str
    title: str | None
    process: bool


@dataclass
class _Parts:
    """What the parser has found so far."""

    header: bytes = b""
    value: bytes = b""
    headers: dict[str, bytes] = field(default_factory=dict)
    name: str = ""
    file_name: str | None = None
    count: int = 0
    fields: dict[str, bytearray] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    waiting: int = 0
    in_file: bool = False
    ended: bool = False

    def begin(self) -> None:
        self.headers, self.count = {}, self.count + 1
        if self.count > FIELDS:
            raise _not_understood()

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def header_end(self) -> None:
        self.headers[self.header.decode("latin-1").lower()] = self.value
        self.header = self.value = b""

    def headers_end(self) -> None:
        _kind, options = parse_options_header(self.headers.get("content-disposition", b""))
        self.name = options.get(b"name", b"").decode("utf-8", "replace")
        self.in_file = self.name == "file"
        if self.in_file and self.file_name is not None:
            raise _not_understood()
        if self.in_file:
            self.file_name = options.get(b"filename", b"").decode("utf-8", "replace")

    def data(self, data: bytes, start: int, end: int) -> None:
        if self.in_file:
            self.pieces.append(data[start:end])
            self.waiting += end - start
            return
        kept = self.fields.setdefault(self.name, bytearray())
        kept += data[start:end]
        if len(kept) > FIELD_BYTES:
            raise _not_understood()

    def end(self) -> None:
        self.ended = True

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces, self.waiting = [], 0
        return taken

    def text(self, name: str) -> str:
        return self.fields.get(name, b"").decode("utf-8", "replace").strip()


def _not_understood() -> Refused:
    return Refused(
        422,
        _("This is not a form with one file in it."),
        _("Send multipart/form-data with the file as “file”."),
    )


async def receive(request: Request, folder: Path, service: Service) -> Sent:
    """Writes the file of the request into `folder`. Raises `Refused`, `DiskFull` or `FolderNotWritable`."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise _not_understood()
    announced = int(request.headers.get("content-length", "0"))
    free = shutil.disk_usage(folder).free
    if free < announced + ROOM:
        raise errors.DiskFull(str(folder), announced + ROOM, free)
    parts, digest, beside = _Parts(), hashlib.sha256(), folder / "sent"

    def write(content: bytes) -> None:
        digest.update(content)
        with beside.open("ab") as file:
            file.write(content)

    try:
        parser = MultipartParser(
            boundary,
            callbacks={
                "on_part_begin": parts.begin,
                "on_header_field": parts.header_name,
                "on_header_value": parts.header_value,
                "on_header_end": parts.header_end,
                "on_headers_finished": parts.headers_end,
                "on_part_data": parts.data,
                "on_end": parts.end,
            },
        )
        async for chunk in request.stream():
            parser.write(chunk)
            if parts.waiting >= BATCH:
                content = parts.take()
                await service.ask(lambda content=content: write(content))  # type: ignore[misc]
        parser.finalize()
    except (FormParserError, ValueError, UnicodeError):
        raise _not_understood() from None
    if not parts.ended or parts.file_name is None:
        raise _not_understood()
    await service.ask(lambda: write(parts.take()))
    title = parts.text("title")
    if len(title) > TITLE_LENGTH or parts.text("process") not in {"", "true", "false"}:
        raise _not_understood()
    return Sent(
        _named(beside, parts.file_name), digest.hexdigest(), title or None, parts.text("process") == "true"
    )


def _named(beside: Path, name: str) -> Path:
    """The file under the name that it has where it comes from, as far as that is one here too."""
    from core.export import safe_name

    given = Path(name.replace("\\", "/")).name
    suffix = Path(given).suffix[:10]
    plain = f"{safe_name(Path(given).stem or 'meeting')}{safe_name(suffix).join(['.', '']) if suffix else ''}"
    return beside.rename(beside.with_name(plain))
