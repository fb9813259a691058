"""Recording from the terminal."""

from __future__ import annotations

import argparse
import math
import signal
from typing import TYPE_CHECKING

from core import errors, messages, paths
from core.messages import _, clock
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import fields, meeting_as_json, print_json, say
from core.terminal.progress import Line, closing, tell
from core.values import MeetingChanged, MeetingId, Recording, Trouble

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `record` and `recording`."""
    record = verbs.add(
        "record",
        _record,
        check=_length,
        help=_("record the microphone and the system's sound until Ctrl+C"),
        examples=(
            "meeting-transcriber record",
            "meeting-transcriber record --title 'Board meeting' --seconds 3600",
        ),
    )
    record.add_argument(
        "--sources",
        choices=("microphone", "system", "both"),
        default="",
        help=_("what is recorded (default: what the settings say)"),
    )
    record.add_argument(
        "--device", default="", metavar=_("NAME"), help=_("microphone (default: the system's)")
    )
    record.add_argument("--title", default="", metavar=_("TEXT"), help=_("title of the meeting"))
    record.add_argument(
        "--into", default="", metavar=_("ID"), help=_("go on with the recording of this meeting")
    )
    record.add_argument(
        "--consent", action="store_true", help=_("note that who takes part agreed to be recorded")
    )
    record.add_argument(
        "--seconds", type=float, metavar=_("N"), help=_("stop by itself after so many seconds of sound")
    )

    running = verbs.add(
        "recording",
        _running,
        help=_("say what is being recorded now; pause it, go on with it or stop it"),
        description=_("Whichever window or terminal began it."),
        examples=("meeting-transcriber recording", "meeting-transcriber recording stop"),
    )
    running.add_argument(
        "do",
        nargs="?",
        metavar=_("ACTION"),
        choices=("state", "pause", "go-on", "stop"),
        default="state",
        help=_("what is done with it: state, pause, go-on or stop"),
    )


def _length(given: argparse.Namespace) -> str:
    right = given.seconds is None or 0 < given.seconds < math.inf
    return "" if right else _("--seconds takes a number above 0")


def _record(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    into = library.store.meeting(given.into).id if given.into else None
    job = meetings.record(
        library,
        channels=library.channels(given.sources),
        microphone=given.device,
        title=given.title,
        into=into,
        consent=given.consent,
    )
    if hasattr(signal, "SIGTSTP"):
        # Held in the background it would record unseen.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    meeting_id = MeetingId("")
    wrong: tuple[Trouble | None, ...] = ()
    began: float | None = None
    try:
        with closing(job), Line() as line:
            for event in job:
                match event:
                    case MeetingChanged(changed) if not meeting_id:
                        meeting_id = changed
                        line.keep(_("Recording. Ctrl+C stops."))
                    case Recording():
                        if (now := tuple(source.trouble for source in event.sources)) != wrong:
                            wrong = now
                            for problem in filter(None, map(messages.source_trouble, event.sources)):
                                line.keep(str(problem))
                        line.show(_level(event))
                        began = event.elapsed if began is None else began
                        if given.seconds and event.elapsed - (began if into else 0.0) >= given.seconds:
                            break
                    case _:
                        tell(event, line)
    except KeyboardInterrupt:
        if not meeting_id:
            raise
    meeting = library.store.meeting(meeting_id)
    if given.json:
        print_json(meeting_as_json(meeting))
    else:
        say(
            _("Recorded {length}. Transcribe it with: {command}").format(
                length=messages.length(meeting.duration), command=f"{paths.PROGRAM} process {meeting.id}"
            )
        )
        print(meeting.id)
    return DONE


def _running(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting_id = next(iter(meetings.running(library)), None)
    if meeting_id is None:
        if given.do != "state":
            raise errors.NothingRecorded
        if given.json:
            print_json({"recording": None})
        else:
            say(_("Nothing is being recorded."))
        return DONE
    if given.do == "stop":
        meetings.stop_recording(library, meeting_id)
        meeting = library.store.meeting(meeting_id)
        if given.json:
            print_json({"recording": None, "meeting": meeting_as_json(meeting)})
        else:
            print(meeting.id)
        return DONE
    if given.do != "state":
        meetings.pause_recording(library, meeting_id, paused=given.do == "pause")
    state = meetings.recording_state(library, meeting_id)
    if given.json:
        print_json({"recording": fields(state)})
    else:
        print(f"{meeting_id}  {_level(state)}")
    return DONE


def _level(state: Recording) -> str:
    """One line: time, how long ago all was on disk, what is short or missing, and a bar from -60 to 0 dB per source."""
    saved = _("paused") if state.paused else _("saved {seconds} s ago").format(seconds=f"{state.unsaved:.1f}")
    parts = [clock(state.elapsed), saved]
    if state.room is not None:
        parts.append(messages.room_left(state.room))
    if state.gaps:
        parts.append(messages.gaps(state.gaps))
    for source in state.sources:
        width = 10 if len(state.sources) > 1 else 30
        filled = round(max(0.0, min(1.0, 1 + source.peak / 60)) * width)
        name = f"{messages.source_name(source.channel)} " if len(state.sources) > 1 else ""
        parts.append(f"{name}[{'#' * filled}{' ' * (width - filled)}]")
    return " · ".join(parts)
