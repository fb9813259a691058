"""A scripted server that speaks Mistral's chat protocol over a real socket, faults included.

    with Server([Status(429, retry_after="0"), Answer(MINUTES)]) as server:
        ...                      # server.address; server.requests has every body that came

Each question takes the next step of the script; one beyond its end is answered with 418, which
nobody retries, so that a test sees a question too many. What servers of other makers tell of themselves
(`/api/show`, `/props` …) comes from `replies`, and is 404 where that has nothing. Ollama's own
chat protocol is spoken too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.local_server import LocalHandler, LocalServer, Page

SECTIONS = ("overview", "decisions", "action_items", "key_points", "open_questions", "chapters")


def minutes(title: str = "Minutes", **sections: Sequence[dict[str, Any]]) -> str:
    """An answer in the agreed schema, with empty sections where none are given."""
    return json.dumps({"title": title} | {name: list(sections.get(name, ())) for name in SECTIONS})


@dataclass(frozen=True)
class Answer:
    """A streamed answer, optionally a function of the request's body: `first` seconds lie before it, `pause`
    seconds before each piece; `finish` is why the model ended it."""

    text: str | Callable[[dict[str, Any]], str] = field(repr=False)
    pause: float = 0.0
    first: float = 0.0
    finish: str = "stop"


@dataclass(frozen=True)
class Status:
    """An HTTP error; `message` is what its body says. A date in `retry_after` is found when it is sent."""

    code: int
    retry_after: str | Callable[[], str] = ""
    location: str = ""
    message: str = "scripted fault"


@dataclass(frozen=True)
class Dropped:
    """The connection breaks: before any header, or after the first `pieces` of `text`."""

    text: str = field(default="", repr=False)
    pieces: int = 0


@dataclass(frozen=True)
class Malformed:
    """A stream whose second event is not JSON."""


@dataclass(frozen=True)
class Silent:
    """Accepts the request and says nothing until the client goes or the server ends."""


@dataclass(frozen=True)
class Dripping:
    """A stream that begins and never ends, a piece every `pause` seconds."""

    pause: float = 0.02


Step = Answer | Status | Dropped | Malformed | Silent | Page | Dripping


def _line(text: str, finish: str | None = None) -> bytes:
    """A piece of an answer as Ollama's own protocol has it."""
    told = {"message": {"role": "assistant", "content": text}, "done": finish is not None}
    return (json.dumps(told | ({"done_reason": finish} if finish else {})) + "\n").encode()


def _event(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


class _Handler(LocalHandler):
    outer: Server

    def do_GET(self) -> None:
        self._tell()

    def _tell(self) -> None:
        """What the server says about itself: `replies` by path."""
        self.outer.looks.append((self._path, self.headers.get("Authorization", "")))
        told = self.outer.replies.get(self._path)
        self.send_response(200 if told is not None else 404)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode() if told is not None else b"404 page not found")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self._path not in {"/v1/chat/completions", "/api/chat"}:
            self._tell()
            return
        place = len(self.outer.requests)
        self.outer.requests.append(body)
        self.outer.headers.append(dict(self.headers))
        self.outer.paths.append(self._path)
        step = self.outer.script[place] if place < len(self.outer.script) else Status(418)
        self.close_connection = True
        try:
            self._play(step, body)
        except ConnectionError:
            return

    def _play(self, step: Step, body: dict[str, Any]) -> None:
        match step:
            case Status():
                self._fail(step)
            case Silent():
                self.outer.ended.wait(30)
            case Dropped(text, count):
                if count:
                    self._start()
                    for piece in pieces(text)[:count]:
                        self._chunk(self._piece(piece))
            case Malformed():
                self._start()
                self._chunk(self._piece('{"title": '))
                self._chunk(b"{not json\n" if self._own else b"data: {not json\n\n")
                self._end()
            case Page():
                self.send_page()
            case Dripping(pause):
                self._start()
                while not self.outer.ended.wait(pause):
                    self._chunk(self._piece("drip "))
            case Answer():
                self._answer(step, body)

    def _answer(self, step: Answer, body: dict[str, Any]) -> None:
        whole = step.text if isinstance(step.text, str) else step.text(body)
        self.outer.ended.wait(step.first)
        self._start()
        for piece in pieces(whole):
            self.outer.ended.wait(step.pause)
            self._chunk(self._piece(piece))
        self._chunk(self._piece("", step.finish))
        if not self._own:
            self._chunk(b"data: [DONE]\n\n")
        self._end()
        self.outer.answered.append((body, whole))

    @property
    def _own(self) -> bool:
        """Whether Ollama's own protocol is spoken."""
        return self._path == "/api/chat"

    @property
    def _path(self) -> str:
        """What is asked for, also by one who takes this server for a proxy."""
        return urlsplit(self.path).path

    def _piece(self, text: str, finish: str | None = None) -> bytes:
        return _line(text, finish) if self._own else _event(text, finish)

    def _fail(self, step: Status) -> None:
        content = json.dumps({"message": step.message, "detail": []}).encode()
        later = step.retry_after() if callable(step.retry_after) else step.retry_after
        self.send(content, "application/json", step.code, Retry_After=later, Location=step.location)

    def _start(self) -> None:
        self.protocol_version = "HTTP/1.1"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()

    def _end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")


class Server(LocalServer):
    """The server.

    `requests` are the questions that came, `looks` what else was asked with which authorization,
    `answered` those that got a whole `Answer`, with its text.
    """

    def __init__(
        self,
        script: Sequence[Step],
        replies: dict[str, object] | None = None,
        certificate: Path | None = None,
    ) -> None:
        super().__init__(_Handler, certificate)
        self.script = list(script)
        self.replies = replies or {}
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.looks: list[tuple[str, str]] = []
        self.answered: list[tuple[dict[str, Any], str]] = []

    def settled(self, count: int, within: float = 0.3) -> bool:
        """Whether `count` requests came and none follows for `within` seconds."""
        time.sleep(within)
        return len(self.requests) == count


def pieces(text: str) -> list[str]:
    """`text` as it is streamed, forty characters at a time."""
    return [text[start : start + 40] for start in range(0, len(text), 40)]
