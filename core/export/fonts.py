"""The system's fonts that have every sign of a text: known ones first, then those that fontconfig finds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

PLAIN = (
    ("NotoSans-Regular", "NotoSans-Bold"),
    ("DejaVuSans", "DejaVuSans-Bold"),
    ("LiberationSans-Regular", "LiberationSans-Bold"),
    ("segoeui", "segoeuib"),
    ("arial", "arialbd"),
    ("Arial", "Arial Bold"),
    ("Arial Unicode", "Arial Unicode"),
)
"""Faces to read in, with their bold ones: of Linux, Windows and macOS."""

OTHERS = (
    *("DejaVuSans", "NotoSansArabic-Regular", "NotoNaskhArabic-Regular", "NotoSansHebrew-Regular"),
    *("NotoSansDevanagari-Regular", "NotoSansThai-Regular", "DroidSansFallbackFull", "wqy-microhei"),
    *("NotoSansSC-Regular", "NotoSansJP-Regular", "NotoSansKR-Regular", "NotoEmoji-Regular", "Symbola"),
    *("segoeui", "seguisym", "seguiemj", "msyh", "msgothic", "YuGothR", "malgun", "Nirmala", "LeelawUI"),
    *(
        "Arial Unicode",
        "Hiragino Sans GB",
        "AppleSDGothicNeo",
        "Apple Symbols",
        "GeezaPro",
        "SFArabic",
        "SFHebrew",
    ),
)
"""Faces for what the first lacks."""

ENDINGS = (".ttf", ".ttc", ".otf")
MOST_SEARCHED = 40
"""Signs that are looked for one by one; a text that has more of them has them from the same few fonts."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face: its file and its place in it, where the file is a collection."""

    path: Path
    number: int = 0


def reading_faces() -> tuple[Face, Face] | None:
    """A face to read in and its bold one; None where the system has none of those known."""
    files = _files()
    for plain, bold in PLAIN:
        if plain in files:
            return Face(files[plain]), Face(files.get(bold, files[plain]))
    return next(((face, face) for face in _found("A")), None)


def covering(signs: Iterable[str]) -> Iterator[tuple[Face, set[str]]]:
    """Faces, each with those of `signs` that it has and none before it had; what no face has is left out."""
    missing = set(signs)
    files = _files()
    seen = set[Path]()
    for name in OTHERS:
        if missing and name in files and (has := missing & covered(Face(files[name]))):
            seen.add(files[name])
            missing -= has
            yield Face(files[name]), has
    for _round in range(MOST_SEARCHED):
        if not missing:
            return
        sign = min(missing)
        for face in _found(sign):
            if face.path not in seen and sign in (has := missing & covered(face)):
                seen.add(face.path)
                missing -= has
                yield face, has
                break
        missing.discard(sign)


@cache
def covered(face: Face) -> frozenset[str]:
    """The signs that a face has; none where the file cannot be used."""
    with suppress(OSError, TTLibError, KeyError, IndexError), _opened(face) as font:
        if "glyf" in font:  # outlines that every version of the PDF writer can embed
            return frozenset(map(chr, font.getBestCmap() or {}))
    return frozenset()


def _opened(face: Face) -> TTFont:
    if face.path.suffix.lower() == ".ttc":
        found: TTFont = TTCollection(face.path, lazy=True).fonts[face.number]
        return found
    return TTFont(face.path, lazy=True)


@cache
def _files() -> dict[str, Path]:
    """The font files of this system by the names before their ending."""
    found: dict[str, Path] = {}
    for folder in _folders():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix.lower() in ENDINGS:
                found.setdefault(path.stem, path)
    return found


def _folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home))
        return (
            Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",
            local / "Microsoft" / "Windows" / "Fonts",
        )
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
    return (
        *(Path("/usr/share/fonts"), Path("/usr/local/share/fonts")),
        *(home / ".local" / "share" / "fonts", home / ".fonts"),
    )


def _found(sign: str) -> Iterator[Face]:
    """The faces that have `sign`, as fontconfig knows them; none where it is not there."""
    program = shutil.which("fc-list")
    if program is None:
        return
    with suppress(OSError, subprocess.SubprocessError):
        asked = [program, "--format", "%{file}\t%{index}\n", f":charset={ord(sign):x}"]
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=True)
        for line in sorted(answer.stdout.splitlines()):
            file, _tab, number = line.partition("\t")
            if Path(file).suffix.lower() in ENDINGS:
                yield Face(Path(file), int(number or 0) & 0xFFFF)
