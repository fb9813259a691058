"""Import: the sound of a file becomes a meeting."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import errors, locks, messages, paths
from core.meetings.library import Library
from core.store.meetings import new_id
from core.values import Job, MeetingChanged, MeetingId, Notice, Source, Stage

COPYING = ".copying"
"""The ending of an imported file while it is copied."""

UNFINISHED = ".part"
"""Its ending once it is whole, until its meeting is noted."""


def import_audio(library: Library, path: Path, *, source: Source = Source.IMPORT) -> Job[MeetingId]:
    """Copies the sound of an audio or video file into the library; the original is left alone.

    Raises an `Unreadable`, `AlreadyImported` or `StorageProblem`, and then leaves nothing behind.
    """
    from core.audio import media, sides

    found = media.probe(path)
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise errors.MissingFile(str(path)) from error
    digest = yield from _digest(path)
    copying, beside = (library.places.audio / f".{digest}{ending}" for ending in (COPYING, UNFINISHED))
    with locks.hold(_import_lock(library, digest)):
        known = library.store.meeting_with_digest(digest)
        if known:
            if known.deleted_at:
                library.store.restore(known.id)
                yield MeetingChanged(known.id)
            if (library.places.audio / known.audio).exists():
                raise errors.AlreadyImported(known.id, known.title)
        meeting_id = known.id if known else new_id()
        kept = library.places.audio / (
            known.audio if known else f"{meeting_id}{media.kept_suffix(path, found)}"
        )
        try:
            duration = yield from media.keep_track(path, found, copying)
            paths.rename(copying, beside)
            channels = sides.sides(beside, duration) if found.channels == 2 else ()
            if not known:
                library.store.add_meeting(
                    readable(path.stem) if source is Source.IMPORT else messages.sample_title(),
                    found.recorded_at or date_in_name(path.stem, changed) or changed,
                    source,
                    audio=kept.name,
                    original_name=readable(path.name),
                    digest=digest,
                    duration=duration,
                    size=beside.stat().st_size,
                    channels=channels,
                    meeting_id=meeting_id,
                    placeholder=source is Source.IMPORT and not tells_of_it(path.stem),
                )
            paths.rename(beside, kept)
        except OSError as error:
            copying.unlink(missing_ok=True)  # what it took is free again
            needed = 0 if found.has_video else path.stat().st_size  # of a film only the sound is kept
            raise paths.storage_problem(error, kept, needed) from error
        finally:
            copying.unlink(missing_ok=True)
            beside.unlink(missing_ok=True)
    yield MeetingChanged(meeting_id)
    if channels and not known:
        yield Notice("heard_apart", {"title": library.store.meeting(meeting_id).title})
    if media.ends_early(kept, found, duration):
        yield Notice("ends_early", {"name": readable(path.name), "reached": duration})
    return meeting_id


def import_parts(library: Library, files: Sequence[Path]) -> Job[MeetingId]:
    """Takes several files, in their order, in as the parts of one meeting; where each begins is a bookmark.

    Their sound is mixed to one channel and compressed; the originals are left alone. Raises as `import_audio`, and then
    leaves nothing behind.
    """
    from core.audio import encode, media

    found = [media.probe(path) for path in files]
    lengths = [media.measure(path) for path in files]
    digest = hashlib.sha256()
    for path in files:
        digest.update((yield from _digest(path)).encode())
    whole = digest.hexdigest()
    copying = library.places.audio / f".{whole}{COPYING}"
    with locks.hold(_import_lock(library, whole)):
        if known := library.store.meeting_with_digest(whole):
            raise errors.AlreadyImported(known.id, known.title)
        meeting_id = new_id()
        kept = library.places.audio / f"{meeting_id}.opus"
        try:
            yield from encode.join(files, copying, sum(lengths))
            with copying.open("rb+") as file:
                os.fsync(file.fileno())
            duration = media.measure(copying)
            size = copying.stat().st_size
            changed = datetime.fromtimestamp(files[0].stat().st_mtime, UTC)
            paths.rename(copying, kept)
            library.store.add_meeting(
                readable(files[0].stem),
                found[0].recorded_at or date_in_name(files[0].stem, changed) or changed,
                Source.IMPORT,
                audio=kept.name,
                original_name=readable(files[0].name),
                digest=whole,
                duration=duration,
                size=size,
                meeting_id=meeting_id,
                placeholder=not tells_of_it(files[0].stem),
            )
        except BaseException:
            if not library.store.knows(meeting_id):
                kept.unlink(missing_ok=True)
            raise
        finally:
            copying.unlink(missing_ok=True)
    at = 0.0
    for path, length in zip(files, lengths, strict=True):
        library.store.add_note(meeting_id, at, readable(path.stem), bookmark=True)
        at += length
    yield MeetingChanged(meeting_id)
    return meeting_id


_NAMED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<between>[-_.]?)(?P<month>\d\d)(?P=between)(?P<day>\d\d)"
    r"(?:(?:[-_ T.]|\s(?:at|à|um)\s)(?P<hour>\d\d)[-_.:h]?(?P<minute>\d\d)(?:[-_.:]?(?P<second>\d\d))?)?(?!\d)"
)
"""As recorders name their files: 2024-05-03 14.30, REC_20240503_143000, GMT20240503-143000 (Zoom, in UTC)."""


_MADE_UP = re.compile(
    "audio|call|clip|copie|copy|enregistrement|fichier|file|live|meeting|memo|message|mémo|nouveau|nouvel|output|part|partie|"
    "piste|record|recorder|recording|réunion|sound|stream|talk|teams|test|titre|title|track|untitled|video|vidéo|vocal|"
    "voice|whatsapp|zoom"
)
"""Words with which programs and hurried people name files."""


def tells_of_it(stem: str) -> bool:
    """Whether a file's name says something of the meeting: "Budget review", but neither "REC_0042" nor "audio 3"."""
    words = re.findall(r"[^\W\d_]+", stem.casefold())
    digits = sum(letter.isdigit() for letter in stem)
    named = [word for word in words if len(word) >= 4 and not _MADE_UP.fullmatch(word)]
    return bool(named) and digits <= sum(map(len, words))


def date_in_name(stem: str, changed: datetime) -> datetime | None:
    """When a file was recorded by its name, in UTC; None where the name says nothing, or what cannot be.

    A name with the day alone gives the moment when the file was `changed` where that is on the day, else its noon.
    """
    for named in _NAMED.finditer(stem):
        parts = {name: int(value) for name, value in named.groupdict().items() if value and name != "between"}
        whole = "hour" in parts
        try:
            moment = datetime(  # noqa: DTZ001  by this machine's clock
                parts["year"],
                parts["month"],
                parts["day"],
                parts.get("hour", 12),
                parts.get("minute", 0),
                parts.get("second", 0),
            )
        except ValueError:
            continue
        zoned = whole and stem[: named.start()].endswith("GMT")
        found = moment.replace(tzinfo=UTC) if zoned else moment.astimezone(UTC)
        if found > datetime.now(UTC) + timedelta(days=1):
            continue
        same_day = changed.astimezone().date() == moment.date()
        return changed if same_day and not whole else found
    return None


def readable(name: str) -> str:
    """A file's name as text in one line, also where the file system holds line breaks or bytes that are no text."""
    return " ".join(os.fsencode(name).decode("utf-8", "replace").split())


def _import_lock(library: Library, digest: str) -> Path:
    """The same content is imported by one door at a time."""
    return library.places.locks / f"{digest}.{Stage.IMPORT}"


def _digest(path: Path) -> Job[str]:
    """The SHA-256 of the file's content, in hexadecimal."""
    from core.audio import media

    digest = hashlib.sha256()
    yield from media.read_through(path, digest.update, 0, 30)
    return digest.hexdigest()


def sweep(library: Library) -> None:
    """Removes what imports that were killed had copied, or puts it in its place; their originals are untouched."""
    found = [path for ending in (COPYING, UNFINISHED) for path in library.places.audio.glob(f".*{ending}")]
    for copied in found:
        digest = copied.stem[1:]
        if locks.is_held(_import_lock(library, digest)):
            continue
        meeting = library.store.meeting_with_digest(digest)
        whole = copied.suffix == UNFINISHED
        if whole and meeting and not (kept := library.places.audio / meeting.audio).exists():
            paths.rename(copied, kept)
        else:
            copied.unlink(missing_ok=True)
