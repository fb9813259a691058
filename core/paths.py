"""Where things live: the library's folders, the program's resources; files private to the user."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from core import errors

PROGRAM = "meeting-transcriber"
DESKTOP_ID = "io.github.meeting_transcriber"
"""By which Linux desktops know the program: the name of its desktop file, its icon and its AppStream data."""
RESOURCES = Path(__file__).resolve().parent.parent / "resources"
SAMPLE = RESOURCES / "sample" / "meeting.ogg"
MIGRATIONS = Path(__file__).resolve().parent / "store" / "migrations"
"""The steps from each schema of the database to the next."""
GUIDES = RESOURCES.parent / "docs"
"""What is written for those who use the program."""
DATA_DIR_VARIABLE = "MEETING_TRANSCRIBER_DATA_DIR"

MEDIA = frozenset(
    {
        *(
            "aac",
            "aiff",
            "amr",
            "avi",
            "flac",
            "m4a",
            "m4b",
            "mka",
            "mkv",
            "mov",
            "mp3",
            "mp4",
            "mpeg",
            "mpg",
        ),
        *("oga", "ogg", "ogv", "opus", "ts", "wav", "weba", "webm", "wma", "wmv"),
    }
)
"""Endings of audio and video files: what dialogs offer first, and what a watched folder is looked through for."""

TRANSCRIPTS = frozenset({"srt", "vtt", "txt", "json"})
"""Endings of files that have a transcript and no sound."""

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Folders:
    """The places inside one data folder."""

    root: Path
    home: Path | None = None
    """The folder that was asked for, where that one only says that the library lies in `root`."""

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.root / "meetings.db"

    @property
    def settings(self) -> Path:
        """The settings' JSON file."""
        return self.root / "settings.json"

    @property
    def audio(self) -> Path:
        """Recordings and imported tracks."""
        return self.root / "audio"

    @property
    def models(self) -> Path:
        """Speech models added by the person."""
        return self.root / "models"

    @property
    def backups(self) -> Path:
        """Copies of the database."""
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        """Rotating log files."""
        return self.root / "logs"

    @property
    def exports(self) -> Path:
        """Where exports go when no folder is named."""
        return self.root / "exports"

    @property
    def templates(self) -> Path:
        """The person's own templates for exports."""
        return self.root / "templates"

    @property
    def minutes_templates(self) -> Path:
        """The person's own templates of minutes."""
        return self.root / "minutes-templates"

    @property
    def locks(self) -> Path:
        """Lock files: who works on which meeting."""
        return self.root / "locks"

    @property
    def breakers(self) -> Path:
        """Which providers of minutes keep failing, for all programs that have the library open."""
        return self.locks / "providers.json"

    @property
    def pointer(self) -> Path:
        """The file that says where the library lies that is not here."""
        return self.root / "library-folder"


def folders(data_dir: str | os.PathLike[str] | None = None) -> Folders:
    """The data folder's places: `data_dir`, else the environment's, else the platform's. Creates nothing.

    Where that folder says that the library lies elsewhere, those of there.
    """
    chosen = data_dir or os.environ.get(DATA_DIR_VARIABLE)
    root = Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_path(PROGRAM, False))
    home = Folders(root.absolute())
    seen, last = {home.root}, home
    while (named := elsewhere(last)) and named not in seen:
        seen.add(named)
        last = Folders(named, home.root)
    return last


def elsewhere(places: Folders) -> Path | None:
    """Where the library lies, as its former folder says; None where it says nothing."""
    try:
        named = places.pointer.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Path(named) if named and Path(named).is_absolute() else None


def short(folder: str) -> str:
    """`folder` with the person's own folder, whose name says who they are, as ~."""
    home = str(Path.home())
    return "~" + folder[len(home) :] if home != "/" and Path(folder).is_relative_to(home) else folder


def create(places: Folders) -> None:
    """Makes the folders that are missing, readable by the user alone.

    Raises `FolderNotWritable`, `DiskFull`, or `LibraryNotThere` where the library lies elsewhere, on a disk that is
    not connected: an empty one in its place would look as if everything were lost. Nothing is made beside a library
    that cannot be used: `LibraryFromFuture`.
    """
    if places.home and not places.database.exists():
        raise errors.LibraryNotThere(str(places.root))
    wanted = (
        places.root,
        places.audio,
        places.models,
        places.backups,
        places.logs,
        places.exports,
        places.templates,
        places.minutes_templates,
        places.locks,
    )
    missing = [folder for folder in wanted if not folder.is_dir()]
    if missing and _is_from_future(places.database):
        raise errors.LibraryFromFuture(str(places.database))
    for folder in missing:
        make_private_folder(folder)


def _is_from_future(database: Path) -> bool:
    """Whether a newer program made it. It is only read, without SQLite's own files, which would lie beside it."""
    import sqlite3

    if not database.is_file():
        return False
    address = f"{database.absolute().as_uri()}?mode=ro&immutable=1"
    with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as looking:
        found = looking.execute("SELECT version_num FROM alembic_version").fetchone()
        steps = {file.stem.partition("_")[0] for file in (MIGRATIONS / "versions").iterdir()}
        return found is not None and found[0] not in steps
    return False  # none of ours, or damaged: opening it says so


def make_private_folder(folder: Path) -> None:
    """Makes `folder` with mode 0700 where it is missing. Raises `FolderNotWritable` or `DiskFull`."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise storage_problem(error, folder) from error


def storage_problem(error: OSError, path: Path, needed: int = 0) -> errors.StorageProblem:
    """What an operating-system error while writing `path`, of about `needed` bytes, means to a person."""
    import errno
    import shutil

    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        free = 0
        with suppress(OSError):
            free = shutil.disk_usage(path if path.is_dir() else path.parent).free
        # Where there is room, it is a limit of the file or of the person that was reached.
        return errors.DiskFull(str(path), needed, free) if needed > free else errors.DiskFull(str(path))
    return errors.FolderNotWritable(str(path))


def write_private(path: Path, content: bytes) -> None:
    """Puts `content` into `path` whole or not at all: written beside it, synced, renamed; mode 0600.

    Raises `FolderNotWritable` or `DiskFull`, and leaves the old file.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        rename(beside, path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise storage_problem(error, path) from error


def rename(old: Path, new: Path) -> None:
    """Gives the file `old` the name `new`, lasting when the power fails; raises `OSError`."""
    old.replace(new)
    sync_folder(new.parent)


def sync_folder(folder: Path) -> None:
    """Has the names of the files in `folder` last when the power fails; raises `OSError`."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
