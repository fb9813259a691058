"""Known voices: kept under a name, suggested, forgotten without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from core import paths
from core.store import Store
from core.values import MeetingId, Source, Speaker, Voices

PRINT = bytes(range(256)) * 3
MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def sounding(store: Store, voice_id: int) -> tuple[MeetingId, int]:
    """A meeting with one speaker who sounds like a known voice."""
    one = store.add_meeting("Tuesday", MORNING, Source.IMPORT)

    def change(known: Voices) -> Voices:
        return replace(known, speakers=(Speaker(-1, 0, voice_id=voice_id, certainty=0.97),))

    (speaker,) = store.attribute(one, change).speakers
    return one, speaker.id


def test_a_voice_is_kept_once_under_its_name(store: Store) -> None:
    store.remember_voice("Zoé", PRINT, 20.0)
    store.remember_voice("Ana", PRINT, 30.0)
    again = store.remember_voice("ZOÉ", PRINT[::-1], 50.0)
    ana, zoe = store.known_voices()
    assert (ana.name, ana.seconds) == ("Ana", 30.0)
    assert zoe == again
    assert (zoe.name, zoe.print, zoe.seconds) == ("ZOÉ", PRINT[::-1], 50.0)


def test_a_speaker_says_whom_it_sounds_like_until_it_has_a_name(store: Store) -> None:
    ana = store.remember_voice("Ana", PRINT, 30.0)
    one, speaker_id = sounding(store, ana.id)
    (speaker,) = store.speakers(one)
    assert (speaker.name, speaker.suggested, speaker.certainty) == ("", "Ana", 0.97)
    store.rename_speaker(one, speaker_id, "Anna")
    (speaker,) = store.speakers(one)
    assert (speaker.name, speaker.suggested, speaker.certainty) == ("Anna", "", 0.0)


def test_a_suggestion_that_was_refused_is_remembered_as_such(store: Store) -> None:
    ana = store.remember_voice("Ana", PRINT, 30.0)
    one, speaker_id = sounding(store, ana.id)
    store.reject_voice(one, speaker_id)
    (speaker,) = store.speakers(one)
    assert (speaker.voice_id, speaker.certainty) == (ana.id, 0.0)


def test_who_is_forgotten_is_suggested_no_more_and_leaves_nothing_in_the_file(
    store: Store, places: paths.Folders
) -> None:
    ana = store.remember_voice("Ana", PRINT, 30.0)
    store.remember_voice("Bob", PRINT[::-1], 30.0)
    one, _speaker_id = sounding(store, ana.id)
    store.forget_voice(ana.id)
    (speaker,) = store.speakers(one)
    assert (speaker.voice_id, speaker.suggested, speaker.certainty) == (0, "", 0.0)
    assert [voice.name for voice in store.known_voices()] == ["Bob"]
    store.bring_back(ana)
    store.forget_voices()
    assert store.known_voices() == ()
    store.close()
    content = b"".join(
        path.read_bytes() for path in places.database.parent.iterdir() if path.name.startswith("meetings.db")
    )
    assert PRINT[:200] not in content
    assert PRINT[::-1][:200] not in content


def test_what_a_voice_is_like_is_not_said_by_chance(store: Store) -> None:
    assert repr(PRINT)[:20] not in repr(store.remember_voice("Ana", PRINT, 30.0))
