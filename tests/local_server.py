"""What the scripted servers of the tests have in common: a real socket on the loopback address."""

from __future__ import annotations

import ssl
import subprocess
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Page:
    """Status 200 and a web page, as of a hotel that wants to be paid first."""


class LocalHandler(BaseHTTPRequestHandler):
    """Answers one request; `outer`, which a subclass types, is its server."""

    outer: LocalServer

    def send(self, content: bytes, kind: str, status: int = 200, **headers: str) -> None:
        """A whole answer of the content type `kind`; a header's `_` stands for `-`, one without a value is left out."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def send_page(self) -> None:
        """Answers with a `Page`."""
        self.send(b"<html><body>Welcome to the hotel</body></html>", "text/html")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Says nothing."""


class LocalServer:
    """Answers with `handler`, on a free port, while the `with` block runs; `ended` is set when that ends.

    With a `certificate` (a PEM file that holds its key too) it speaks TLS. `headers` are those of every request.
    """

    def __init__(self, handler: type[LocalHandler], certificate: Path | None = None) -> None:
        self.headers: list[dict[str, str]] = []
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), {"outer": self}))
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

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def own_certificate(folder: Path) -> Path:
    """A certificate for this machine that it has signed itself, with its key; alone it is beside it, in `cert.pem`."""
    made, alone = folder / "own.pem", folder / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"),
            *("-keyout", str(made), "-out", str(alone)),
        ],
        check=True,
        capture_output=True,
    )
    made.write_text(made.read_text() + alone.read_text())
    return made
