"""The application: record, import, transcribe, summarise, export, each a job any door can run.

A job yields events and returns its result. Stopping is not asking for the next item: `finally` then
closes what was open, and everything stored so far stays. Questions and edits need no job; they go
to `library.store`.
"""

from core.meetings.documents import as_text, document, export
from core.meetings.imports import import_audio
from core.meetings.library import Library, ask_for_text
from core.meetings.minutes import keep_touched, summarise
from core.meetings.recordings import attend, pause_recording, record, recover, running, stop_recording
from core.meetings.transcripts import transcribe

__all__ = [
    "Library",
    "as_text",
    "ask_for_text",
    "attend",
    "document",
    "export",
    "import_audio",
    "keep_touched",
    "pause_recording",
    "record",
    "recover",
    "running",
    "stop_recording",
    "summarise",
    "transcribe",
]
