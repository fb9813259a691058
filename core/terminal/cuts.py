"""The verbs for passages that are cut from meetings: cut, cuts."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core import messages, paths
from core.messages import _
from core.terminal import arguments
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import fields, meeting_as_json, print_json, say
from core.terminal.progress import follow
from core.values import BIN_DAYS, Cut

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `cut` and `cuts`."""
    cut = verbs.add(
        "cut",
        _cut,
        check=_passage,
        help=_("cut a passage from a meeting"),
        description=_(
            "Cuts a passage from the sound, the text and the minutes of a meeting together. "
            "It stays in the bin for {count} days."
        ).format(count=BIN_DAYS),
        examples=("meeting-transcriber cut 5c0ffee5ab1e 12:04 13:10",),
    )
    cut.add_argument("id", metavar=_("ID"))
    for name, shown, meant in (
        ("start", _("FROM"), _("where the passage begins, as 12:04")),
        ("end", _("TO"), _("where it ends")),
    ):
        cut.add_argument(name, type=arguments.second, metavar=shown, help=meant)

    cuts = verbs.add(
        "cuts",
        _cuts,
        help=_("list the cut passages, bring one back or remove it"),
        description=_("Lists the passages that were cut from meetings, the newest first."),
    )
    which = cuts.add_mutually_exclusive_group()
    which.add_argument(
        "--bring-back", type=int, metavar=_("NUMBER"), help=_("put this passage back in its meeting")
    )
    which.add_argument("--remove", type=int, metavar=_("NUMBER"), help=_("remove this passage for good"))


def _passage(given: argparse.Namespace) -> str:
    return "" if given.start < given.end else _("TO takes a time after that of FROM")


def _cut(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    done = follow(meetings.cut_passage(library, meeting.id, given.start, given.end))
    if given.json:
        print_json(fields(done))
        return DONE
    print(_line(done))
    say(_("Bring it back with: {command}").format(command=f"{paths.PROGRAM} cuts --bring-back {done.id}"))
    return DONE


def _cuts(library: Library, given: argparse.Namespace) -> int:
    from core import errors, meetings
    from core.meetings import cuts

    if given.bring_back is not None:
        meeting_id = follow(meetings.bring_back(library, given.bring_back))
        meeting = library.store.meeting(meeting_id)
        if given.json:
            print_json(meeting_as_json(meeting))
        else:
            print(f"{meeting.id}  {messages.length(meeting.duration)}  {meeting.title}")
        return DONE
    if given.remove is not None:
        if all(one.id != given.remove for one in library.store.cuts()):
            raise errors.CutGone
        follow(cuts.forget(library, [given.remove]))
    found = library.store.cuts()
    if given.json:
        print_json({"cuts": [fields(one) for one in found]})
        return DONE
    for one in found:
        print(_line(one))
    if not found:
        say(_("No passage was cut."))
    return DONE


def _line(cut: Cut) -> str:
    where = f"{messages.clock(round(cut.start))}  {messages.length(cut.seconds)}"
    return f"{cut.id:>4}  {where}  {messages.named(cut.title, cut.text)}"
