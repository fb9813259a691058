"""What is stored as JSON, as values again."""

from __future__ import annotations

from typing import Any

from core.values import Options, SpeakerOptions, Stage, SummaryOptions, TranscriptOptions


def transcript_options(stored: dict[str, Any]) -> TranscriptOptions:
    """The options of a version as they were stored."""
    return TranscriptOptions(**{**stored, "vocabulary": tuple(stored.get("vocabulary", ()))})


def options_of(stage: Stage, stored: dict[str, Any]) -> Options:
    """The options of what was asked for."""
    match stage:
        case Stage.TRANSCRIBE:
            return transcript_options(stored)
        case Stage.SEPARATE:
            return SpeakerOptions(**stored)
    return SummaryOptions(**stored)
