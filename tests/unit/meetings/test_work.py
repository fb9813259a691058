"""What waits is done until somebody calls it off, in whichever door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from core import meetings
from core.meetings import Library
from core.store import Store
from core.values import (
    Event,
    Job,
    MeetingChanged,
    MeetingId,
    SegmentsAdded,
    Source,
    Stage,
    TranscriptOptions,
)


@pytest.mark.parametrize(
    ("call_off", "batches"),
    [
        (lambda store, one: None, 3),
        (lambda store, one: store.pause_work([one], paused=True), 1),
        (lambda store, one: store.bin(one), 1),
    ],
)
def test_a_transcription_ends_between_two_batches_where_it_is_called_off(
    call_off: Callable[[Store, MeetingId], None],
    batches: int,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = library.store.add_meeting("Tuesday", datetime(2026, 3, 10, tzinfo=UTC), Source.IMPORT)
    work = library.store.ask(one, Stage.TRANSCRIBE, TranscriptOptions())
    closed: list[bool] = []

    def transcribe(_library: Library, meeting_id: MeetingId) -> Job[None]:
        try:
            for _batch in range(3):
                yield SegmentsAdded(meeting_id, ())
        finally:
            closed.append(True)

    monkeypatch.setattr(meetings, "transcribe", transcribe)
    job = meetings.carry_out(library, work)
    told: list[Event] = [next(job)]
    call_off(library.store, one)
    told += job
    assert told.count(SegmentsAdded(one, ())) == batches
    assert (MeetingChanged(one) in told) is (batches < 3)
    assert closed
