"""The local interface as another program uses it: a real server on the loopback address, asked over HTTP.

Where `MEETING_TRANSCRIBER_API` names the address of one that runs (as `pre-push.sh` does, with its token beside it),
that one is asked.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core import api as local_interface
from core import credentials, paths
from core.api import Host
from core.meetings import Library
from core.tasks import Lane, State, Tasks
from core.values import MeetingId, Serving
from tests.conftest import until

ADDRESS, TOKEN = "MEETING_TRANSCRIBER_API", "MEETING_TRANSCRIBER_API_TOKEN"


@dataclass
class Api:
    """A server, and a program that asks it; `library` is None where the server is another process."""

    address: str
    token: str
    library: Library | None = None
    tasks: Tasks | None = None
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self._client = httpx2.Client(base_url=self.address, timeout=60)

    def ask(self, method: str, path: str, status: int = 200, **sent: Any) -> Any:
        """What comes back as JSON; fails where the status is another one."""
        answer = self.raw(method, path, **sent)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def raw(self, method: str, path: str, **sent: Any) -> httpx2.Response:
        """The whole answer; `headers` come besides the token."""
        headers = self.headers | sent.pop("headers", {})
        return self._client.request(method, f"/v1{path}", headers=headers, **sent)

    def upload(self, path: Path = paths.SAMPLE, *, status: int = 201, **fields: str) -> Any:
        """Sends a file."""
        headers = {"Idempotency-Key": fields.pop("key")} if "key" in fields else {}
        with path.open("rb") as file:
            files = {"file": (path.name, file)}
            return self.ask("POST", "/meetings/upload", status, files=files, data=fields, headers=headers)

    def finished(self, job: dict[str, Any], seconds: float = 120) -> dict[str, Any]:
        """The job once it has ended."""

        def ended() -> dict[str, Any] | None:
            now: dict[str, Any] = self.ask("GET", f"/jobs/{job['id']}")
            return now if now["ended_at"] else None

        found: dict[str, Any] = until(ended, seconds, every=0.1)
        return found

    def events(self, path: str) -> list[tuple[str, dict[str, Any]]]:
        """What a stream tells until it ends."""
        told = []
        with self._client.stream("GET", f"/v1{path}", headers=self.headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            name = ""
            for line in answer.iter_lines():
                kind, _colon, content = line.partition(": ")
                if kind == "event":
                    name = content
                elif kind == "data":
                    told.append((name, json.loads(content)))
        return told

    def close(self) -> None:
        """Ends the program that asks."""
        self._client.close()


def served(library: Library, program: Host | None = None, **named: Any) -> Generator[Api, None, None]:
    """A server of `library` on a free port, until the generator goes on."""
    tasks, ready = Tasks(), threading.Event()
    task = tasks.start(
        local_interface.serve(library, tasks, port=0, program=program, **named),
        lane=Lane.SERVE,
        on_event=lambda _task, _event: ready.set(),
        on_end=lambda _task: ready.set(),
    )
    assert ready.wait(30)
    assert task.state is State.RUNNING, task.error
    serving = task.latest[Serving]
    assert isinstance(serving, Serving)
    api = Api(serving.address, credentials.api_token(library.places), library, tasks)
    try:
        yield api
    finally:
        api.close()
        assert tasks.close(30)


@pytest.fixture
def own_api(library: Library) -> Iterator[Api]:
    """A server of an empty library in this process."""
    yield from served(library, Host())


@pytest.fixture
def ready_api(sample: tuple[Library, MeetingId], tmp_path: Path) -> Iterator[Api]:
    """A server of a library with the finished sample meeting, in this process."""
    shutil.copytree(sample[0].places.root, tmp_path / "copied")
    library = Library(paths.folders(tmp_path / "copied"))
    yield from served(library, Host())
    library.close()


@pytest.fixture
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    """The server that the environment names, else one of an empty library in this process."""
    if address := os.environ.get(ADDRESS):
        asking = Api(address, os.environ[TOKEN])
        yield asking
        asking.close()
    else:
        yield request.getfixturevalue("own_api")
