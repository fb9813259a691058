"""Remote minutes through the whole program: faults, resuming, and what the person is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from core import errors, meetings, messages, paths
from core.meetings import Library
from core.summary import addresses, templates
from core.values import MeetingId, Minutes, Notice, Progress, Section, SummaryOptions
from tests.benchmarks import remote_faults
from tests.mistral_server import Answer, Server, Status

OPTIONS = SummaryOptions("mistral", "m")


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Library]:
    with remote_faults.surroundings(tmp_path / "remote") as library:
        yield library
    structlog.reset_defaults()


def long_meeting(library: Library) -> MeetingId:
    return remote_faults.meeting_of(library, remote_faults.talk(300))


def made(library: Library, meeting_id: MeetingId) -> tuple[Minutes, list[Notice], set[str]]:
    """The minutes, the notices, and what was shown of the parts."""
    job = meetings.summarise(library, meeting_id, OPTIONS)
    notices, shown = list[Notice](), set[str]()
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            return end.value, notices, shown
        notices += [event] if isinstance(event, Notice) else []
        shown |= {messages.part_label(event.part, event.parts)} if isinstance(event, Progress) else set()


@pytest.mark.parametrize("seed", range(10))
def test_whatever_goes_wrong_there_are_minutes_in_time_and_nothing_is_lost_or_told(
    quick: Library, seed: int
) -> None:
    assert remote_faults.play(quick, 1_000 + seed).wrong == ""


@pytest.mark.parametrize("stopped", [False, True])
def test_parts_survive_a_failure_and_a_restart(
    quick: Library, monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    meeting_id = long_meeting(quick)
    with Server(
        [Answer(remote_faults.answer)] * 2 + [Status(422)] + [Answer(remote_faults.answer)] * 20
    ) as server:
        monkeypatch.setattr(addresses, "MISTRAL", server.address)
        if stopped:
            job = meetings.summarise(quick, meeting_id, OPTIONS)
            while len(server.answered) < 2 or len(server.requests) < 3:
                next(job)
            job.close()
            assert quick.store.minutes(meeting_id) is None
        else:
            first, notices, _shown = made(quick, meeting_id)
            assert (first.made_by, len(notices)) == ("offline", 1)
        again = Library(quick.places)
        minutes, notices, shown = made(again, meeting_id)
        again.close()
        asked = [str(body["messages"]) for body in server.requests[3:]]
    assert (minutes.made_by, notices) == ("mistral", [])
    assert "part 3 of 3" in shown
    assert "part 1 of 3" in shown
    before = [str(body["messages"]) for body in server.requests[:2]]
    assert not set(asked) & set(before)
    assert len(asked) == len(set(asked))
    assert len(minutes.of(Section.DECISIONS)) == 3


def test_while_a_provider_is_left_alone_the_offline_minutes_come_at_once_and_say_for_how_long(
    quick: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id = long_meeting(quick)
    with Server([Status(503, "0")] * 9) as server:
        monkeypatch.setattr(addresses, "MISTRAL", server.address)
        for _count in range(3):
            _minutes, (notice,), _shown = made(quick, meeting_id)
            assert notice.details["failure"].kind == "RemoteBusy"
        minutes, (notice,), _shown = made(quick, meeting_id)
        assert len(server.requests) == 9
    assert minutes.made_by == "offline"
    paused = errors.from_failure(notice.details["failure"])
    assert isinstance(paused, errors.RemotePaused)
    assert 50 <= paused.seconds <= 60  # less where the machine is slow
    assert re.search(r"another (1 min|5\d s)", messages.notice(notice))


def test_a_template_whose_file_is_broken_is_told_and_the_general_one_taken(library: Library) -> None:
    meeting_id = remote_faults.meeting_of(library, remote_faults.talk(3))
    folder = library.places.minutes_templates
    paths.make_private_folder(folder)
    (folder / "board.json").write_text('{"sections": ', encoding="utf-8")
    told, job = list[Notice](), meetings.summarise(library, meeting_id, SummaryOptions(template="board"))
    while True:
        try:
            event = next(job)
        except StopIteration as end:
            minutes: Minutes = end.value
            break
        if isinstance(event, Notice):
            told.append(event)
    assert [messages.notice(one) for one in told] == [
        (
            "The template “board.json” cannot be used: line 1 is not valid JSON. "
            "The minutes were made as for a general meeting."
        )
    ]
    assert minutes.layout == templates.general().sections
