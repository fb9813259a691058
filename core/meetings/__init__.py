"""The application: record, import, transcribe, summarise, export, each a job any door can run.

A job yields events and returns its result. Stopping is not asking for the next item: `finally` then
closes what was open, and everything stored so far stays. Questions and edits need no job; they go
to `library.store`.
"""

from core.meetings.documents import as_text, document, export
from core.meetings.imports import import_audio
from core.meetings.library import Library, ask_for_text
from core.meetings.machine import diagnostics, hour_of_work, machine_of, measure_machine
from core.meetings.minutes import keep_touched, summarise
from core.meetings.models import add_model, fetch_model, known_models, remove_model
from core.meetings.recordings import attend, pause_recording, record, recover, running, stop_recording
from core.meetings.stretches import transcribe_again
from core.meetings.transcripts import transcribe
from core.meetings.work import carry_out, queue

__all__ = [
    "Library",
    "add_model",
    "as_text",
    "ask_for_text",
    "attend",
    "carry_out",
    "diagnostics",
    "document",
    "export",
    "fetch_model",
    "hour_of_work",
    "import_audio",
    "keep_touched",
    "known_models",
    "machine_of",
    "measure_machine",
    "pause_recording",
    "queue",
    "record",
    "recover",
    "remove_model",
    "running",
    "stop_recording",
    "summarise",
    "transcribe",
    "transcribe_again",
]
