"""The terminal door: verbs, progress on standard error, results on standard output, exit codes.

0 done · 1 another problem · 2 usage · 3 unreadable input · 4 no suitable model · 5 the remote summariser failed
(the transcript is kept, offline minutes are written) · 130 stopped.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import math
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import structlog

from core import errors, logs, messages, paths, settings
from core.messages import _, clock, marked
from core.values import (
    Event,
    Fetching,
    Job,
    Meeting,
    MeetingChanged,
    MeetingId,
    Minutes,
    Model,
    Notice,
    Offer,
    Progress,
    Queued,
    Recording,
    Section,
    Source,
    Stage,
    SummaryOptions,
    TranscriptOptions,
    Trouble,
    Waiting,
)

if TYPE_CHECKING:
    from core.meetings import Library

_log = structlog.get_logger("terminal")

DONE, PROBLEM, USAGE, UNREADABLE, NO_MODEL, REMOTE_FAILED, STOPPED = 0, 1, 2, 3, 4, 5, 130

Result = TypeVar("Result")


def run(arguments: Sequence[str], window: Callable[[str | None], int] | None = None) -> int:
    """Runs one verb (or `window`, where no verb is given) and returns the exit status."""
    messages.use_language("")
    vars(argparse)["_"] = _  # by this name argparse asks for its own words
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A title or an apostrophe that an old encoding lacks must not end the program.
        sys.stdout.reconfigure(errors="replace")
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.verb == "record" and given.seconds is not None and not 0 < given.seconds < math.inf:
        parser.error(_("--seconds takes a number above 0"))
    if given.verb == "transcribe-again" and given.start >= given.end:
        parser.error(_("--to takes a time after that of --from"))
    places = paths.folders(given.data_dir)
    messages.use_language(settings.load(places.settings).language)
    if given.verb is None:
        if window:
            return window(given.data_dir)
        parser.print_help()
        return USAGE
    _on_stop(_interrupt)
    try:
        return _run(given, places)
    except KeyboardInterrupt:
        _say(_("Stopped. What was finished is kept."))
        return STOPPED
    except errors.Problem as problem:
        return _fail(problem, as_json=given.json)
    except BrokenPipeError:
        # Whoever read our output has enough; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001  a fault of ours is told in a sentence too
        _log.exception("unexpected in the terminal")
        _say(str(messages.explain(error)))
        return PROBLEM
    finally:
        logs.stop()


def _on_stop(handler: Callable[[int, Any], None]) -> None:
    """Has Ctrl+C, a request to end and the end of the terminal handled so."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as a shell starts what runs in the background
        signal.signal(signal.SIGINT, handler)


def _interrupt(_signal: int, _frame: Any) -> NoReturn:
    _on_stop(_disregard)  # until `_closing` has closed what this ends
    raise KeyboardInterrupt


def _disregard(_signal: int, _frame: Any) -> None:
    """In place of `SIG_IGN`, which processes that are started would inherit."""


def _run(given: argparse.Namespace, places: paths.Folders) -> int:
    paths.create(places)
    logs.start(places)
    from core import meetings

    library = meetings.Library(places)
    try:
        try:
            for meeting in meetings.recover(library):
                _say(messages.notice(messages.recovered([meeting])))
        except errors.StorageProblem as problem:
            _say(str(messages.explain(problem)))  # what there is can be read all the same
        return _VERBS[given.verb](library, given)
    finally:
        library.close()


# --- arguments -------------------------------------------------------------------------------------

OF_ARGPARSE = (
    marked("usage: "),
    marked("positional arguments"),
    marked("options"),
    marked("%(heading)s:"),
    marked("show this help message and exit"),
    marked("%(prog)s: error: %(message)s\n"),
    marked("argument %(argument_name)s: %(message)s"),
    marked("the following arguments are required: %s"),
    marked("unrecognized arguments: %s"),
    marked("expected one argument"),
    marked("ignored explicit argument %r"),
    marked("ambiguous option: %(option)s could match %(matches)s"),
    marked("invalid choice: %(value)r (choose from %(choices)s)"),
    marked("invalid %(type)s value: %(value)r"),
    marked("one of the arguments %s is required"),
    marked("not allowed with argument %s"),
)
"""What argparse says by itself to users of these verbs: the English by which it asks for a translation."""


def _shared(data_dir: str | None, as_json: bool | str) -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data-dir", default=data_dir, metavar=_("FOLDER"), help=_("the library's folder"))
    shared.add_argument("--json", action="store_true", default=as_json, help=_("print one JSON document"))
    return shared


def _parser() -> argparse.ArgumentParser:
    # A verb must not put its own defaults over what was given before it.
    shared = _shared(argparse.SUPPRESS, argparse.SUPPRESS)
    parser = argparse.ArgumentParser(
        prog=paths.PROGRAM,
        description=_("Record or import meetings, turn them into text and minutes, on this machine."),
        epilog=_("Without a verb the window opens."),
        parents=[_shared(None, as_json=False)],
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"%(prog)s {metadata.version(paths.PROGRAM)}",
        help=_("print the version of the program"),
    )
    verbs = parser.add_subparsers(dest="verb", metavar=_("VERB"))

    process = verbs.add_parser(
        "process",
        parents=[shared],
        help=_("import, transcribe, summarise and export files"),
        description=_(
            "Imports audio or video files, transcribes and summarises them, and writes the minutes. "
            "The id of a meeting in the library can stand in place of a file."
        ),
    )
    process.add_argument("files", nargs="*", metavar=_("FILE"))
    process.add_argument("--sample", action="store_true", help=_("process the sample meeting"))
    process.add_argument(
        "--out", metavar=_("FOLDER"), help=_("where to write (default: the library's exports)")
    )
    process.add_argument(
        "--formats", default="md", metavar=_("NAMES"), help=_("formats to write, separated by commas (md)")
    )
    process.add_argument("--model", metavar=_("NAME|FOLDER"), help=_("name or folder of the speech model"))
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
    process.add_argument("--provider", choices=("offline", "mistral"), help=_("who writes the minutes"))

    again = verbs.add_parser(
        "transcribe-again", parents=[shared], help=_("transcribe a stretch of a meeting again")
    )
    again.add_argument("id", metavar=_("ID"))
    for option, name, meant in (
        ("--from", "start", _("where the stretch begins")),
        ("--to", "end", _("where the stretch ends")),
    ):
        again.add_argument(option, dest=name, type=_second, required=True, metavar="MM:SS", help=meant)
    again.add_argument("--model", metavar=_("NAME|FOLDER"), help=_("name or folder of the speech model"))
    again.add_argument("--language", default="", metavar=_("CODE"), help=_("language spoken in the stretch"))
    again.add_argument(
        "--preset", choices=("best", "balanced", "fast"), default="best", help=_("how carefully to listen")
    )

    verbs.add_parser("list", parents=[shared], help=_("list the meetings of the library"))

    queue = verbs.add_parser(
        "queue", parents=[shared], help=_("list what is still to be done, change its order, do it")
    )
    of_queue = queue.add_subparsers(dest="doing", metavar=_("VERB"))
    move = of_queue.add_parser("move", parents=[shared], help=_("do a meeting earlier or later"))
    move.add_argument("id", metavar=_("ID"))
    where = move.add_mutually_exclusive_group(required=True)
    where.add_argument("--before", metavar=_("ID"), help=_("the meeting that it is to come before"))
    where.add_argument("--first", action="store_true", help=_("before all others"))
    for name, meant in (
        ("pause", _("have a meeting wait, or all")),
        ("go-on", _("go on with a meeting that waits, or with all")),
    ):
        of_queue.add_parser(name, parents=[shared], help=meant).add_argument("id", nargs="?", metavar=_("ID"))
    of_queue.add_parser("run", parents=[shared], help=_("transcribe and summarise what is in the queue"))

    show = verbs.add_parser("show", parents=[shared], help=_("print a meeting"))
    show.add_argument("id", metavar=_("ID"))

    record = verbs.add_parser(
        "record", parents=[shared], help=_("record the microphone and the system's sound until Ctrl+C")
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
        "--seconds", type=float, metavar=_("N"), help=_("stop by itself after so many seconds of sound")
    )

    vocabulary = verbs.add_parser(
        "vocabulary", parents=[shared], help=_("words and names that transcriptions listen for")
    )
    vocabulary.add_argument("--tag", default="", metavar=_("TAG"), help=_("those of meetings with this tag"))
    vocabulary.add_argument(
        "do",
        nargs="?",
        choices=("list", "add", "remove"),
        default="list",
        help=_("what is done with them: list, add or remove"),
    )
    vocabulary.add_argument("words", nargs="*", metavar=_("WORD"))

    tag = verbs.add_parser("tag", parents=[shared], help=_("give a meeting tags, or take them away"))
    tag.add_argument("id", metavar=_("ID"))
    tag.add_argument("tags", nargs="*", metavar=_("TAG"))
    tag.add_argument("--remove", nargs="+", default=[], metavar=_("TAG"), help=_("tags to take away"))

    models = verbs.add_parser("models", parents=[shared], help=_("list, get, add and remove speech models"))
    doing = models.add_mutually_exclusive_group()
    doing.add_argument("--get", metavar=_("NAME"), help=_("download a published model"))
    doing.add_argument("--add", metavar=_("FOLDER"), help=_("add the model in this folder"))
    doing.add_argument("--remove", metavar=_("NAME"), help=_("remove a model"))
    diagnostics = verbs.add_parser(
        "diagnostics", parents=[shared], help=_("tell about this machine and this program, for whoever helps")
    )
    diagnostics.add_argument(
        "--measure", action="store_true", help=_("measure first how fast this machine transcribes")
    )
    return parser


def _second(text: str) -> float:
    """A time in a meeting, as seconds: '12:04', '1:02:03' or '75.5'. Raises `ArgumentTypeError`."""
    seconds = 0.0
    try:
        for part in text.split(":"):
            seconds = 60 * seconds + float(part)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(_("“{text}” is not a time such as 12:04").format(text=text))
    return seconds


# --- verbs -----------------------------------------------------------------------------------------


def _process(library: Library, given: argparse.Namespace) -> int:
    formats = tuple(given.formats.split(","))
    _check_language(given.language)
    _check_formats(formats)
    folder = Path(given.out) if given.out else library.places.exports
    status, results = DONE, []
    if bool(given.files) == given.sample:
        raise errors.NothingNamed
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
                code = _status(problem)
                result["problem"] = _problem(problem)
                _say(f"{name}: {messages.explain(problem)}")
            status = status or code
    finally:
        if given.json:
            _print_json({"meetings": results})
    return status


def _check_language(code: str) -> None:
    from core import speech

    if code and code not in speech.LANGUAGES:
        raise errors.LanguageUnknown(code)


def _check_formats(formats: Sequence[str]) -> None:
    from core import export

    for kind in formats:
        if kind not in export.formats():
            raise errors.FormatUnknown(kind, ", ".join(export.formats()))


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
        model=_model(given.model) or base.model,
        language=given.language or base.language,
        preset=given.preset or base.preset,
        vocabulary=base.vocabulary,
        task="translate" if given.translate else "transcribe",
    )
    summary = library.summary_options()
    if given.provider:
        summary = SummaryOptions(
            provider=given.provider,
            model=library.settings.provider_model if given.provider != "offline" else "",
        )
    transcript = library.store.transcript(meeting.id)
    if transcript is None or not transcript.complete or transcript.options != wanted:
        library.store.ask(meeting.id, Stage.TRANSCRIBE, wanted)
        library.store.ask(meeting.id, Stage.SUMMARISE, summary)
        _follow(meetings.transcribe(library, meeting.id), of)
    status = DONE
    minutes: Minutes | None = None
    try:
        minutes = _follow(meetings.summarise(library, meeting.id, summary), of)
    except errors.NothingSaid as problem:
        # A meeting in which nobody spoke still has its sound and its (empty) transcript to hand on.
        _say(f"{name}: {messages.explain(problem)}")
    except errors.RemoteProblem as problem:
        # The minutes of an earlier time stay.
        minutes, status = library.store.minutes(meeting.id), REMOTE_FAILED
        result["problem"] = _problem(problem)
        _say(f"{name}: {messages.explain(problem)}")
    written = _follow(meetings.export(library, meeting.id, folder, formats))
    result["paths"] = [str(path.absolute()) for path in written]
    result["made_by"] = minutes.made_by if minutes else None
    if not given.json:
        for path in written:
            print(path.absolute())
    return REMOTE_FAILED if minutes and minutes.made_by != minutes.options.provider else status


def _model(name: str | None) -> str:
    """A folder by its whole path: the transcription may be carried on from elsewhere."""
    return (
        str(Path(name).expanduser().absolute()) if name and Path(name).expanduser().is_dir() else name or ""
    )


def _imported(library: Library, name: str, of: str) -> Meeting:
    from core import meetings

    path = Path(name)
    try:
        source = Source.SAMPLE if path == paths.SAMPLE else Source.IMPORT
        return library.store.meeting(_follow(meetings.import_audio(library, path, source=source), of))
    except errors.AlreadyImported as known:
        _say(str(messages.explain(known).what))
        return library.store.meeting(known.meeting_id)
    except errors.MissingFile:
        if not re.fullmatch("[0-9a-f]{6,12}", name):
            raise
        try:
            return library.store.meeting(name)
        except errors.MeetingUnknown:
            raise errors.MissingFile(name) from None


def _transcribe_again(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    _check_language(given.language)
    job = meetings.transcribe_again(
        library,
        library.store.meeting(given.id).id,
        given.start,
        given.end,
        model=_model(given.model),
        language=given.language,
        preset=given.preset,
    )
    stretch = [one for one in _follow(job).segments if one.start < given.end and given.start < one.end]
    if given.json:
        _print_json({"segments": [*map(_fields, stretch)]})
        return DONE
    for one in stretch:
        doubt = f" ({messages.doubt(one)})" if one.doubt else ""
        print(f"{clock(one.start)} {messages.said(one)}{doubt}")
    return DONE


def _list(library: Library, given: argparse.Namespace) -> int:
    found = library.store.meetings()
    if given.json:
        _print_json({"meetings": [_meeting_as_json(meeting) for meeting in found]})
        return DONE
    for meeting in found:
        moment = messages.day_and_time(meeting.started_at)
        print(f"{meeting.id}  {moment}  {messages.length(meeting.duration):>12}  {meeting.title}")
    if not found:
        _say(
            _("The library is empty. Import a file with: {command}").format(
                command=f"{paths.PROGRAM} process {_('FILE')}"
            )
        )
    return DONE


def _queue(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    if given.doing == "run":
        return _run_queue(library, given)
    everything = [one.meeting.id for one in meetings.queue(library)]
    match given.doing:
        case "move":
            before = everything[0] if given.first and everything else given.before or ""
            library.store.move_work(library.store.meeting(given.id).id, library.store.meeting(before).id)
        case "pause" | "go-on":
            chosen = [library.store.meeting(given.id).id] if given.id else everything
            library.store.pause_work(chosen, paused=given.doing == "pause")
    found = meetings.queue(library)
    if given.json:
        _print_json({"queue": [*map(_queued_as_json, found)]})
        return DONE
    for one in found:
        print(f"{one.meeting.id}  {messages.queued(one)}  {one.meeting.title}")
    if not found:
        _say(_("Nothing is waiting."))
    return DONE


def _run_queue(library: Library, given: argparse.Namespace) -> int:
    """Does what waits, one after the other, each once, in the order that there is when its turn comes."""
    from core import meetings

    status, tried = DONE, set[int]()
    while one := next(
        (one for one in meetings.queue(library) if one.waits and not one.held and one.work.id not in tried),
        None,
    ):
        tried.add(one.work.id)
        try:
            _follow(meetings.carry_out(library, one.work), one.meeting.title)
        except errors.MeetingBusy:
            continue  # another program does it
        except errors.Problem as problem:
            status = status or _status(problem)
            _say(f"{one.meeting.title}: {messages.explain(problem)}")
    if given.json:
        _print_json({"queue": [*map(_queued_as_json, meetings.queue(library))]})
    return status


def _show(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    if given.json:
        _print_json(_document_as_json(meetings.document(library, meeting.id)))
    else:
        transcript = library.store.transcript(meeting.id)
        if transcript and transcript.languages:
            _say(f"{messages.language_name(meeting.language)}. {messages.language_found(transcript)}")
        print(meetings.as_text(library, meeting.id, "md"), end="")
    return DONE


def _diagnostics(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    if given.measure:
        _follow(meetings.measure_machine(library))
    found = meetings.diagnostics(library)
    if given.json:
        _print_json(dataclasses.asdict(found))
    else:
        print(messages.diagnostics(found))
    return DONE


def _record(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    into = library.store.meeting(given.into).id if given.into else None
    job = meetings.record(
        library,
        channels=library.channels(given.sources),
        microphone=given.device,
        title=given.title,
        into=into,
    )
    if hasattr(signal, "SIGTSTP"):
        # Held in the background it would record unseen.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    meeting_id = MeetingId("")
    wrong: tuple[Trouble | None, ...] = ()
    began: float | None = None
    try:
        with _closing(job), _Line() as line:
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
                        _tell(event, line)
    except KeyboardInterrupt:
        if not meeting_id:
            raise
    meeting = library.store.meeting(meeting_id)
    if given.json:
        _print_json(_meeting_as_json(meeting))
    else:
        _say(
            _("Recorded {length}. Transcribe it with: {command}").format(
                length=messages.length(meeting.duration), command=f"{paths.PROGRAM} process {meeting.id}"
            )
        )
        print(meeting.id)
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


def _models(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    if given.get:
        _follow(meetings.fetch_model(library, given.get))
    elif given.add:
        _follow(meetings.add_model(library, given.add))
    elif given.remove:
        meetings.remove_model(library, given.remove)
    known = meetings.known_models(library)
    groups: tuple[tuple[str, str, tuple[Model | Offer, ...]], ...] = (
        ("installed", _("installed"), known.here),
        ("cached", _("found on this machine"), known.cached),
        ("offered", _("can be downloaded"), known.offered),
    )
    if given.json:
        _print_json(
            {
                group: [_fields(model) | _fields(known.costs[model.name]) for model in models]
                for group, _state, models in groups
            }
        )
        return DONE
    for _group, state, models in groups:
        for model in models:
            languages, cost = messages.model_languages(model.languages), known.costs[model.name]
            print(
                f"{model.name:<18}  {messages.size(model.size):>8}  {languages}  {state} · {messages.model_cost(cost)}"
            )
    return DONE


def _vocabulary(library: Library, given: argparse.Namespace) -> int:
    store = library.store
    named = {word.casefold() for word in given.words}
    terms = store.vocabulary(given.tag)
    if given.do == "add":
        store.set_vocabulary((*terms, *given.words), given.tag)
    elif given.do == "remove":
        store.set_vocabulary((term for term in terms if term.casefold() not in named), given.tag)
    terms = store.vocabulary(given.tag)
    if given.json:
        _print_json({"tag": given.tag.removeprefix("#"), "vocabulary": terms})
        return DONE
    for term in terms:
        print(term)
    return DONE


def _tag(library: Library, given: argparse.Namespace) -> int:
    meeting = library.store.meeting(given.id)
    gone = {tag.removeprefix("#").casefold() for tag in given.remove}
    if given.tags or gone:
        stay = [tag for tag in meeting.tags if tag.casefold() not in gone]
        library.store.set_tags(meeting.id, (*stay, *given.tags))
    meeting = library.store.meeting(meeting.id)
    if given.json:
        _print_json(_meeting_as_json(meeting))
    else:
        print(" ".join(f"#{tag}" for tag in meeting.tags))
    return DONE


_VERBS: dict[str, Callable[[Library, argparse.Namespace], int]] = {
    "process": _process,
    "transcribe-again": _transcribe_again,
    "list": _list,
    "queue": _queue,
    "show": _show,
    "record": _record,
    "vocabulary": _vocabulary,
    "tag": _tag,
    "models": _models,
    "diagnostics": _diagnostics,
}


# --- following a job -------------------------------------------------------------------------------


@contextmanager
def _closing(job: Job[Any]) -> Iterator[None]:
    """Closes the job at the end, so that a stop in mid-step tidies up at once; another stop does not break that off."""
    try:
        yield
    finally:
        _on_stop(_disregard)
        try:
            job.close()
        finally:
            _on_stop(_interrupt)


def _follow(job: Job[Result], of: str = "") -> Result:
    """Runs the job to its end with its progress on standard error, after what it is a part `of`; its result."""
    with _closing(job), _Line() as line:
        while True:
            try:
                event = next(job)
            except StopIteration as end:
                result: Result = end.value
                return result
            _tell(event, line, of)


def _tell(event: Event, line: _Line, of: str = "") -> None:
    match event:
        case Progress(stage, fraction, seconds_left, part, parts):
            text = ", ".join(filter(None, (messages.stage_label(stage), messages.part_label(part, parts))))
            if fraction is not None:
                text += f" {messages.percent(fraction)}"
            if seconds_left is not None:
                text += f" · {messages.time_left(seconds_left)}"
            line.show(
                f"{of} · {text}" if of else text, step=(of, stage, part, fraction and int(fraction * 10))
            )
        case Fetching():
            line.show(messages.fetching(event), step=int(event.received / event.size * 10))
        case Waiting(seconds, _attempt, cause):
            why = messages.explain(errors.from_failure(cause)).what
            line.show(f"{why} {_('Again in {seconds} s.').format(seconds=round(seconds))}", step=why)
        case Notice():
            line.keep(messages.notice(event))


class _Line:
    """The last line of a terminal, written over again; in a pipe, one line per step."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._shown = ""
        self._step: Any = None

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._live and self._shown:
            sys.stderr.write("\n")

    def show(self, text: str, *, step: Any = ()) -> None:
        """Shows `text`; in a pipe only when `step` is another than the last."""
        if self._live:
            # A line that wraps could not be written over.
            text = text[: shutil.get_terminal_size().columns - 1]
            sys.stderr.write(f"\r{text:<{len(self._shown)}}")
            self._shown = text
        elif step not in ((), self._step):
            sys.stderr.write(f"{text}\n")
        self._step = step
        sys.stderr.flush()

    def keep(self, text: str) -> None:
        """Prints `text` as a line of its own."""
        if self._live and self._shown:
            sys.stderr.write(f"\r{' ' * len(self._shown)}\r")
            self._shown = ""
        _say(text)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# --- failures and JSON -----------------------------------------------------------------------------


def _status(problem: errors.Problem) -> int:
    match problem:
        case errors.Unreadable():
            return UNREADABLE
        case errors.ModelProblem():
            return NO_MODEL
        case errors.RemoteProblem():
            return REMOTE_FAILED
        case (
            errors.FormatUnknown()
            | errors.LanguageUnknown()
            | errors.MeetingUnknown()
            | errors.NothingNamed()
        ):
            return USAGE
    return PROBLEM


def _problem(problem: errors.Problem) -> dict[str, Any]:
    said = messages.explain(problem)
    return {"kind": type(problem).__name__, "what": said.what, "do": said.do, "exit": _status(problem)}


def _fail(problem: errors.Problem, *, as_json: bool) -> int:
    if as_json:
        _print_json({"problem": _problem(problem)})
    _say(str(messages.explain(problem)))
    return _status(problem)


def _print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _meeting_as_json(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "title": meeting.title,
        "started_at": meeting.started_at,
        "duration": meeting.duration,
        "source": meeting.source,
        "language": meeting.language,
        "tags": meeting.tags,
        "transcribed": meeting.transcribed,
        "complete": meeting.transcript_complete,
        "has_minutes": meeting.has_minutes,
        "decisions": meeting.decision_count,
    }


def _queued_as_json(one: Queued) -> dict[str, Any]:
    return {
        "id": one.meeting.id,
        "title": one.meeting.title,
        "stage": one.work.stage,
        "paused": one.work.paused,
        "problem": _problem(errors.from_failure(one.work.failure)) if one.work.failure else None,
        "held": one.held,
        "seconds_left": one.seconds,
    }


def _document_as_json(document: Any) -> dict[str, Any]:
    transcript, minutes = document.transcript, document.minutes
    return {
        **_meeting_as_json(document.meeting),
        "languages": dict(transcript.languages) if transcript else {},
        "segments": [_fields(segment) for segment in transcript.segments] if transcript else [],
        "minutes": _minutes_as_json(minutes) if minutes else None,
        "notes": [_fields(note) for note in document.notes],
    }


def _minutes_as_json(minutes: Minutes) -> dict[str, Any]:
    return {
        "title": minutes.title,
        "language": minutes.language,
        "made_by": minutes.made_by,
        "created_at": minutes.created_at,
        **{str(section): [_fields(line) for line in minutes.of(section)] for section in Section},
    }


def _fields(value: Any) -> dict[str, Any]:
    return dataclasses.asdict(value)
