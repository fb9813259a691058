"""Summarise: a transcript becomes minutes, which keep what the person touched."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime

import structlog

from core import errors
from core.meetings.library import Library, asked, stage_of
from core.meetings.providers import conversation
from core.meetings.touched import keep_touched
from core.summary import Draft, Request
from core.values import (
    Event,
    Job,
    Meeting,
    MeetingChanged,
    MeetingId,
    Minutes,
    Notice,
    Progress,
    Stage,
    SummaryOptions,
    Transcript,
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
        request = request_of(library, meeting, transcript, wanted)
        if fault := _broken_template(library, wanted):
            yield Notice("template_broken", {"failure": errors.to_failure(fault)})
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
                layout=request.template.sections,
            ),
            keep_touched,
        )
        library.store.finish(meeting_id, Stage.SUMMARISE, wanted)
    yield MeetingChanged(meeting_id)
    return minutes


def request_of(
    library: Library, meeting: Meeting, transcript: Transcript, options: SummaryOptions
) -> Request:
    """What minutes of this text are made from. A template that is gone, or cannot be used, is the general one."""
    from core.summary import templates

    try:
        template = templates.find(library.places.minutes_templates, options.template)
    except (errors.TemplateUnknown, errors.MinutesTemplateBroken):
        template = templates.general()
    return Request(
        # Speech that gave no text has nothing to quote.
        segments=tuple(segment for segment in transcript.segments if segment.text.strip()),
        title=meeting.title,
        started_at=meeting.started_at,
        language=transcript.written,
        notes=library.store.notes(meeting.id),
        options=options,
        template=template,
        participants=meeting.participants,
    )


def _broken_template(library: Library, options: SummaryOptions) -> errors.MinutesTemplateBroken | None:
    """What is wrong with the file of the template that these options name."""
    from core.summary import templates

    try:
        templates.find(library.places.minutes_templates, options.template)
    except errors.MinutesTemplateBroken as fault:
        return fault
    except errors.TemplateUnknown:
        pass
    return None


def _draft(
    library: Library, meeting_id: MeetingId, request: Request
) -> Generator[Event, None, tuple[Draft, str]]:
    """The draft and who really made it."""
    from core.summary import offline

    provider = request.options.provider
    if provider == "offline":
        return (yield from offline.summarise(request)), "offline"
    from core.summary import remote

    try:
        draft = yield from remote.summarise(request, conversation(library, request.options, meeting_id))
    except errors.RemoteProblem as problem:
        _log.warning("remote summary failed", problem=str(problem))
        earlier = library.store.minutes(meeting_id)
        if earlier and earlier.made_by != "offline":
            # Better ones are there already; a failure takes nothing away.
            raise
        name = getattr(problem, "provider", provider)
        yield Notice("offline_instead", {"provider": name, "failure": errors.to_failure(problem)})
        return (yield from offline.summarise(request)), "offline"
    return draft, provider
