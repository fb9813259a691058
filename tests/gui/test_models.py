"""The two long lists' models, also under Qt's own model tester."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from core.errors import MissingFile, to_failure
from core.values import (
    Channel,
    LiveText,
    Meeting,
    MeetingId,
    Segment,
    Source,
    Speaker,
    Stage,
    Transcript,
    TranscriptOptions,
    Work,
)
from desktop.models.meetings import MeetingsModel, Role
from desktop.models.states import Activity, state
from desktop.models.transcript import SEGMENT, TranscriptModel, Voice
from tests.gui.hands import rows

NOON = datetime.now().astimezone().replace(hour=12, minute=0)


def a_meeting(name: str, days_ago: int = 0, **facts: object) -> Meeting:
    meeting = Meeting(
        id=MeetingId(name), title=name, started_at=NOON - timedelta(days=days_ago), source=Source.IMPORT
    )
    return dataclasses.replace(meeting, **facts)  # type: ignore[arg-type]


def test_meetings_stand_under_their_days_newest_first(qtmodeltester: ModelTester) -> None:
    model = MeetingsModel()
    qtmodeltester.check(model)
    old = a_meeting("old", started_at=datetime(2020, 3, 9, 12, tzinfo=UTC))
    model.set_meetings([a_meeting("before", 1), old, a_meeting("now")])
    assert rows(model) == ["Today", "now", "Yesterday", "before", "March 2020", "old"]
    qtmodeltester.check(model)


def test_changes_move_only_the_rows_they_touch(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = MeetingsModel()
    model.set_meetings([a_meeting("a", 1), a_meeting("b", 2)])
    qtmodeltester.check(model)
    with qtbot.waitSignal(model.rowsInserted), qtbot.assertNotEmitted(model.rowsRemoved):
        model.put(a_meeting("c"))
    assert rows(model)[:4] == ["Today", "c", "Yesterday", "a"]
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.rowsInserted):
        model.put(a_meeting("a", 1, title="renamed"))
    assert rows(model)[3] == "renamed"
    with qtbot.assertNotEmitted(model.rowsInserted):
        model.remove(MeetingId("c"))
    assert rows(model)[:2] == ["Yesterday", "renamed"]
    model.set_meetings([])
    assert model.rowCount() == 0
    qtmodeltester.check(model)


def test_a_row_says_where_its_meeting_stands() -> None:
    work = Work(1, MeetingId("a"), Stage.TRANSCRIBE, TranscriptOptions(), 1)
    failure = to_failure(MissingFile("talk.mp3"))
    lines = {
        "Recording": a_meeting("a", recording_open=True),
        "There is no file “talk.mp3”.": a_meeting("a", work=(dataclasses.replace(work, failure=failure),)),
        "Paused at 50%": a_meeting(
            "a", duration=60.0, transcribed=30.0, work=(dataclasses.replace(work, paused=True),)
        ),
        "Hire a tester": a_meeting("a", has_minutes=True, decision_count=1, first_decision="Hire a tester"),
        "3 decisions": a_meeting("a", has_minutes=True, decision_count=3, first_decision="Hire a tester"),
        "Transcript ready": a_meeting("a", transcript_complete=True),
        "Not transcribed yet": a_meeting("a"),
    }
    for sentence, meeting in lines.items():
        assert state(meeting, None).text == sentence


def test_progress_and_time_left_show_in_the_row() -> None:
    model = MeetingsModel()
    model.set_meetings([a_meeting("a")])
    model.set_activity(MeetingId("a"), Activity(Stage.TRANSCRIBE, starting=True))
    assert model.index_of("a").data(Role.STATE).text == "Getting ready"
    model.set_activity(MeetingId("a"), Activity(Stage.TRANSCRIBE, 0.61, 130))
    assert model.index_of("a").data(Role.STATE).text == "Transcribing 61% · about 2 minutes left"
    model.set_activity(MeetingId("a"), Activity(Stage.SUMMARISE, 0.2, part=2, parts=5))
    assert model.index_of("a").data(Role.STATE).text == "Writing minutes 20% · part 2 of 5"
    model.set_activity(MeetingId("a"), None)
    assert model.index_of("a").data(Role.STATE).text == "Not transcribed yet"


def a_transcript(*ids: int, complete: bool = False, version: int = 1) -> Transcript:
    segments = tuple(Segment(one * 10.0, one * 10.0 + 9, f" words {one}", id=one) for one in ids)
    return Transcript(version, MeetingId("a"), TranscriptOptions(), "en", complete, segments)


def test_a_transcript_grows_and_knows_what_it_has(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = TranscriptModel()
    qtmodeltester.check(model)
    model.set_transcript(a_transcript(1))
    model.add(a_transcript(1, 2).segments)
    assert rows(model) == ["words 1", "words 2"]
    with qtbot.assertNotEmitted(model.modelReset):
        # Read before the second segment was stored: it must not vanish.
        model.set_transcript(a_transcript(1))
        model.set_transcript(a_transcript(1, 2, 3, complete=True))
    assert model.rowCount() == 3
    model.add(a_transcript(4).segments)
    assert model.rowCount() == 3
    qtmodeltester.check(model)


def said(segment_id: int, start: float, channel: Channel) -> Segment:
    return Segment(start, start + 4, f" words {segment_id}", id=segment_id, channel=channel)


ME, OTHERS = Channel.MICROPHONE, Channel.SYSTEM


def test_text_of_two_channels_stands_in_the_order_it_was_said(
    qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    model = TranscriptModel()
    qtmodeltester.check(model)
    model.add([said(1, 0.0, ME), said(2, 20.0, ME)])
    # Heard before the second, known after it; one that begins with it stands below.
    model.add([said(3, 12.0, OTHERS), said(4, 5.0, OTHERS), said(5, 20.0, OTHERS), said(6, 30.0, OTHERS)])
    assert rows(model) == [f"words {one}" for one in (1, 4, 3, 2, 5, 6)]
    version = dataclasses.replace(
        a_transcript(),
        segments=(said(1, 0.0, ME), said(4, 5.0, OTHERS), said(3, 12.0, OTHERS), said(2, 20.0, ME)),
    )
    with qtbot.assertNotEmitted(model.modelReset):
        # Read before the last two were stored, and later with one between that was stored by another program.
        model.set_transcript(version)
        assert rows(model) == [f"words {one}" for one in (1, 4, 3, 2, 5, 6)]
        later = (said(7, 14.0, ME), said(5, 20.0, OTHERS), said(6, 30.0, OTHERS))
        model.set_transcript(
            dataclasses.replace(version, complete=True, segments=(*version.segments, *later))
        )
    assert rows(model) == [f"words {one}" for one in (1, 4, 3, 7, 2, 5, 6)]
    qtmodeltester.check(model)


def live(text: str, channel: Channel | None = OTHERS) -> LiveText:
    return LiveText(MeetingId("a"), text, 1.0, channel)


def test_the_unfinished_sentence_is_the_last_row_and_no_segment(
    qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    model = TranscriptModel()
    qtmodeltester.check(model)
    model.add([said(1, 0.0, ME)])
    with qtbot.waitSignal(model.rowsInserted):
        model.set_live(live("and"))
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.rowsInserted):
        model.set_live(live("and then "))
    with qtbot.assertNotEmitted(model.dataChanged):
        model.set_live(dataclasses.replace(live("and then "), behind=3.0))
    assert rows(model) == ["words 1", "and then"]
    assert model.count == 1
    last = model.index(1)
    assert not model.flags(last) & Qt.ItemFlag.ItemIsEditable
    assert not model.setData(last, "mine")
    assert last.data(Qt.ItemDataRole.AccessibleTextRole) == "Others and then"
    assert model.row_of(99, 1000.0).row() == 0
    model.add([said(2, 9.0, ME)])
    assert rows(model) == ["words 1", "words 2", "and then"]
    qtmodeltester.check(model)
    model.add([said(3, 5.0, OTHERS)])
    # Its own final text takes its place.
    assert rows(model) == ["words 1", "words 3", "words 2"]
    model.set_live(live("more"))
    model.set_transcript(None)
    assert rows(model) == ["more"]
    model.set_live(live(""))
    assert rows(model) == []


def test_each_channel_has_an_unfinished_sentence_of_its_own(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = TranscriptModel()
    qtmodeltester.check(model)
    model.add([said(1, 0.0, ME)])
    model.set_live(live("the budget", OTHERS))
    # Nothing is heard in the other channel.
    with qtbot.assertNotEmitted(model.rowsRemoved):
        model.set_live(live("", ME))
    model.set_live(live("yes", ME))
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.set_live(live("yes but", ME))
    assert changed.args[0].row() == 2
    assert rows(model) == ["words 1", "the budget", "yes but"]
    assert [model.index(row).data(SEGMENT).channel for row in (1, 2)] == [OTHERS, ME]
    qtmodeltester.check(model)
    model.add([said(2, 5.0, OTHERS)])
    assert rows(model) == ["words 1", "words 2", "yes but"]
    model.end_live(OTHERS)
    model.end_live(ME)
    assert rows(model) == ["words 1", "words 2"]
    qtmodeltester.check(model)


def test_a_correction_is_shown_and_told_once(qtbot: QtBot) -> None:
    model = TranscriptModel()
    model.set_transcript(a_transcript(7, complete=True))
    with qtbot.waitSignal(model.corrected) as told:
        assert model.setData(model.index(0), "better words")
    assert told.args == [7, "better words"]
    assert model.index(0).data() == "better words"
    assert not model.setData(model.index(0), "better words")
    with qtbot.waitSignal(model.corrected) as told:
        assert model.setData(model.index(0), "  ")
    assert told.args == [7, ""]
    # It goes once that is stored.
    assert model.index(0).data() == "better words"


def test_single_rows_come_change_and_go(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = TranscriptModel()
    qtmodeltester.check(model)
    model.set_transcript(a_transcript(*range(1, 9), complete=True))
    became = dataclasses.replace(
        a_transcript(1, 3, 5, 6, 7, 8, complete=True),
        segments=tuple(
            dataclasses.replace(one, text="other words") if one.id == 5 else one
            for one in a_transcript(1, 3, 5, 6, 9, 10, complete=True).segments
        ),
    )
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as changed:
        model.set_transcript(became)
    assert rows(model) == ["words 1", "words 3", "other words", "words 6", "words 9", "words 10"]
    assert changed.args[0].row() == 2
    qtmodeltester.check(model)
    # Another version, and one in another order, are other texts.
    with qtbot.waitSignal(model.modelReset):
        model.set_transcript(a_transcript(1, 3, complete=True, version=2))
    later = dataclasses.replace(a_transcript(1).segments[0], start=90.0)
    with qtbot.waitSignal(model.modelReset):
        model.set_transcript(
            dataclasses.replace(
                a_transcript(3, complete=True, version=2), segments=(*a_transcript(3).segments, later)
            )
        )
    assert rows(model) == ["words 3", "words 1"]


def test_a_draft_is_told_once_it_has_words(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    model = TranscriptModel()
    model.set_transcript(a_transcript(1, 2, complete=True))
    index = model.begin_draft(0)
    qtmodeltester.check(model)
    assert (index.row(), index.data(Qt.ItemDataRole.EditRole)) == (1, "")
    with qtbot.assertNotEmitted(model.inserted):
        assert not model.setData(index, "  ")
        # What is read meanwhile leaves it where it is.
        model.set_transcript(a_transcript(1, 2, 3, complete=True))
    assert model.index(1).data(SEGMENT).id < 0
    with qtbot.waitSignal(model.inserted) as told:
        assert model.setData(model.index(1), "new  words")
    assert told.args == [1, 2, "new words"]
    model.end_draft()
    assert model.rowCount() == 4
    # Once it is stored it is a segment like others.
    stored = Segment(19.5, 20.0, "new words", id=4)
    version = a_transcript(1, 2, 3, complete=True)
    model.set_transcript(dataclasses.replace(version, segments=(*version.segments, stored)))
    assert [model.index(row).data(SEGMENT).id for row in range(4)] == [1, 4, 2, 3]
    model.begin_draft(3)
    model.end_draft()
    assert model.rowCount() == 4
    qtmodeltester.check(model)


def test_who_says_it_goes_by_name_number_or_channel(qtbot: QtBot) -> None:
    model = TranscriptModel()
    ana, second = Speaker(7, 1, "Ana", colour=4), Speaker(8, 2, colour=1)
    spoken = [
        dataclasses.replace(said(1, 0.0, ME), speaker_id=7),
        dataclasses.replace(said(2, 9.0, ME), speaker_id=8),
    ]
    model.add([*spoken, said(3, 20.0, OTHERS)])
    assert [model.voice(one) for one in model.segments] == [None, None, None]
    with qtbot.waitSignal(model.dataChanged):
        model.set_speakers((ana, second), (ME, OTHERS))
    assert [model.voice(one) for one in model.segments] == [
        Voice("Ana", 4),
        Voice("Speaker 2", 1),
        Voice("Others", 1),
    ]
    with qtbot.assertNotEmitted(model.dataChanged):
        model.set_speakers((ana, second), (ME, OTHERS))
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "00:09 Speaker 2 words 2"
    # An unfinished sentence goes by whoever stands for its channel.
    model.set_speakers((ana, dataclasses.replace(second, channel=OTHERS, colour=5)), (ME, OTHERS))
    model.set_live(live("and so"))
    assert model.voice(model.index(3).data(SEGMENT)) == Voice("Others", 5)


def test_a_place_is_found_by_segment_or_by_time() -> None:
    model = TranscriptModel()
    model.set_transcript(a_transcript(1, 2, 3, complete=True))
    assert model.row_of(2).row() == 1
    assert model.row_of(99, 31.0).row() == 2
    assert model.row_of(99, 0.0).row() == 0
