"""The verbs for what leaves the library, and for what comes in by itself: export, watch."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import errors, messages
from core.messages import _
from core.terminal import arguments, codes
from core.terminal.arguments import Verbs
from core.terminal.output import print_json, problem_as_json, say
from core.terminal.progress import follow
from core.values import NO_TEXT, ExportChoices, Section

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `export` and `watch`."""
    export = verbs.add(
        "export",
        _export,
        check=_named,
        help=_("write meetings as files"),
        description=_(
            "Writes meetings as files. Formats: md, docx, pdf, html, txt, srt, vtt, json, csv (transcript), "
            "actions (action items as CSV), ics, audio, opus, mp3, and the templates in the library's folder."
        ),
        examples=("meeting-transcriber export 5c0ffee5ab1e --formats docx,srt --out ~/minutes",),
    )
    export.add_argument("ids", nargs="*", metavar=_("ID"))
    export.add_argument("--all", action="store_true", help=_("every meeting of the library"))
    export.add_argument(
        "--out", metavar=_("FOLDER"), help=_("where to write (default: the library's exports)")
    )
    export.add_argument(
        "--formats",
        default="md",
        metavar=_("NAMES"),
        help=_("formats to write, separated by commas (default: md)"),
    )
    export.add_argument(
        "--print", action="store_true", help=_("print one format of text instead of writing it")
    )
    export.add_argument(
        "--name", metavar=_("PATTERN"), help=_("what files are called (default: {date} {title})")
    )
    export.add_argument(
        "--sections",
        metavar=_("NAMES"),
        help=_("sections of the minutes, separated by commas, or none (default: all)"),
    )
    export.add_argument("--no-transcript", action="store_true", help=_("leave the transcript out"))
    export.add_argument("--no-speakers", action="store_true", help=_("leave out who speaks"))
    export.add_argument("--no-times", action="store_true", help=_("leave the times out"))
    export.add_argument(
        "--as-heard", action="store_true", help=_("the words as they were heard, not as corrected")
    )
    export.add_argument(
        "--labels",
        choices=messages.LANGUAGES,
        default="",
        help=_("language of the headings (default: the program's)"),
    )
    export.add_argument(
        "--properties", action="store_true", help=_("begin Markdown with properties for Obsidian")
    )

    watch = verbs.add(
        "watch",
        _watch,
        help=_("take in every recording that comes into a folder"),
        description=_(
            "Imports, transcribes, summarises and exports each new recording of a folder, once it is whole, until "
            "it is stopped. What lies there at the first time is left alone."
        ),
        examples=("meeting-transcriber watch ~/recordings",),
    )
    watch.add_argument("folder", metavar=_("FOLDER"), type=Path)
    watch.add_argument("--existing", action="store_true", help=_("take what lies there already too"))
    watch.add_argument(
        "--out", metavar=_("FOLDER"), help=_("where to write (default: the library's exports)")
    )
    watch.add_argument(
        "--formats",
        default="md",
        metavar=_("NAMES"),
        help=_("formats to write, separated by commas (default: md)"),
    )
    watch.add_argument("--once", action="store_true", help=_("end once everything that is whole is done"))


def _watch(library: Library, given: argparse.Namespace) -> int:
    from core import meetings
    from core.meetings import automation

    formats = arguments.names(given.formats)
    meetings.check_formats(library, formats)
    if not given.folder.is_dir():
        raise errors.MissingFile(str(given.folder))
    folder = Path(given.out) if given.out else library.places.exports
    # This run writes where it was told, whatever the settings say, which stay.
    library.settings = replace(library.settings, keep_folder=str(folder.absolute()), keep_formats=formats)
    watch = meetings.FolderWatch(library, given.folder.absolute(), existing=given.existing)
    status, looks = codes.DONE, 0
    while True:
        for meeting_id in follow(watch.look()):
            title = library.store.meeting(meeting_id).title
            try:
                follow(meetings.process(library, meeting_id), title)
                print(title, flush=True)
            except errors.Problem as problem:
                status = status or codes.of(problem)
                say(messages.named(title, messages.explain(problem)))
        looks += 1
        if given.once and looks > 1:
            return status
        time.sleep(automation.SETTLED_SECONDS)


def _named(given: argparse.Namespace) -> str:
    if bool(given.ids) == given.all:
        return _("name one or more meetings, or give --all alone")
    unknown = [name for name in arguments.names(given.sections or "") if name not in {*Section, "none"}]
    if unknown:
        return _("there is no section “{name}”; there are: {known}").format(
            name=unknown[0], known=", ".join(Section)
        )
    if given.print and len(given.ids) != 1:
        return _("--print takes one meeting")
    formats = arguments.names(given.formats)
    if given.print and (len(formats) != 1 or formats[0] in NO_TEXT):
        return _("--print takes one format of text, such as md or srt")
    return ""


def choices(given: argparse.Namespace) -> ExportChoices:
    """What the arguments say about what is handed on."""
    sections = tuple(Section)
    if given.sections:
        sections = tuple(section for section in Section if section in arguments.names(given.sections))
    return ExportChoices(
        sections=sections,
        transcript=not given.no_transcript,
        speakers=not given.no_speakers,
        times=not given.no_times,
        words="heard" if given.as_heard else "corrected",
        language=given.labels,
        properties=given.properties,
    )


def _export(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    formats = arguments.names(given.formats)
    meetings.check_formats(library, formats)
    if given.print:
        sys.stdout.write(
            meetings.as_text(library, library.store.meeting(given.ids[0]).id, formats[0], choices(given))
        )
        return codes.DONE
    chosen = [library.store.meeting(one) for one in given.ids] if given.ids else library.store.meetings()
    folder = Path(given.out) if given.out else library.places.exports
    status, results = codes.DONE, list[dict[str, Any]]()
    for number, meeting in enumerate(chosen, 1):
        result: dict[str, Any] = {"id": meeting.id, "title": meeting.title, "paths": []}
        results.append(result)
        named = {"pattern": given.name} if given.name else {}
        job = meetings.export(library, meeting.id, folder, formats, choices=choices(given), **named)
        try:
            of = f"{meeting.title} ({number}/{len(chosen)})" if len(chosen) > 1 else ""
            written = follow(job, of)
        except errors.StorageProblem:
            raise  # it would be the same for all that follow
        except errors.Problem as problem:
            status = status or codes.of(problem)
            result["problem"] = problem_as_json(problem)
            say(messages.named(meeting.title, messages.explain(problem)))
            continue
        result["paths"] = [str(path.absolute()) for path in written]
        if not given.json:
            for path in written:
                print(path.absolute())
    if given.json:
        print_json({"meetings": results})
    return status
