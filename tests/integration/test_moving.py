"""The library moves to another folder: all of it is there afterwards, and it is never in two places or in none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import credentials, errors, locks, meetings, paths, settings
from core.meetings import Library, moving
from core.values import Progress
from tests.conftest import finished
from tests.integration.test_archives import everything, filled


def refused(*_given: object, **_more: object) -> None:
    raise OSError("another disk")


@pytest.fixture
def other_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every other folder lay on another disk."""
    monkeypatch.setattr(os, "link", refused)


@pytest.fixture
def home(places: paths.Folders) -> Path:
    """The folder of a library with all that one can hold, closed."""
    with closing(Library(places)) as library:
        filled(library)
        library.change_settings(
            replace(library.settings, language="fr", export_folder=str(places.exports), keep_folder="/notes")
        )
        credentials.api_token(places)
    (places.models / "small").mkdir()
    (places.models / "small" / "model.bin").write_bytes(bytes(3_000_000))
    (places.root / "machine.json").write_text("{}")
    return places.root


def of(folder: Path) -> Any:
    """What the library that this folder leads to holds, once a door has opened it."""
    with closing(Library(paths.folders(folder))) as library:
        meetings.recover(library)
        return everything(library)


def moved(home: Path, folder: Path) -> paths.Folders:
    copied: meetings.Copied = finished(meetings.copy_library(paths.folders(home), folder))
    return finished(meetings.switch_library(copied))  # type: ignore[no-any-return]


@pytest.mark.parametrize("disk", ["this_disk", "other_disk"])
def test_all_of_it_is_there_and_nothing_where_it_was(
    disk: str, home: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if disk == "other_disk":
        request.getfixturevalue(disk)
    before, token = of(home), credentials.api_token(paths.folders(home))
    places = moved(home, tmp_path / "disk")
    assert places.root == tmp_path / "disk" / moving.NAME
    assert paths.folders(home) == places
    assert of(home) == before
    assert [file.name for file in home.iterdir()] == ["library-folder"]
    assert (places.models / "small" / "model.bin").stat().st_size == 3_000_000
    kept = settings.load(places.settings)
    assert (kept.language, kept.keep_folder) == ("fr", "/notes")
    assert kept.export_folder == str(places.exports)
    assert credentials.api_token(places) == token
    assert not (places.root / moving.MARK).exists()
    assert places.root.stat().st_mode & 0o777 == 0o700


def test_it_moves_on_and_back_home(home: Path, tmp_path: Path) -> None:
    before = of(home)
    first = moved(home, tmp_path / "a")
    second = moved(home, tmp_path / "b")
    assert not first.root.exists()
    assert paths.folders(home).root == second.root == tmp_path / "b" / moving.NAME
    assert of(home) == before
    # What opens the folder from which it went waits for nothing that is not there.
    assert not paths.folders(first.root).database.exists()


def test_what_changes_after_the_copy_comes_along(home: Path, tmp_path: Path, other_disk: None) -> None:
    places = paths.folders(home)
    copied: meetings.Copied = finished(meetings.copy_library(places, tmp_path / "disk"))
    with closing(Library(places)) as library:
        (first, *_rest) = library.store.meetings()
        library.store.rename(first.id, "Renamed meanwhile")
        (places.audio / "new.ogg").write_bytes(b"new")
        (places.models / "small" / "model.bin").unlink()
    now = finished(meetings.switch_library(copied))
    assert (now.audio / "new.ogg").read_bytes() == b"new"
    assert not (now.models / "small" / "model.bin").exists()
    with closing(Library(now)) as library:
        assert "Renamed meanwhile" in [one.title for one in library.store.meetings()]


def test_a_copy_that_is_to_be_switched_to_is_left_alone_by_whoever_opens_the_library(
    home: Path, tmp_path: Path, other_disk: None
) -> None:
    before = of(home)
    places = paths.folders(home)
    copied: meetings.Copied = finished(meetings.copy_library(places, tmp_path / "disk"))
    assert of(home) == before  # another door of this process, which recovers
    listed = [sys.executable, "-m", "core", "list", "--data-dir", str(home)]
    subprocess.run(listed, check=True, capture_output=True)  # and of another one
    (home / "window.ini").write_text("[General]")  # as the closing window does
    with pytest.raises(errors.LibraryBusy):
        finished(meetings.copy_library(places, tmp_path / "elsewhere"))
    now = finished(meetings.switch_library(copied))
    assert paths.folders(home) == now
    assert of(home) == before
    assert (now.models / "small" / "model.bin").stat().st_size == 3_000_000
    assert (now.root / "window.ini").exists()
    assert [file.name for file in home.iterdir()] == ["library-folder"]


@pytest.mark.parametrize("lost", ["a file", "a part of one", "all"])
def test_what_the_copy_lost_meanwhile_is_noticed(
    lost: str, home: Path, tmp_path: Path, other_disk: None
) -> None:
    before = of(home)
    copied: meetings.Copied = finished(meetings.copy_library(paths.folders(home), tmp_path / "disk"))
    model = copied.target / "models" / "small" / "model.bin"
    if lost == "all":
        shutil.rmtree(copied.target)
        with pytest.raises(errors.CopyDamaged):
            finished(meetings.switch_library(copied))
        assert paths.folders(home).root == home
    else:
        model.unlink() if lost == "a file" else os.truncate(model, 10)
        finished(meetings.switch_library(copied))
        assert model.stat().st_size == 3_000_000
    assert of(home) == before


def test_a_copy_that_is_dropped_leaves_nothing(home: Path, tmp_path: Path) -> None:
    places = paths.folders(home)
    copied: meetings.Copied = finished(meetings.copy_library(places, tmp_path / "disk"))
    meetings.drop_copy(copied)
    assert not copied.target.exists()
    assert not (home / moving.GOING).exists()
    assert moved(home, tmp_path / "disk").root == copied.target  # nobody has a claim on it any more


def test_a_stopped_copy_leaves_nothing(home: Path, tmp_path: Path, other_disk: None) -> None:
    before = of(home)
    job = meetings.copy_library(paths.folders(home), tmp_path / "disk")
    event = next(job)
    while not (isinstance(event, Progress) and (event.fraction or 0) > 0.5):
        event = next(job)
    assert (tmp_path / "disk" / moving.NAME / "audio").is_dir()
    job.close()
    assert not (tmp_path / "disk" / moving.NAME).exists()
    assert not (home / moving.GOING).exists()
    assert of(home) == before


def test_where_it_cannot_go(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = paths.folders(home)

    def why(folder: Path) -> type[Exception]:
        with pytest.raises(errors.StorageProblem) as told:
            finished(meetings.copy_library(places, folder))
        return told.type

    assert why(home / "inside") is errors.FolderInside
    taken = tmp_path / "taken" / moving.NAME
    taken.mkdir(parents=True)
    (taken / "diary.txt").touch()
    assert why(tmp_path / "taken") is errors.FolderTaken
    with locks.hold(places.locks / moving.LOCK):
        assert why(tmp_path / "disk") is errors.LibraryBusy
    monkeypatch.setattr(moving, "SPARE", 1 << 60)
    assert why(tmp_path / "disk") is errors.NoRoom
    assert (taken / "diary.txt").exists()
    assert not (tmp_path / "disk").exists()


def test_another_program_that_has_it_open_keeps_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.store import schema

    monkeypatch.setattr(schema, "ALONE_MILLISECONDS", 10)
    places = paths.folders(home)
    copied: meetings.Copied = finished(meetings.copy_library(places, tmp_path / "disk"))
    with closing(Library(places)) as library:
        library.store.count()
        with pytest.raises(errors.LibraryBusy):
            finished(meetings.switch_library(copied))
        # It goes on writing where it was.
        library.store.rename(library.store.meetings()[0].id, "Still here")
    assert not copied.target.exists()
    assert paths.folders(home) == places


def test_a_copy_that_the_disk_did_not_keep_is_not_used(
    home: Path, tmp_path: Path, other_disk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = meetings.copy_library(paths.folders(home), tmp_path / "disk")
    target = tmp_path / "disk" / moving.NAME / "models" / "small" / "model.bin"
    while not target.exists() or target.stat().st_size < 3_000_000:
        next(job)
    with target.open("r+b") as file:
        file.seek(2_900_000)
        file.write(b"x")
    with pytest.raises(errors.CopyDamaged):
        finished(job)
    assert not target.parents[2].exists()


FULL = """
import os, resource, signal, sys
from pathlib import Path
from core import errors, meetings, paths
from tests.conftest import finished

def refused(*_given, **_more):
    raise OSError("another disk")

os.link = refused
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
places = paths.folders(sys.argv[1])
copied = finished(meetings.copy_library(places, Path(sys.argv[2]))) if sys.argv[4] == "database" else None
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    if copied:
        finished(meetings.switch_library(copied))
    else:
        finished(meetings.copy_library(places, Path(sys.argv[2])))
except errors.DiskFull as full:
    print(full.path)
"""


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: limits a file's size")
@pytest.mark.parametrize(("limit", "what"), [(2_000_000, "files"), (100_000, "database")])
def test_a_full_disk_leaves_the_library_where_it_was(
    limit: int, what: str, home: Path, tmp_path: Path
) -> None:
    before = of(home)
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(home), str(tmp_path / "disk"), str(limit), what],
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(tmp_path / "disk") in ended.stdout, ended.stderr
    assert not (tmp_path / "disk" / moving.NAME).exists()
    assert paths.folders(home).root == home
    assert of(home) == before


KILLED = """
import json, os, shutil, signal, sys
from pathlib import Path
from core import meetings, paths
from core.meetings import Library, moving
from tests.conftest import finished
from tests.integration.test_moving import moved, of, refused

home, work, points = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
CHANGES = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "sqlite3.connect", "os.utime"}
count, last = 0, 0

def watch(event, _given):
    global count
    if last and event in CHANGES:
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
os.link = refused
before = of(home)

def attempt(place):
    # Moves a copy of the library, killed at this change of the disk: whether it was, and whether the library stayed.
    global last, count
    here, there = work / str(place) / "home", work / str(place) / "disk"
    shutil.copytree(home, here)
    there.mkdir()
    child = os.fork()
    if not child:
        last, count = place, 0
        moved(here, there)
        (work / "steps").write_text(str(count))
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    now = paths.folders(here).root
    assert of(here) == before, place
    left = [one.name for one in here.iterdir()] if now != here else [one.name for one in there.glob("*")]
    assert left == (["library-folder"] if now != here else []), (place, left)
    assert not (now / moving.MARK).exists() and not (now / moving.GOING).exists()
    if now == here:
        moved(here, there)  # it can be tried again
        assert of(here) == before
    shutil.rmtree(work / str(place))
    return os.WIFSIGNALED(status), now == here

attempt(100_000)
steps = int((work / "steps").read_text())
print(json.dumps([attempt(1 + steps * place // points) for place in range(points)]))
"""


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: forks")
def test_killed_at_any_moment_it_is_whole_in_one_place(home: Path, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(home), str(tmp_path / "work"), "8"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    outcomes = json.loads(ended.stdout.splitlines()[-1])
    # Killed before the switch it stays, behind it it has gone.
    assert {tuple(one) for one in outcomes} >= {(True, True), (True, False)}
