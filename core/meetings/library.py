"""One open data folder, and what every job on one of its meetings needs."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from core import errors, locks, paths
from core import settings as chosen
from core.store import Store
from core.values import (
    CALL,
    Channel,
    Meeting,
    MeetingId,
    SpeakerOptions,
    Stage,
    SummaryOptions,
    TranscriptOptions,
)

_Options = TypeVar("_Options", TranscriptOptions, SpeakerOptions, SummaryOptions)

LOOKED = 0.1
"""Seconds after which a lock that is held is tried once more."""


def _version(file: Path) -> int:
    """What is another where the file was written anew."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


class Library:
    """One open data folder: its places, its store and its settings."""

    def __init__(self, places: paths.Folders) -> None:
        """Opens it, making what is missing. Raises a `StorageProblem`."""
        paths.create(places)
        self.places = places
        self._read = _version(places.settings)
        self.settings = chosen.load(places.settings)
        self.store = Store(places)

    def change_settings(self, settings: chosen.Settings) -> None:
        """Keeps `settings` from now on. Raises `FolderNotWritable` or `DiskFull`.

        What another program chose meanwhile stays: only what differs from before is written.
        """
        before, after = dataclasses.asdict(self.settings), dataclasses.asdict(settings)
        changed = {name: value for name, value in after.items() if value != before[name]}
        kept = dataclasses.replace(chosen.load(self.places.settings), **changed)
        chosen.save(kept, self.places.settings)
        self.settings = settings

    def changed_elsewhere(self) -> dict[str, Any]:
        """The settings that another program changed since they were read, which are this one's too from now on."""
        version = _version(self.places.settings)
        if version == self._read:
            return {}
        self._read = version
        before, after = dataclasses.asdict(self.settings), chosen.load(self.places.settings)
        changed = {
            name: getattr(after, name)
            for name, value in dataclasses.asdict(after).items()
            if value != before[name]
        }
        self.settings = dataclasses.replace(self.settings, **changed)
        return changed

    def audio_of(self, meeting: Meeting) -> Path:
        """The meeting's audio file. Raises `NothingToTranscribe` where it has none."""
        path = self.places.audio / meeting.audio
        if not meeting.audio or not path.is_file():
            raise errors.NothingToTranscribe(meeting.title)
        return path

    def record_lock(self, meeting_id: MeetingId) -> Path:
        """The lock file that is held while the meeting is recorded."""
        return locks.path_of(self.places.locks, meeting_id, Stage.RECORD)

    def channels(self, sources: str = "") -> tuple[Channel, ...]:
        """The channels of a recording of `sources` ('microphone', 'system' or 'both'; '' as the settings say)."""
        one = tuple(channel for channel in CALL if channel == (sources or self.settings.sources))
        return one or CALL

    def transcript_options(self, meeting_id: MeetingId | None = None) -> TranscriptOptions:
        """What the settings say about new transcripts, with the words to listen for in this meeting.

        Its participants come first, then the words of its tags, then the library's. Raises `MeetingUnknown`.
        """
        meeting = self.store.meeting(meeting_id) if meeting_id else None
        words: dict[str, str] = {}
        for word in meeting.participants if meeting else ():
            words.setdefault(word.casefold(), word)
        for tag in (*(meeting.tags if meeting else ()), ""):
            for word in self.store.vocabulary(tag):
                words.setdefault(word.casefold(), word)
        return TranscriptOptions(
            model=self.settings.model,
            language=self.settings.spoken_language,
            vocabulary=tuple(words.values()),
            preset=self.settings.preset,
        )

    def speaker_options(self, meeting_id: MeetingId) -> SpeakerOptions:
        """How many people speak in this meeting, as far as the person said so. Raises `MeetingUnknown`."""
        return SpeakerOptions(self.store.meeting(meeting_id).speaker_count)

    def summary_options(self, provider: str = "") -> SummaryOptions:
        """What the settings say about new minutes, by `provider` where one is named."""
        chosen_one = provider or self.settings.provider
        models = {"mistral": self.settings.provider_model, "server": self.settings.server_model}
        return SummaryOptions(
            provider=chosen_one,
            model=models.get(chosen_one, ""),
            language=self.settings.minutes_language,
            template=self.settings.template,
            length=self.settings.minutes_length,
        )

    def close(self) -> None:
        """Closes the store."""
        self.store.close()


def ask_for_text(library: Library, meeting_id: MeetingId) -> None:
    """Notes that a meeting is to be transcribed, its voices told apart, and summarised, as the settings say.

    Raises `NothingToTranscribe` where it has no sound.
    """
    meeting = library.store.meeting(meeting_id)
    if not meeting.audio:
        raise errors.NothingToTranscribe(meeting.title)
    library.store.ask(meeting_id, Stage.TRANSCRIBE, library.transcript_options(meeting_id))
    ask_for_speakers(library, meeting_id)
    library.store.ask(meeting_id, Stage.SUMMARISE, library.summary_options())


def ask_for_speakers(library: Library, meeting_id: MeetingId) -> None:
    """Notes that the voices in the text to come are to be told apart, where the settings say so."""
    if library.settings.tell_voices_apart:
        library.store.ask(meeting_id, Stage.SEPARATE, library.speaker_options(meeting_id))


def asked(meeting: Meeting, kind: type[_Options]) -> _Options | None:
    """What was asked for of a meeting, as options of this kind."""
    return next((work.options for work in meeting.work if isinstance(work.options, kind)), None)


@contextmanager
def held(library: Library, meeting: Meeting, stage: Stage) -> Iterator[None]:
    """Holds the lock of a stage of a meeting. Raises `MeetingBusy`."""
    path = locks.path_of(library.places.locks, meeting.id, stage)
    lock = locks.take(path)
    if lock is None:
        # Another door may only have looked whether it is held, which takes it for a moment.
        time.sleep(LOOKED)
        lock = locks.take(path)
    if lock is None:
        raise errors.MeetingBusy(meeting.title)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def stage_of(library: Library, meeting: Meeting, stage: Stage) -> Iterator[None]:
    """Holds that lock too, and keeps with the wish for the stage why it failed. Raises `MeetingBusy`."""
    with held(library, meeting, stage):
        try:
            library.store.fail(meeting.id, stage, None)
            yield
        except errors.Problem as problem:
            library.store.fail(meeting.id, stage, errors.to_failure(problem))
            raise
