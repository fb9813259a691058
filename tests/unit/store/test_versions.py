"""A new version of a transcript made from the one that is shown, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core import paths
from core.store import Store
from core.values import (
    Evidence,
    Line,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    SummaryOptions,
    TranscriptOptions,
)

MORNING = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def test_a_revision_is_shown_and_can_be_taken_back_with_what_points_to_it(places: paths.Folders) -> None:
    store = Store(places)
    meeting_id = store.add_meeting("Tuesday", MORNING, Source.IMPORT)
    begun = store.begin_transcript(meeting_id, TranscriptOptions(preset="fast"), "en")
    kept, redone = store.add_segments(
        begun, [Segment(0.0, 2.0, "Kept."), Segment(2.0, 4.0, "Wrong.", doubt="repeated")], Place(4.0)
    )
    store.complete_transcript(begun)
    evidence = (Evidence((kept.id,), 0.0, 2.0, "Kept."), Evidence((redone.id,), 2.0, 4.0, "Wrong."))
    store.add_minutes(
        Minutes(
            meeting_id,
            SummaryOptions(),
            "offline",
            "en",
            MORNING,
            "",
            (Line(Section.KEY_POINTS, "Kept", evidence),),
            begun.id,
        )
    )
    new = store.revise_transcript(
        meeting_id, lambda segments: [segments[0], replace(segments[1], end=3.5, text="Right.", doubt="")]
    )
    assert store.transcript(meeting_id) == new
    assert [one.text for one in new.segments] == ["Kept.", "Right."]
    assert (new.complete, new.options, new.language, new.reached) == (True, begun.options, "en", 4.0)

    def pointed() -> list[tuple[int, ...]]:
        shown = store.minutes(meeting_id)
        assert shown
        return [one.segment_ids for one in shown.lines[0].evidence]

    assert pointed() == [(new.segments[0].id,), (new.segments[1].id,)]
    store.activate_transcript(meeting_id, begun.id)
    back = store.transcript(meeting_id)
    assert back
    assert [one.text for one in back.segments] == ["Kept.", "Wrong."]
    assert pointed() == [(kept.id,), (redone.id,)]
    store.activate_transcript(meeting_id, 999)
    assert store.transcript(meeting_id) == back
    store.close()


def test_a_translation_stands_beside_the_original_each_with_its_minutes(places: paths.Folders) -> None:
    store = Store(places)
    meeting_id = store.add_meeting("Mardi", MORNING, Source.IMPORT)

    def made(task: str, text: str, language: str) -> int:
        begun = store.begin_transcript(meeting_id, TranscriptOptions(task=task), "fr")
        (one,) = store.add_segments(begun, [Segment(0.0, 2.0, text)], Place(2.0))
        store.complete_transcript(begun)
        evidence = (Evidence((one.id,), 0.0, 2.0, text),)
        line = Line(Section.KEY_POINTS, text, evidence)
        store.add_minutes(
            Minutes(meeting_id, SummaryOptions(), "offline", language, MORNING, "", (line,), begun.id)
        )
        return begun.id

    def shown() -> tuple[str, str]:
        transcript, minutes = store.transcript(meeting_id), store.minutes(meeting_id)
        assert transcript
        assert minutes
        segment_ids = minutes.lines[0].evidence[0].segment_ids
        assert segment_ids == (transcript.segments[0].id,)
        return transcript.written, minutes.language

    original = made("transcribe", "Bonjour.", "fr")
    assert store.counterpart(meeting_id) is None
    said = store.transcript(meeting_id)
    assert said
    store.edit_segment(meeting_id, said.segments[0].id, "Bonjour à tous.")
    translation = made("translate", "Hello.", "en")
    assert shown() == ("en", "en")
    version = store.transcript(meeting_id)
    assert version
    assert version.segments[0].text == "Hello.", "the original's corrections stay with it"
    other = store.counterpart(meeting_id)
    assert other
    assert other.id == original
    store.activate_transcript(meeting_id, original)
    assert shown() == ("fr", "fr")
    other = store.counterpart(meeting_id)
    assert other
    assert other.id == translation

    store.activate_transcript(meeting_id, translation)
    again = store.begin_transcript(meeting_id, TranscriptOptions(model="base"), "fr")
    store.add_segments(again, [Segment(0.0, 2.0, "Bonsoir.")], Place(2.0))
    store.complete_transcript(again)
    version = store.transcript(meeting_id)
    assert version
    assert [one.text for one in version.segments] == ["Bonjour à tous."]
    store.close()


def test_minutes_know_what_was_taken_out_and_which_lines_rest_on_doubtful_text(places: paths.Folders) -> None:
    store = Store(places)
    meeting_id = store.add_meeting("Tuesday", MORNING, Source.IMPORT)
    begun = store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    segments = [Segment(0.0, 2.0, "We sell it."), Segment(2.0, 4.0, "We buy it.", doubt="no_speech")]
    sure, unsure = (one.id for one in store.add_segments(begun, segments, Place(4.0)))
    store.complete_transcript(begun)
    proofs = [(Evidence((sure,), 0.0, 2.0, "We sell it"),), (Evidence((unsure,), 2.0, 4.0, "We buy it"),)]
    lines = tuple(Line(Section.DECISIONS, one[0].quote, one) for one in proofs)
    made = store.add_minutes(Minutes(meeting_id, SummaryOptions(), "offline", "en", MORNING, "", lines))
    assert [one.doubtful for one in made.lines] == [False, True]
    store.remove_line(meeting_id, made.lines[0].id)
    store.change_segments(
        meeting_id, [unsure], lambda before: [replace(before[0], text="We buy them.", doubt="", edited=True)]
    )
    shown = store.minutes(meeting_id)
    assert shown
    assert ([one.doubtful for one in shown.lines], shown.left_out) == ([False], 1)
    store.close()


def test_new_minutes_take_what_was_done_in_the_newest_too_where_an_older_version_is_shown(
    places: paths.Folders,
) -> None:
    store = Store(places)
    meeting_id = store.add_meeting("Tuesday", MORNING, Source.IMPORT)
    lines = tuple(Line(Section.DECISIONS, text) for text in ("One.", "Two."))
    minutes = Minutes(meeting_id, SummaryOptions(), "offline", "en", MORNING, "", lines)
    first = store.add_minutes(minutes)
    second = store.add_minutes(replace(minutes, language="fr"))
    one, two = second.lines
    store.edit_line(meeting_id, replace(one, text="Mine.", edited=True))
    store.remove_line(meeting_id, two.id)
    store.activate_minutes(meeting_id, first.id)
    given: list[tuple[list[str], bool]] = []

    def merge(before: Sequence[Line], new: Sequence[Line], translated: bool) -> Sequence[Line]:
        given.append(([one.text for one in before], translated))
        return (*new, *(one for one in before if one.edited))

    assert [one.text for one in store.add_minutes(minutes, merge).lines] == ["One.", "Two.", "Mine."]
    assert given == [(["One.", "Two."], False), (["Mine.", "Two."], True)]
    given.clear()
    store.add_minutes(minutes, merge)
    assert len(given) == 1
