"""Who speaks when: from the channels, by voice, and as the person says, which counts most."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config

from core import paths
from core.store import Store, schema
from core.store.segments import requoted
from core.store.speakers import speaker_of
from core.values import (
    Channel,
    Evidence,
    Line,
    MeetingId,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    Speaker,
    SummaryOptions,
    TranscriptOptions,
    Turn,
    Voices,
    Word,
)

MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MIC, SYSTEM = Channel.MICROPHONE, Channel.SYSTEM


def heard(store: Store, *segments: Segment, meeting_id: MeetingId | None = None) -> MeetingId:
    """A meeting whose complete text these segments are."""
    new = meeting_id or store.add_meeting("Tuesday", MORNING, Source.IMPORT)
    begun = store.begin_transcript(new, TranscriptOptions(), "en")
    store.add_segments(begun, segments, Place(60.0))
    store.complete_transcript(begun)
    return new


def said(store: Store, meeting_id: MeetingId) -> list[tuple[str, int]]:
    found = store.transcript(meeting_id)
    assert found
    return [(one.text, one.speaker_id) for one in found.segments]


def turns(*stretches: tuple[float, float, int]) -> list[Segment]:
    return [Segment(start, end, f"{start:g} to {end:g}") for start, end, _speaker in stretches]


def found_by_voice(store: Store, meeting_id: MeetingId, *stretches: tuple[float, float, int]) -> Voices:
    """As the stage that tells voices apart does: -1, -2 … are voices that were not known."""

    def change(known: Voices) -> Voices:
        new = {voice for _start, _end, voice in stretches if voice < 0}
        speakers = tuple(Speaker(voice, 0) for voice in sorted(new, reverse=True))
        return replace(
            known,
            speakers=(*known.speakers, *speakers),
            turns=(
                *(turn for turn in known.turns if turn.chosen),
                *(Turn(start, end, voice) for start, end, voice in stretches),
            ),
            segments=tuple(replace(one, speaker_id=0) for one in known.segments),
        )

    return store.attribute(meeting_id, change)


def test_two_channels_are_two_speakers_at_once(store: Store) -> None:
    one = heard(store, Segment(0, 2, "Hello.", channel=SYSTEM), Segment(2, 4, "Hi.", channel=MIC))
    others, me = store.speakers(one)
    assert (others.channel, others.is_me, others.number, others.colour) == (SYSTEM, False, 1, 1)
    assert (me.channel, me.is_me, me.number, me.colour) == (MIC, True, 2, 0)
    assert said(store, one) == [("Hello.", others.id), ("Hi.", me.id)]
    assert heard(store, Segment(4, 6, "And?", channel=MIC), meeting_id=one) == one
    assert store.speakers(one) == (others, me)
    assert said(store, one) == [("And?", me.id)]


def test_a_mix_has_no_speakers_until_somebody_tells_them_apart(store: Store) -> None:
    one = heard(store, Segment(0, 2, "Hello."))
    assert store.speakers(one) == ()
    assert said(store, one) == [("Hello.", 0)]


def test_the_person_goes_by_the_same_name_in_the_next_recording(store: Store) -> None:
    first = heard(store, Segment(0, 2, "Hi.", channel=MIC))
    (me,) = store.speakers(first)
    store.rename_speaker(first, me.id, "  Ana \n Lima ")
    second = heard(store, Segment(0, 2, "Hi.", channel=MIC), Segment(2, 3, "Yes.", channel=SYSTEM))
    assert [(one.name, one.is_me) for one in store.speakers(second)] == [("Ana Lima", True), ("", False)]
    shown = store.transcript(second)
    assert shown
    assert [one.speaker for one in shown.segments] == ["Ana Lima", ""]


def test_a_speaker_that_is_renamed_goes_by_the_name_everywhere(store: Store) -> None:
    one = heard(store, Segment(0, 2, "Hi.", channel=MIC))
    (me,) = store.speakers(one)
    store.rename_speaker(one, me.id, "Anna")
    store.set_participants(one, ["Marc", "anna", " Zoé  K. "])
    lines = (
        Line(Section.ACTION_ITEMS, "Write", owner="Anna"),
        Line(Section.ACTION_ITEMS, "Call", owner="Marc"),
    )
    store.add_minutes(Minutes(one, SummaryOptions(), "offline", "en", MORNING, "", lines))
    store.rename_speaker(one, me.id, "Ana")
    shown, minutes = store.transcript(one), store.minutes(one)
    assert shown
    assert minutes
    assert [segment.speaker for segment in shown.segments] == ["Ana"]
    assert [line.owner for line in minutes.lines] == ["Ana", "Marc"]
    assert store.meeting(one).participants == ("Ana", "Marc", "anna", "Zoé K.")
    store.set_participants(one, ["ana", "Marc"])
    assert store.meeting(one).participants == ("Ana", "Marc")
    store.rename_speaker(one, me.id, "")
    assert store.meeting(one).participants == ("ana", "Marc")
    store.rename_speaker(one, 999, "Nobody")


def test_voices_are_found_and_split_what_two_of_them_say(store: Store) -> None:
    one = heard(store, Segment(0, 2, "Hello."), Segment(2, 6, "Shall we? Yes."), Segment(8, 9, "Hm."))
    whole = store.transcript(one)
    assert whole
    split = whole.segments[1]
    evidence = (Evidence((split.id,), 4.5, 6.0, "Yes."), Evidence((split.id,), 2.0, 6.0, "Shall we? Yes."))
    line = Line(Section.DECISIONS, "They begin", evidence)
    store.add_minutes(
        Minutes(one, SummaryOptions(), "offline", "en", MORNING, "", (line,), transcript_id=whole.id)
    )

    def change(known: Voices) -> Voices:
        first, second, third = known.segments
        parts = replace(second, end=4.0, text="Shall we?"), replace(second, id=0, start=4.0, text="Yes.")
        return Voices(
            (Speaker(-1, 0), Speaker(-2, 0, "Marc")),
            (Turn(0.0, 4.0, -1), Turn(4.0, 6.5, -2)),
            (first, *parts, third),
        )

    voices = store.attribute(one, change)
    unnamed, marc = voices.speakers
    assert [(who.number, who.name, who.colour) for who in voices.speakers] == [(1, "", 0), (2, "Marc", 1)]
    assert said(store, one) == [
        ("Hello.", unnamed.id),
        ("Shall we?", unnamed.id),
        ("Yes.", marc.id),
        ("Hm.", 0),
    ]
    assert [(turn.start, turn.end, turn.speaker_id) for turn in store.turns(one)] == [
        (0.0, 4.0, unnamed.id),
        (4.0, 6.5, marc.id),
    ]
    minutes = store.minutes(one)
    assert minutes
    second_part = voices.segments[2].id
    assert [found.segment_ids for found in minutes.lines[0].evidence] == [
        (second_part,),
        (split.id, second_part),
    ]


def test_what_the_person_chose_and_named_survives_another_run(store: Store) -> None:
    one = heard(store, *turns((0, 2, 0), (2, 4, 0), (4, 6, 0), (6, 8, 0)))
    first = found_by_voice(store, one, (0, 4, -1), (4, 8, -2))
    ana, bob = first.speakers
    store.rename_speaker(one, ana.id, "Ana")
    store.set_speaker(one, [first.segments[3].id], ana.id)
    again = found_by_voice(store, one, (0, 2, -1), (2, 8, -2))
    assert [who.id for who in again.speakers][:2] == [ana.id, bob.id]
    _ana, _bob, third, fourth = again.speakers
    assert [speaker for _text, speaker in said(store, one)] == [third.id, fourth.id, fourth.id, ana.id]

    def only_these(known: Voices) -> Voices:
        nobodys = tuple(replace(one, speaker_id=0) for one in known.segments)
        chosen = tuple(turn for turn in known.turns if turn.chosen)
        return Voices((Speaker(-1, 0),), (*chosen, Turn(0, 8, -1)), nobodys)

    last = store.attribute(one, only_these)
    # Named and chosen, Ana stays; nobody knew the others.
    assert [(who.name, who.number) for who in last.speakers] == [("Ana", 1), ("", 2)]
    assert [speaker for _text, speaker in said(store, one)] == [last.speakers[1].id] * 3 + [ana.id]


def test_a_new_transcription_knows_who_speaks(store: Store) -> None:
    one = heard(store, *turns((0, 2, 0), (2, 4, 0), (4, 6, 0)))
    known = found_by_voice(store, one, (0, 2, -1), (2, 6, -2))
    store.set_speaker(one, [known.segments[2].id], known.speakers[0].id)
    heard(store, Segment(0.1, 2.2, "A"), Segment(2.3, 3.9, "B"), Segment(4, 5.9, "C"), meeting_id=one)
    first, second = known.speakers
    assert said(store, one) == [("A", first.id), ("B", second.id), ("C", first.id)]
    store.revise_transcript(one, lambda segments: [*segments[:1], Segment(2.3, 5.9, "BC")])
    assert said(store, one) == [("A", first.id), ("BC", first.id)]


def test_a_later_choice_takes_the_place_of_the_earlier_one(store: Store) -> None:
    one = heard(store, Segment(0, 10, "All."), Segment(10, 12, "More."))
    ana, bob = store.add_speaker(one, "Ana"), store.add_speaker(one, "Bob")
    assert (ana.number, bob.number) == (1, 2)
    whole = store.transcript(one)
    assert whole
    store.set_speaker(one, [whole.segments[0].id], ana.id)
    store.revise_transcript(
        one, lambda known: [replace(known[0], end=4.0), Segment(4.0, 6.0, "B"), Segment(6, 10, "C"), known[1]]
    )
    shown = store.transcript(one)
    assert shown
    store.set_speaker(one, [shown.segments[1].id], bob.id)
    assert [(turn.start, turn.end, turn.speaker_id) for turn in store.turns(one)] == [
        (0.0, 4.0, ana.id),
        (4.0, 6.0, bob.id),
        (6.0, 10.0, ana.id),
    ]
    assert said(store, one) == [("All.", ana.id), ("B", bob.id), ("C", ana.id), ("More.", 0)]
    store.set_speaker(one, [shown.segments[3].id], 999)
    assert said(store, one)[3] == ("More.", 0)


def test_two_speakers_turn_out_to_be_one(store: Store) -> None:
    one = heard(store, *turns((0, 2, 0), (2, 4, 0)))
    ana, other = found_by_voice(store, one, (0, 2, -1), (2, 4, -2)).speakers
    store.rename_speaker(one, other.id, "Ana")
    lines = (Line(Section.ACTION_ITEMS, "Write", owner="Ana"),)
    store.add_minutes(Minutes(one, SummaryOptions(), "offline", "en", MORNING, "", lines))
    store.set_me(one, other.id)
    store.merge_speakers(one, other.id, ana.id)
    assert store.speakers(one) == (replace(ana, name="Ana", is_me=True),)
    assert {speaker for _text, speaker in said(store, one)} == {ana.id}
    assert {turn.speaker_id for turn in store.turns(one)} == {ana.id}
    store.merge_speakers(one, ana.id, ana.id)
    store.merge_speakers(one, ana.id, 999)
    assert len(store.speakers(one)) == 1
    assert store.add_speaker(one).number == 2


def test_colours_and_who_is_me(store: Store) -> None:
    one = heard(store, Segment(0, 2, "Hi."))
    ana, bob = store.add_speaker(one, "Ana"), store.add_speaker(one, "Bob")
    store.colour_speaker(one, bob.id, 5)
    store.set_me(one, ana.id)
    assert store.speakers(one) == (replace(ana, is_me=True), replace(bob, colour=5))
    store.set_me(one, bob.id)
    assert [who.is_me for who in store.speakers(one)] == [False, True]
    other = heard(store, Segment(0, 2, "Hi."))
    store.colour_speaker(other, bob.id, 1)
    store.rename_speaker(other, bob.id, "Of another meeting")
    assert store.speakers(one)[1].name == "Bob"


def test_a_meeting_goes_with_its_speakers(store: Store, places: paths.Folders) -> None:
    one = heard(store, *turns((0, 2, 0), (2, 4, 0)))
    found_by_voice(store, one, (0, 2, -1), (2, 4, -2))
    store.remove(one)
    with closing(sqlite3.connect(places.database)) as looking:
        left = [
            looking.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("speaker", "turn")
        ]
    assert left == [0, 0]


def test_where_listening_stopped_is_news_to_nobody(store: Store) -> None:
    one = heard(store, Segment(0, 2, "Hi."))
    before = store.revision()
    store.keep_place(one, 12.5)
    assert (store.meeting(one).listened, store.revision()) == (12.5, before)


@pytest.mark.parametrize(
    ("found", "speaker"),
    [
        ([], 0),
        ([Turn(0, 3, 1), Turn(3, 10, 2)], 2),
        ([Turn(0, 10, 1, MIC)], 0),
        ([Turn(0, 10, 1), Turn(4, 9, 2, chosen=True)], 2),
        # A choice for a small part of it is not one for the whole.
        ([Turn(0, 10, 1), Turn(9, 10, 2, chosen=True)], 1),
        ([Turn(0, 3, 1), Turn(6, 9, 1), Turn(3, 6.5, 2)], 1),
        ([Turn(20, 30, 1)], 0),
    ],
)
def test_who_says_most_of_a_segment(found: list[Turn], speaker: int) -> None:
    assert speaker_of(Segment(0, 10, "All."), found) == speaker


@pytest.mark.parametrize(
    ("quote", "before", "after", "now"),
    [
        ("Mr Cowalchik pays", "So Mr Cowalchik pays it.", "So Mr Kowalczyk pays it.", "Mr Kowalczyk pays"),
        ("Cowalchik", "So Cowalchik pays.", "So Jan Kowalczyk pays.", "Jan Kowalczyk"),
        ("pays it", "So he pays it now.", "So he pays now.", "pays"),
        ("he pays", "So he pays it.", "He said so", "He said so"),
        ("not there", "So he pays it.", "So she pays it.", "not there"),
        ("So he", "So he pays it.", "So he pays it!", "So he"),
    ],
)
def test_a_quote_follows_its_words(quote: str, before: str, after: str, now: str) -> None:
    assert requoted(quote, before, after) == now


def test_an_old_library_gets_its_speakers_and_bookmarks(places: paths.Folders) -> None:
    engine = schema._engine(places.database)
    words = '[[0.0, 1.0, " Hi", 0.5]]'
    with engine.begin() as connection:
        chosen = Config()
        chosen.set_main_option("script_location", str(paths.MIGRATIONS))
        chosen.set_main_option("path_separator", "os")
        chosen.attributes["connection"] = connection
        command.upgrade(chosen, "0004")
        for statement in (
            """INSERT INTO meeting VALUES
            ('m1','Old','2026-03-10','2026-03-10','recording','','','',9,1,0,'[]','en','["a"]',NULL,1)""",
            "INSERT INTO transcript VALUES (7,'m1','2026-03-10','{}','en','[]',8.5,'[[null, 8.5, []]]',1,1)",
            f"INSERT INTO segment VALUES (3,7,1,2,'Hi','{words}','','microphone','en',0,0,'',0)",
            f"INSERT INTO segment VALUES (9,7,2,3,'Yes','{words}','','system','en',0,0,'',1)",
            f"INSERT INTO segment VALUES (4,7,3,4,'No','{words}','',NULL,'en',0,0,'',0)",
            "INSERT INTO note VALUES (1,'m1',2.0,''), (2,'m1',3.0,'ask')",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store(places)
    one = MeetingId("m1")
    me, others = store.speakers(one)
    assert (me.channel, me.is_me, me.number) == (MIC, True, 1)
    assert (others.channel, others.is_me, others.number, others.colour) == (SYSTEM, False, 2, 1)
    assert said(store, one) == [("Hi", me.id), ("Yes", others.id), ("No", 0)]
    shown = store.transcript(one)
    assert shown
    assert shown.segments[0].words == (Word(0.0, 1.0, " Hi", 0.5),)
    assert [(note.text, note.bookmark) for note in store.notes(one)] == [("", True), ("ask", False)]
    assert store.meeting(one).participants == ()
    assert store.meeting(one).tags == ("a",)
    # Ids are never given twice, not even that of the last row.
    with closing(sqlite3.connect(places.database)) as raw, raw:
        raw.execute("DELETE FROM segment WHERE id = 9")
    begun = store.begin_transcript(one, TranscriptOptions(), "en")
    (new,) = store.add_segments(begun, [Segment(0, 1, "New")], Place(1.0))
    assert new.id == 10
    store.close()


def test_who_had_a_name_in_an_old_library_is_known_by_what_was_found_of_them(places: paths.Folders) -> None:
    Store(places).close()
    engine = schema._engine(places.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE speaker DROP COLUMN claims")
        connection.exec_driver_sql("ALTER TABLE segment DROP COLUMN continues")
        connection.exec_driver_sql("ALTER TABLE meeting DROP COLUMN placeholder")
        connection.exec_driver_sql("DROP TABLE unkept")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0011'")
        for statement in (
            """INSERT INTO meeting (id, title, started_at, created_at, source, audio, original_name, digest, duration,
            size, recording_open, channels, language, tags, participants, listened, speaker_count, starred, revision)
            VALUES ('m1','Old','2026-03-10','2026-03-10','import','','','',9,1,0,'[]','en','[]','[]',0,0,0,1)""",
            """INSERT INTO speaker (id, meeting_id, number, name, colour, is_me, certainty)
            VALUES (4,'m1',1,'Ana',0,0,0), (5,'m1',2,'',1,0,0)""",
            """INSERT INTO turn (meeting_id, speaker_id, channel, start, "end", chosen)
            VALUES ('m1',4,NULL,0,2.5,0), ('m1',5,NULL,3,4,0), ('m1',4,NULL,5,6,1)""",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store(places)
    assert store.voices(MeetingId("m1")).claims == (Turn(0.0, 2.5, 4), Turn(5.0, 6.0, 4))
    store.close()


def test_a_name_says_text_whether_it_is_known_or_new(store: Store) -> None:
    meeting_id = heard(store, Segment(0.0, 2.0, "one"), Segment(3.0, 5.0, "two"), Segment(6.0, 8.0, "three"))
    before = store.voices(meeting_id)
    first, second, third = before.segments
    store.choose_speaker(meeting_id, [first.id, third.id], "  Ana  Silva ")
    (ana,) = store.speakers(meeting_id)
    assert ana.name == "Ana Silva"
    store.choose_speaker(meeting_id, [second.id], "ana silva")
    assert [speaker_id for _text, speaker_id in said(store, meeting_id)] == [ana.id] * 3
    assert all(turn.chosen for turn in store.turns(meeting_id))
    store.restore_voices(meeting_id, before)
    store.choose_speaker(meeting_id, [], "Nobody")
    assert store.speakers(meeting_id) == ()
    assert store.turns(meeting_id) == ()


def test_words_are_read_only_when_they_are_looked_at(store: Store) -> None:
    words = (Word(0.0, 0.5, " one", 0.9), Word(0.5, 1.0, " two", 0.25))
    meeting_id = heard(store, Segment(0.0, 1.0, "one two", words), Segment(2.0, 3.0, "three"))
    shown, again = store.transcript(meeting_id), store.transcript(meeting_id)
    assert shown
    assert shown == again
    read = shown.segments[0].words
    assert read == words
    assert (len(read), read[1], read[:1], list(read)) == (2, words[1], words[:1], list(words))
    assert hash(read) == hash(words)
    assert list(read) != list(words[:1])
    assert not shown.segments[1].words
