"""How much room a library takes, as its files say."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core import errors, meetings
from core.meetings import Library
from core.meetings import bin as binned
from core.meetings.library import held
from core.values import Source, Stage
from tests.conftest import finished
from tests.integration.test_exports import add_meeting


def test_what_each_kind_of_thing_takes(library: Library) -> None:
    places = library.places
    add_meeting(library)
    binned = library.store.meeting(add_meeting(library, "Old"))
    library.store.bin(binned.id)
    before = meetings.measure_storage(library)
    (places.audio / f"{binned.audio}.peaks").write_bytes(bytes(10))
    (places.models / "base").mkdir()
    (places.models / "base" / "model.bin").write_bytes(bytes(700))
    (places.exports / "minutes.md").write_bytes(bytes(40))
    archive = finished(meetings.back_up(library))
    found = meetings.measure_storage(library)
    assert found.sound == before.sound + 10
    assert (found.models, found.exports) == (700, 40)
    assert found.backups == archive.stat().st_size
    assert found.text >= places.database.stat().st_size > 0
    assert found.free <= shutil.disk_usage(places.root).total
    assert (found.binned_meetings, found.binned_cuts) == (1, 0)
    assert found.binned == (places.audio / binned.audio).stat().st_size


def test_a_folder_that_is_gone_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_folder: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(shutil, "disk_usage", gone)
    with pytest.raises(errors.StorageProblem):
        meetings.measure_storage(library)


def test_the_sound_goes_and_everything_else_stays(library: Library) -> None:
    meeting_id, other = add_meeting(library), add_meeting(library, "Other")
    store, audio = library.store, library.places.audio
    before = store.meeting(meeting_id)
    finished(meetings.cut_passage(library, meeting_id, 0.2, 0.5))
    names = {meeting.audio for meeting in store.meetings()} | {cut.audio for cut in store.cuts()}
    assert len(names) == 3
    (audio / f"{store.meeting(meeting_id).audio}.peaks").write_bytes(bytes(10))
    text, minutes = store.transcript(meeting_id), store.minutes(meeting_id)
    assert finished(meetings.remove_sound(library, [meeting_id])) > before.size
    after = store.meeting(meeting_id)
    assert (after.audio, after.size) == ("", 0)
    assert (after.title, after.transcript_complete) == (before.title, True)
    assert (store.transcript(meeting_id), store.minutes(meeting_id)) == (text, minutes)
    assert store.cuts() == ()
    assert [file.name for file in audio.iterdir()] == [store.meeting(other).audio]
    with pytest.raises(errors.NothingToTranscribe):
        library.audio_of(after)
    assert finished(meetings.remove_sound(library, [meeting_id])) == 0


def test_a_meeting_without_its_whole_text_keeps_its_sound(library: Library) -> None:
    meeting_id = add_meeting(library)
    meeting = library.store.meeting(meeting_id)
    with held(library, meeting, Stage.SUMMARISE):
        assert finished(meetings.remove_sound(library, [meeting_id])) == 0
    sound = library.places.audio / "new.flac"
    sound.write_bytes(b"sound")
    new = library.store.add_meeting("New", datetime.now(UTC), Source.IMPORT, audio=sound.name)
    assert finished(meetings.remove_sound(library, [new])) == 0
    assert library.store.meeting(meeting_id) == meeting
    assert sound.exists()


def test_sound_goes_by_itself_as_the_rules_of_tags_say(library: Library) -> None:
    kept, general, tagged, young = (
        add_meeting(library, title) for title in ("Kept", "All", "Tagged", "Young")
    )
    library.store.set_tags(kept, ["Legal", "interview"])
    library.store.set_tags(tagged, ["Interview"])
    for meeting_id, days in ((kept, 900), (general, 100), (tagged, 40), (young, 20)):
        moment = time.time() - 86_400 * days
        os.utime(library.places.audio / library.store.meeting(meeting_id).audio, (moment, moment))
    assert finished(meetings.remove_due_sound(library)) == 0
    library.change_settings(replace(library.settings, sound_rules=("=90", "legal=0", "interview=30", "x=?")))
    found = meetings.measure_storage(library)
    assert finished(meetings.remove_due_sound(library)) == found.due > 0
    assert found.due_meetings == 2
    assert meetings.measure_storage(library).due_meetings == 0
    assert {one.title for one in library.store.meetings() if one.audio} == {"Kept", "Young"}


def test_what_is_deleted_for_good_is_nowhere_in_the_files(library: Library) -> None:
    def content() -> bytes:
        files = library.places.root.glob(f"{library.places.database.name}*")
        return b"".join(file.read_bytes() for file in files)

    kept = add_meeting(library, "Kept")
    secret = add_meeting(library, "Vauxhall")
    library.store.add_note(secret, 0.0, "Vauxhall and zirconium")
    library.store.bin(secret)
    assert b"zirconium" in content()
    assert finished(binned.remove(library)) == 1
    assert b"zirconium" not in content()
    assert b"auxhall" not in content()
    assert [one.id for one in library.store.meetings()] == [kept]
    assert library.store.best("kept").hits
    assert finished(meetings.erase(library)) == 1
    assert b"Kept" not in content()
    assert library.store.meetings() == ()
