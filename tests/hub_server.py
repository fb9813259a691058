"""A server that speaks as the model hub does, over a real socket, faults included.

    with Hub({"model.bin": b"…"}) as hub:
        ...            # hub.address; hub.asked has the path and the Range of every request

What a file's next requests are answered with stands in `faults` by its name ('' for the list of files), in order;
without one they get what they asked for. The large file is handed out by another host, as the hub does.
"""

from __future__ import annotations

import hashlib
import json
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

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
class Wrong:
    """Other bytes than are published, as many."""


@dataclass(frozen=True)
class Whole:
    """Everything from the beginning, whatever was asked for."""


@dataclass(frozen=True)
class Page:
    """Status 200 and a web page, as of a hotel that wants to be paid first."""


Fault = Status | Cut | Wrong | Whole | Page


class _Handler(BaseHTTPRequestHandler):
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
            self.send_response(302)
            self.send_header("Location", f"{self.outer.address.replace('127.0.0.1', 'localhost')}/cdn/{name}")
            self.send_header("Content-Length", "0")
            self.end_headers()
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
            self._send(b"<html><body>Welcome to the hotel</body></html>", "text/html")
        else:
            files = [self._about(name, content) for name, content in self.outer.files.items()]
            self._send(
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
        content = self.outer.files[name]
        start = int(self.headers.get("Range", "bytes=0-")[6:-1]) if not isinstance(fault, Whole) else 0
        given = content[start:] if not isinstance(fault, Wrong) else b"\0" * (len(content) - start)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(given)))
        self.end_headers()
        given = given[: fault.after] if isinstance(fault, Cut) else given
        for place in range(0, len(given), 1 << 16):
            self.wfile.write(given[place : place + (1 << 16)])
            self.outer.sent += len(given[place : place + (1 << 16)])
            self.outer.ended.wait(self.outer.pause)

    def _refuse(self, fault: Status) -> None:
        self.send_response(fault.code)
        if fault.retry_after:
            self.send_header("Retry-After", fault.retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        pass


class Hub:
    """The server, on a free port of the loopback address while the `with` block runs. `pause` seconds lie between
    blocks of 64 kB; `sent` counts the bytes of files that went out, `by_proxy` the requests made to it as a proxy."""

    large = "model.bin"

    def __init__(
        self,
        files: dict[str, bytes],
        faults: dict[str, list[Fault]] | None = None,
        *,
        pause: float = 0.0,
        certificate: Path | None = None,
    ) -> None:
        self.files, self.faults, self.pause = files, faults or {}, pause
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.sent = self.by_proxy = 0
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"outer": self}))
        self._server.daemon_threads = False
        self._scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            # A client that turns away is what such a test is about.
            self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Hub:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _git(content: bytes) -> str:
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()
