"""Where the terminal door begins: reads the arguments, opens the library, does the verb, tells how it ended."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence

import structlog

from core import errors, logs, messages, paths, settings
from core.messages import _
from core.terminal import (
    archives,
    arguments,
    choices,
    completion,
    cuts,
    edits,
    exports,
    machine,
    meetings,
    minutes,
    models,
    process,
    recordings,
    serve,
    speakers,
    storage,
    transcripts,
    wording,
    work,
)
from core.terminal.codes import DONE, PROBLEM, STOPPED, USAGE
from core.terminal.output import fail, say
from core.terminal.progress import interrupt, on_stop

_log = structlog.get_logger("terminal")

FAMILIES = (
    process,
    meetings,
    edits,
    wording,
    exports,
    transcripts,
    minutes,
    speakers,
    work,
    recordings,
    models,
    choices,
    serve,
    machine,
    archives,
    storage,
    cuts,
    completion,
)
"""The modules that have verbs, in the order of the help."""


def run(
    given_arguments: Sequence[str], window: Callable[[str | None, Sequence[str]], int] | None = None
) -> int:
    """Runs one verb (or `window`, where no verb is given, or `open`) and returns the exit status."""
    messages.use_language("")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A title or an apostrophe that an old encoding lacks must not end the program.
        sys.stdout.reconfigure(errors="replace")
    parser = arguments.parser()
    verbs = arguments.Verbs(parser)
    if window:
        add_open(verbs)
    for family in FAMILIES:
        family.register(verbs)
    completion.propose(parser)
    given = arguments.read(parser, given_arguments)
    places = paths.folders(given.data_dir)
    messages.use_language(settings.load(places.settings).language)
    if given.verb in {None, "open"}:
        if window:
            return window(given.data_dir, getattr(given, "files", ()))
        parser.print_help()
        return USAGE
    on_stop(interrupt)
    try:
        return _run(given, places)
    except KeyboardInterrupt:
        say(_("Stopped. What was finished is kept."))
        return STOPPED
    except errors.Problem as problem:
        return fail(problem, as_json=given.json)
    except BrokenPipeError:
        # Whoever read our output has enough; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except UnicodeEncodeError:  # an argument in another encoding than that of the system
        say(
            _(
                "Letters that are not written in this system's encoding (UTF-8) can only stand in names of files."
            )
        )
        return USAGE
    except Exception as error:  # noqa: BLE001  a fault of ours is told in a sentence too
        _log.exception("unexpected in the terminal")
        say(str(messages.explain(error)))
        return PROBLEM
    finally:
        logs.stop()


def add_open(verbs: arguments.Verbs) -> None:
    """The verb by which a desktop opens files with the program."""
    opening = verbs.add(
        "open",
        help=_("open the window and take files in"),
        examples=("meeting-transcriber open interview.m4a",),
    )
    opening.add_argument("files", nargs="*", type=os.path.abspath, metavar=_("FILE"))
    opening.set_defaults(check=None, parser=opening)


def _run(given: argparse.Namespace, places: paths.Folders) -> int:
    try:
        paths.create(places)
    except errors.LibraryFromFuture:
        if not given.alone:
            raise
    logs.start(places, "terminal", told="debug" if given.verbose else "", verbose=given.verbose)
    structlog.contextvars.bind_contextvars(verb=given.verb)
    if given.alone:
        return int(given.alone(places, given))
    from core import meetings

    library = meetings.Library(places)
    try:
        try:
            for meeting in meetings.recover(library):
                say(messages.notice(messages.recovered([meeting])))
        except errors.StorageProblem as problem:
            say(str(messages.explain(problem)))  # what there is can be read all the same
        return int(given.act(library, given))
    finally:
        library.close()
