"""Where a meeting stands, in words: what is being done with it, what failed, what is ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from core import errors, messages
from core.messages import _, ngettext
from core.values import BIN_DAYS, Failure, Meeting, Stage, Waiting, Work


@dataclass(frozen=True, slots=True)
class Activity:
    """What this program is doing with a meeting right now.

    `fraction` is 0 to 1, None where unknown; `part` is the one of `parts` that is worked on, 0 where there are
    none, and `tokens` about how many a provider is sent.
    What is `queued` waits for its turn, where `live` for the text of what is being recorded; what is `starting` has
    nothing to wait for but its model; what is done `elsewhere` is so by another program.
    """

    stage: Stage
    fraction: float | None = None
    seconds_left: float | None = None
    waiting: Waiting | None = None
    queued: bool = False
    live: bool = False
    starting: bool = False
    elsewhere: bool = False
    stopping: bool = False
    part: int = 0
    parts: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """Where a meeting stands, in words; `tone` is 'plain', 'busy', 'danger' or 'recording'."""

    text: str
    tone: str = "plain"


def activity_line(activity: Activity) -> str:
    """What is being done, how far, and how long it still takes."""
    doing = messages.stage_label(activity.stage)
    if activity.stopping:
        return _("Pausing")
    if activity.elsewhere:
        return _("In progress in another window")
    if activity.live:
        return _("Waiting: the recording's text goes first")
    if activity.queued:
        return _("Waiting for its turn")
    if activity.starting:
        return _("Getting ready")
    if activity.waiting:
        again = _("{doing}: trying again in {time}").format(
            doing=doing, time=messages.length(activity.waiting.seconds)
        )
        why = messages.explain(errors.from_failure(activity.waiting.cause)).what
        return f"{again} · {why}"
    if activity.fraction is None:
        return doing
    more = messages.part_label(activity.part, activity.parts), messages.tokens_sent(activity.tokens)
    done = " · ".join(filter(None, (f"{doing} {messages.percent(activity.fraction)}", *more)))
    if activity.seconds_left is None:
        return done
    return f"{done} · {messages.time_left(activity.seconds_left)}"


def failed_work(meeting: Meeting) -> tuple[Work, Failure] | None:
    """What was asked for and could not be done, and why; what is only missing its speakers is not among it."""
    return next(
        (
            (work, work.failure)
            for work in meeting.work
            if work.failure and not (work.stage is Stage.SEPARATE and meeting.transcript_complete)
        ),
        None,
    )


def paused_line(meeting: Meeting) -> str:
    """That the person paused it, and how far it had come."""
    if meeting.transcribed and meeting.duration and not meeting.transcript_complete:
        return _("Paused at {percent}").format(
            percent=messages.percent(min(1.0, meeting.transcribed / meeting.duration))
        )
    return _("Paused")


def bin_line(deleted_at: datetime) -> str:
    """How long a meeting stays in the bin."""
    left = max(0, BIN_DAYS - (datetime.now(UTC) - deleted_at).days)
    return ngettext("{count} day left", "{count} days left", left).format(count=left)


def state(meeting: Meeting, activity: Activity | None) -> State:
    """The one line below a meeting's title."""
    if meeting.deleted_at:
        return State(bin_line(meeting.deleted_at))
    if meeting.recording_open:
        return State(messages.stage_label(Stage.RECORD), "recording")
    if activity:
        return State(activity_line(activity), "busy")
    if failed := failed_work(meeting):
        return State(messages.explain(errors.from_failure(failed[1])).what, "danger")
    if any(work.paused for work in meeting.work):
        return State(paused_line(meeting))
    if meeting.has_minutes:
        if meeting.decision_count == 1:
            return State(meeting.first_decision)
        if meeting.decision_count:
            count = meeting.decision_count
            return State(ngettext("{count} decision", "{count} decisions", count).format(count=count))
        return State(_("Minutes ready"))
    return State(_("Transcript ready") if meeting.transcript_complete else _("Not transcribed yet"))
