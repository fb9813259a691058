"""The application: record, import, transcribe, separate, summarise, export, each a job any door can run.

A job yields events and returns its result. Stopping is not asking for the next item: `finally` then
closes what was open, and everything stored so far stays. Questions and edits need no job; they go
to `library.store`. What only a long job needs is imported when it is first asked for: a door opens at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.meetings.archives import back_up as back_up
    from core.meetings.archives import backup_is_due as backup_is_due
    from core.meetings.archives import backups as backups
    from core.meetings.archives import restore as restore
    from core.meetings.archives import verify as verify
    from core.meetings.automation import FolderWatch as FolderWatch
    from core.meetings.automation import keep_copy as keep_copy
    from core.meetings.automation import process as process
    from core.meetings.bin import erase as erase
    from core.meetings.cuts import bring_back as bring_back
    from core.meetings.cuts import cut_passage as cut_passage
    from core.meetings.documents import as_text as as_text
    from core.meetings.documents import check_formats as check_formats
    from core.meetings.documents import document as document
    from core.meetings.documents import export as export
    from core.meetings.documents import export_formats as export_formats
    from core.meetings.documents import export_many as export_many
    from core.meetings.documents import preview as preview
    from core.meetings.documents import rich_text as rich_text
    from core.meetings.imports import import_audio as import_audio
    from core.meetings.imports import import_parts as import_parts
    from core.meetings.library import Library as Library
    from core.meetings.library import ask_for_speakers as ask_for_speakers
    from core.meetings.library import ask_for_text as ask_for_text
    from core.meetings.listening import playback as playback
    from core.meetings.listening import try_microphone as try_microphone
    from core.meetings.listening import waveform as waveform
    from core.meetings.machine import diagnostics as diagnostics
    from core.meetings.machine import hour_of_work as hour_of_work
    from core.meetings.machine import machine_of as machine_of
    from core.meetings.machine import measure_machine as measure_machine
    from core.meetings.minutes import summarise as summarise
    from core.meetings.models import add_model as add_model
    from core.meetings.models import fetch_model as fetch_model
    from core.meetings.models import known_models as known_models
    from core.meetings.models import remove_model as remove_model
    from core.meetings.moving import Copied as Copied
    from core.meetings.moving import copy_library as copy_library
    from core.meetings.moving import drop_copy as drop_copy
    from core.meetings.moving import switch_library as switch_library
    from core.meetings.moving import use_library as use_library
    from core.meetings.questions import ask as ask
    from core.meetings.questions import estimate_of_question as estimate_of_question
    from core.meetings.readings import import_transcript as import_transcript
    from core.meetings.recordings import attend as attend
    from core.meetings.recordings import note_consent as note_consent
    from core.meetings.recordings import pause_recording as pause_recording
    from core.meetings.recordings import record as record
    from core.meetings.recordings import recording_state as recording_state
    from core.meetings.recordings import recover as recover
    from core.meetings.recordings import running as running
    from core.meetings.recordings import stop_recording as stop_recording
    from core.meetings.sides import has_sides as has_sides
    from core.meetings.sides import use_sides as use_sides
    from core.meetings.speakers import name_speaker as name_speaker
    from core.meetings.speakers import said_between as said_between
    from core.meetings.speakers import separate as separate
    from core.meetings.speakers import split_speaker as split_speaker
    from core.meetings.storage import measure_storage as measure_storage
    from core.meetings.storage import remove_due_sound as remove_due_sound
    from core.meetings.storage import remove_sound as remove_sound
    from core.meetings.stretches import transcribe_again as transcribe_again
    from core.meetings.transcripts import transcribe as transcribe
    from core.meetings.turns import talk as talk
    from core.meetings.voices import known_voices as known_voices
    from core.meetings.voices import remember_voice as remember_voice
    from core.meetings.work import carry_out as carry_out
    from core.meetings.work import queue as queue

_HOMES = {
    "archives": ("back_up", "backup_is_due", "backups", "restore", "verify"),
    "automation": ("FolderWatch", "keep_copy", "process"),
    "bin": ("erase",),
    "cuts": ("bring_back", "cut_passage"),
    "documents": (
        "as_text",
        "check_formats",
        "document",
        "export",
        "export_formats",
        "export_many",
        "preview",
        "rich_text",
    ),
    "imports": ("import_audio", "import_parts"),
    "library": ("Library", "ask_for_speakers", "ask_for_text"),
    "listening": ("playback", "try_microphone", "waveform"),
    "machine": ("diagnostics", "hour_of_work", "machine_of", "measure_machine"),
    "minutes": ("summarise",),
    "moving": ("Copied", "copy_library", "drop_copy", "switch_library", "use_library"),
    "questions": ("ask", "estimate_of_question"),
    "models": ("add_model", "fetch_model", "known_models", "remove_model"),
    "readings": ("import_transcript",),
    "recordings": (
        "attend",
        "note_consent",
        "pause_recording",
        "record",
        "recording_state",
        "recover",
        "running",
        "stop_recording",
    ),
    "sides": ("has_sides", "use_sides"),
    "speakers": ("name_speaker", "said_between", "separate", "split_speaker"),
    "storage": ("measure_storage", "remove_due_sound", "remove_sound"),
    "stretches": ("transcribe_again",),
    "transcripts": ("transcribe",),
    "turns": ("talk",),
    "voices": ("known_voices", "remember_voice"),
    "work": ("carry_out", "queue"),
}

if not TYPE_CHECKING:  # a checker would take it to give any name

    def __getattr__(name: str) -> Any:
        """What this package offers, from the module that has it."""
        home = next((module for module, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(name)
        return getattr(import_module(f"{__name__}.{home}"), name)
