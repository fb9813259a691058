"""The key of the remote provider, looked for everywhere after a run with every fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import psutil

from core import credentials
from core.meetings import Library
from core.values import Place, Segment, Source, TranscriptOptions
from tests.local_server import Page
from tests.mistral_server import Answer, Dripping, Dropped, Malformed, Server, Silent, Status, Step, minutes

KEY = "k3y-that-nobody-may-read"
CODES = (400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503)
FAULTS: tuple[Step, ...] = (
    *map(Status, CODES),
    Dropped(),
    Dropped('{"title": ', 1),
    Malformed(),
    Silent(),
    Dripping(),
    Page(),
    Answer('{"title": '),
)

PROGRAM = """
import sys
from core import api, meetings, terminal
from core.summary import addresses, breaker, mistral
from core.tasks import Tasks

meeting, count, address = sys.argv[1:]
addresses.MISTRAL = address
patience = mistral.Patience(first=0.01, silence=0.5, time_limit=3.0)
mistral.Patience = lambda *given, **named: patience
breaker.share = lambda file: None  # else nothing is asked after three faults

def broken(*given, **named):
    raise RuntimeError("unexpected")

for number in range(int(count)):
    breaker._breakers.clear()
    terminal.run(["--verbose", "summarise", meeting, "--provider", "mistral", "--agree"])
for verb in (["doctor"], ["doctor", "--json"], ["diagnostics"], ["logs"], ["show", meeting, "--json"]):
    terminal.run(verb)
print("ready", flush=True)
sys.stdin.readline()
meetings.document = broken  # a fault of ours, told in a sentence and logged
terminal.run(["show", meeting, "--json"])
broken()
"""


def test_after_every_fault_the_key_is_nowhere_to_be_found(library: Library) -> None:
    meeting_id = library.store.add_meeting("Fair", datetime.now(UTC), Source.IMPORT)
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    library.store.add_segments(
        begun, [Segment(0.0, 4.0, "We decided to move the fair to the park.")], Place(5.0)
    )
    library.store.complete_transcript(begun)
    good = Answer(minutes("The release"))
    with Server([*FAULTS, *[good] * len(FAULTS)]) as server:
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, meeting_id, str(len(FAULTS)), server.address],
            env={**os.environ, credentials.KEY_VARIABLE: KEY},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert program.stdin
        shown = [psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)]
        lines = [part for one in shown for part in one.cmdline()]
        out, err = program.communicate("\n", timeout=120)
    assert KEY in str(server.headers)  # it was really used
    assert len(server.requests) >= len(FAULTS)
    assert "RuntimeError: unexpected" in err
    assert KEY not in f"{out}{err}{lines}"
    log = "".join(path.read_text() for path in library.places.logs.iterdir())
    told = {one["status"] for one in map(json.loads, log.splitlines()) if one["event"] == "call failed"}
    assert told >= {*CODES}
    files = [path for path in library.places.root.rglob("*") if path.is_file()]
    assert {library.places.database, *library.places.logs.iterdir()} <= {*files}
    assert [path.name for path in files if KEY.encode() in path.read_bytes()] == []
