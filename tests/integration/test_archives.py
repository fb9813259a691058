"""A library as one file: written, proved whole, brought back; nothing half, nothing twice, killed at any moment."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from core import errors, meetings, paths, terminal
from core.meetings import Library, archives
from core.values import MeetingId, Source
from tests.conftest import finished
from tests.integration.test_exports import add_meeting


def filled(library: Library) -> list[MeetingId]:
    """Three meetings with all that a meeting can have; one lies in the bin."""
    ids = [add_meeting(library), add_meeting(library, "Budget"), add_meeting(library, "Old", sound=False)]
    store = library.store
    ana = store.add_speaker(ids[0], "Ana")
    store.remember_voice("Ana", bytes(16), 3.0)
    transcript = store.transcript(ids[0])
    assert transcript
    store.set_speaker(ids[0], [transcript.segments[0].id], ana.id)
    store.edit_segment(ids[0], transcript.segments[1].id, "I send the report today.")
    store.add_note(ids[0], 1.5, "ask Bob")
    store.set_tags(ids[1], ["finance"])
    store.set_vocabulary(["Nordwind"])
    store.set_vocabulary(["Bob"], "finance")
    store.bin(ids[2])
    (library.places.templates / "letter.txt").write_text("{{ title }}")
    return ids


def everything(library: Library) -> Any:
    """All that a person would miss, as plain values."""
    store = library.store
    found = []
    every = (*store.meetings(), *store.meetings(binned=True))
    for meeting in sorted(every, key=lambda one: one.id):
        audio = library.places.audio / meeting.audio
        found.append(
            (
                replace(meeting, revision=0),
                store.transcript(meeting.id),
                store.minutes(meeting.id),
                store.notes(meeting.id),
                store.speakers(meeting.id),
                store.turns(meeting.id),
                audio.read_bytes() if meeting.audio else b"",
            )
        )
    return found, store.vocabularies(), sorted(path.name for path in library.places.templates.iterdir())


@pytest.fixture
def other(tmp_path: Path) -> Any:
    """Another, empty library."""
    opened = Library(paths.folders(tmp_path / "other"))
    yield opened
    opened.close()


def test_there_and_back_again(library: Library, other: Library) -> None:
    ids = filled(library)
    path = finished(meetings.back_up(library))
    result = finished(meetings.restore(other, path))
    assert set(result.added) == set(ids)
    assert everything(other) == everything(library)
    # Found by search too, and told to other doors.
    assert other.store.revision() > 0
    again = finished(meetings.restore(other, path))
    assert (again.added, again.there) == ((), 3)
    assert everything(other) == everything(library)


def test_two_libraries_become_one(library: Library, other: Library) -> None:
    mine = add_meeting(other, "Mine")
    filled(library)
    before = everything(other)[0]
    finished(meetings.restore(other, finished(meetings.back_up(library))))
    assert len(other.store.meetings()) == 3
    found = everything(other)[0]
    assert [one for one in found if one[0].id == mine] == before
    for meeting in library.store.meetings():
        here, there = (one.store.minutes(meeting.id) for one in (library, other))
        assert here
        assert there
        transcript = other.store.transcript(meeting.id)
        assert transcript
        # Evidence points to the segments as they are numbered now.
        quoted = there.lines[0].evidence[0].segment_ids
        assert quoted == (transcript.segments[1].id,)
        assert there.lines[0].text == here.lines[0].text


def test_the_same_recording_under_another_id_is_not_doubled(library: Library, other: Library) -> None:
    for one in (library, other):
        one.store.add_meeting("Talk", datetime.now(UTC), Source.IMPORT, digest="abc", audio="talk.flac")
    result = finished(meetings.restore(other, finished(meetings.back_up(library))))
    assert (result.added, result.there) == ((), 1)


def test_sound_that_is_missing_comes_back(library: Library) -> None:
    ids = filled(library)
    path = finished(meetings.back_up(library))
    sound = library.audio_of(library.store.meeting(ids[0]))
    before = sound.read_bytes()
    sound.unlink()
    finished(meetings.restore(library, path))
    assert sound.read_bytes() == before


def test_remembered_voices_stay_at_home(library: Library, tmp_path: Path) -> None:
    filled(library)
    path = finished(meetings.back_up(library))
    with zipfile.ZipFile(path) as archive:
        archive.extract("meetings.db", tmp_path)
    with sqlite3.connect(tmp_path / "meetings.db") as database:
        assert database.execute("SELECT count(*) FROM voice").fetchone() == (0,)
    assert library.store.known_voices()


def test_settings_of_another_machine(library: Library, other: Library) -> None:
    library.change_settings(
        replace(library.settings, preset="best", watch_folder="/somewhere", keep_folder="/else")
    )
    finished(meetings.restore(other, finished(meetings.back_up(library))))
    assert (other.settings.preset, other.settings.watch_folder, other.settings.keep_folder) == (
        "best",
        "",
        "",
    )
    other.change_settings(replace(other.settings, preset="fast"))
    finished(meetings.restore(other, finished(meetings.back_up(library))))
    assert other.settings.preset == "fast"


def test_without_sound(library: Library, other: Library) -> None:
    filled(library)
    path = finished(meetings.back_up(library, sound=False))
    finished(meetings.restore(other, path))
    assert list(other.places.audio.iterdir()) == []
    assert other.store.transcript(other.store.meetings()[0].id)


def test_the_oldest_backups_go(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.settings = replace(library.settings, backup_count=2, backup_days=1)
    assert not meetings.backup_is_due(library)  # nothing to keep
    add_meeting(library, sound=False)
    assert meetings.backup_is_due(library)
    for name in ("2026-01-01-000000", "2026-02-01-000000"):
        (library.places.backups / f"{archives.NAME}{name}{archives.ENDING}").touch()
    other = library.places.backups / "meetings-before-0007.db"
    other.touch()
    new = finished(meetings.back_up(library))
    assert [path.name[16:26] for path in meetings.backups(library.places.backups)] == [
        new.name[16:26],
        "2026-02-01",
    ]
    assert other.exists()
    assert not meetings.backup_is_due(library)
    os.utime(new, (0, time.time() - 2 * 86_400))
    assert meetings.backup_is_due(library)


def test_a_library_of_an_earlier_version_is_brought_up_to_date(
    library: Library, other: Library, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = create_engine(f"sqlite:///{old}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        columns = [row[1:3] for row in connection.exec_driver_sql("PRAGMA table_info(meeting)")]
        values: dict[str, Any] = {
            name: {"VARCHAR": "", "JSON": "[]", "DATETIME": "2025-01-01 00:00:00"}.get(kind, 0)
            for name, kind in columns
        }
        values |= {"id": "a1", "title": "Old", "source": "import", "deleted_at": None}
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        connection.exec_driver_sql(f"INSERT INTO meeting ({names}) VALUES ({marks})", tuple(values.values()))
    engine.dispose()
    archive = packed(tmp_path / "old.meetings", {"meetings.db": old.read_bytes()})
    result = finished(meetings.restore(other, archive))
    assert result.added == ("a1",)


# --- what is not whole ---------------------------------------------------------------------------


def packed(path: Path, files: dict[str, bytes], **manifest: Any) -> Path:
    """An archive of these files, with a manifest that fits them but for what is given."""
    import hashlib

    sums = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
    }
    told = {
        "kind": archives.KIND,
        "version": 1,
        "created_at": "2026-01-01T00:00:00+00:00",
        "files": sums,
        **manifest,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(told))
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "audio/../../evil",
        "/etc/evil",
        "audio/a/b",
        "audio/",
        "other.txt",
        "audio\\evil",
        "audio/..",
    ],
)
def test_nothing_comes_out_anywhere_else(name: str, library: Library, tmp_path: Path) -> None:
    archive = packed(tmp_path / "a.meetings", {"meetings.db": b"", name: b"x"})
    with pytest.raises(errors.ArchiveDamaged):
        finished(meetings.restore(library, archive))
    assert library.store.meetings() == ()


def test_archives_that_are_none(library: Library, tmp_path: Path) -> None:
    filled(library)
    whole = finished(meetings.back_up(library)).read_bytes()
    bad = tmp_path / "bad.meetings"
    for content in (b"", b"no archive", whole[:-100], whole[: len(whole) // 2]):
        bad.write_bytes(content)
        with pytest.raises(errors.ArchiveDamaged):
            finished(meetings.verify(bad))
    picked = random.Random(5)
    for _ in range(20):  # one byte of the sound turned around
        broken = bytearray(whole)
        broken[picked.randrange(2000, len(whole) // 2)] ^= 0xFF
        bad.write_bytes(broken)
        with pytest.raises(errors.ArchiveDamaged):
            finished(meetings.verify(bad))
    packed(bad, {"meetings.db": b""}, version=99)
    with pytest.raises(errors.LibraryFromFuture):
        finished(meetings.verify(bad))
    with pytest.raises(errors.MissingFile):
        finished(meetings.verify(tmp_path / "gone"))


def test_a_database_that_is_none_brings_nothing(library: Library, tmp_path: Path) -> None:
    archive = packed(tmp_path / "a.meetings", {"meetings.db": b"this is not a database" * 100})
    with pytest.raises(errors.LibraryDamaged):
        finished(meetings.restore(library, archive))
    assert [path.name for path in library.places.root.iterdir() if path.name.startswith(".")] == []


def test_a_stopped_backup_leaves_nothing(library: Library) -> None:
    filled(library)
    job = meetings.back_up(library)
    for _ in range(3):
        next(job)
    job.close()
    assert list(library.places.backups.iterdir()) == []


# --- killed --------------------------------------------------------------------------------------

DOING = """
import sys
from pathlib import Path
from core import meetings, paths
from core.meetings import Library
library = Library(paths.folders(sys.argv[1]))
job = meetings.back_up(library) if len(sys.argv) == 2 else meetings.restore(library, Path(sys.argv[2]))
print("open", flush=True)
for _event in job:
    pass
print("done", flush=True)
"""


def killed(seconds: float, *arguments: Path) -> bool:
    """Runs a backup or a restore and kills it after so many seconds; whether it was done before."""
    with subprocess.Popen(
        [sys.executable, "-c", DOING, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return "done" in process.stdout.read()


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a kill")
def test_killed_in_mid_backup_and_mid_restore(library: Library, tmp_path: Path) -> None:
    filled(library)
    for number in range(12):
        add_meeting(library, f"Meeting {number}")
    for wait in (0.005, 0.03, 0.09):
        killed(wait, library.places.root)
        for path in meetings.backups(library.places.backups):
            finished(meetings.verify(path))
            path.unlink()
    archive = finished(meetings.back_up(library))
    assert [path for path in library.places.backups.iterdir() if path != archive] == []
    wanted = everything(library)
    for place, wait in enumerate((0.01, 0.06, 0.15)):
        target = paths.folders(tmp_path / f"target{place}")
        killed(wait, target.root, archive)
        opened = Library(target)
        try:
            for meeting in opened.store.meetings():
                # There whole, its sound before it.
                assert opened.store.transcript(meeting.id) is not None
                assert not meeting.audio or opened.audio_of(meeting).stat().st_size
            finished(meetings.restore(opened, archive))
            found = everything(opened)
            assert [one[0].title for one in found[0]] == [one[0].title for one in wanted[0]]
            assert [one[-1] for one in found[0]] == [one[-1] for one in wanted[0]]
            assert [path for path in target.root.iterdir() if path.name.startswith(".")] == []
        finally:
            opened.close()


# --- terminal ------------------------------------------------------------------------------------


def test_the_verbs(library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = filled(library)
    assert terminal.run(["backup", "--out", str(tmp_path / "b")]) == terminal.DONE
    path = capsys.readouterr().out.strip()
    assert terminal.run(["backup", "--check", path]) == terminal.DONE
    assert capsys.readouterr().out.startswith("Whole: 2 meetings, ")
    assert terminal.run(["--data-dir", str(tmp_path / "new"), "restore", path]) == terminal.DONE
    assert capsys.readouterr().out == "3 meetings restored · 0 were here already\n"
    assert terminal.run(["restore", path, "--json"]) == terminal.DONE
    assert json.loads(capsys.readouterr().out) == {"added": [], "there": len(ids)}
    assert terminal.run(["backup", "--if-due"]) == terminal.DONE
    shutil.copy(__file__, tmp_path / "x.meetings")
    assert terminal.run(["restore", str(tmp_path / "x.meetings")]) == terminal.PROBLEM
