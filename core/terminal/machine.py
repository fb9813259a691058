"""The verbs that tell about this machine and this program: their facts, their health, their log."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from core import errors, logs, messages, paths
from core.messages import _
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE, PROBLEM
from core.terminal.output import fields, print_json, say
from core.terminal.progress import follow
from core.values import Condition

if TYPE_CHECKING:
    from core.meetings import Library

LOOK_SECONDS = 0.5
"""How often a followed log is looked at."""


def register(verbs: Verbs) -> None:
    """Adds `diagnostics`, `doctor` and `logs`."""
    diagnostics = verbs.add(
        "diagnostics",
        _diagnostics,
        help=_("tell about this machine and this program, for whoever helps"),
    )
    diagnostics.add_argument(
        "--measure", action="store_true", help=_("measure first how fast this machine transcribes")
    )

    doctor = verbs.add(
        "doctor",
        alone=_doctor,
        help=_("check every part of the program, and say what to do"),
        description=_(
            "Checks the library, the speech model, the sound, the provider of summaries and this machine. The exit "
            "code is 1 where something does not work, and 0 otherwise."
        ),
        examples=("meeting-transcriber doctor --listen",),
    )
    doctor.add_argument(
        "--listen", action="store_true", help=_("record a second from the microphone, and throw it away")
    )

    log = verbs.add(
        "logs",
        alone=_logs,
        help=_("print the log"),
        description=_("Prints the newest lines of the log. No key and nothing that was said stands in it."),
        examples=(
            "meeting-transcriber logs --level warning",
            "meeting-transcriber logs --follow",
        ),
    )
    log.add_argument(
        "--level", choices=logs.LEVELS, default="info", help=_("print lines of this level and above")
    )
    log.add_argument("--last", type=int, default=100, metavar=_("N"), help=_("how many lines are printed"))
    log.add_argument("--follow", action="store_true", help=_("go on with new lines until Ctrl+C"))


def _diagnostics(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    if given.measure:
        follow(meetings.measure_machine(library))
    found = meetings.diagnostics(library)
    if given.json:
        print_json(fields(found))
    else:
        print(messages.diagnostics(found))
    return DONE


def _doctor(places: paths.Folders, given: argparse.Namespace) -> int:
    from core import meetings
    from core.health import checks, words

    opened: Library | errors.Problem
    try:
        opened = meetings.Library(places)
    except errors.StorageProblem as problem:
        opened = problem
    try:
        health = checks.examine(opened, places, listen=given.listen)
    finally:
        if not isinstance(opened, errors.Problem):
            opened.close()
    if given.json:
        print_json(words.as_json(health))
    else:
        for check in health.checks:
            print(f"{words.condition(check.condition):<16}  {words.line(check)}")
        say(words.verdict(health))
    return PROBLEM if health.condition is Condition.FAILING else DONE


def _logs(places: paths.Folders, given: argparse.Namespace) -> int:
    found = logs.lines(places, level=given.level, last=max(1, given.last))
    if given.json:
        print_json({"lines": [fields(line) for line in found]})
        return DONE
    for line in found:
        print(messages.log_line(line))
    if not found:
        say(_("Nothing was logged yet."))
    while given.follow:
        time.sleep(LOOK_SECONDS)
        newest = logs.lines(places, level=given.level)
        for line in newest[newest.index(found[-1]) + 1 if found and found[-1] in newest else 0 :]:
            print(messages.log_line(line), flush=True)
        found = newest
    return DONE
