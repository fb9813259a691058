"""What a verb prints: sentences on standard error, one JSON document on standard output, and its forms."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core import errors, messages
from core.terminal import codes
from core.values import Meeting, Minutes, Queued, Section, Words

if TYPE_CHECKING:
    from core.export import Document


def say(text: str) -> None:
    """Prints a sentence for the person."""
    print(text, file=sys.stderr, flush=True)


def fail(problem: errors.Problem, *, as_json: bool) -> int:
    """Tells of an expected failure; its exit code."""
    if as_json:
        print_json({"problem": problem_as_json(problem)})
    say(str(messages.explain(problem)))
    return codes.of(problem)


def print_json(document: Any) -> None:
    """Prints the one document of a verb that was asked for JSON."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Words):
        return [fields(word) for word in value]
    raise TypeError(type(value).__name__)


def fields(value: Any) -> dict[str, Any]:
    """The fields of a value, and of those in it."""
    return dataclasses.asdict(value)


def problem_as_json(problem: errors.Problem) -> dict[str, Any]:
    """An expected failure: its kind, what happened, what to do and its exit code."""
    said = messages.explain(problem)
    return {"kind": type(problem).__name__, "what": said.what, "do": said.do, "exit": codes.of(problem)}


def meeting_as_json(meeting: Meeting) -> dict[str, Any]:
    """A meeting as every verb prints it."""
    return {
        "id": meeting.id,
        "title": meeting.title,
        "started_at": meeting.started_at,
        "duration": meeting.duration,
        "source": meeting.source,
        "language": meeting.language,
        "channels": meeting.channels,
        "tags": meeting.tags,
        "transcribed": meeting.transcribed,
        "complete": meeting.transcript_complete,
        "has_minutes": meeting.has_minutes,
        "decisions": meeting.decision_count,
    }


def queued_as_json(one: Queued) -> dict[str, Any]:
    """One place of the queue."""
    return {
        "id": one.meeting.id,
        "title": one.meeting.title,
        "stage": one.work.stage,
        "paused": one.work.paused,
        "problem": problem_as_json(errors.from_failure(one.work.failure)) if one.work.failure else None,
        "held": one.held,
        "done": one.done,
        "seconds_left": one.seconds,
    }


def document_as_json(document: Document) -> dict[str, Any]:
    """A meeting with all that it has."""
    transcript, minutes = document.transcript, document.minutes
    return {
        **meeting_as_json(document.meeting),
        "languages": dict(transcript.languages) if transcript else {},
        "segments": [fields(segment) for segment in transcript.segments] if transcript else [],
        "minutes": minutes_as_json(minutes) if minutes else None,
        "notes": [fields(note) for note in document.notes],
    }


def minutes_as_json(minutes: Minutes) -> dict[str, Any]:
    """Minutes, section by section."""
    return {
        "title": minutes.title,
        "language": minutes.language,
        "made_by": minutes.made_by,
        "created_at": minutes.created_at,
        **{str(section): [fields(line) for line in minutes.of(section)] for section in Section},
    }
