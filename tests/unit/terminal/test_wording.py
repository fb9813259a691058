"""The verbs that change a meeting's text and the lines of its minutes."""

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
    SummaryOptions,
    TranscriptOptions,
)


@pytest.fixture
def talk(store: Store) -> MeetingId:
    one = store.add_meeting("Tuesday", datetime(2026, 3, 10, 9, tzinfo=UTC), Source.IMPORT)
    begun = store.begin_transcript(one, TranscriptOptions(), "en")
    said = ("Anna comes today.", "Then she goes.", "The end.")
    store.add_segments(
        begun, [Segment(10.0 * place, 10.0 * place + 8, text) for place, text in enumerate(said)], Place(60.0)
    )
    store.complete_transcript(begun)
    return one


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def texts(store: Store, talk: MeetingId) -> list[str]:
    transcript = store.transcript(talk)
    assert transcript
    return [one.text for one in transcript.segments]


def test_a_segment_is_cut_in_two_and_joined_again(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "split", talk, "0:03")
    assert texts(store, talk)[:2] == ["Anna", "comes today."]
    joined = answer(capsys, "merge", talk, "0:01", "0:12")
    assert [one["text"] for one in joined["segments"]] == ["Anna comes today. Then she goes."]
    assert texts(store, talk) == ["Anna comes today. Then she goes.", "The end."]


def test_what_is_missing_is_written_in_its_place(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "insert", talk, "0:18.5", "She waves.")
    answer(capsys, "insert", talk, "59", "Good bye.")
    assert texts(store, talk) == [
        "Anna comes today.",
        "Then she goes.",
        "She waves.",
        "The end.",
        "Good bye.",
    ]


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        (("split", "55"), "NoSegmentAt"),
        (("merge", "30", "40"), "NothingToMerge"),
        (("merge", "0", "4"), "NothingToMerge"),
    ],
)
def test_where_nothing_stands_nothing_is_changed(
    asked: tuple[str, ...], kind: str, talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    before = texts(store, talk)
    verb, *times = asked
    assert answer(capsys, verb, talk, *times, code=2)["problem"]["kind"] == kind
    assert texts(store, talk) == before


@pytest.mark.parametrize(
    "wrong",
    [
        ("merge", "x", "5", "4"),
        ("insert", "x", "5", " "),
        ("lines", "x", "--change", "1"),
        ("lines", "x", "--text", "y"),
        ("lines", "x", "--section", "decisions"),
        ("lines", "x", "--add", " "),
        ("lines", "x", "--owner", "Ana"),
        ("lines", "x", "--add", "y", "--section", "nonsense"),
    ],
)
def test_wrong_use_is_refused(wrong: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as end:
        run(wrong)
    assert end.value.code == 2


def test_lines_of_the_minutes_are_added_changed_and_taken_out(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "lines", talk) == {}
    assert answer(capsys, "lines", talk, "--add", "x", code=1)["problem"]["kind"] == "NoMinutes"
    lines = (Line(Section.ACTION_ITEMS, "Buy tea", owner="Marc", supported=False, unverified=("Ceylon",)),)
    store.add_minutes(Minutes(talk, SummaryOptions(), "offline", "en", datetime.now(UTC), "", lines))
    answer(capsys, "lines", talk, "--add", "We sell the van.", "--section", "decisions")
    (task,) = answer(capsys, "lines", talk)["action_items"]
    assert run(["lines", talk]) == 0
    assert "Buy tea (Marc)\n       Not found in the transcript · Check: Ceylon\n" in capsys.readouterr().out
    number = str(task["id"])
    answer(capsys, "lines", talk, "--change", number, "--text", " Buy coffee ", "--owner", "Ana")
    shown = store.minutes(talk)
    assert shown
    assert [(one.text, one.owner, one.edited, one.supported) for one in shown.of(Section.ACTION_ITEMS)] == [
        ("Buy coffee", "Ana", True, True)
    ]
    assert [one.text for one in shown.of(Section.DECISIONS)] == ["We sell the van."]
    answer(capsys, "lines", talk, "--remove", number)
    assert run(["lines", talk]) == 0
    told = capsys.readouterr().out
    assert "We sell the van." in told
    assert "coffee" not in told
    assert answer(capsys, "lines", talk, "--remove", "99", code=2)["problem"]["kind"] == "NumberUnknown"


def test_minutes_are_made_listed_and_an_earlier_version_shown(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    for _again in range(2):
        assert run(["summarise", talk]) == 0
        assert "Anna comes today." in capsys.readouterr().out
    newer, older = answer(capsys, "minutes", talk)["versions"]
    assert (newer["shown"], older["shown"]) == (True, False)
    assert run(["minutes", talk, "--show", str(older["id"])]) == 0
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == [" ", "*"]
    shown = store.minutes(talk)
    assert shown
    assert shown.id == older["id"]
    assert answer(capsys, "minutes", talk, "--show", "99", code=2)["problem"]["kind"] == "VersionUnknown"


def test_a_question_is_answered_with_where_it_was_said(
    talk: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ask", "When does Anna come?", "--meeting", talk]) == 0
    assert "00:00  “Anna comes today.”" in capsys.readouterr().out
    asked = ("ask", "When does Anna come?", "--language", "xx")
    assert answer(capsys, *asked, code=2)["problem"]["kind"] == "LanguageUnknown"
