"""The tree that the packages for Linux are made of, and what its parts weigh."""

from __future__ import annotations

import gzip
import stat
from pathlib import Path

import pytest

from core.paths import DESKTOP_ID, PROGRAM
from scripts import package_linux, try_bundle


@pytest.fixture
def application(tmp_path: Path) -> Path:
    """An application as PyInstaller leaves it, made with a mask that shuts others out."""
    made = tmp_path / "dist" / PROGRAM
    inside = made / "_internal" / "resources" / "models" / "speech" / "small"
    inside.mkdir(parents=True, mode=0o700)
    (made / PROGRAM).write_bytes(b"program")
    (made / PROGRAM).chmod(0o700)
    (inside / "model.bin").write_bytes(b"1234")
    (made / "_internal" / "av.libs").mkdir()
    (made / "_internal" / "av.libs" / "libav.so.1").write_bytes(b"12")
    (made / "_internal" / "libav.so.1").symlink_to("av.libs/libav.so.1")
    (made / "_internal" / "av.libs" / "libav.so.1").chmod(0o600)
    return made


def test_everything_lies_below_usr_for_everybody(application: Path, tmp_path: Path) -> None:
    tree = tmp_path / "linux" / "usr"
    package_linux.lay_out(application, tree)
    assert (tree / "bin" / PROGRAM).resolve() == tree / "lib" / PROGRAM / PROGRAM
    assert (tree / "bin" / PROGRAM).read_bytes() == b"program"
    assert (tree / "lib" / PROGRAM / "_internal" / "libav.so.1").is_symlink()
    for place in (f"applications/{DESKTOP_ID}.desktop", f"metainfo/{DESKTOP_ID}.metainfo.xml"):
        assert (tree / "share" / place).read_text(encoding="utf-8")
    copyright_ = (tree / f"share/doc/{PROGRAM}/copyright").read_text(encoding="utf-8")
    assert "MIT License" in copyright_
    assert "FFmpeg" in copyright_
    assert "<svg" in (tree / f"share/icons/hicolor/scalable/apps/{DESKTOP_ID}.svg").read_text(
        encoding="utf-8"
    )
    documents = tree / "share" / "doc" / PROGRAM
    assert "MIT" in (documents / "copyright").read_text(encoding="utf-8")
    assert gzip.decompress((documents / "changelog.gz").read_bytes()).startswith(b"# Changes")
    for path in tree.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path.name == PROGRAM
            assert stat.S_IMODE(path.stat().st_mode) == (0o755 if runs else 0o644), path
    package_linux.lay_out(application, tree)  # over what the last build left


def test_the_parts_are_weighed_with_their_libraries_and_a_model_apart(application: Path) -> None:
    assert try_bundle.sizes(application) == {PROGRAM: 7, "av": 2, try_bundle.TAKEN_IN: 4}


def test_the_newest_c_library_that_is_asked_for_counts(tmp_path: Path) -> None:
    for name, asked in (("a.so", b"\0GLIBC_2.9\0GLIBC_2.34\0"), ("b.so", b"\0GLIBC_2.17\0"), ("c.txt", b"")):
        (tmp_path / name).write_bytes((b"\x7fELF" if name.endswith("so") else b"\0GLIBC_2.99\0") + asked)
    assert package_linux.libc_needed(tmp_path) == "2.34"
