"""The library goes to another folder: copied and compared, then switched to, and only then removed where it was.

Until the switch, which is one small file in the former folder (`Folders.pointer`), the library is where it was,
whatever happens; from then on it is where it went. What a killed move left on either side goes at the next start.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import credentials, errors, locks, paths
from core import settings as chosen
from core.store import Store, schema
from core.values import Job, Progress, Stage

if TYPE_CHECKING:
    import sqlite3

NAME = "Meeting Transcriber"
"""How the folder is called that the library gets in the one that the person chose."""

MARK = ".moving-here"
"""In the new folder: which folder the library comes from, until it is gone there."""

GOING = "moving-to"
"""In the former folder, until the switch: where the copy is made."""

LOCK = "move"
NOTES = ("settings.json", "window.ini", "machine.json", "kept.json", "watched.json", credentials.TOKEN_FILE)
"""The files of a library besides its database."""

PIECE = 1 << 20
SPARE = 64 << 20
"""Bytes that are to be free afterwards."""

State = tuple[int, int]
"""Size and time of a file, by which a change of it is noticed."""

Files = dict[str, tuple[State, State]]
"""What was copied: the state of each file where it is from, and that of its copy."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that `switch_library` makes the library: its folder, what was copied, and the claim to move the library.

    While the claim is kept nobody else moves it, nor takes the copy for one that a killed move has left.
    """

    places: paths.Folders
    target: Path
    files: Files
    claim: ExitStack


# --- moving ------------------------------------------------------------------------------------------


def copy_library(places: paths.Folders, folder: Path) -> Job[Copied]:
    """Copies all but the database into a folder of its own inside `folder`, while the library is in use.

    Nothing stays of a copy that was stopped or failed. What comes back is to be switched to or dropped. Raises
    `FolderInside`, `FolderTaken`, `NoRoom`, `CopyDamaged`, `LibraryBusy` (it is being moved already), or another
    `StorageProblem`.
    """
    target = folder if folder.name == NAME else folder / NAME
    with ExitStack() as claim:
        claim.enter_context(_moving(places))
        _undo(places, target)  # of one that was killed
        _check(places, target)
        with _copying(places, target):
            paths.write_private(places.root / GOING, str(target).encode())
            paths.make_private_folder(target)
            paths.write_private(target / MARK, json.dumps({"from": str(places.root)}).encode())
            paths.create(paths.Folders(target))
            files: Files = {}
            yield from _copy(places, target, files)
        return Copied(places, target, files, claim.pop_all())


def drop_copy(copied: Copied) -> None:
    """Removes a copy that is not switched to after all; the library stays where it is."""
    with copied.claim:
        _undo(copied.places, copied.target)


def switch_library(copied: Copied) -> Job[paths.Folders]:
    """Makes the copy the library and removes the former one; where it is now.

    The library must be closed. What changed since the copy, or is not there any more, is copied too. Raises
    `LibraryBusy` where another program has it open, `CopyDamaged` where the copy is gone, or another `StorageProblem`;
    then the library is where it was, and nothing stays of the copy.
    """
    old, new = copied.places, paths.Folders(copied.target)
    with (
        copied.claim,
        _copying(old, new.root),
        schema.alone(old) as database,
        schema.problems(new.database),
    ):
        if any(map(locks.is_held, old.locks.glob("*.record"))):
            raise errors.LibraryBusy(str(old.database))
        if _marked(new.root) != old.root:
            raise errors.CopyDamaged(str(new.root))
        yield from _copy(old, new.root, copied.files)
        _copy_database(database, new)
        _follow_settings(old, new)
        credentials.carry_api_token(old, new)
        paths.write_private(old.pointer, str(new.root).encode())
    yield Progress(Stage.MOVE, 1.0)
    home = old.home or old.root
    if home != old.root:
        paths.write_private(paths.Folders(home).pointer, str(new.root).encode())
    _remove_former(old, new, home=home == old.root)
    return paths.folders(home)


@contextmanager
def _moving(places: paths.Folders) -> Iterator[None]:
    """Only one move at a time. Raises `LibraryBusy`."""
    lock = locks.take(places.locks / LOCK)
    if lock is None:
        raise errors.LibraryBusy(str(places.database))
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _copying(places: paths.Folders, target: Path) -> Iterator[None]:
    """Takes the copy away again where it is stopped, or fails."""
    try:
        yield
    except BaseException as error:
        _undo(places, target)
        if isinstance(error, OSError):
            raise paths.storage_problem(error, target) from error
        raise


def _check(places: paths.Folders, target: Path) -> None:
    here, there = places.root.resolve(), target.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise errors.FolderInside(str(target))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise errors.FolderTaken(str(target))
    try:
        parent = next(one for one in there.parents if one.is_dir())
        needed = places.database.stat().st_size + SPARE
        if parent.stat().st_dev != here.stat().st_dev:
            needed += sum(file.stat().st_size for _name, file in _files(places))
        free = shutil.disk_usage(parent).free
    except OSError as error:
        raise paths.storage_problem(error, target) from error
    if free < needed:
        raise errors.NoRoom(str(target.parent), needed, free)


def _kept_folders(places: paths.Folders) -> tuple[Path, ...]:
    return (
        places.audio,
        places.models,
        places.backups,
        places.exports,
        places.templates,
        places.minutes_templates,
    )


def _files(places: paths.Folders) -> Iterator[tuple[str, Path]]:
    """What moves, the database apart, by its name inside the library's folder."""
    for note in NOTES:
        if (places.root / note).is_file():
            yield note, places.root / note
    for folder in _kept_folders(places):
        for base, _folders, names in os.walk(folder):
            for name in names:
                file = Path(base) / name
                if file.is_file():
                    yield file.relative_to(places.root).as_posix(), file


def _state(file: Path) -> State | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _copy(places: paths.Folders, target: Path, files: Files) -> Job[None]:
    """Brings what is in `target` to what is in the library; `files` says what was copied before."""
    here = {name: (file, state) for name, file in _files(places) if (state := _state(file))}
    for name in files.keys() - here.keys():
        (target / name).unlink(missing_ok=True)
        del files[name]
    changed = {
        name: (file, state)
        for name, (file, state) in here.items()
        if files.get(name) != (state, _state(target / name))
    }
    whole = sum(size for _file, (size, _time) in changed.values()) or 1
    done = 0
    for name, (file, state) in changed.items():
        there = target / name
        there.parent.mkdir(mode=paths.PRIVATE_FOLDER, parents=True, exist_ok=True)
        there.unlink(missing_ok=True)
        for read in _copy_file(file, there):
            yield Progress(Stage.MOVE, min(1.0, (done + read) / whole))
        done += state[0]
        if copy := _state(there):
            files[name] = state, copy


def _copy_file(source: Path, target: Path) -> Iterator[float]:
    """A second name for a file on the same disk, else a copy, read again and compared; how many bytes are done."""
    if not source.is_symlink():
        with suppress(OSError):
            os.link(source, target)
            yield 0.0
            return
    digest, done = hashlib.sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, paths.PRIVATE_FILE)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb") as writing:
        while piece := reading.read(PIECE):
            writing.write(piece)
            digest.update(piece)
            done += len(piece)
            yield done / 2
        writing.flush()
        os.fsync(writing.fileno())
    again = hashlib.sha256()
    with target.open("rb") as reading:
        while piece := reading.read(PIECE):
            again.update(piece)
            yield done / 2
    if again.digest() != digest.digest():
        raise errors.CopyDamaged(str(target))
    shutil.copystat(source, target)
    paths.sync_folder(target.parent)


def _copy_database(database: sqlite3.Connection, new: paths.Folders) -> None:
    """Copies it and opens the copy as any door does, to see that it is whole and works there."""
    schema.copy_from(database, new.database)
    store = Store(new)
    try:
        faults = store.faults()
    finally:
        store.close()
    if faults:
        raise errors.CopyDamaged(str(new.database))


def _follow_settings(old: paths.Folders, new: paths.Folders) -> None:
    """Has folders of the settings that lie in the library's lead to where it is now."""

    def moved(folder: str) -> str:
        inside = bool(folder) and Path(folder).is_relative_to(old.root)
        return str(new.root / Path(folder).relative_to(old.root)) if inside else folder

    if not new.settings.is_file():
        return
    settings = chosen.load(new.settings)
    named: dict[str, Any] = {
        field.name: moved(getattr(settings, field.name))
        for field in fields(settings)
        if field.name.endswith("_folder")
    }
    followed = replace(settings, model_folders=tuple(map(moved, settings.model_folders)), **named)
    if followed != settings:
        chosen.save(followed, new.settings)


# --- removing ----------------------------------------------------------------------------------------


def finish_moves(places: paths.Folders) -> None:
    """Removes what a move that was killed has left, in the former folder or in the one it was to go to."""
    with suppress(OSError, errors.StorageProblem), _moving(places):
        if came_from := _marked(places.root):
            former = paths.Folders(came_from)
            if paths.elsewhere(former) == places.root or not former.database.exists():
                _remove_former(former, places, home=former.root == places.home)
        if (places.root / GOING).is_file():
            _undo(places, Path((places.root / GOING).read_text(encoding="utf-8")))


def _marked(folder: Path) -> Path | None:
    """Where the library in `folder` comes from, which is not yet gone there; None for any other folder."""
    try:
        return Path(json.loads((folder / MARK).read_text(encoding="utf-8"))["from"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _undo(places: paths.Folders, target: Path) -> None:
    """Removes a copy that is not the library."""
    if paths.elsewhere(places) == target:
        return
    with suppress(OSError):
        # One without a mark has been begun when all that there is would have become the mark.
        begun = all(one.name.startswith(f".{MARK}.") for one in target.iterdir())
        if begun or _marked(target) == places.root:
            _remove(paths.Folders(target))
            (target / MARK).unlink(missing_ok=True)
            target.rmdir()
    with suppress(OSError):
        if target.parent.is_dir():  # else its disk is not connected: the next time
            (places.root / GOING).unlink(missing_ok=True)


def _remove_former(old: paths.Folders, new: paths.Folders, *, home: bool) -> None:
    """Removes the library where it was, once all of it is where it is. A `home` still says where that is."""
    with suppress(OSError):
        lacking = [name for name, _file in _files(old) if not (new.root / name).is_file()]
        if not lacking:
            _remove(old)
            (old.root / GOING).unlink(missing_ok=True)
            if not home:
                old.pointer.unlink(missing_ok=True)
                with suppress(OSError):  # the person keeps other things in it
                    old.root.rmdir()
        (new.root / MARK).unlink(missing_ok=True)


def _remove(places: paths.Folders) -> None:
    """Removes a library, and nothing else that lies in its folder."""
    for suffix in ("-wal", "-shm", ""):
        places.database.with_name(places.database.name + suffix).unlink(missing_ok=True)
    for folder in (*_kept_folders(places), places.logs, places.locks):
        shutil.rmtree(folder, ignore_errors=True)
    for file in (*map(places.root.joinpath, NOTES), *places.root.glob("*.part")):
        file.unlink(missing_ok=True)


# --- another library ---------------------------------------------------------------------------------


def use_library(places: paths.Folders, folder: Path) -> paths.Folders:
    """Has the library in `folder` be the one from now on, a new one where there is none; the former stays as it is.

    Raises `FolderTaken` or a `StorageProblem`.
    """
    inside = folder / NAME
    found = next((one for one in (folder, inside) if paths.Folders(one).database.is_file()), None)
    chosen_one = paths.Folders(found or (inside if folder.is_dir() and any(folder.iterdir()) else folder))
    if _marked(chosen_one.root) or (not found and inside.is_dir() and any(inside.iterdir())):
        raise errors.FolderTaken(str(chosen_one.root))
    paths.create(chosen_one)
    if not found and places.settings.is_file():
        shutil.copy(places.settings, chosen_one.settings)
    Store(chosen_one).close()  # it can be opened there
    home = paths.Folders(places.home or places.root)
    try:
        if chosen_one.root.resolve() == home.root.resolve():
            home.pointer.unlink(missing_ok=True)
        else:
            paths.write_private(home.pointer, str(chosen_one.root.absolute()).encode())
    except OSError as error:
        raise paths.storage_problem(error, home.pointer) from error
    return paths.folders(home.root)
