"""A whole library as one file: to keep as a backup, to carry elsewhere, to bring back without doubling anything.

An archive is a ZIP: `manifest.json`, `meetings.db` (a copy of the database without the remembered voices), `audio/…`,
`templates/…`, `minutes-templates/…`, `settings.json`. The manifest has the size and the SHA-256 of each: opening it
proves it whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from core import errors, locks, paths
from core import settings as chosen
from core.meetings.library import Library
from core.store import Store
from core.values import Job, MeetingChanged, MeetingId, Progress, Restored, Stage

ENDING = ".meetings"
"""How archives are called; any ZIP program opens them."""

_CHECKED = 0.5
"""How far a restoration is once its archive has been read."""

NAME = "meetings-backup-"
KIND, VERSION = "meeting-transcriber/library", 1
PIECE = 1 << 20
BESIDE = ".restore-"
"""How the folder begins in which an archive's database is opened, inside the library's."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds, as its manifest says: bytes and SHA-256 of each file."""

    created_at: datetime
    meetings: int
    files: dict[str, tuple[int, str]]


# --- writing -----------------------------------------------------------------------------------------


def back_up(library: Library, folder: Path | None = None, *, sound: bool | None = None) -> Job[Path]:
    """Writes a backup, opens it again to see that it is whole, and lets the oldest go; its path.

    Folder, sound and how many are kept are those of the settings where they are not given. Raises a `StorageProblem`
    or `ArchiveDamaged` (the disk did not keep what was written); then no file of that name is there.
    """
    settings = library.settings
    target = folder or Path(settings.backup_folder or library.places.backups)
    with_sound = settings.backup_sound if sound is None else sound
    paths.make_private_folder(target)
    path = target / f"{NAME}{datetime.now():%Y-%m-%d-%H%M%S}{ENDING}"  # noqa: DTZ005  a name for people
    written = yield from write(library, path, sound=with_sound)
    _rotate(target, max(1, settings.backup_count))
    return written


def write(library: Library, path: Path, *, sound: bool = True) -> Job[Path]:
    """Writes the library as an archive, which takes the place of a file that is there; see `back_up`."""
    beside = path.with_name(f".{path.name}.part")
    copied = beside.with_suffix(".db")
    needed = 0
    with locks.hold(library.places.locks / "archive"):
        try:
            for left in path.parent.glob(f".{NAME}*"):  # of one that was killed: we hold the lock
                left.unlink(missing_ok=True)
            library.store.copy_to(copied)
            files = {"meetings.db": copied, **_beside_database(library, sound=sound)}
            needed = sum(one.stat().st_size for one in files.values())
            yield from _write(beside, files, len(library.store.meetings()))
            yield from verify(beside, begin=0.7)
            paths.rename(beside, path)
        except OSError as error:
            raise paths.storage_problem(error, path, needed) from error
        finally:
            for left in (beside, copied):
                with suppress(OSError):
                    left.unlink(missing_ok=True)
    return path


def _beside_database(library: Library, *, sound: bool) -> dict[str, Path]:
    places, store = library.places, library.store
    found = {"settings.json": places.settings} if places.settings.is_file() else {}
    for folder in (places.templates, places.minutes_templates):
        found |= {f"{folder.name}/{one.name}": one for one in folder.iterdir() if one.is_file()}
    if sound:
        for meeting in (*store.meetings(), *store.meetings(binned=True)):
            path = places.audio / meeting.audio
            if meeting.audio and path.is_file():
                found[f"audio/{meeting.audio}"] = path
    return found


def _write(target: Path, files: dict[str, Path], meetings: int) -> Job[None]:
    total = sum(path.stat().st_size for path in files.values()) or 1
    done = 0
    sums: dict[str, dict[str, Any]] = {}
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, paths.PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
            for name, path in files.items():
                # Sound is compressed already.
                kind = zipfile.ZIP_STORED if name.startswith("audio/") else zipfile.ZIP_DEFLATED
                digest, size = hashlib.sha256(), 0
                info = zipfile.ZipInfo(name, datetime.now().timetuple()[:6])  # noqa: DTZ005  as ZIP has it
                info.compress_type = kind
                with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as entry:
                    while piece := source.read(PIECE):
                        entry.write(piece)
                        digest.update(piece)
                        size += len(piece)
                        done += len(piece)
                        yield Progress(Stage.BACKUP, min(0.7, 0.7 * done / total))
                sums[name] = {"size": size, "sha256": digest.hexdigest()}
            archive.writestr("manifest.json", _manifest(sums, meetings), zipfile.ZIP_DEFLATED)
        file.flush()
        os.fsync(file.fileno())


def _manifest(sums: dict[str, Any], meetings: int) -> str:
    return json.dumps(
        {
            "kind": KIND,
            "version": VERSION,
            "created_at": datetime.now(UTC).isoformat(),
            "meetings": meetings,
            "files": sums,
        },
        indent=1,
    )


def _rotate(folder: Path, count: int) -> None:
    for old in backups(folder)[count:]:
        with suppress(OSError):
            old.unlink()


def backups(folder: Path) -> list[Path]:
    """The backups in a folder, newest first."""
    return sorted(folder.glob(f"{NAME}*{ENDING}"), reverse=True) if folder.is_dir() else []


def backup_is_due(library: Library) -> bool:
    """Whether the settings want a backup by now, as the newest one is too old."""
    settings = library.settings
    if not settings.backup_days or not library.store.meetings():
        return False
    newest = next(iter(backups(Path(settings.backup_folder or library.places.backups))), None)
    return newest is None or time.time() - newest.stat().st_mtime > 86_400 * settings.backup_days - 3_600


# --- reading -----------------------------------------------------------------------------------------


def verify(path: Path, stage: Stage = Stage.BACKUP, begin: float = 0.0, end: float = 1.0) -> Job[Archive]:
    """Reads the whole archive and compares every byte with its manifest; what it holds.

    It is told as a part of `stage`, whose fraction it takes from `begin` to `end`.
    Raises `MissingFile`, `ArchiveDamaged` or `LibraryFromFuture`.
    """
    with _opened(path) as archive:
        known = _manifest_of(archive, path)
        total, done = sum(size for size, _sum in known.files.values()) or 1, 0
        for name, (size, wanted) in known.files.items():
            digest, read = hashlib.sha256(), 0
            with archive.open(name) as entry:
                while piece := entry.read(PIECE):
                    digest.update(piece)
                    read += len(piece)
                    done += len(piece)
                    yield Progress(stage, min(end, begin + (end - begin) * done / total))
            if (read, digest.hexdigest()) != (size, wanted):
                raise errors.ArchiveDamaged(str(path))
        return known


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise errors.MissingFile(str(path)) from error
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        KeyError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise errors.ArchiveDamaged(str(path)) from error
    except OSError as error:
        if error.errno is None or isinstance(error, PermissionError | IsADirectoryError):
            raise errors.ArchiveDamaged(str(path)) from error
        raise
    except Exception as error:
        if type(error).__module__ == "zlib":  # its error is no error of the ZIP module
            raise errors.ArchiveDamaged(str(path)) from error
        raise


def _manifest_of(archive: zipfile.ZipFile, path: Path) -> Archive:
    try:
        found = json.loads(archive.read("manifest.json"))
        if found["kind"] != KIND:
            raise errors.ArchiveDamaged(str(path))
        if found["version"] > VERSION:
            raise errors.LibraryFromFuture(str(path))
        files = {str(name): (int(one["size"]), str(one["sha256"])) for name, one in found["files"].items()}
        created = datetime.fromisoformat(found["created_at"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise errors.ArchiveDamaged(str(path)) from error
    if "meetings.db" not in files or not all(map(_is_ours, files)):
        raise errors.ArchiveDamaged(str(path))
    return Archive(created, int(found.get("meetings", 0)), files)


def _is_ours(name: str) -> bool:
    """Whether a name in an archive is one that we write: nothing comes out of it anywhere else."""
    folder, _slash, file = name.rpartition("/")
    plain = bool(file) and file == Path(file).name and "\\" not in file and file not in {".", ".."}
    return plain and (folder in {"audio", "templates"} or name in {"meetings.db", "settings.json"})


def restore(library: Library, path: Path) -> Job[Restored]:
    """Brings the meetings of an archive in that the library does not have.

    One that it has, by its id or by the content of its sound, stays as it is; only sound that it lacks comes back.
    Settings and templates come along where there are none. A meeting is there whole or not at all: what was stopped or
    killed is carried on by asking again. Raises as `verify`, or a `StorageProblem`.
    """
    with locks.hold(library.places.locks / "archive"):
        yield from verify(path, Stage.RESTORE, end=_CHECKED)
        for left in library.places.root.glob(f"{BESIDE}*"):
            shutil.rmtree(left, ignore_errors=True)
        places = paths.folders(library.places.root / f"{BESIDE}{os.getpid()}")
        try:
            paths.create(places)
            with _opened(path) as archive:
                known = _manifest_of(archive, path)
                _extract(archive, "meetings.db", places.database)
                archived = Store(places)  # brought to the newest schema
                try:
                    return (yield from _bring_in(library, archived, archive, known))
                finally:
                    archived.close()
        except OSError as error:
            raise paths.storage_problem(error, library.places.root, path.stat().st_size) from error
        finally:
            shutil.rmtree(places.root, ignore_errors=True)


def _bring_in(library: Library, archived: Store, archive: zipfile.ZipFile, known: Archive) -> Job[Restored]:
    _bring_settings(library, archive, known)
    for tag, terms in archived.vocabularies().items():
        here = library.store.vocabulary(tag)
        if set(terms) - set(here):
            library.store.set_vocabulary((*here, *terms), tag)
    meetings = (*archived.meetings(), *archived.meetings(binned=True))
    added: list[MeetingId] = []
    there = 0
    empty = not (library.store.meetings() or library.store.meetings(binned=True))
    # Oldest first: what is killed here and carried on later has the same order.
    for place, meeting in enumerate(sorted(meetings, key=lambda one: one.started_at)):
        fraction = _CHECKED + (1 - _CHECKED) * place / len(meetings)
        yield Progress(Stage.RESTORE, fraction, part=place + 1, parts=len(meetings))
        same = library.store.meeting_with_digest(meeting.digest) if meeting.digest else None
        has = library.store.knows(meeting.id)
        name = f"audio/{meeting.audio}"
        target = library.places.audio / meeting.audio
        if (has or not same) and meeting.audio and name in known.files and not target.exists():
            _extract(archive, name, target)
        if has or same:
            there += 1
            continue
        library.store.take_in(archived.facts_of(meeting.id), keep_numbers=empty)
        added.append(meeting.id)
        yield MeetingChanged(meeting.id)
    return Restored(tuple(added), there)


def _bring_settings(library: Library, archive: zipfile.ZipFile, known: Archive) -> None:
    places = library.places
    for name in known.files:
        for folder in (places.templates, places.minutes_templates):
            target = folder / name.removeprefix(f"{folder.name}/")
            if name.startswith(f"{folder.name}/") and not target.exists():
                _extract(archive, name, target)
    if "settings.json" in known.files and not places.settings.exists():
        _extract(archive, "settings.json", places.settings)
        # Folders of another machine would be written to, or looked into, unasked.
        here = chosen.load(places.settings)
        library.change_settings(
            replace(
                here, keep_folder="", watch_folder="", backup_folder="", export_folder="", model_folders=()
            )
        )


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Puts one file in its place, whole or not at all."""
    beside = target.with_name(f".{target.name}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, paths.PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file, archive.open(name) as entry:
            _pour(entry, file)
        paths.rename(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _pour(source: IO[bytes], target: IO[bytes]) -> None:
    shutil.copyfileobj(source, target, PIECE)
    target.flush()
    os.fsync(target.fileno())
