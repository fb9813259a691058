"""Imported files whose two channels are the sides of a talk: heard apart, or as the person says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import errors, meetings, messages, paths
from core.audio import media
from core.meetings import Library
from core.settings import Settings
from core.values import (
    CALL,
    SIDES,
    Channel,
    MeetingId,
    Notice,
    Source,
    Stage,
    Transcript,
    TranscriptOptions,
)
from tests.benchmarks.word_error_rate import words
from tests.conftest import finished
from tests.sound_files import Sound, make

RATE = media.SAMPLE_RATE
LINDA, DANIEL = (0.0, 10.3), (10.3, 19.0)
"""Seconds in which one of the two alone speaks in the sample meeting."""


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A call as another program records it: Linda left, Daniel right."""
    sound: Sound = np.concatenate(list(media.blocks(paths.SAMPLE)))[: 19 * RATE]
    apart = np.zeros((len(sound), 2), np.float32)
    for side, (begin, end) in enumerate((LINDA, DANIEL)):
        apart[round(begin * RATE) : round(end * RATE), side] = sound[round(begin * RATE) : round(end * RATE)]
    return make(tmp_path_factory.mktemp("talk") / "call.m4a", "aac", apart, layout="stereo")


def said(transcript: Transcript | None) -> dict[Channel | None, list[str]]:
    assert transcript
    found: dict[Channel | None, list[str]] = {}
    for one in transcript.segments:
        found.setdefault(one.channel, []).extend(words(one.text))
    return found


def shown(library: Library, meeting_id: MeetingId) -> Transcript:
    found = library.store.transcript(meeting_id)
    assert found
    return found


@pytest.fixture(scope="module")
def heard(talk: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The call in a library of its own, with its text, and what was told of it at its import."""
    library = Library(paths.folders(tmp_path_factory.mktemp("sides") / "data"))
    told: list[Notice] = []
    job = meetings.import_audio(library, talk)
    while True:
        try:
            told += [event for event in [next(job)] if isinstance(event, Notice)]
        except StopIteration as end:
            meeting_id = MeetingId(end.value)
            break
    finished(meetings.transcribe(library, meeting_id))
    yield library, meeting_id, told
    library.close()


def test_each_side_of_an_imported_talk_has_its_own_text(
    heard: tuple[Library, MeetingId, list[Notice]],
) -> None:
    library, meeting_id, told = heard
    meeting = library.store.meeting(meeting_id)
    assert meeting.channels == SIDES["apart"]
    (notice,) = told
    assert messages.notice(notice) == (
        "The two channels of “call” hold different voices, so each is written down by itself. "
        "The menu of the meeting changes that."
    )
    assert messages.heard_sides(meeting) == "Left and right apart"
    found = said(library.store.transcript(meeting_id))
    assert set(found) == set(SIDES["apart"])
    assert found[Channel.LEFT][:4] == ["good", "morning", "lets", "begin"]
    assert "serious" in found[Channel.RIGHT]
    assert not {"topics", "budget"} & set(found[Channel.RIGHT])
    assert [messages.speaker_label(one) for one in library.store.speakers(meeting_id)] == [
        "Left channel",
        "Right channel",
    ]


def test_whose_side_is_whose_is_said_without_another_run(
    heard: tuple[Library, MeetingId, list[Notice]],
) -> None:
    library, meeting_id, _told = heard
    before = shown(library, meeting_id)
    meetings.use_sides(library, meeting_id, "me-right")
    after = shown(library, meeting_id)
    assert library.store.meeting(meeting_id).channels == CALL[::-1]
    assert library.store.meeting(meeting_id).work == ()
    assert after.heard(CALL)
    assert said(after) == {
        Channel.SYSTEM: said(before)[Channel.LEFT],
        Channel.MICROPHONE: said(before)[Channel.RIGHT],
    }
    assert {one.is_me: messages.speaker_label(one) for one in library.store.speakers(meeting_id)} == {
        True: "Me",
        False: "Others",
    }
    assert finished(meetings.transcribe(library, meeting_id)).id == before.id
    meetings.use_sides(library, meeting_id, "apart")
    assert shown(library, meeting_id) == before
    assert not any(one.is_me for one in library.store.speakers(meeting_id))


def test_both_channels_can_be_heard_together_and_the_text_of_each_comes_back(
    heard: tuple[Library, MeetingId, list[Notice]],
) -> None:
    library, meeting_id, _told = heard
    before = shown(library, meeting_id)
    meetings.use_sides(library, meeting_id, "together")
    assert {one.stage for one in library.store.meeting(meeting_id).work} >= {
        Stage.TRANSCRIBE,
        Stage.SUMMARISE,
    }
    together = finished(meetings.transcribe(library, meeting_id))
    assert set(said(together)) == {None}
    assert said(together)[None][:4] == ["good", "morning", "lets", "begin"]
    for name, expected in (("apart", before), ("together", together)):
        meetings.use_sides(library, meeting_id, name)
        assert shown(library, meeting_id).id == expected.id
        assert Stage.TRANSCRIBE not in {one.stage for one in library.store.meeting(meeting_id).work}
    meetings.use_sides(library, meeting_id, "apart")


def test_the_voices_of_each_side_are_told_apart_by_themselves(
    heard: tuple[Library, MeetingId, list[Notice]],
) -> None:
    library, meeting_id, _told = heard
    speakers = finished(meetings.separate(library, meeting_id))
    assert [messages.speaker_label(one) for one in speakers] == ["Left channel", "Right channel"]
    assert {turn.channel for turn in library.store.turns(meeting_id)} == set(SIDES["apart"])


def test_what_was_corrected_in_the_mix_stays_in_the_side_that_said_it(
    library: Library, talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id = MeetingId(finished(meetings.import_audio(library, talk)))
    library.store.set_channels(meeting_id, ())
    mixed = finished(meetings.transcribe(library, meeting_id))
    last = mixed.segments[-1]
    library.store.edit_segment(meeting_id, last.id, "As Daniel said.")
    meetings.use_sides(library, meeting_id, "apart")
    finished(meetings.transcribe(library, meeting_id))
    (corrected,) = [one for one in shown(library, meeting_id).segments if one.edited]
    assert (corrected.text, corrected.channel) == ("As Daniel said.", Channel.RIGHT)
    late = [
        one for one in shown(library, meeting_id).segments if one.start < last.end and last.start < one.end
    ]
    assert len(late) == 1


def test_a_choice_made_while_it_is_heard_counts(library: Library, talk: Path) -> None:
    meeting_id = MeetingId(finished(meetings.import_audio(library, talk)))
    job = meetings.transcribe(library, meeting_id)
    next(job)
    library.store.set_channels(meeting_id, ())
    assert set(said(finished(job))) == {None}


def test_only_a_file_with_two_channels_has_sides(library: Library, tmp_path: Path) -> None:
    one = make(tmp_path / "one.wav", "pcm_s16le", np.full(RATE, 0.1, np.float32))
    meeting_id = MeetingId(finished(meetings.import_audio(library, one)))
    recorded = library.store.add_meeting(
        "Recorded", library.store.meeting(meeting_id).started_at, Source.RECORDING, channels=CALL
    )
    for meeting in (meeting_id, recorded):
        with pytest.raises(errors.NoSides):
            meetings.use_sides(library, meeting, "apart")
    assert library.store.meeting(recorded).channels == CALL


def test_options_alone_do_not_make_two_texts_the_same(library: Library, talk: Path) -> None:
    assert Settings().model == TranscriptOptions().model
    meeting_id = MeetingId(finished(meetings.import_audio(library, talk)))
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    assert not library.store.complete_transcript(begun)
    assert library.store.unfinished_transcript(meeting_id, TranscriptOptions(), SIDES["apart"]) is None
    assert library.store.unfinished_transcript(meeting_id, TranscriptOptions())
