"""A server that speaks as the model hub does, over a real socket, faults included.

    with Hub({"model.bin": b"…"}) as hub:
        ...            # hub.address; hub.asked has the path and the Range of every request

What a file's next requests are answered with stands in `faults` by its name ('' for the list of files), in order;
without one they get what they asked for. The large file is handed out by another host, as the hub does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from huggingface_hub import close_session

from core.speech import installed
from tests.local_server import LocalHandler, LocalServer, Page

REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True)
class Status:
    """An HTTP error."""

    code: int
    retry_after: str = ""


@dataclass(frozen=True)
class Cut:
    """The connection breaks after so many bytes of the answer."""

    after: int


@dataclass(frozen=True)
class Begun:
    """As many bytes from the beginning, whatever was asked for."""

    after: int


@dataclass(frozen=True)
class Wrong:
    """Other bytes than are published, as many."""


@dataclass(frozen=True)
class Whole:
    """Everything from the beginning, whatever was asked for."""


@dataclass(frozen=True)
class Told:
    """Other facts about the files, as JSON."""

    facts: object


Fault = Status | Cut | Begun | Wrong | Whole | Page | Told


class _Handler(LocalHandler):
    outer: Hub

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("http://"):  # asked as a proxy
            self.outer.by_proxy += 1
            path = "/" + path.split("/", 3)[3]
        name = "" if path.startswith("/api/") else path.rsplit("/", 1)[1]
        self.outer.asked.append((path, self.headers.get("Range", "")))
        self.outer.headers.append(dict(self.headers))
        if name == self.outer.large and not path.startswith("/cdn/"):
            elsewhere = self.outer.address.replace("127.0.0.1", "localhost")
            self.send(b"", "text/plain", 302, Location=f"{elsewhere}/cdn/{name}")
            return
        waiting = self.outer.faults.get(name)
        fault = waiting.pop(0) if waiting else None
        try:
            self._list(fault) if not name else self._file(name, fault)
        except ConnectionError:
            return

    def _list(self, fault: Fault | None) -> None:
        if isinstance(fault, Status):
            self._refuse(fault)
        elif isinstance(fault, Page):
            self.send_page()
        elif isinstance(fault, Told):
            self.send(json.dumps(fault.facts).encode(), "application/json")
        else:
            files = [self._about(name, content) for name, content in self.outer.files.items()]
            self.send(
                json.dumps({"id": "a/b", "sha": REVISION, "siblings": files}).encode(), "application/json"
            )

    def _about(self, name: str, content: bytes) -> dict[str, object]:
        told = {"rfilename": name, "size": len(content), "blobId": _git(content)}
        if name == self.outer.large:
            summed = hashlib.sha256(content).hexdigest()
            return told | {"lfs": {"size": len(content), "sha256": summed, "pointerSize": 134}}
        return told

    def _file(self, name: str, fault: Fault | None) -> None:
        if isinstance(fault, Status):
            self._refuse(fault)
            return
        if isinstance(fault, Page):
            self.send_page()
            return
        content = self.outer.files[name]
        start = (
            int(self.headers.get("Range", "bytes=0-")[6:-1]) if not isinstance(fault, Whole | Begun) else 0
        )
        given = content[start:] if not isinstance(fault, Wrong) else b"\0" * (len(content) - start)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(given)))
        self.end_headers()
        given = given[: fault.after] if isinstance(fault, Cut | Begun) else given
        for place in range(0, len(given), 1 << 16):
            self.wfile.write(given[place : place + (1 << 16)])
            self.outer.sent += len(given[place : place + (1 << 16)])
            self.outer.ended.wait(self.outer.pause)

    def _refuse(self, fault: Status) -> None:
        self.send(b"", "text/plain", fault.code, Retry_After=fault.retry_after)


class Hub(LocalServer):
    """The server, whose file called `large` lies on another host.

    `pause` seconds lie between blocks of 64 kB; `sent` counts the bytes of files that went out, `by_proxy` the
    requests made to it as a proxy. The hub's client is a new one for each server.
    """

    large = "model.bin"

    def __init__(
        self,
        files: dict[str, bytes],
        faults: dict[str, list[Fault]] | None = None,
        *,
        pause: float = 0.0,
        certificate: Path | None = None,
    ) -> None:
        super().__init__(_Handler, certificate)
        self.files, self.faults, self.pause = files, faults or {}, pause
        self.asked: list[tuple[str, str]] = []
        self.sent = self.by_proxy = 0

    def __enter__(self) -> Self:
        close_session()
        return super().__enter__()

    def __exit__(self, *how: Any) -> None:
        close_session()
        super().__exit__(*how)


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy this machine needs is not for a server on it."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def hub(no_proxy: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The hub that is asked, every model of which is the starter."""
    (starter,) = installed((), Path("none"))
    files = {file.name: file.read_bytes() for file in Path(starter.folder).iterdir() if file.is_file()}
    with Hub(files) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        yield server


def _git(content: bytes) -> str:
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()
