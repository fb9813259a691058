"""Asking meetings: by a provider with checked quotes, or by ranked passages."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core import errors, meetings
from core.meetings import Library
from core.summary import breaker
from core.values import MeetingId, Notice, Place, Reply, Segment, Source, SummaryOptions, TranscriptOptions
from tests.conftest import finished
from tests.mistral_server import Answer, Server, Status

OFFLINE = SummaryOptions()
SERVER = SummaryOptions("server", "m")
FAIR = (
    "Welcome to the meeting about the fair.",
    "The fair costs nine thousand euros.",
    "Marc orders the tents.",
)
ROOF = ("The roof of the school leaks.", "The roofer comes on Monday.", "Let us close the meeting.")


@pytest.fixture(autouse=True)
def _closed_breakers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "_breakers", {})


def meeting(library: Library, title: str, said: tuple[str, ...], day: int = 10) -> MeetingId:
    meeting_id = library.store.add_meeting(title, datetime(2026, 3, day, 12, tzinfo=UTC), Source.IMPORT)
    transcript = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    segments = [Segment(10.0 * n, 10.0 * n + 8, text) for n, text in enumerate(said)]
    library.store.add_segments(transcript, segments, Place(30.0), language="en")
    library.store.complete_transcript(transcript)
    return meeting_id


def test_without_a_provider_the_best_passages_come_first_of_one_meeting_or_of_all(library: Library) -> None:
    fair, roof = meeting(library, "Fair", FAIR), meeting(library, "School", ROOF)
    reply: Reply = finished(meetings.ask(library, "How much does the fair cost?", None, OFFLINE))
    assert (reply.text, reply.made_by) == ("", "offline")
    assert reply.passages[0].evidence.quote == FAIR[1]
    assert (reply.passages[0].meeting_id, reply.passages[0].evidence.start) == (fair, 10.0)
    reply = finished(meetings.ask(library, "Is it on Monday that the roofer comes?", None, OFFLINE))
    assert (reply.passages[0].meeting_id, reply.passages[0].evidence.quote) == (roof, ROOF[1])
    with pytest.raises(errors.NothingFound):
        finished(meetings.ask(library, "What about the elephants?", fair, OFFLINE))


def test_a_provider_answers_with_quotes_that_are_looked_up(library: Library) -> None:
    fair = meeting(library, "Fair", FAIR)

    def reply_to(body: dict[str, Any]) -> str:
        prompt = str(body["messages"][0]["content"])
        number = next(line for line in prompt.splitlines() if FAIR[1] in line).split("]")[0][1:]
        evidence = [{"segment_id": int(number), "quote": "costs nine thousand euros"}]
        return json.dumps({"answer": "It costs 9,000 euros.", "evidence": evidence})

    invented = json.dumps(
        {"answer": "It costs 7 euros.", "evidence": [{"segment_id": 1, "quote": "elephants were paid"}]}
    )
    with Server([Answer(reply_to), Answer(invented)]) as server:
        library.change_settings(dataclasses.replace(library.settings, provider_address=server.address))
        good: Reply = finished(meetings.ask(library, "How much?", fair, SERVER))
        bad: Reply = finished(meetings.ask(library, "How much?", fair, SERVER))
    assert (good.text, good.made_by, good.supported, good.unverified) == (
        "It costs 9,000 euros.",
        "server",
        True,
        (),
    )
    # Also the same question is asked again: another answer is wanted.
    (cited,) = good.passages
    assert cited.meeting_id == fair
    assert 10 <= cited.evidence.start < 18
    assert (bad.supported, bad.unverified, bad.passages) == (False, ("7",), ())


def test_a_provider_is_told_who_said_what_and_what_it_quotes_has_the_name(library: Library) -> None:
    fair, prompts = meeting(library, "Fair", FAIR), list[str]()
    first, second, third = library.store.transcript(fair).segments  # type: ignore[union-attr]
    library.store.choose_speaker(fair, [second.id], "Ana")
    library.store.set_speaker(fair, [third.id], library.store.add_speaker(fair).id)

    def reply_to(body: dict[str, Any]) -> str:
        prompts.append(str(body["messages"][0]["content"]))
        return json.dumps({"answer": "Ana.", "evidence": [{"segment_id": second.id, "quote": FAIR[1]}]})

    with Server([Answer(reply_to)]) as server:
        library.change_settings(dataclasses.replace(library.settings, provider_address=server.address))
        reply: Reply = finished(meetings.ask(library, "Who knows the price?", fair, SERVER))
    assert f"[{first.id}] {FAIR[0]}" in prompts[0]
    assert f"[{second.id}] Ana: {FAIR[1]}" in prompts[0]
    assert f"[{third.id}] Speaker 1: {FAIR[2]}" in prompts[0]
    assert [one.speaker for one in reply.passages] == ["Ana"]


def test_meetings_of_one_title_stay_apart_and_are_told_with_their_day(library: Library) -> None:
    later = meeting(library, "Fair", ("The tents for the fair are green.",), day=12)
    first, prompts = meeting(library, "Fair", FAIR), list[str]()

    def reply_to(body: dict[str, Any]) -> str:
        prompts.append(str(body["messages"][0]["content"]))
        return json.dumps({"answer": "They are green.", "evidence": []})

    with Server([Answer(reply_to)] * 2) as server:
        library.change_settings(dataclasses.replace(library.settings, provider_address=server.address))
        finished(meetings.ask(library, "What about the tents of the fair?", None, SERVER))
        finished(meetings.ask(library, "Qu'est-ce qui est dit des tents ?", None, SERVER))
    said = prompts[0].partition("<<<TRANSCRIPT")[2].splitlines()
    heads = [f"Meeting {first}, Tuesday 2026-03-10: Fair", f"Meeting {later}, Thursday 2026-03-12: Fair"]
    assert [line for line in said if line.startswith("Meeting ")] == heads
    assert said.index(heads[0]) < next(n for n, line in enumerate(said) if FAIR[2] in line)
    assert next(n for n, line in enumerate(said) if FAIR[2] in line) < said.index(heads[1])
    # The answer comes in the language of the question.
    assert 'with the code "en"' in prompts[0]
    assert 'with the code "fr"' in prompts[1]


def test_a_provider_that_fails_leaves_the_passages(library: Library) -> None:
    fair = meeting(library, "Fair", FAIR)
    with Server([Status(401)]) as server:
        library.change_settings(dataclasses.replace(library.settings, provider_address=server.address))
        events = []
        job = meetings.ask(library, "Who orders the tents?", fair, SERVER)
        while True:
            try:
                events.append(next(job))
            except StopIteration as end:
                reply: Reply = end.value
                break
    assert [event.kind for event in events if isinstance(event, Notice)] == ["passages_instead"]
    assert (reply.made_by, reply.passages[0].evidence.quote) == ("offline", FAIR[2])
