"""A file that is handed on has a safe name, comes whole or not at all, and never over another."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import errors, export
from core.export import files

MORNING = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)

TITLES = [
    "x" * 300,
    "会" * 300,
    "👩‍👩‍👧" * 60,
    "../../etc/passwd",
    "..\\..\\windows",
    "/absolute",
    'a/b\\c:d*e?f"g<h>i|j',
    "<script>",
    "tab\tnew\nline\0nul\x7f",
    "اجتماع الإصدار",
    "\u202eevil\u202c",
    "…",
    ".hidden",
    "trailing. . ",
    "🎉🎉",
]


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_the_file_is_in_the_folder_and_nowhere_else(title: str, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "new"
    export.make_folder(folder)
    stem = export.file_name(title, MORNING)
    written = [export.put(b"x", folder / f"{stem}.actions.csv") for _ in range(12)]
    assert len(set(written)) == 12
    assert sorted(folder.iterdir()) == sorted(written)
    assert list((tmp_path / "out").iterdir()) == [folder]
    for path in written:
        assert len(path.name.encode()) <= 205
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f\u202e]', path.name)
        assert path.name.startswith("2026-03-10")
        assert path.stem == path.stem.strip(" .")


def test_names_that_a_system_keeps_for_itself() -> None:
    assert export.safe_name("CON") == "CON-"
    assert export.safe_name("lpt1") == "lpt1-"
    assert export.safe_name("aux.txt") == "aux-.txt"
    assert export.safe_name("COM¹") == "COM¹-"
    assert export.safe_name("console") == "console"
    for nothing in ("", "..", " . ", "\0"):
        assert export.safe_name(nothing) == "meeting"
    assert export.safe_name("e\u0301te\u0301") == "été"


def test_a_pattern_is_filled_in_and_nothing_else() -> None:
    name = export.file_name("{date} {x} 100 %", MORNING, "{year}/{month} {title} {unknown}")
    assert name == "2026-03 {date} {x} 100 % {unknown}"
    assert re.fullmatch(r"\d\d-00", export.file_name("", MORNING, "{time}"))
    assert export.file_name("../x", MORNING, "../../{title}") == "x"
    assert export.file_name("x", MORNING, "a/../{title}") == "a-..-x"


def test_one_free_name_for_all_formats(tmp_path: Path) -> None:
    (tmp_path / "a.MD").touch()
    (tmp_path / "a (2).pdf").touch()
    (tmp_path / "E\u0301te\u0301.md").touch()
    assert export.free_name(tmp_path, "A", (".md", ".pdf")) == "A (3)"
    assert export.free_name(tmp_path, "a", (".txt",)) == "a"
    assert export.free_name(tmp_path, "été", (".md",)) == "été (2)"
    assert export.free_name(tmp_path / "new", "a", (".md",)) == "a"


def test_nothing_is_written_over_unless_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    assert export.put(b"first", path) == path
    assert export.put(b"second", path).name == "a (2).md"
    assert export.put(b"third", path).name == "a (3).md"
    assert path.read_bytes() == b"first"
    assert export.put(b"new", path, replace=True) == path
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.iterdir())) == 3


def test_where_the_file_system_has_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_names: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    path = tmp_path / "a.md"
    assert [export.put(text, path).name for text in (b"1", b"2", b"3")] == ["a.md", "a (2).md", "a (3).md"]
    assert path.read_bytes() == b"1"


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in (file, file / "below", tmp_path / ("x" * 300)):
        with pytest.raises(errors.FolderNotWritable):
            export.make_folder(folder)
    with pytest.raises(errors.FolderNotWritable):
        export.put(b"x", tmp_path / "gone" / "a.md")


def test_what_a_killed_export_left_is_removed_after_a_day(tmp_path: Path) -> None:
    import os

    old, new, other = (
        tmp_path / name for name in (".a.md.1.meeting-part", ".b.md.2.meeting-part", ".c.part")
    )
    for path in (old, new, other):
        path.touch()
    os.utime(old, (0, time.time() - files.LEFT_SECONDS - 60))
    export.sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted((new, other))


FULL = """
import resource, sys
from pathlib import Path
from core import errors, export
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
for name in ("a.md", "new.md"):
    try:
        export.put(b"x" * 5000, Path(sys.argv[1]) / name, replace=True)
    except errors.DiskFull:
        print("full")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a limit for files")
def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("before")
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert run.stdout == "full\nfull\n"
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


WRITING = """
import sys
from pathlib import Path
from core import export
content = bytes(range(256)) * 4096
print("open", flush=True)
while True:
    export.put(content, Path(sys.argv[1]) / "a.bin", replace=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a kill")
def test_killed_at_any_moment_only_whole_files_have_their_name(tmp_path: Path) -> None:
    whole = bytes(range(256)) * 4096
    for wait in (0.0, 0.007, 0.013, 0.029):
        with subprocess.Popen(
            [sys.executable, "-c", WRITING, str(tmp_path)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        path = tmp_path / "a.bin"
        assert not path.exists() or path.read_bytes() == whole
