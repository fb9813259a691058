"""Files that are handed on: their names, and how they come into a folder whole, over nothing that is there."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from core import paths

LONGEST_NAME = 180
"""Bytes of a file name, the ending not counted: every common file system takes 255, with some room to spare."""

UNFINISHED = ".meeting-part"
"""The ending of a file until it is whole."""

LEFT_SECONDS = 24 * 3600

_RESERVED = {
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"com{n}" for n in "0123456789¹²³"),
    *(f"lpt{n}" for n in "0123456789¹²³"),
}

PATTERN = "{date} {title}"
"""What files are called where nobody chose another pattern."""


def file_name(title: str, started_at: datetime, pattern: str = PATTERN) -> str:
    """A name by the pattern, without an ending: {title}, {date}, {time}, {year}, {month} and {day} are filled in."""
    local = started_at.astimezone()
    values = {
        "title": title,
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H-%M}",
        "year": f"{local:%Y}",
        "month": f"{local:%m}",
        "day": f"{local:%d}",
    }
    return safe_name(re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), pattern))


def safe_name(text: str) -> str:
    """`text` without what a file system refuses or understands as a path."""
    named = unicodedata.normalize("NFC", text)
    named = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in named)
    named = re.sub(r'[<>:"/\\|?*]+', "-", named)
    named = re.sub(r"\s+", " ", named).strip(" .-")
    named = named.encode()[:LONGEST_NAME].decode(errors="ignore").rstrip(" .-")
    # Windows keeps these for itself whatever ending follows them.
    head, point, rest = named.partition(".")
    if head.rstrip().casefold() in _RESERVED:
        return f"{head.rstrip()}-{point}{rest}"
    return named or "meeting"


def free_name(folder: Path, stem: str, endings: tuple[str, ...]) -> str:
    """`stem`, or the first of `stem (2)`, `stem (3)` … of which no file with one of the endings is in the folder."""
    with suppress(OSError):
        taken = {unicodedata.normalize("NFC", one.name).casefold() for one in folder.iterdir()}
        name, count = stem, 2
        while any(unicodedata.normalize("NFC", f"{name}{ending}").casefold() in taken for ending in endings):
            name = f"{stem} ({count})"
            count += 1
        return name
    return stem


def make_folder(folder: Path) -> None:
    """Makes `folder` where it is missing. Raises `FolderNotWritable` or `DiskFull`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise paths.storage_problem(error, folder) from error
    if not folder.is_dir():
        raise paths.storage_problem(NotADirectoryError(), folder)


def put(content: bytes, path: Path, *, replace: bool = False) -> Path:
    """The path of a whole new file: `path`, or a numbered one where that is there and is not to be replaced.

    Raises `FolderNotWritable` or `DiskFull`, and then leaves no half file.
    """
    beside = beside_of(path)
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, paths.PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return arrive(beside, path, replace=replace)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise paths.storage_problem(error, path) from error


def beside_of(path: Path) -> Path:
    """Where a file is written until it is whole: hidden, in the same folder, so that it can be renamed."""
    return path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")


def arrive(beside: Path, path: Path, *, replace: bool = False) -> Path:
    """Gives a whole file its name, lasting when the power fails; see `put`. Raises `OSError`."""
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    while not replace:
        try:
            os.link(beside, path)  # unlike a rename, it fails where a file is
        except FileExistsError:
            path = path.with_name(f"{_another(path)}{path.suffix}")
            continue
        except OSError:
            # A file system without links, such as that of a memory stick.
            if path.exists():
                path = path.with_name(f"{_another(path)}{path.suffix}")
                continue
            break
        beside.unlink()
        paths.sync_folder(path.parent)
        return path
    paths.rename(beside, path)
    return path


def _another(path: Path) -> str:
    stem, count = path.stem, 2
    if found := re.fullmatch(r"(.*) \((\d+)\)", stem):
        stem, count = found[1], int(found[2]) + 1
    return f"{stem} ({count})"


def sweep(folder: Path) -> None:
    """Removes what exports that were killed long ago left half in the folder."""
    with suppress(OSError):
        for left in folder.glob(f".*{UNFINISHED}"):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                left.unlink(missing_ok=True)
