from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from core import errors, paths


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_data_folder_is_given_else_the_environments_else_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paths.folders(tmp_path / "a").root == tmp_path / "a"
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(tmp_path / "b"))
    assert paths.folders().root == tmp_path / "b"
    assert paths.folders(tmp_path / "a").root == tmp_path / "a"
    monkeypatch.delenv(paths.DATA_DIR_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "xdg"))
    assert paths.PROGRAM in paths.folders().root.parts
    assert not any(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: file modes")
def test_folders_are_private(places: paths.Folders) -> None:
    made = [
        places.audio,
        places.models,
        places.backups,
        places.logs,
        places.exports,
        places.templates,
        places.minutes_templates,
        places.locks,
    ]
    assert {mode(folder) for folder in (places.root, *made)} == {0o700}


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: file modes")
def test_a_file_is_written_privately_and_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    paths.write_private(file, b"one")
    paths.write_private(file, b"two")
    assert file.read_bytes() == b"two"
    assert mode(file) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    paths.write_private(file, b"one")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(errors.DiskFull):
        paths.write_private(file, b"two")
    assert file.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [file]


def test_what_stands_in_the_way_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(errors.FolderNotWritable):
        paths.create(paths.folders(file))
    with pytest.raises(errors.FolderNotWritable):
        paths.write_private(file / "below.txt", b"")
    with pytest.raises(errors.FolderNotWritable):
        paths.write_private(tmp_path / ("long" * 100), b"")


def test_a_folder_says_where_the_library_lies_instead(tmp_path: Path) -> None:
    home, first, second = (tmp_path / name for name in ("home", "first", "second"))
    home.mkdir()
    first.mkdir()
    paths.Folders(home).pointer.write_text(f"{first}\n")
    assert paths.folders(home) == paths.Folders(first, home)
    paths.Folders(first).pointer.write_text(str(second))
    assert paths.folders(home) == paths.Folders(second, home)
    with pytest.raises(errors.LibraryNotThere):
        paths.create(paths.folders(home))
    assert not second.exists()
    # Two that name each other, and nonsense.
    second.mkdir()
    paths.Folders(second).pointer.write_text(str(home))
    assert paths.folders(home).root == second
    for nonsense in (b"", b"relative", b"\xff\xfe"):
        paths.Folders(home).pointer.write_bytes(nonsense)
        assert paths.folders(home) == paths.Folders(home)
