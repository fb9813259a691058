"""The verbs that change what stands in the library, in one with two meetings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.store import Store
from core.terminal.entry import run
from core.values import (
    Line,
    MeetingId,
    Minutes,
    Place,
    Section,
    Segment,
    Source,
    Stage,
    SummaryOptions,
    TranscriptOptions,
)


@pytest.fixture
def talk(store: Store) -> MeetingId:
    one = store.add_meeting("Tuesday", datetime(2026, 3, 10, 9, tzinfo=UTC), Source.IMPORT)
    begun = store.begin_transcript(one, TranscriptOptions(), "en")
    said = ("Anna comes.", "Then ANNA and Annabel go.", "The end.")
    store.add_segments(
        begun, [Segment(10.0 * place, 10.0 * place + 8, text) for place, text in enumerate(said)], Place(60.0)
    )
    store.complete_transcript(begun)
    return one


@pytest.fixture
def other(store: Store) -> MeetingId:
    return store.add_meeting("Wednesday", datetime(2026, 3, 11, 9, tzinfo=UTC), Source.IMPORT)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def texts(store: Store, talk: MeetingId) -> list[str]:
    transcript = store.transcript(talk)
    assert transcript
    return [one.text for one in transcript.segments]


def test_a_title_is_given_but_no_blank_one(
    store: Store, talk: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rename", talk, " Board "]) == 0
    assert capsys.readouterr().out.endswith("Board\n")
    assert store.meeting(talk).title == "Board"
    with pytest.raises(SystemExit) as ended:
        run(["rename", talk, "  "])
    assert ended.value.code == 2
    assert answer(capsys, "rename", "ffffffffffff", "X", code=2)["problem"]["kind"] == "MeetingUnknown"
    assert run(["rename", talk, "caf\udce9"]) == 2  # typed in another encoding
    assert "UTF-8" in capsys.readouterr().err


def test_stars_come_and_go(
    store: Store, talk: MeetingId, other: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["star", talk, other]) == 0
    assert capsys.readouterr().out.count("★") == 2
    assert run(["star", "--remove", other]) == 0
    assert (store.meeting(talk).starred, store.meeting(other).starred) == (True, False)


def test_tags_are_counted_over_all_meetings(
    talk: MeetingId, other: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "tags", talk, "#budget", "team")["tags"] == ["budget", "team"]
    assert answer(capsys, "tag", other, "team")["tags"] == ["team"]
    assert answer(capsys, "tags")["tags"] == {"team": 2, "budget": 1}
    assert answer(capsys, "tags", talk, "--remove", "Team")["tags"] == ["budget"]


def test_where_nothing_is_listed_a_sentence_says_so(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("tags", "vocabulary", "tasks", "voices", "queue", "cuts", "bin", "list"):
        assert run([verb]) == 0
        told = capsys.readouterr()
        assert (told.out, bool(told.err.strip())) == ("", True), verb
    one = store.add_meeting("Tuesday", datetime(2026, 3, 10, 9, tzinfo=UTC), Source.IMPORT)
    assert run(["participants", one]) == 0
    told = capsys.readouterr()
    assert (told.out, bool(told.err.strip())) == ("", True)


def test_words_that_are_none_are_not_taken(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["add"], ["add", " "], ["remove"], ["list", "Kowalczyk"]):
        with pytest.raises(SystemExit):
            run(["vocabulary", *wrong])
    assert answer(capsys, "vocabulary", "add", "rigor  mortis")["vocabulary"] == ["rigor mortis"]
    assert run(["vocabulary", "remove", "Rigor  mortis", "Contoso"]) == 0
    assert "“Contoso” is not listened for." in capsys.readouterr().err
    assert store.vocabulary() == ()


def test_what_has_nothing_to_wait_for_has_no_place_in_the_queue(
    store: Store, talk: MeetingId, other: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    store.ask(talk, Stage.SUMMARISE, SummaryOptions())
    for given in (["move", other, "--first"], ["move", talk, "--before", other], ["pause", other]):
        assert answer(capsys, "queue", *given, code=2)["problem"]["kind"] == "NotInQueue"
    assert [one["id"] for one in answer(capsys, "queue", "move", talk, "--first")["queue"]] == [talk]


def test_notes_are_added_changed_and_taken_away(talk: MeetingId, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "notes", talk) == {"notes": []}
    answer(capsys, "notes", talk, "--add", "call Ana", "--at", "1:05")
    (mark, note) = answer(capsys, "notes", talk, "--bookmark", "--at", "12")["notes"]
    assert (mark["at"], mark["bookmark"], note["at"], note["text"]) == (12.0, True, 65.0, "call Ana")
    changed = answer(capsys, "notes", talk, "--change", str(note["id"]), "--text", "call Marc")["notes"]
    assert [one["text"] for one in changed] == ["", "call Marc"]
    assert run(["notes", talk]) == 0
    assert "01:05  call Marc" in capsys.readouterr().out
    assert len(answer(capsys, "notes", talk, "--remove", str(mark["id"]))["notes"]) == 1
    assert answer(capsys, "notes", talk, "--remove", "99", code=2)["problem"]["kind"] == "NumberUnknown"
    agreed = answer(capsys, "notes", talk, "--consent")["notes"][0]
    assert agreed["at"] == 0.0
    assert "agreed to the recording" in agreed["text"]
    for wrong in (["--change", "1"], ["--at", "3"], ["--add", " "]):
        with pytest.raises(SystemExit):
            run(["notes", talk, *wrong])


def test_a_note_of_another_meeting_is_left_alone(
    store: Store, talk: MeetingId, other: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    note = store.add_note(other, 0.0, "mine")
    assert answer(capsys, "notes", talk, "--remove", str(note.id), code=2)["problem"]["do"]
    assert store.notes(other) == (note,)


def test_what_is_said_at_a_time_is_written_otherwise(
    store: Store, talk: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["edit", talk, "0:12", "Then Anna went."]) == 0
    assert capsys.readouterr().out == "00:10 Then Anna went.\n"
    assert texts(store, talk) == ["Anna comes.", "Then Anna went.", "The end."]
    assert answer(capsys, "edit", talk, "0:09", "x", code=2)["problem"]["kind"] == "NoSegmentAt"


def test_words_are_replaced_in_the_whole_text(
    store: Store, talk: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "replace", talk, "anna", r"Hanna\1", "--whole", "--case") == {"replaced": 0}
    assert answer(capsys, "replace", talk, "Anna", r"H\1", "--whole") == {"replaced": 2}
    assert run(["replace", talk, "nobody", "x"]) == 0
    assert capsys.readouterr().err == "0 places were changed.\n"
    assert texts(store, talk) == [r"H\1 comes.", r"Then H\1 and Annabel go.", "The end."]


def test_tasks_are_listed_and_ticked(
    store: Store, talk: MeetingId, other: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    for meeting_id, text in ((talk, "write"), (talk, "call"), (other, "pay")):
        minutes = store.minutes(meeting_id) or store.add_minutes(
            Minutes(meeting_id, SummaryOptions(), "offline", "en", datetime.now(UTC), "", ())
        )
        store.add_line(minutes, Line(Section.ACTION_ITEMS, text, owner="Marc"))
    numbers = {one["line"]["text"]: str(one["line"]["id"]) for one in answer(capsys, "tasks")["tasks"]}
    assert list(numbers) == ["pay", "write", "call"]
    assert run(["tasks", talk, "--done", numbers["call"]]) == 0
    printed = capsys.readouterr().out
    assert "☑ call (Marc)" in printed
    assert "☐ write (Marc)" in printed
    assert [one["line"]["text"] for one in answer(capsys, "tasks", talk)["tasks"]] == ["write"]
    assert len(answer(capsys, "tasks", "--all")["tasks"]) == 3
    answer(capsys, "tasks", "--open", numbers["call"])
    assert len(answer(capsys, "tasks")["tasks"]) == 3
    assert (
        answer(capsys, "tasks", talk, "--done", numbers["pay"], code=2)["problem"]["kind"] == "NumberUnknown"
    )


def test_meetings_go_to_the_bin_and_come_back(
    store: Store, talk: MeetingId, other: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["bin"]) == 0
    assert "The bin is empty." in capsys.readouterr().err
    assert run(["bin", talk, other]) == 0
    assert f"bin --bring-back {talk} {other}" in capsys.readouterr().err
    assert store.meetings() == ()
    answer(capsys, "bin", "--bring-back", other)
    assert [one.id for one in store.meetings()] == [other]
    assert [one["id"] for one in answer(capsys, "bin")["bin"]] == [talk]
    assert answer(capsys, "bin", other, "--empty") == {"removed": 0}  # it is not in the bin
    assert answer(capsys, "bin", "--empty") == {"removed": 1}
    assert [one.id for one in store.meetings(binned=True)] == []


def test_participants_come_and_go(talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "participants", talk, "Ana  Lind", "Marc")["participants"] == ["Ana Lind", "Marc"]
    assert answer(capsys, "participants", talk, "--remove", "marc")["participants"] == ["Ana Lind"]
    assert store.meeting(talk).participants == ("Ana Lind",)
    assert run(["participants", talk]) == 0
    assert capsys.readouterr().out == "Ana Lind\n"
