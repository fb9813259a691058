"""Fixtures that every test may use, and the ground rules that every test keeps."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from filelock import FileLock
from keyring.backends.null import Keyring as NoKeyring

from core import credentials, meetings, messages, paths
from core.meetings import Library
from core.store import Store
from core.values import MeetingId, Source

pytest_plugins = ["tests.api_server", "tests.hub_server", "tests.microphone"]

# Threads of the speech engine that wait do not keep the cores from the other workers.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in a shell's background, a process ignores Ctrl+C, and so would every program that is tested.
    signal.signal(signal.SIGINT, signal.default_int_handler)

NEAR = ("127.", "::1", "localhost")


def finished(job: Generator[Any, None, Any]) -> Any:
    """Runs a job, or any generator, to its end; its result."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def until(found: Callable[[], Any], seconds: float, *, every: float = 0.02) -> Any:
    """What `found` gives as soon as it gives something; it is asked `every` so many seconds."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(every)
    return answer


def at_once(code: str, *arguments: tuple[str, ...]) -> None:
    """Runs `code` in a process for each of `arguments`; all go on once each has printed "open" and reads a line."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, *given], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for given in arguments
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh data folder, no key, no keyring and English, also for the processes a test starts."""
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(tmp_path / "data"))
    monkeypatch.delenv(credentials.KEY_VARIABLE, raising=False)
    monkeypatch.delenv(credentials.SERVER_KEY_VARIABLE, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    keyring.set_keyring(NoKeyring())
    monkeypatch.setattr(credentials, "_keys", {})
    monkeypatch.setattr(credentials, "_token", "")
    for name in ("LANG", "LANGUAGE", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    messages.use_language("en")


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """A test ends the threads it starts."""
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + 30  # a shared machine may be slow; a thread that ends costs nothing
    while (left := set(threading.enumerate()) - before) and time.monotonic() < until:
        time.sleep(0.02)
    assert not left, f"threads left behind: {left}"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing but this machine is ever spoken to."""
    far: list[str] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def checked(host: object) -> None:
        if host and not str(host).startswith(NEAR):
            far.append(str(host))
            raise OSError(f"tests do not speak to {host}")

    def near_connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple):
            checked(address[0])
        connect(self, address)

    def near_look_up(host: Any, *arguments: Any, **named: Any) -> Any:
        checked(os.fsdecode(host) if isinstance(host, bytes) else host)
        return look_up(host, *arguments, **named)

    monkeypatch.setattr(socket.socket, "connect", near_connect)
    monkeypatch.setattr(socket, "getaddrinfo", near_look_up)
    yield
    assert not far, f"the network was used: {far}"


@pytest.fixture
def places(tmp_path: Path) -> paths.Folders:
    """The folders of an empty library."""
    folders = paths.folders(tmp_path / "data")
    paths.create(folders)
    return folders


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of an empty library. Only to copy: making its tables takes longer than most tests."""
    places = paths.folders(tmp_path_factory.mktemp("empty") / "data")
    paths.create(places)
    Store(places).close()
    return places.database


def put_database(empty: Path, places: paths.Folders) -> None:
    """Puts a copy into the folders of a library that has no database yet."""
    if not places.database.exists():
        shutil.copy(empty, places.database)  # with its permissions


@pytest.fixture
def store(places: paths.Folders, empty_database: Path) -> Iterator[Store]:
    """Its store alone, to fill it and to look what became of it."""
    put_database(empty_database, places)
    opened = Store(places)
    yield opened
    opened.close()


@pytest.fixture
def library(places: paths.Folders, empty_database: Path) -> Iterator[Library]:
    """An empty library."""
    put_database(empty_database, places)
    opened = Library(places)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def made_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of `sample`, made by whichever of the workers needs it first. Only to copy."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, begun = shared / "sample", shared / "sample-begun"
    with FileLock(shared / "sample.lock"):
        if not folder.exists():
            shutil.rmtree(begun, ignore_errors=True)
            library = Library(paths.folders(begun))
            try:
                meeting_id = finished(meetings.import_audio(library, paths.SAMPLE, source=Source.SAMPLE))
                finished(meetings.transcribe(library, meeting_id))
                finished(meetings.summarise(library, meeting_id))
            finally:
                library.close()
            begun.rename(folder)
    return folder


@pytest.fixture(scope="session")
def sample(
    made_sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Library, MeetingId]]:
    """A library in which the sample meeting was imported, transcribed and summarised. Only to look at."""
    data = tmp_path_factory.mktemp("sample") / "data"
    shutil.copytree(made_sample, data)
    opened = Library(paths.folders(data))
    (meeting,) = opened.store.meetings()
    yield opened, meeting.id
    opened.close()
