"""The language of a meeting: asked once, of several places of its file, and said where it is not certain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core import errors, meetings, messages, paths
from core.audio import media
from core.meetings import Library
from core.meetings.languages import LISTENED, EnglishCheck, language_found
from core.values import (
    MeetingChanged,
    MeetingId,
    Model,
    Notice,
    Progress,
    Segment,
    Source,
    TranscriptOptions,
    Word,
)
from tests.conftest import finished

MODEL = Model("base", "/models/base", (), 1)


@pytest.fixture
def imported(library: Library) -> MeetingId:
    return MeetingId(finished(meetings.import_audio(library, paths.SAMPLE, source=Source.SAMPLE)))


def test_places_all_over_the_file_are_heard_and_what_was_found_is_kept(
    library: Library, imported: MeetingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Mapping[str, float]] = [{}, {"fr": 30.0}, {"en": 29.0, "cy": 1.0}, {"fr": 30.0}]
    heard: list[int] = []

    def languages_in(_model: Model, _options: TranscriptOptions, sound: media.Samples) -> Mapping[str, float]:
        heard.append(len(sound))
        return answers[len(heard) - 1]

    monkeypatch.setattr("core.speech.languages_in", languages_in)
    meeting = library.store.meeting(imported)
    begun = library.store.begin_transcript(imported, TranscriptOptions(), "")
    job = language_found(library, meeting, begun, MODEL)
    events = list[object]()
    try:
        while True:
            events.append(next(job))
    except StopIteration as end:
        found = end.value
    assert len(heard) == 4, "silence tells nothing"
    assert heard[0] == LISTENED * media.SAMPLE_RATE
    assert (found.language, found.languages) == ("fr", (("fr", 0.6667), ("en", 0.3222)))
    assert found.unsure
    assert library.store.unfinished_transcript(imported, TranscriptOptions()) == found
    assert library.store.meeting(imported).language == "fr"
    assert [type(event) for event in events] == [Progress] * 4 + [MeetingChanged, Notice]
    assert messages.notice(Notice("language_unsure", {"title": "A", "languages": found.languages})) == (
        "The language of “A” is not certain: French (67%) or English (32%)."
    )
    assert "French (67%)" in messages.language_found(found)


def test_who_chose_the_language_is_told_so(library: Library) -> None:
    moment = datetime(2026, 3, 10, tzinfo=UTC)
    meeting_id = library.store.add_meeting("Tuesday", moment, Source.IMPORT)
    begun = library.store.begin_transcript(meeting_id, TranscriptOptions(language="fr"), "fr")
    assert not begun.unsure
    assert messages.language_found(begun) == "The spoken language was chosen."


def test_a_meeting_listens_for_the_words_of_its_tags_before_the_others(library: Library) -> None:
    store = library.store
    meeting_id = store.add_meeting("Tuesday", datetime(2026, 3, 10, tzinfo=UTC), Source.IMPORT)
    store.set_vocabulary(["Siobhan", "Contoso"])
    store.set_vocabulary(["contoso", "Ngoc"], "team")
    assert library.transcript_options(meeting_id).vocabulary == ("Siobhan", "Contoso")
    store.set_tags(meeting_id, ["team"])
    assert library.transcript_options(meeting_id).vocabulary == ("contoso", "Ngoc", "Siobhan")
    meetings.ask_for_text(library, meeting_id)
    wished = [work.options for work in store.work() if isinstance(work.options, TranscriptOptions)]
    assert [one.vocabulary for one in wished] == [("contoso", "Ngoc", "Siobhan")]
    library.store.set_participants(meeting_id, ["Aoife", "ngoc"])
    assert library.transcript_options(meeting_id).vocabulary == ("Aoife", "ngoc", "contoso", "Siobhan")


@pytest.mark.parametrize(("sure", "words", "ends"), [(0.4, 29, False), (0.4, 30, True), (0.6, 40, False)])
def test_a_live_meeting_that_is_not_english_ends_for_a_model_that_knows_only_english(
    sure: float, words: int, ends: bool, library: Library, imported: MeetingId
) -> None:
    meeting = replace(library.store.meeting(imported), recording_open=True)
    begun = library.store.begin_transcript(imported, TranscriptOptions(), "")
    check = EnglishCheck(library, meeting, begun, replace(MODEL, languages=("en",)))
    said = tuple(Word(float(at), at + 0.5, " word", sure) for at in range(words))
    segments = [Segment(0.0, float(words), "words", words=said)]
    if ends:
        with pytest.raises(errors.NotEnglish):
            check.check(segments)
        assert library.store.unfinished_transcript(imported, TranscriptOptions()) is None
    else:
        check.check(segments)
        assert library.store.unfinished_transcript(imported, TranscriptOptions())
