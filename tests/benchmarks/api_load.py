"""Fifty programs ask the local interface for two minutes while it transcribes, and while it does nothing else.

`tests/load/locustfile.py` says what they ask; the library has 2,000 meetings. The answers that only read are counted
together, but for the one that waits for events, which lasts a second on purpose.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from core import paths
from tests.api_server import Api
from tests.benchmarks import made_library, three_hours

USERS = 50
SECONDS = 120
MEETINGS = 2_000
SEGMENTS = 100
SLOWEST = 150
"""Milliseconds within which 95 of 100 reads must be answered."""

GROWTH = 40e6
DECODING = 80e6
"""Bytes by which the last quarter's memory may be above the second's, and how much more where it transcribes: what
decoding takes for a moment (`three_hours` has that over hours)."""

MINUTES = 90.0
"""Length of the meeting that is transcribed meanwhile: more than fits into the time."""

WARM = 600.0
"""Seconds of it that are done before the users come."""

WAITS = "/v1/events"


@dataclass(frozen=True, slots=True)
class Asked:
    """How often requests were answered after so many milliseconds, which failed, and (second, bytes) in memory."""

    reads: Counter[int]
    writes: Counter[int]
    failed: list[str]
    memory: tuple[tuple[float, int], ...]

    def between(self, begin: float, end: float) -> float:
        """The median of the memory between two shares of the time."""
        last = self.memory[-1][0]
        return float(np.median([size for at, size in self.memory if begin * last <= at <= end * last]))


def _share(times: Counter[int], percent: float) -> int:
    """Within how many milliseconds so many of a hundred were answered."""
    return int(np.percentile(list(times.elements()), percent, method="inverted_cdf"))


@contextmanager
def _served(root: Path) -> Iterator[tuple[str, str, psutil.Process]]:
    """The address, the token and the process of the local interface."""
    program = [sys.executable, "-m", "core", "--data-dir", str(root)]
    token = subprocess.run(
        [*program, "serve", "--token"], check=True, capture_output=True, text=True
    ).stdout.strip()
    with (root.parent / "log").open("w") as log:
        serving = subprocess.Popen(
            [*program, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert serving.stdout
            yield serving.stdout.readline().strip(), token, psutil.Process(serving.pid)
        finally:
            serving.terminate()
            serving.wait(30)
            assert serving.stdout
            serving.stdout.close()


def _asked(address: str, token: str, process: psutil.Process, folder: Path) -> Asked:
    """What the users were answered; the memory is looked at every half second."""
    memory: list[tuple[float, int]] = []
    over = threading.Event()
    began = time.monotonic()

    def look() -> None:
        while not over.wait(0.5):
            memory.append((time.monotonic() - began, process.memory_info().rss))

    looking = threading.Thread(target=look)
    looking.start()
    report = folder / "report"
    command = [
        sys.executable,
        "-m",
        "locust",
        "-f",
        "tests/load/locustfile.py",
        "--headless",
        "--only-summary",
    ]
    command += ["-u", str(USERS), "-r", "10", "-t", f"{SECONDS}s", "--stop-timeout", "60"]
    command += ["--host", address, "--json-file", str(report), "--loglevel", "ERROR"]
    try:
        subprocess.run(
            command,
            check=False,
            env={**os.environ, "MEETING_TRANSCRIBER_API_TOKEN": token},
            stdout=subprocess.DEVNULL,
        )
    finally:
        over.set()
        looking.join()
    reads: Counter[int] = Counter()
    writes: Counter[int] = Counter()
    failed: list[str] = []
    for one in json.loads(report.with_suffix(".json").read_text()):
        if one["num_failures"]:
            failed.append(f"{one['method']} {one['name']}: {one['num_failures']} of {one['num_requests']}")
        times = Counter({round(float(after)): count for after, count in one["response_times"].items()})
        if one["method"] != "GET":
            writes += times
        elif one["name"] != WAITS:
            reads += times
    return Asked(reads, writes, failed, tuple(memory))


def _transcribing(address: str, token: str, root: Path) -> None:
    """Has the interface transcribe a long meeting, and waits until it is well into it: memory grows at first."""
    path = root / "talk.ogg"
    three_hours.make_talk(path, MINUTES)
    api = Api(address, token)
    made = api.ask("POST", "/meetings", 201, json={"path": str(path)})
    api.ask("POST", f"/meetings/{made['id']}/jobs", 202, json={"stage": "transcribe", "language": "en"})

    def reached() -> float:
        answer = api.raw("GET", f"/meetings/{made['id']}/transcript?limit=1")
        return float(answer.json()["reached"]) if answer.status_code == 200 else 0.0

    while reached() < WARM:
        time.sleep(1)
    api.close()


def run() -> int:
    """0 when no answer failed, reads came in time, and the memory stayed as it was."""
    good = True
    with tempfile.TemporaryDirectory(prefix="mt-api-") as name:
        root = Path(name) / "data"
        made_library.make(paths.folders(root), MEETINGS, SEGMENTS)
        for busy in (False, True):
            with _served(root) as (address, token, process):
                if busy:
                    _transcribing(address, token, root)
                asked = _asked(address, token, process, Path(name))
            title = "while it transcribes" if busy else "doing nothing else"
            print(
                f"{title}: {asked.reads.total()} reads, median {_share(asked.reads, 50)} ms, 95 of 100 within "
                f"{_share(asked.reads, 95)} ms, 99 within {_share(asked.reads, 99)} ms; "
                f"{asked.writes.total()} writes, 95 within {_share(asked.writes, 95)} ms; failed {asked.failed or 0}"
            )
            early, late = asked.between(0.25, 0.5), asked.between(0.75, 1.0)
            print(f"  memory: second quarter {early / 1e6:.0f} MB, last {late / 1e6:.0f} MB")
            good &= not asked.failed and late - early < GROWTH + busy * DECODING
            good &= not busy or _share(asked.reads, 95) <= SLOWEST
    return int(not good)
