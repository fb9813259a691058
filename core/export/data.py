"""JSON: everything, for other programs. `resources/schema/meeting.schema.json` says what stands where."""

from __future__ import annotations

import json
from typing import Any

from core.export.handout import Handout, Item, Passage
from core.values import Section

SCHEMA = "meeting-transcriber/meeting"
VERSION = 1
"""Raised when something is named otherwise or left out; what is added leaves it."""


def render(handout: Handout) -> str:
    """The meeting as one JSON document."""
    meeting = handout.meeting
    document = {
        "schema": SCHEMA,
        "version": VERSION,
        "meeting": {
            "id": meeting.id,
            "title": handout.title,
            "started_at": meeting.started_at.isoformat(),
            "duration": round(meeting.duration, 3),
            "language": handout.spoken,
            "tags": list(meeting.tags),
            "participants": list(meeting.participants),
        },
        "minutes": {
            str(part.section): [_item(item) for item in part.items]
            for part in handout.parts
            if part.section is not Section.NOTES
        },
        "notes": [
            {"text": item.text, "at": round(item.times[0], 3) if item.times else None}
            for item in handout.items(Section.NOTES)
        ],
        "segments": [_segment(passage) for passage in handout.passages],
        "complete": bool(handout.passages) and not handout.ending,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _item(item: Item) -> dict[str, Any]:
    line = item.line
    found: dict[str, Any] = {"text": item.text}
    if line is None:
        return found
    found |= {
        "supported": line.supported,
        "unverified": list(line.unverified),
        "doubtful": line.doubtful,
        "evidence": [
            {"start": round(one.start, 3), "end": round(one.end, 3), "quote": one.quote}
            for one in line.evidence
        ],
    }
    if line.section is Section.ACTION_ITEMS:
        found |= {
            "owner": item.owner,
            "due": line.due.isoformat() if line.due else None,
            "due_said": line.due_said,
            "done": line.done,
        }
    return found


def _segment(passage: Passage) -> dict[str, Any]:
    segment = passage.segment
    return {
        "start": round(passage.start, 3),
        "end": round(passage.end, 3),
        "text": segment.text.strip(),
        "speaker": passage.speaker,
        "channel": str(segment.channel) if segment.channel else None,
        "doubt": segment.doubt,
        "edited": segment.edited,
        "words": [
            {
                "start": round(word.start, 3),
                "end": round(word.end, 3),
                "text": word.text,
                "probability": round(word.probability, 3),
            }
            for word in segment.words
        ],
    }
