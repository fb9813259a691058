"""What a meeting is called: as its minutes are, as long as the person gave it no title."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.store import Store
from core.values import MeetingId, Minutes, Source, SummaryOptions

MORNING = datetime(2026, 3, 10, 9, tzinfo=UTC)


def minutes_of(meeting_id: MeetingId, title: str) -> Minutes:
    return Minutes(meeting_id, SummaryOptions(), "mistral", "en", MORNING, title, ())


@pytest.fixture
def unnamed(store: Store) -> MeetingId:
    return store.add_meeting("REC_0042", MORNING, Source.IMPORT, placeholder=True)


def test_a_meeting_without_a_title_gets_that_of_its_minutes(store: Store, unnamed: MeetingId) -> None:
    first = store.add_minutes(minutes_of(unnamed, "The hall roof"))
    assert store.meeting(unnamed).title == "The hall roof"
    assert {hit.of for found in store.search("roof") for hit in found.hits} == {"The hall roof"}
    store.add_minutes(minutes_of(unnamed, "Roof and caterer"))
    assert store.meeting(unnamed).title == "Roof and caterer"
    store.activate_minutes(unnamed, first.id)
    assert store.meeting(unnamed).title == "The hall roof"
    store.add_minutes(minutes_of(unnamed, " "))
    assert store.meeting(unnamed).title == "REC_0042"


def test_a_title_that_the_person_gave_stays(store: Store, unnamed: MeetingId) -> None:
    chosen = store.add_meeting("Board", MORNING, Source.RECORDING)
    for meeting_id in (chosen, unnamed):
        store.rename(meeting_id, "Board")
        first = store.add_minutes(minutes_of(meeting_id, "The hall roof"))
        store.activate_minutes(meeting_id, first.id)
        assert store.meeting(meeting_id).title == "Board"


def test_a_title_that_was_taken_back_gives_way_again(store: Store, unnamed: MeetingId) -> None:
    before = store.placeholder(unnamed)
    store.rename(unnamed, "Board")
    assert (before, store.placeholder(unnamed)) == ("REC_0042", None)
    store.rename(unnamed, "REC_0042", before)
    store.add_minutes(replace(minutes_of(unnamed, "The hall roof")))
    assert store.meeting(unnamed).title == "The hall roof"
