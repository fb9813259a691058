"""The verb that does it all: files, or meetings of the library, become minutes."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import errors, messages, paths
from core.messages import _
from core.terminal import arguments, codes
from core.terminal.arguments import Verbs
from core.terminal.minutes import add_minutes, agree, summary_options
from core.terminal.output import print_json, problem_as_json, say
from core.terminal.progress import follow
from core.values import Meeting, MeetingId, Minutes, Source, Stage, TranscriptOptions

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


def _process(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    formats = arguments.names(given.formats)
    check_language(given.language)
    meetings.check_formats(library, formats)
    folder = Path(given.out) if given.out else library.places.exports
    status, results = codes.DONE, []
    if bool(given.files) == given.sample:
        raise errors.NothingNamed
    if given.join and given.files:
        given.files = [_joined(library, given.files)]
    try:
        for number, name in enumerate(given.files or [str(paths.SAMPLE)], 1):
            of = _("file {part} of {parts}").format(part=number, parts=len(given.files))
            result: dict[str, Any] = {"file": name}
            results.append(result)
            try:
                code = _process_one(
                    library, given, name, folder, formats, result, of if len(given.files) > 1 else ""
                )
            except errors.Problem as problem:
                code = codes.of(problem)
                result["problem"] = problem_as_json(problem)
                say(f"{name}: {messages.explain(problem)}")
            status = status or code
    finally:
        if given.json:
            print_json({"meetings": results})
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


def _process_one(
    library: Library,
    given: argparse.Namespace,
    name: str,
    folder: Path,
    formats: tuple[str, ...],
    result: dict[str, Any],
    of: str,
) -> int:
    from core import meetings

    meeting = _imported(library, name, of)
    result["id"] = meeting.id
    base = library.transcript_options(meeting.id)
    wanted = TranscriptOptions(
        model=arguments.model(given.model) or base.model,
        language=given.language or base.language,
        preset=given.preset or base.preset,
        vocabulary=base.vocabulary,
        task="translate" if given.translate else "transcribe",
    )
    summary = summary_options(library, given)
    agree(library, summary, given)
    transcript = library.store.transcript(meeting.id)
    has_text_alone = transcript is not None and not meeting.audio  # as where it came from a file
    if has_text_alone:
        library.store.ask(meeting.id, Stage.SUMMARISE, summary)
    elif transcript is None or not transcript.complete or transcript.options != wanted:
        library.store.ask(meeting.id, Stage.TRANSCRIBE, wanted)
        meetings.ask_for_speakers(library, meeting.id)
        library.store.ask(meeting.id, Stage.SUMMARISE, summary)
        follow(meetings.transcribe(library, meeting.id), of)
    _tell_voices_apart(library, meeting.id, name, of)
    status = codes.DONE
    minutes: Minutes | None = None
    try:
        minutes = follow(meetings.summarise(library, meeting.id, summary), of)
    except errors.NothingSaid as problem:
        # A meeting in which nobody spoke still has its sound and its (empty) transcript to hand on.
        say(f"{name}: {messages.explain(problem)}")
    except errors.RemoteProblem as problem:
        # The minutes of an earlier time stay.
        minutes, status = library.store.minutes(meeting.id), codes.REMOTE_FAILED
        result["problem"] = problem_as_json(problem)
        say(f"{name}: {messages.explain(problem)}")
    written = follow(meetings.export(library, meeting.id, folder, formats))
    result["paths"] = [str(path.absolute()) for path in written]
    result["made_by"] = minutes.made_by if minutes else None
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
            say(f"{name}: {messages.explain(problem)}")


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
