"""The verbs for speakers and known voices, in a library with one meeting."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core import messages
from core.store import Store
from core.terminal.entry import run
from core.values import MeetingId, Place, Segment, Source, Speaker, TranscriptOptions, Turn, Voices


@pytest.fixture
def talk(store: Store) -> MeetingId:
    """Three people; the third sounds like Ana."""
    one = store.add_meeting("Tuesday", datetime(2026, 3, 10, 9, tzinfo=UTC), Source.IMPORT)
    begun = store.begin_transcript(one, TranscriptOptions(), "en")
    segments = [Segment(10.0 * place, 10.0 * place + 8, text) for place, text in enumerate("abc")]
    store.add_segments(begun, segments, Place(60.0))
    store.complete_transcript(begun)
    ana = store.remember_voice("Ana", b"1234", 30.0)

    def change(known: Voices) -> Voices:
        speakers = (Speaker(-1, 0), Speaker(-2, 0), Speaker(-3, 0, voice_id=ana.id, certainty=0.97))
        turns = tuple(Turn(10.0 * place, 10.0 * place + 8, -1 - place) for place in range(3))
        return replace(known, speakers=speakers, turns=turns)

    store.attribute(one, change)
    return one


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def speakers(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[int, str, float]]:
    found = answer(capsys, "speakers", *arguments)["speakers"]
    return [(one["number"], one["name"], one["seconds"]) for one in found]


def test_speakers_are_listed_with_their_time_and_whom_they_sound_like(
    talk: MeetingId, capsys: pytest.CaptureFixture[str]
) -> None:
    assert speakers(capsys, "list", talk) == [(1, "", 8), (2, "", 8), (3, "", 8)]
    assert run(["speakers", "list", talk]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["1", "8", "s", "Speaker", "1"]
    assert lines[2].endswith("Speaker 3  (Sounds like Ana (97%))")


def test_a_speaker_is_named_by_number_and_merged_by_name(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert speakers(capsys, "rename", talk, "3", "Ana")[2] == (3, "Ana", 8)
    assert speakers(capsys, "merge", talk, "speaker 1", "ana") == [(2, "", 8), (3, "Ana", 16)]
    assert store.meeting(talk).participants == ("Ana",)


def test_a_name_that_another_speaker_has_is_refused(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    speakers(capsys, "rename", talk, "1", "Ana")
    before = store.voices(talk)
    for arguments in (("rename", talk, "2", " ANA "), ("accept", talk, "3")):
        assert run(["speakers", *arguments]) == 1
        assert "Another speaker of this meeting is called Ana already." in capsys.readouterr().err
    assert store.voices(talk) == before
    # One may be spelt anew.
    assert speakers(capsys, "rename", talk, "ana", "ANA")[0][1] == "ANA"


def test_some_minutes_are_told_to_the_second() -> None:
    told = [messages.spoken_length(seconds) for seconds in (0, 59.4, 60, 75, 599.6, 640, 3700)]
    assert told == ["0 s", "59 s", "1 min", "1 min 15 s", "10 min", "11 min", "1 h 2 min"]


def test_a_suggested_name_is_taken_or_refused(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    before = store.voices(talk)
    told = answer(capsys, "speakers", "refuse", talk, "3")["speakers"][2]
    assert (told["name"], told["suggested"]) == ("", "")
    assert answer(capsys, "speakers", "accept", talk, "3", code=1)["problem"]["kind"] == "NobodySuggested"
    store.restore_voices(talk, before)
    assert speakers(capsys, "accept", talk, "3")[2] == (3, "Ana", 8)
    assert answer(capsys, "speakers", "refuse", talk, "Ana", code=1)["problem"]["kind"] == "NobodySuggested"


def test_the_person_says_who_they_are(talk: MeetingId, store: Store) -> None:
    assert run(["speakers", "me", talk, "2"]) == 0
    assert [one.is_me for one in store.speakers(talk)] == [False, True, False]
    assert run(["speakers", "me", talk]) == 0
    assert not any(one.is_me for one in store.speakers(talk))


def test_only_a_named_voice_can_be_remembered(talk: MeetingId, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "speakers", "remember", talk, "1", code=1)["problem"]["kind"] == "SpeakerUnnamed"
    speakers(capsys, "rename", talk, "1", "Bob")
    # There is no sound in which it could be heard.
    told = answer(capsys, "speakers", "remember", talk, "bob", code=1)["problem"]
    assert told["kind"] == "NothingToTranscribe"


def test_what_it_means_to_remember_a_voice_is_said_before(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["speakers", "rename", talk, "1", "Bob", "--remember"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("A voice print of Bob will be kept on this machine")
    assert said[0].endswith("A voice print is personal data: ask Bob first.")
    # That it failed does not go for the name.
    assert "The speaker has the name; the voice is not remembered." in said
    assert store.speakers(talk)[0].name == "Bob"
    assert run(["speakers", "remember", talk, "bob"]) == 1
    assert capsys.readouterr().err.startswith("A voice print of Bob")


def test_what_somebody_said_is_found_by_the_name(talk: MeetingId, capsys: pytest.CaptureFixture[str]) -> None:
    speakers(capsys, "rename", talk, "2", "Élodie")
    found = answer(capsys, "search", "b speaker:elodie")
    assert [hit["text"] for hit in found["hits"]] == ["b"]
    assert answer(capsys, "search", "a speaker:elodie")["hits"] == []


def test_a_stretch_is_given_to_somebody_new(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = speakers(capsys, "move", talk, "Bob", "--from", "0:09", "--to", "0:19")
    assert moved[3:] == [(4, "Bob", 8)]
    # Only some words of it.
    store.edit_segment(talk, store.voices(talk).segments[0].id, "one two")
    assert speakers(capsys, "move", talk, "Bob", "--from", "0:04", "--to", "0:08")[3:] == [(4, "Bob", 12)]
    assert [(one.text, one.speaker) for one in store.voices(talk).segments][:2] == [
        ("one", ""),
        ("two", "Bob"),
    ]
    before = store.voices(talk)
    for name in ("Bob", "Dora"):
        assert run(["speakers", "move", talk, name, "--from", "50", "--to", "60"]) == 0
        assert "Nothing is said from 00:50 to 01:00." in capsys.readouterr().err
    assert store.voices(talk) == before
    # Of two who have the name nobody is meant, and no third is made.
    store.rename_speaker(talk, before.speakers[0].id, "BOB")
    assert run(["speakers", "move", talk, "bob", "--from", "0", "--to", "4"]) == 2
    assert len(store.speakers(talk)) == 4


@pytest.mark.parametrize(
    "asked",
    [
        ("speakers",),
        ("speakers", "move", "1", "2", "--from", "0:12", "--to", "0:10"),
        ("voices", "forget"),
        ("voices", "forget", "Ana", "--all"),
        ("vocabulary", "add"),
        ("ask", " "),
    ],
)
def test_half_a_command_is_none(asked: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run(asked)
    assert end.value.code == 2
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rename", "9", "Ana"), "This meeting has no single speaker “9”."),
        (("merge", "1", "Eve"), "This meeting has no single speaker “Eve”."),
        (("merge", "2", "speaker 2"), "A speaker cannot be merged with itself."),
        (("move", "7", "--from", "0", "--to", "5"), "This meeting has no single speaker “7”."),
    ],
)
def test_who_is_not_there_is_told(
    talk: MeetingId, arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    verb, *more = arguments
    assert run(["speakers", verb, talk, *more]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("count", ["0", "21", "two"])
def test_a_number_of_speakers_is_one(talk: MeetingId, count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["speakers", "separate", talk, "--count", count])
    assert f"“{count}” is not a number from 1 to 20" in capsys.readouterr().err


def test_without_sound_they_cannot_be_told_apart(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    before = store.voices(talk)
    problem = answer(capsys, "speakers", "separate", talk, "--count", "2", code=1)["problem"]
    assert problem["kind"] == "NothingToTranscribe"
    assert store.voices(talk) == before


def test_voices_are_listed_and_forgotten(
    talk: MeetingId, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store.remember_voice("Bob", b"5678", 12.0)
    listed = answer(capsys, "voices")["voices"]
    assert [(one["name"], one["seconds"]) for one in listed] == [("Ana", 30.0), ("Bob", 12.0)]
    assert "print" not in listed[0]
    assert [one["name"] for one in answer(capsys, "voices", "forget", "bob")["voices"]] == ["Ana"]
    assert answer(capsys, "voices", "forget", "Eve", code=2)["problem"]["kind"] == "VoiceUnknown"
    assert run(["voices", "forget", "--all"]) == 0
    assert "No voice is remembered." in capsys.readouterr().err
    assert store.speakers(talk)[2].suggested == ""
