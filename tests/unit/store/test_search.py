"""What a search finds, in which order, and how the index follows the library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command

from core import errors, paths
from core.store import Store, schema, search
from core.store.query import Query, parse
from core.values import (
    Evidence,
    Found,
    Hit,
    Line,
    MeetingId,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    SummaryOptions,
    Transcript,
    TranscriptOptions,
    Where,
)
from tests.unit.store.test_schema import config

MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
OPTIONS = TranscriptOptions()


@pytest.fixture
def store(places: paths.Folders) -> Iterator[Store]:
    opened = Store(places)
    yield opened
    opened.close()
    with closing(sqlite3.connect(places.database)) as looking:
        # What the index says of a segment is what the segment says; and every number of an FTS table is right.
        looking.execute("INSERT INTO spoken(spoken, rank) VALUES ('integrity-check', 1)")
        looking.execute("INSERT INTO written(written) VALUES ('integrity-check')")


def said(store: Store, meeting_id: MeetingId, *texts: str) -> tuple[Transcript, tuple[Segment, ...]]:
    """A complete transcript of these sentences, ten seconds apart."""
    transcript = store.begin_transcript(meeting_id, OPTIONS, "en")
    segments = [Segment(10.0 * place, 10.0 * place + 5, text) for place, text in enumerate(texts)]
    stored = store.add_segments(transcript, segments, Place(100.0))
    store.complete_transcript(transcript)
    return transcript, stored


def meeting(store: Store, title: str, *texts: str, days: int = 0) -> MeetingId:
    new = store.add_meeting(title, MORNING + timedelta(days=days), Source.IMPORT)
    if texts:
        said(store, new, *texts)
    return new


def minutes(meeting_id: MeetingId, *lines: Line) -> Minutes:
    return Minutes(meeting_id, SummaryOptions(), "offline", "en", MORNING, "", lines)


def found(store: Store, asked: str) -> Found:
    *_before, last = (Found((), ranked=False), *store.search(asked))
    return last


def texts(store: Store, asked: str) -> list[str]:
    return [hit.text for hit in found(store, asked).hits]


def marked(hit: Hit) -> list[str]:
    return [hit.text[begin:end] for begin, end in hit.marks]


# --- what is understood --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "phrases"),
    [
        ("Budget été", ((("budget",), True), (("ete",), True))),
        ('"next week" plan', ((("next", "week"), False), (("plan",), True))),
        ('"not closed', ((("not", "closed"), False),)),
        ("l'été", ((("l", "ete"), True),)),
        ("a", ((("a",), False),)),
        ("a*", ((("a",), True),)),
        ("foo:bar 12:04", ((("foo", "bar"), True), (("12", "04"), True))),
        (
            "NEAR(x OR y) -z ^ \" ' * ( :",
            ((("near", "x"), False), (("or",), True), (("y",), False), (("z",), False)),
        ),
        ("before:soon", ()),
        ("", ()),
    ],
)
def test_words_and_phrases(asked: str, phrases: tuple[Any, ...]) -> None:
    assert parse(asked).phrases == phrases


def test_filters_in_both_languages() -> None:
    query = parse('speaker:Élodie étiquette:"Finance" avant:2026-04 after:2026-03-10 x')
    assert query == Query(
        phrases=((("x",), False),),
        speakers=("elodie",),
        tags=("finance",),
        before=datetime(2026, 4, 1).astimezone().astimezone(UTC),
        after=datetime(2026, 3, 10).astimezone().astimezone(UTC),
    )


def test_a_date_that_is_none_is_told(store: Store) -> None:
    query = parse("budget avant:2026-02-30 after:x")
    assert (query.before, query.after) == (None, None)
    assert query.unclear == ("avant:2026-02-30", "after:x")
    assert [found.unclear for found in store.search("nowhere before:soon")] == [("before:soon",)]
    assert [found.unclear for found in store.search("before:soon")] == [("before:soon",)]
    with pytest.raises(errors.DateUnclear, match="soon"):
        store.best("before:soon")


@pytest.mark.parametrize(
    ("asked", "text", "stretches"),
    [
        ("ete", "L’Été, étés", ["Été", "étés"]),
        ('"ete"', "L’Été, étés", ["Été"]),
        ("budg bud", "Budgets", ["Budgets"]),
        ('"second tester"', "A second Tester, a second one", ["second Tester"]),
        ("e\u0301te", "de\u0301bat e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("absent", "nothing here", []),
    ],
)
def test_marks(asked: str, text: str, stretches: list[str]) -> None:
    assert [text[begin:end] for begin, end in parse(asked).marks(text)] == stretches


# --- what is found -------------------------------------------------------------------------------


def test_every_place_where_something_stands(store: Store) -> None:
    one = meeting(store, "The Zürich budget", "We spoke about budgets.", "Something else.")
    store.set_tags(one, ["budget-2026"])
    store.add_note(one, 7.5, "ask about the budget")
    evidence = (Evidence((1,), 10.0, 15.0, "x"),)
    store.add_minutes(
        minutes(
            one,
            Line(Section.DECISIONS, "Double the budget", evidence),
            Line(Section.ACTION_ITEMS, "x", owner="Bo"),
        )
    )
    hits = {hit.where: hit for hit in found(store, "budg").hits}
    assert set(hits) == set(Where)
    assert {hit.meeting_id for hit in hits.values()} == {one}
    assert {hit.of for hit in hits.values()} == {"The Zürich budget"}
    assert hits[Where.HEADING].text == "The Zürich budget"
    assert (hits[Where.MINUTES].section, hits[Where.MINUTES].second) == (Section.DECISIONS, 10.0)
    assert hits[Where.MINUTES].until == 15.0
    assert (hits[Where.NOTES].second, hits[Where.NOTES].until) == (7.5, None)
    spoken = hits[Where.TRANSCRIPT]
    assert (spoken.text, marked(spoken), spoken.second) == ("We spoke about budgets.", ["budgets"], 0.0)
    assert spoken.segment_id
    assert [hit.speaker for hit in found(store, "bo").hits] == ["Bo"]
    assert texts(store, "zurich") == ["The Zürich budget"]


def test_people_and_tags_lead_to_their_meetings(store: Store) -> None:
    one = meeting(store, "Weekly")
    store.set_tags(one, ["équipe", "Café"])
    store.set_participants(one, ["Ana Sousa"])
    speaker = store.add_speaker(one, "Marc")
    assert texts(store, "cafe") == ["#équipe #Café"]
    assert texts(store, "sousa") == texts(store, "marc") == ["Ana Sousa, Marc"]
    store.rename_speaker(one, speaker.id, "Bob")
    assert texts(store, "marc") == []
    assert texts(store, "bob") == ["Ana Sousa, Bob"]


def test_better_hits_come_first_and_titles_before_speech(store: Store) -> None:
    meeting(store, "Old", "tester", *["filler words"] * 20, days=0)
    meeting(store, "New", "a long sentence in which a tester is named among very many other words", days=1)
    meeting(store, "Tester", *["filler words"] * 20, days=-9)
    assert [hit.of for hit in found(store, "tester").hits] == ["Tester", "Old", "New"]


def test_the_best_hits_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST", 3)
    for day in range(5):
        meeting(store, f"Day {day}", "tester " * (day + 1) + "and more words" * (5 - day), days=day)
    everything = found(store, "tester")
    assert store.best("tester") == everything
    assert store.best("tester", 2) == replace(everything, hits=everything.hits[:2])
    filtered = found(store, "after:2026-03-11")
    assert store.best("after:2026-03-11") == filtered
    assert store.best("after:2026-03-11", 1) == replace(filtered, hits=filtered.hits[:1], more=True)
    assert store.best(" ") == Found((), ranked=True)


def test_many_hits_come_newest_first_and_then_ranked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST", 3)
    for day in range(5):
        meeting(store, f"Day {day}", "tester " * (day + 1) + "and more words" * (5 - day), days=day)
    first, last = store.search("tester")
    assert (first.ranked, first.more) == (False, True)
    assert [hit.of for hit in first.hits] == ["Day 4", "Day 3", "Day 2"]
    assert (last.ranked, last.more, len(last.hits)) == (True, True, 3)
    (alone,) = store.search('"day 3"')
    assert alone.ranked


def test_all_words_must_be_there(store: Store) -> None:
    meeting(store, "x", "the second tester comes", "the tester comes second", "a tester")
    assert texts(store, "second test") == ["the second tester comes", "the tester comes second"]
    assert texts(store, '"second tester"') == ["the second tester comes"]


def test_words_that_stand_apart_find_the_meetings_that_have_them_all(store: Store) -> None:
    meeting(store, "Old", "We met in a café.", "Then Anna came.", "Nothing else.", days=-1)
    meeting(store, "Café", "Hanna and Anna", "One more Anna", "And Anna again")
    meeting(store, "Other", "Anna alone.", days=1)
    gone = meeting(store, "Gone", "A café.", "And Anna.", days=2)
    store.bin(gone)
    first, second, third, old, last = found(store, "cafe anna").hits
    assert [one.text for one in (first, second, third)] == ["Café", "And Anna again", "One more Anna"]
    assert [one.text for one in (old, last)] == ["We met in a café.", "Then Anna came."]
    assert (marked(old), marked(last), old.second, last.second) == (["café"], ["Anna"], 0.0, 10.0)
    assert texts(store, "cafe anna before:2026-03-10") == ["We met in a café.", "Then Anna came."]
    assert texts(store, "cafe anna zebra") == texts(store, "zebra anna") == []
    assert [hit.text for hit in store.best("cafe anna", 1).hits] == ["Café"]
    assert texts(store, "speaker:Marc cafe anna") == []
    # Once a text has all of them, they are looked for nowhere else.
    meeting(store, "Both", "Anna in the café.", days=-9)
    assert texts(store, "cafe anna") == ["Anna in the café."]


def test_filters(store: Store) -> None:
    old, new = meeting(store, "Old", days=-60), meeting(store, "New")
    for one in (old, new):
        transcript = store.begin_transcript(one, OPTIONS, "en")
        stored = store.add_segments(
            transcript, [Segment(0, 1, "hello one"), Segment(1, 2, "hello two")], Place(2.0)
        )
        ana = store.add_speaker(one, "Ana María")
        store.set_speaker(one, [stored[0].id], ana.id)
    store.set_tags(new, ["Finance"])
    assert [hit.of for hit in found(store, "hello tag:fin").hits] == ["New", "New"]
    assert sorted(texts(store, "hello speaker:maria")) == ["hello one"] * 2
    assert [
        (hit.of, hit.text, hit.speaker) for hit in found(store, "hello intervenant:ana before:2026-02").hits
    ] == [("Old", "hello one", "Ana María")]
    assert {hit.of for hit in found(store, "hello after:2026-03-01").hits} == {"New"}
    assert [hit.of for hit in found(store, "speaker:ana").hits] == ["New", "Old"]
    assert [hit.of for hit in found(store, "tag:finance").hits] == ["New"]
    assert found(store, "tag:other hello").hits == found(store, "hello speaker:nobody").hits == ()


def test_a_long_text_is_cut_around_the_words(store: Store) -> None:
    meeting(store, "x", "word " * 100 + "needle " + "word " * 100)
    (hit,) = found(store, "needle").hits
    assert marked(hit) == ["needle"]
    assert hit.text.startswith("… word ")
    assert hit.text.endswith(" word …")
    assert len(hit.text) <= search.EXCERPT + 4


def test_signs_of_the_query_language_harm_nothing(store: Store) -> None:
    meeting(store, "x", 'it\'s a test: (c++) AND "quoted" OR * ^ -')
    for asked in (
        '"',
        "AND",
        "OR",
        "NOT x",
        "c++",
        "it's",
        "(",
        "*",
        "^a",
        "a:b",
        "NEAR(",
        "-",
        "'; DROP TABLE note;",
        "\0",
    ):
        list(store.search(asked))
    assert len(texts(store, "c++")) == 1
    assert len(texts(store, "and quoted or")) == 1


def test_a_search_that_is_no_longer_wanted_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "STEPS", 1)
    meeting(store, "x", *["tester"] * 20)
    assert list(store.search("tester", wanted=lambda: False)) == []
    assert len(found(store, "tester").hits) == 20


# --- how the index follows -----------------------------------------------------------------------


def test_changes_are_found_at_once_and_what_went_is_not(store: Store) -> None:
    one = meeting(store, "First", "alpha", "beta")
    hits = found(store, "alpha").hits
    store.edit_segment(one, hits[0].segment_id, "gamma")
    assert (texts(store, "alpha"), texts(store, "gamma")) == ([], ["gamma"])
    store.edit_segment(one, hits[0].segment_id, "")
    assert texts(store, "gamma") == []
    store.edit_segment(one, hits[0].segment_id, "delta")
    assert texts(store, "delta") == ["delta"]
    store.rename(one, "Second")
    assert (texts(store, "first"), texts(store, "second")) == ([], ["Second"])
    note = store.add_note(one, 0.0, "noted")
    store.edit_note(one, note.id, "changed")
    assert (texts(store, "noted"), texts(store, "changed")) == ([], ["changed"])
    store.remove_note(one, note.id)
    assert texts(store, "changed") == []
    kept = store.add_minutes(minutes(one, Line(Section.DECISIONS, "decided")))
    store.edit_line(one, replace(kept.lines[0], text="agreed"))
    assert (texts(store, "decided"), texts(store, "agreed")) == ([], ["agreed"])
    store.remove_line(one, kept.lines[0].id)
    assert texts(store, "agreed") == []
    store.remove_line(one, kept.lines[0].id, removed=False)
    assert texts(store, "agreed") == ["agreed"]


def test_only_what_is_shown_is_found(store: Store) -> None:
    one = meeting(store, "x", "alpha")
    store.add_minutes(minutes(one, Line(Section.DECISIONS, "decided")))
    store.add_minutes(minutes(one, Line(Section.DECISIONS, "agreed")))
    said(store, one, "beta")
    assert (texts(store, "alpha"), texts(store, "beta")) == ([], ["beta"])
    assert (texts(store, "decided"), texts(store, "agreed")) == ([], ["agreed"])


def test_the_bin_is_not_searched_and_what_is_removed_leaves_nothing(
    store: Store, places: paths.Folders
) -> None:
    one = meeting(store, "Title", "alpha")
    store.add_note(one, 0.0, "noted")
    store.add_speaker(one, "Ana")
    store.add_minutes(minutes(one, Line(Section.DECISIONS, "decided")))
    store.bin(one)
    assert [texts(store, word) for word in ("title", "alpha", "noted", "ana", "decided")] == [[]] * 5
    store.restore(one)
    assert len(texts(store, "alpha")) == 1
    store.remove(one)
    with closing(sqlite3.connect(places.database)) as looking:
        for table in ("spoken", "written"):
            assert looking.execute(f"SELECT count(*) FROM {table}_docsize").fetchone() == (0,)


def test_an_older_library_is_taken_in_piece_by_piece(
    places: paths.Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BATCH", 2)
    engine = schema._engine(places.database)
    with engine.begin() as connection:
        chosen = config()
        chosen.attributes["connection"] = connection
        command.upgrade(chosen, "0005")
        options = (
            '{"model": "", "language": "", "vocabulary": [], "preset": "balanced", "task": "transcribe"}'
        )
        for statement in (
            """INSERT INTO meeting VALUES ('m1','Old title','2026-03-10','2026-03-10','import','','','',9,1,0,'[]','',
            '["t\\u00e9st"]','["Ana"]',0,NULL,1)""",
            f"INSERT INTO transcript VALUES (7,'m1','2026-03-10','{options}','en','[]',8.5,'[[null, 9, []]]',1,1)",
            "INSERT INTO note VALUES (1,'m1',2.0,'noted',0)",
        ):
            connection.exec_driver_sql(statement)
        for number in range(1, 6):
            connection.exec_driver_sql(
                "INSERT INTO segment VALUES (?,7,?,?,?,'[]',NULL,NULL,'en',0,0,'',0)",
                (number, number, number + 1, f"word{number} all"),
            )
    engine.dispose()
    store = Store(places)
    assert [texts(store, word) for word in ("old", "test", "ana", "noted")] == [
        ["Old title"],
        ["#tést"],
        ["Ana"],
        ["noted"],
    ]
    assert texts(store, "all") == []
    # What is changed or goes before its turn has come does the index no harm.
    store.edit_segment(MeetingId("m1"), 1, "other all")
    store.edit_segment(MeetingId("m1"), 2, "")
    assert store.index_some()
    assert texts(store, "all") == ["word4 all", "word5 all"]
    store.edit_segment(MeetingId("m1"), 5, "word6 all")
    while store.index_some():
        pass
    assert not store.index_some()
    assert sorted(texts(store, "all")) == ["other all", "word3 all", "word4 all", "word6 all"]
    store.close()
    with closing(sqlite3.connect(places.database)) as looking:
        looking.execute("INSERT INTO spoken(spoken, rank) VALUES ('integrity-check', 1)")
