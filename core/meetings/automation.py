"""What happens by itself: finished meetings are written to a folder, recordings that come into another are taken in."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from core import errors, locks, paths
from core import export as exports
from core import settings as chosen
from core.meetings.documents import export
from core.meetings.imports import import_audio
from core.meetings.library import Library, ask_for_text
from core.values import Format, Job, MeetingId, Notice, Stage

SETTLED_SECONDS = 5.0
"""How long a file must not have changed before it is taken for whole."""

VAULT = ".obsidian"
"""The folder that makes a folder a vault of Obsidian."""

# --- finished meetings -------------------------------------------------------------------------------


def keep_copy(library: Library, meeting_id: MeetingId) -> Job[tuple[Path, ...]]:
    """Writes a finished meeting where the settings say; the files' paths, none where they say nothing.

    What was written for the same meeting before is replaced as long as nobody changed it. A failure is told and
    raises nothing: it must not take the minutes along.
    """
    settings = library.settings
    if not settings.keep_folder:
        return ()
    folder = Path(settings.keep_folder)
    choices = chosen.export_choices(settings)
    if any((above / VAULT).is_dir() for above in (folder, *folder.parents)):
        choices = replace(choices, properties=True)
    try:
        with _kept(library) as kept:
            title = library.store.meeting(meeting_id).title
            name = _same_name(folder, kept.get(meeting_id))
            job = export(
                library,
                meeting_id,
                folder,
                _possible(library, meeting_id, settings.keep_formats),
                choices=choices,
                name=name,
                pattern=settings.export_name,
            )
            written = yield from job
            kept[meeting_id] = {
                "folder": str(folder),
                "files": {path.name: _digest(path) for path in written},
                "stem": _stem(library, meeting_id, written),
            }
            return written
    except errors.Problem as problem:
        yield Notice("not_kept", {"title": title, "failure": errors.to_failure(problem)})
        return ()


def _possible(library: Library, meeting_id: MeetingId, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The formats without sound where there is none."""
    has_sound = bool(library.store.meeting(meeting_id).audio)
    sounds = {Format.AUDIO, Format.OPUS, Format.MP3}
    return tuple(kind for kind in kinds if has_sound or kind not in sounds) or (Format.MARKDOWN,)


def _stem(library: Library, meeting_id: MeetingId, written: tuple[Path, ...]) -> str:
    """The name that the files share, without their endings."""
    sound = Path(library.store.meeting(meeting_id).audio).suffix
    first = written[0].name
    endings = [exports.ending(kind, sound) for kind in library.settings.keep_formats]
    return next((first.removesuffix(ending) for ending in endings if ending and first.endswith(ending)), "")


def _same_name(folder: Path, before: dict[str, Any] | None) -> str:
    """The name under which the meeting was written before, '' where it was not, or where its files were changed."""
    if not before or before.get("folder") != str(folder):
        return ""
    for name, digest in before.get("files", {}).items():
        path = folder / name
        if path.exists() and _digest(path) != digest:
            return ""
    return str(before.get("stem", ""))


def _digest(path: Path) -> str:
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


@contextmanager
def _kept(library: Library) -> Iterator[dict[str, Any]]:
    """What was written by itself, to be read and changed; one door at a time."""
    with locks.hold(library.places.locks / "kept"), _noted(library.places.root / "kept.json") as kept:
        yield kept


@contextmanager
def _noted(file: Path) -> Iterator[dict[str, Any]]:
    """The facts in a JSON file, written back at the end where they have changed."""
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        facts = {}
    facts = facts if isinstance(facts, dict) else {}
    before = json.dumps(facts)
    yield facts
    if json.dumps(facts) != before:
        paths.write_private(file, json.dumps(facts, ensure_ascii=False).encode())


# --- the watched folder ------------------------------------------------------------------------------


_LEFT = "left"
"""Noted of what lay in a folder before it was watched."""


class FolderWatch:
    """Looks into a folder again and again, and takes every new recording in once it is whole."""

    def __init__(self, library: Library, folder: Path, *, existing: bool = False) -> None:
        """What lies there at the first look ever is left alone, unless what is `existing` is wanted too, or later."""
        self._library = library
        self.folder = folder
        self._existing = existing
        self._seen: dict[str, tuple[int, int]] = {}

    def look(self) -> Job[tuple[MeetingId, ...]]:
        """The meetings made of what has come since, each asked to be transcribed and summarised.

        What cannot be read is told once, and tried again when it has changed. Raises a `StorageProblem`.
        """
        made: list[MeetingId] = []
        now = _recordings(self.folder)
        with locks.hold(self._library.places.locks / "watched"):
            with _noted(self._library.places.root / "watched.json") as noted:
                done = noted.setdefault(str(self.folder), None)
                if done is None:
                    done = noted[str(self.folder)] = (
                        {} if self._existing else {name: [*state, _LEFT] for name, state in now.items()}
                    )
                new = [
                    name
                    for name, state in now.items()
                    if self._is_wanted(done.get(name), state) and self._is_whole(name, state)
                ]
            for name in new:
                meeting_id = yield from self._take(self.folder / name)
                if meeting_id:
                    made.append(meeting_id)
                # Noted at once: a program that is killed here does not take the same file twice.
                with _noted(self._library.places.root / "watched.json") as noted:
                    noted.setdefault(str(self.folder), {})[name] = list(now[name])
        self._seen = now
        return tuple(made)

    def _is_wanted(self, noted: list[int | str] | None, state: tuple[int, int]) -> bool:
        """Whether a file is another than what is `noted` of it, or was left alone and is wanted now."""
        return noted is None or noted[:2] != list(state) or (self._existing and noted[2:] == [_LEFT])

    def _is_whole(self, name: str, state: tuple[int, int]) -> bool:
        """Whether a file is as it was at the last look, and has been so for a while."""
        size, changed = state
        return size > 0 and self._seen.get(name) == state and time.time() - changed / 1e9 >= SETTLED_SECONDS

    def _take(self, path: Path) -> Job[MeetingId | None]:
        try:
            meeting_id = yield from import_audio(self._library, path)
        except errors.AlreadyImported:
            return None
        except errors.StorageProblem:
            raise
        except errors.Problem as problem:
            yield Notice("not_taken_in", {"name": path.name, "failure": errors.to_failure(problem)})
            return None
        ask_for_text(self._library, meeting_id)
        return meeting_id


def _recordings(folder: Path) -> dict[str, tuple[int, int]]:
    """The files that may be recordings, each with its size and the time of its last change. None where it is gone."""
    found: dict[str, tuple[int, int]] = {}
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                known = path.suffix.lower().removeprefix(".") in paths.MEDIA and path.name[0] not in ".~"
                if known and path.is_file():
                    stat = path.stat()
                    found[path.name] = (stat.st_size, stat.st_mtime_ns)
    return found


def process(library: Library, meeting_id: MeetingId) -> Job[None]:
    """Does everything that was asked for of a meeting, one after the other. Raises as `carry_out`."""
    from core.meetings.work import carry_out

    tried = set[Stage]()
    while (work := library.store.meeting(meeting_id).next_work) and work.stage not in tried:
        tried.add(work.stage)
        yield from carry_out(library, work)
