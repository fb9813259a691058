"""Summarise: a transcript becomes minutes, which keep what the person touched."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import partial

import structlog

from core import credentials, errors
from core.meetings.library import Library, asked, stage_of
from core.summary import Draft, Request
from core.values import (
    Event,
    Job,
    Line,
    MeetingChanged,
    MeetingId,
    Minutes,
    Notice,
    Progress,
    Stage,
    SummaryOptions,
)

_log = structlog.get_logger("meetings")


def summarise(library: Library, meeting_id: MeetingId, options: SummaryOptions | None = None) -> Job[Minutes]:
    """Writes the meeting's minutes and stores them as its newest version, with what the person touched kept.

    When a remote provider fails, the offline summary stands in (`made_by` says so) and a
    `Notice('offline_instead')` tells why; but where a remote provider made the minutes shown so far,
    they stay and its `RemoteProblem` is raised. What the provider answered before it failed is kept, and not asked
    for again the next time. Raises `NothingSaid`, `MeetingBusy` or a `StorageProblem`.
    """
    meeting = library.store.meeting(meeting_id)
    wanted = options or asked(meeting, SummaryOptions) or library.summary_options()
    with stage_of(library, meeting, Stage.SUMMARISE):
        transcript = library.store.transcript(meeting_id)
        if transcript is None or not any(segment.text.strip() for segment in transcript.segments):
            if transcript and transcript.complete:
                # Trying again would not help: the wish is fulfilled as far as it can be.
                library.store.finish(meeting_id, Stage.SUMMARISE)
            raise errors.NothingSaid(meeting.title)
        request = Request(
            # Speech that gave no text has nothing to quote.
            segments=tuple(segment for segment in transcript.segments if segment.text.strip()),
            title=meeting.title,
            started_at=meeting.started_at,
            language=wanted.language or transcript.written,
            notes=library.store.notes(meeting_id),
            options=wanted,
        )
        yield Progress(Stage.SUMMARISE, None)
        draft, made_by = yield from _draft(library, meeting_id, request)
        minutes = library.store.add_minutes(
            Minutes(
                meeting_id=meeting_id,
                options=wanted,
                made_by=made_by,
                language=draft.language,
                created_at=datetime.now(UTC),
                title=draft.title,
                lines=draft.lines,
                transcript_id=transcript.id,
            ),
            keep_touched,
        )
        library.store.finish(meeting_id, Stage.SUMMARISE, wanted)
    yield MeetingChanged(meeting_id)
    return minutes


def _draft(
    library: Library, meeting_id: MeetingId, request: Request
) -> Generator[Event, None, tuple[Draft, str]]:
    """The draft and who really made it."""
    from core.summary import offline

    if request.options.provider == "offline":
        return (yield from offline.summarise(request)), "offline"
    from core.summary import mistral

    try:
        address = library.settings.provider_address
        # The key is Mistral's: another server never sees it.
        key = "" if address else credentials.mistral_key()
        if not key and not address:
            raise errors.KeyMissing(request.options.provider)
        draft = yield from mistral.summarise(
            request,
            key,
            address,
            size=library.settings.provider_context,
            recall=partial(library.store.kept_part, meeting_id),
            keep=partial(library.store.keep_part, meeting_id),
        )
    except errors.RemoteProblem as problem:
        _log.warning("remote summary failed", problem=str(problem))
        earlier = library.store.minutes(meeting_id)
        if earlier and earlier.made_by != "offline":
            # Better ones are there already; a failure takes nothing away.
            raise
        yield Notice(
            "offline_instead",
            {"provider": request.options.provider, "failure": errors.to_failure(problem)},
        )
        return (yield from offline.summarise(request)), "offline"
    return draft, request.options.provider


SAME_LINE = 0.6
"""From this likeness of their texts on (difflib's ratio), a new line says what an old one said."""


def keep_touched(earlier: Sequence[Line], fresh: Sequence[Line]) -> tuple[Line, ...]:
    """`fresh` with the edited and ticked lines of `earlier`: each takes the place of its like, or is added."""
    lines = list(fresh)
    for old in earlier:
        if not (old.edited or old.done):
            continue
        likeness = [
            SequenceMatcher(None, old.text.casefold(), line.text.casefold()).ratio()
            if line.section == old.section and not line.edited
            else 0.0
            for line in lines
        ]
        place = max(range(len(lines)), key=likeness.__getitem__, default=None)
        if place is not None and likeness[place] >= SAME_LINE:
            kept = dataclasses.replace(lines[place], done=old.done)
            lines[place] = dataclasses.replace(kept, text=old.text, edited=True) if old.edited else kept
        else:
            lines.append(old)
    return tuple(lines)
