"""The language of a meeting: asked once, of several places of its file, and said where it is not certain."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core import errors, meetings, messages, paths, speech
from core.audio import media
from core.meetings import Library
from core.meetings.languages import LISTENED, EnglishCheck, language_found
from core.speech import Engine, decode, listener
from core.values import (
    MeetingChanged,
    MeetingId,
    Model,
    Notice,
    Progress,
    Segment,
    SegmentsAdded,
    Source,
    TranscriptOptions,
    Word,
)
from tests.conftest import finished
from tests.sound_files import make

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
    assert [type(event) for event in events] == [Progress] * 4 + [MeetingChanged]
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
    started = datetime(2026, 3, 10, tzinfo=UTC)
    meeting_id = store.add_meeting("Tuesday", started, Source.IMPORT, audio="tuesday.ogg")
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


def test_a_file_that_begins_in_another_language_is_listened_to_all_over(
    library: Library, imported: MeetingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[float] = []

    def stretch(_path: Path, place: float, _seconds: float) -> media.Samples:
        heard.append(place)
        return np.zeros(0 if place == 60.0 else 16_000, np.float32)

    monkeypatch.setattr(media, "stretch", stretch)
    monkeypatch.setattr("core.speech.any_english", lambda _model, stretches: len(list(stretches)) == 1)
    begun = library.store.begin_transcript(imported, TranscriptOptions(), "")
    said = tuple(Word(float(at), at + 0.5, " mot", 0.3) for at in range(20))
    meeting = replace(library.store.meeting(imported), duration=74.0)
    EnglishCheck(library, meeting, begun, replace(MODEL, languages=("en",))).check(
        [Segment(0.0, 20.0, "mots", words=said)]
    )
    assert heard == [60.0, 37.0], "what was heard already is not heard again"


HEARD = ({"en": 0.99, "fr": 0.01}, {"en": 0.01, "fr": 0.99}, {"en": 0.5, "fr": 0.5}, {"en": 0.99, "fr": 0.01})
"""What is heard of the language of each window in turn."""


@pytest.fixture
def polyglot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The starter, taken for a model of all languages, which decodes one window at a time."""
    starter = speech.find_model(TranscriptOptions(), (), paths.RESOURCES)
    monkeypatch.setattr("core.speech.find_model", lambda *_given: replace(starter, languages=()))
    of = Engine.of
    monkeypatch.setattr(Engine, "of", lambda _model, how="": of(starter, how))
    monkeypatch.setattr("core.speech.languages_in", lambda *_given: {"en": 20.0, "fr": 10.0})
    monkeypatch.setattr(listener, "MOST_WINDOWS", 1)
    known: dict[bytes, int] = {}

    def languages(
        _whisper: object, encoded: NDArray[Any], _features: object
    ) -> tuple[Mapping[str, float], ...]:
        return (HEARD[known.setdefault(encoded.tobytes(), len(known))],)

    monkeypatch.setattr(decode, "_languages", languages)
    monkeypatch.setattr(
        decode, "languages_of", lambda _whisper, sounds: [{"en": 0.5, "fr": 0.5}] * len(sounds)
    )


def take_in(library: Library, folder: Path, name: str, codec: str) -> MeetingId:
    """The beginning of the sample, as a file of this kind."""
    sound = np.concatenate(list(itertools.islice(media.blocks(paths.SAMPLE), 80)))
    return MeetingId(finished(meetings.import_audio(library, make(folder / name, codec, sound))))


@pytest.mark.usefixtures("polyglot")
def test_each_part_of_a_meeting_is_written_in_its_own_language_however_often_it_is_stopped(
    library: Library, tmp_path: Path
) -> None:
    meeting_id = take_in(library, tmp_path, "whole.wav", "pcm_s16le")
    whole = finished(meetings.transcribe(library, meeting_id))
    codes = [code for code, _again in itertools.groupby(one.language for one in whole.segments if one.text)]
    assert codes == ["en", "fr", "en"]
    shares = dict(whole.spoken)
    assert set(shares) == {"en", "fr"}
    assert sum(shares.values()) == pytest.approx(1.0)
    assert whole.language == max(shares, key=shares.__getitem__)
    assert library.store.meeting(meeting_id).language == whole.language
    assert not whole.unsure, "the languages were told apart"
    assert messages.language_found(whole).startswith("Found by listening to each part: ")
    other = take_in(library, tmp_path, "stopped.flac", "flac")
    for _stop in range(3):
        with closing(meetings.transcribe(library, other)) as job:
            next(event for event in job if isinstance(event, SegmentsAdded))
    carried_on = finished(meetings.transcribe(library, other))
    assert [replace(one, id=0) for one in carried_on.segments] == [
        replace(one, id=0) for one in whole.segments
    ]


@pytest.mark.usefixtures("polyglot")
def test_a_language_that_was_chosen_is_that_of_every_part(library: Library, tmp_path: Path) -> None:
    meeting_id = take_in(library, tmp_path, "whole.wav", "pcm_s16le")
    with closing(meetings.transcribe(library, meeting_id, TranscriptOptions(language="en"))) as job:
        added = (event for event in job if isinstance(event, SegmentsAdded))
        heard = [next(added), next(added)]
    assert {segment.language for one in heard for segment in one.segments} == {"en"}
