"""Random faults of a remote summariser, through the whole program but its edge.

Each schedule is a meeting of its own, a list of faults and good answers played by the scripted server over a real
socket to the official client, and perhaps a stop in the middle. Whatever happens: minutes or a clear error within
the time limit, the transcript as it was, no question asked again that was answered, and neither the key nor
anything said in a log.
"""

from __future__ import annotations

import json
import logging
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from core import credentials, errors, logs, meetings, paths
from core import settings as chosen
from core.meetings import Library
from core.summary import addresses, breaker, mistral
from core.values import MeetingId, Minutes, Notice, Place, Segment, Source, SummaryOptions, TranscriptOptions
from tests.local_server import Page
from tests.mistral_server import (
    Answer,
    Dripping,
    Dropped,
    Malformed,
    Server,
    Silent,
    Status,
    Step,
    minutes,
)

SCHEDULES = 240
PROCESSES = 4
"""So many schedules are played at once."""
KEY = "k3y-that-nobody-may-read"
SECRET = "zanzibar"
"""A word of every segment."""
LENGTHS = (8, 8, 160, 320)
"""Segments of a meeting: of one part, or of several."""
PATIENCE = mistral.Patience(first=0.01, silence=0.75, time_limit=5.0, each_part=0.0)
MARGIN = 3.0
"""Seconds beyond the time limit for closing, storing and a busy machine."""


def answer(body: dict[str, Any]) -> str:
    """What a good model says: a decision for the first segment of a part; a merge keeps the first alone."""
    prompt = str(body["messages"][0]["content"])
    if "\n<<<PARTS\n" in prompt:
        return minutes("Merged")
    number = re.findall(r"(?m)^\[(\d+)\]", prompt)[0]
    line = {"text": f"Point {number}", "segment_ids": [int(number)], "quote": f"the {SECRET} plan"}
    return minutes(f"Part {number}", decisions=[line], overview=[line])


def fault(chance: random.Random) -> Step:
    """Something that goes wrong, or an answer that does not."""
    good = minutes("Half", overview=[{"text": "a", "segment_ids": [1], "quote": "b"}] * 9)
    later = format_datetime(datetime.fromtimestamp(time.time() + 1, UTC), usegmt=True)
    steps: list[Step] = [
        Answer(answer),
        Answer(answer, pause=0.01),
        Answer(answer, first=0.1),
        Answer(good[: chance.randint(0, len(good) - 1)]),
        Answer(answer, finish="length"),
        Answer("I would rather talk about the weather."),
        Status(chance.choice([408, 429, 500, 502, 503, 504])),
        Status(429, chance.choice(["0", "0.05", "99999", "soon", later])),
        Status(chance.choice([400, 401, 402, 403, 404, 422])),
        Status(307, location="http://127.0.0.1:9/v1/chat/completions"),
        Dropped(),
        Dropped(good, chance.randint(1, 9)),
        Malformed(),
        Silent(),
        Page(),
        Dripping(),
    ]
    return chance.choice(steps)


def talk(count: int) -> list[Segment]:
    """So many segments of a meeting, seven seconds each."""
    return [Segment(8.0 * n, 8.0 * n + 7, f"Here is the {SECRET} plan, item {n}.") for n in range(count)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a schedule ended: what it was, its seconds, and what was wrong about it, '' for nothing."""

    kind: str
    seconds: float
    wrong: str = ""


def play(library: Library, seed: int) -> Outcome:
    """Plays the schedule of this seed in `library`."""
    chance = random.Random(seed)
    breaker._breakers.clear()
    script = [fault(chance) for _ in range(chance.randint(0, 8))] + [Answer(answer)] * 60
    meeting_id = meeting_of(library, talk(chance.choice(LENGTHS)))
    before = library.store.transcript(meeting_id)
    stop = chance.randint(1, 12) if chance.random() < 0.3 else 0
    options = SummaryOptions("mistral", f"model-{seed}")
    with Server(script) as server, patch.object(addresses, "MISTRAL", server.address):
        kinds = []
        slowest = 0.0
        for turn in range(3):
            started = time.monotonic()
            kinds.append(_turn(library, meeting_id, options, 0 if turn else stop))
            slowest = max(slowest, time.monotonic() - started)
            if kinds[-1] in {"minutes", "bug"}:
                break
        asked = len(server.requests)
        time.sleep(0.02)
        wrong = [
            (kinds[-1] == "bug", "an error that nobody expects"),
            (slowest > PATIENCE.time_limit + MARGIN, f"{slowest:.1f} s"),
            (library.store.transcript(meeting_id) != before, "the transcript changed"),
            (len(server.requests) != asked, "a request after the end"),
            (_duplicates(server) > bool(stop), "a question asked again that was answered"),
        ]
    return Outcome(" → ".join(kinds), slowest, ", ".join(text for bad, text in wrong if bad))


def _turn(library: Library, meeting_id: MeetingId, options: SummaryOptions, stop: int) -> str:
    """Makes minutes once; how that ended in a word. `stop` closes the job after so many events, 0 never."""
    job = meetings.summarise(library, meeting_id, options)
    notices: list[Notice] = []
    try:
        for count in range(1, 1_000_000):
            event = next(job)
            notices += [event] if isinstance(event, Notice) else []
            if count == stop:
                job.close()
                return "stopped"
    except StopIteration as end:
        made: Minutes = end.value
        if (made.made_by == "offline") != bool(notices) or library.store.minutes(meeting_id) != made:
            return "bug"
        return "offline" if notices else "minutes"
    except errors.RemoteProblem as problem:
        return type(problem).__name__
    except Exception:
        logging.getLogger("bench").exception("unexpected")
        return "bug"
    return "bug"


def _duplicates(server: Server) -> int:
    """How many questions were asked again after a usable answer had gone out whole."""
    usable = Counter(
        json.dumps(body["messages"][:1]) for body, text in server.answered if text == answer(body)
    )
    # An answer that ran out of room is to be asked for again: the script says which ones did.
    cut = Counter(
        json.dumps(body["messages"][:1])
        for body, step in zip(server.requests, server.script, strict=False)
        if isinstance(step, Answer) and step.finish == "length"
    )
    return sum(max(0, times - cut[question] - 1) for question, times in usable.items())


def meeting_of(library: Library, segments: list[Segment]) -> MeetingId:
    """A meeting of `library` with these words as its whole transcript."""
    meeting_id = library.store.add_meeting("Plans", datetime.now(UTC), Source.IMPORT)
    transcript = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    library.store.add_segments(transcript, segments, Place(segments[-1].end), language="en")
    library.store.complete_transcript(transcript)
    return meeting_id


@contextmanager
def surroundings(folder: Path) -> Iterator[Library]:
    """A library of its own that waits only briefly, with a key and a small context; its logs are looked through."""
    places = paths.folders(folder)
    library = Library(places)
    library.change_settings(chosen.Settings(provider_context=4_000, consents=("mistral",)))
    logs.start(places)
    quick = patch.object(mistral, "Patience", lambda: PATIENCE)
    key = patch.dict("os.environ", {credentials.KEY_VARIABLE: KEY})
    try:
        with quick, key:
            yield library
    finally:
        breaker._breakers.clear()
        logs.stop()
        library.close()
    written = "".join(file.read_text(encoding="utf-8") for file in places.logs.iterdir())
    if KEY in written or SECRET in written.lower():
        raise AssertionError("a log says what it must not say")


def some(first: int) -> list[tuple[int, Outcome]]:
    """Plays every `PROCESSES`-th schedule from that seed on, in a library of their own: seeds and how they ended."""
    with tempfile.TemporaryDirectory() as folder, surroundings(Path(folder) / "data") as library:
        return [(seed, play(library, seed)) for seed in range(first, SCHEDULES, PROCESSES)]


def run() -> int:
    """Plays `SCHEDULES` schedules; 1 when anything is wrong with one of them, else 0."""
    kinds: Counter[str] = Counter()
    wrong: list[str] = []
    slowest = 0.0
    # A schedule mostly waits for a server that is silent.
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        for seed, outcome in sorted(chain.from_iterable(pool.map(some, range(PROCESSES)))):
            kinds[outcome.kind] += 1
            slowest = max(slowest, outcome.seconds)
            if outcome.wrong:
                wrong.append(f"schedule {seed} ({outcome.kind}): {outcome.wrong}")
    for kind, count in kinds.most_common():
        print(f"  {count:4}  {kind}")
    print(
        f"{SCHEDULES} schedules, slowest {slowest:.1f} s of {PATIENCE.time_limit:.0f} s allowed; wrong: {len(wrong)}"
    )
    print("\n".join(wrong))
    return bool(wrong)
