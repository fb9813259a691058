"""The verb that does it all: files, or meetings of the library, become minutes."""

from __future__ import annotations

import argparse
import itertools
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import errors, messages, paths
from core.messages import _
from core.terminal import arguments, codes
from core.terminal.arguments import Verbs
from core.terminal.minutes import add_minutes, agree, much_of, summary_options
from core.terminal.output import print_json, problem_as_json, say
from core.terminal.progress import follow
from core.values import SIDES, Meeting, MeetingId, Minutes, Source, Stage, SummaryOptions, TranscriptOptions

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `process`."""
    process = verbs.add(
        "process",
        _process,
        help=_("import, transcribe, summarise and export files"),
        description=_(
            "Imports audio or video files, transcribes and summarises them, and writes the minutes. "
            "The id of a meeting in the library can stand in place of a file."
        ),
        examples=(
            "meeting-transcriber process interview.m4a",
            "meeting-transcriber process --language fr --formats docx,srt --out ~/minutes *.mp3",
            "meeting-transcriber process --sample",
        ),
    )
    process.add_argument("files", nargs="*", metavar=_("FILE"))
    process.add_argument("--join", action="store_true", help=_("take the files as the parts of one meeting"))
    process.add_argument(
        "--channels",
        choices=SIDES,
        help=_(
            "how a file with two channels is heard: together, apart, or apart with you in the left or right one "
            "(default: as they sound)"
        ),
    )
    process.add_argument("--sample", action="store_true", help=_("process the sample meeting"))
    process.add_argument(
        "--out", metavar=_("FOLDER"), help=_("where to write (default: the library's exports)")
    )
    process.add_argument(
        "--formats",
        default="md",
        metavar=_("NAMES"),
        help=_("formats to write, separated by commas (default: md)"),
    )
    arguments.add_model(process)
    process.add_argument(
        "--language",
        default="",
        metavar=_("CODE"),
        help=_("language spoken in the meeting, such as en or fr"),
    )
    process.add_argument(
        "--preset",
        choices=("best", "balanced", "fast"),
        help=_("how much work the text may be: best, balanced or fast"),
    )
    process.add_argument(
        "--translate", action="store_true", help=_("make the text in English, whatever is spoken")
    )
    add_minutes(process)


@dataclass
class _File:
    """A file on its way: where it is, what it is called, what is told of it, and once it is taken in, its meeting and
    how its minutes are to be."""

    path: str
    name: str
    of: str
    told: dict[str, Any]
    meeting: Meeting | None = None
    summary: SummaryOptions | None = None


def _process(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    check_language(given.language)
    meetings.check_formats(library, arguments.names(given.formats))
    if bool(given.files) == given.sample:
        raise errors.NothingNamed
    if given.join and given.files:
        given.files = [_joined(library, given.files)]
    # The path of the sample is none that the person gave.
    named = [(path, path) for path in given.files] or [(str(paths.SAMPLE), messages.sample_title())]
    of = _("file {part} of {parts}") if len(named) > 1 else ""
    files = [
        _File(path, name, of.format(part=n, parts=len(named)), {"file": path})
        for n, (path, name) in enumerate(named, 1)
    ]
    status = codes.DONE
    try:
        # All of them are asked for at first: whatever ends this, the queue knows what is still to be done.
        for step, one in itertools.product((_take_in, _carry_out), files):
            try:
                code = step(library, given, one)
            except errors.Problem as problem:
                code = codes.of(problem)
                one.told["problem"] = problem_as_json(problem)
                say(messages.named(one.name, messages.explain(problem)))
            status = status or code
    finally:
        if given.json:
            print_json({"meetings": [one.told for one in files]})
    return status


def _joined(library: Library, files: list[str]) -> str:
    """The id of the one meeting that these files are the parts of."""
    from core import meetings

    try:
        return str(follow(meetings.import_parts(library, [*map(Path, files)])))
    except errors.AlreadyImported as known:
        say(str(messages.explain(known).what))
        return known.meeting_id


def check_language(code: str) -> None:
    """Raises `LanguageUnknown` for a code that no model knows."""
    from core import speech

    if code and code not in speech.LANGUAGES:
        raise errors.LanguageUnknown(code)


def _take_in(library: Library, given: argparse.Namespace, file: _File) -> int:
    """Imports the file and asks for all that its meeting lacks."""
    from core import meetings

    meeting = _imported(library, file.path, file.of)
    file.told["id"] = meeting.id
    if given.channels:
        meetings.use_sides(library, meeting.id, given.channels)
        meeting = library.store.meeting(meeting.id)
    base = library.transcript_options(meeting.id)
    wanted = TranscriptOptions(
        model=arguments.model(given.model) or base.model,
        language=given.language or base.language,
        preset=given.preset or base.preset,
        vocabulary=base.vocabulary,
        task="translate" if given.translate else "transcribe",
    )
    summary = summary_options(library, given)
    agree(library, summary, given, partial(_usual, library, summary.provider))
    transcript = library.store.transcript(meeting.id)
    has_text_alone = transcript is not None and not meeting.audio  # as where it came from a file
    if has_text_alone:
        library.store.ask(meeting.id, Stage.SUMMARISE, summary)
    elif (
        transcript is None
        or not transcript.complete
        or transcript.options != wanted
        or not transcript.heard(meeting.channels)
    ):
        library.store.ask(meeting.id, Stage.TRANSCRIBE, wanted)
        meetings.ask_for_speakers(library, meeting.id)
        library.store.ask(meeting.id, Stage.SUMMARISE, summary)
    file.meeting, file.summary = library.store.meeting(meeting.id), summary
    return codes.DONE


def _usual(library: Library, provider: str) -> str:
    """About how much an hour of meeting is for a provider elsewhere, before it is asked for the first time."""
    from core.meetings import providers

    if not providers.needs_consent(library, provider):
        return ""  # how much it really is is told when there is a text
    found = providers.estimate_of_an_hour(library, provider)
    return messages.estimate_of_an_hour(found, providers.name_of(library, provider))


def _carry_out(library: Library, given: argparse.Namespace, file: _File) -> int:
    """Makes the text and the minutes of what was taken in, and writes them."""
    from core import meetings

    meeting, name, of = file.meeting, file.name, file.of
    if meeting is None:
        return codes.DONE
    if any(one.stage is Stage.TRANSCRIBE for one in meeting.work):
        follow(meetings.transcribe(library, meeting.id), of)
    _tell_voices_apart(library, meeting.id, name, of)
    status = codes.DONE
    minutes: Minutes | None = None
    try:
        if file.summary and (told := much_of(library, file.summary, meeting.id)):
            say(told)
        minutes = follow(meetings.summarise(library, meeting.id, file.summary), of)
    except errors.NothingSaid as problem:
        # A meeting in which nobody spoke still has its sound and its (empty) transcript to hand on.
        say(messages.named(name, messages.explain(problem)))
    except errors.RemoteProblem as problem:
        # The minutes of an earlier time stay.
        minutes, status = library.store.minutes(meeting.id), codes.REMOTE_FAILED
        file.told["problem"] = problem_as_json(problem)
        say(messages.named(name, messages.explain(problem)))
    folder = Path(given.out) if given.out else library.places.exports
    written = follow(meetings.export(library, meeting.id, folder, arguments.names(given.formats)))
    file.told["paths"] = [str(path.absolute()) for path in written]
    file.told["made_by"] = minutes.made_by if minutes else None
    if not given.json:
        for path in written:
            print(path.absolute())
    return codes.REMOTE_FAILED if minutes and minutes.made_by != minutes.options.provider else status


def _tell_voices_apart(library: Library, meeting_id: MeetingId, name: str, of: str) -> None:
    """Gives the text to its speakers where that is asked for; all else comes without it too."""
    from core import meetings

    if any(one.stage is Stage.SEPARATE for one in library.store.meeting(meeting_id).work):
        try:
            follow(meetings.separate(library, meeting_id), of)
        except errors.Problem as problem:
            say(messages.named(name, messages.explain(problem)))


def _imported(library: Library, name: str, of: str) -> Meeting:
    from core import meetings

    path = Path(name)
    try:
        if path.suffix.lower().removeprefix(".") in paths.TRANSCRIPTS:
            return library.store.meeting(follow(meetings.import_transcript(library, path), of))
        source = Source.SAMPLE if path == paths.SAMPLE else Source.IMPORT
        return library.store.meeting(follow(meetings.import_audio(library, path, source=source), of))
    except errors.AlreadyImported as known:
        say(str(messages.explain(known).what))
        return library.store.meeting(known.meeting_id)
    except errors.MissingFile:
        if not re.fullmatch("[0-9a-f]{6,12}", name):
            raise
        try:
            return library.store.meeting(name)
        except errors.MeetingUnknown:
            raise errors.MissingFile(name) from None
