"""The queue: what is still to be done, in which order, and doing it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core import errors, messages
from core.messages import _
from core.terminal import codes
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import print_json, queued_as_json, say
from core.terminal.progress import follow

if TYPE_CHECKING:
    from core.meetings import Library
    from core.values import MeetingId


def register(verbs: Verbs) -> None:
    """Adds `queue` and its verbs."""
    queue = verbs.add("queue", _queue, help=_("list what is still to be done, change its order, do it"))
    doing = Verbs(queue, "doing")
    move = doing.add("move", help=_("do a meeting earlier or later"))
    move.add_argument("id", metavar=_("ID"))
    where = move.add_mutually_exclusive_group(required=True)
    where.add_argument("--before", metavar=_("ID"), help=_("the meeting that it is to come before"))
    where.add_argument("--first", action="store_true", help=_("before all others"))
    for name, meant in (
        ("pause", _("have a meeting wait, or all")),
        ("go-on", _("go on with a meeting that waits, or with all")),
    ):
        doing.add(name, help=meant).add_argument("id", nargs="?", metavar=_("ID"))
    doing.add("run", _run_queue, help=_("transcribe and summarise what is in the queue"))


def _queue(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    everything = [one.meeting.id for one in meetings.queue(library)]
    match given.doing:
        case "move":
            moved = _waiting(library, given.id)
            before = everything[0] if given.first and everything else _waiting(library, given.before)
            if given.before and moved == before:
                raise errors.SameMeeting
            library.store.move_work(moved, before)
        case "pause" | "go-on":
            chosen = [_waiting(library, given.id)] if given.id else everything
            library.store.pause_work(chosen, paused=given.doing == "pause")
    found = meetings.queue(library)
    if given.json:
        print_json({"queue": [*map(queued_as_json, found)]})
        return DONE
    for one in found:
        print(f"{one.meeting.id}  {messages.queued(one)}  {one.meeting.title}")
    if not found:
        say(_("Nothing is waiting."))
    return DONE


def _waiting(library: Library, named: str) -> MeetingId:
    """The meeting of this id, for which something is to be done."""
    meeting = library.store.meeting(named)
    if not meeting.work:
        raise errors.NotInQueue(meeting.title)
    return meeting.id


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
            follow(meetings.carry_out(library, one.work), one.meeting.title)
        except errors.MeetingBusy:
            continue  # another program does it
        except errors.Problem as problem:
            status = status or codes.of(problem)
            say(messages.named(one.meeting.title, messages.explain(problem)))
    if given.json:
        print_json({"queue": [*map(queued_as_json, meetings.queue(library))]})
    return status
