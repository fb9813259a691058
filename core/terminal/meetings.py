"""The verbs for what stands in the library: list, show and tag meetings."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core import messages, paths
from core.messages import _
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import document_as_json, meeting_as_json, print_json, say

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `list`, `show` and `tag`."""
    verbs.add("list", _list, help=_("list the meetings of the library"))

    show = verbs.add("show", _show, help=_("print a meeting"))
    show.add_argument("id", metavar=_("ID"))

    tag = verbs.add("tag", _tag, help=_("give a meeting tags, or take them away"))
    tag.add_argument("id", metavar=_("ID"))
    tag.add_argument("tags", nargs="*", metavar=_("TAG"))
    tag.add_argument("--remove", nargs="+", default=[], metavar=_("TAG"), help=_("tags to take away"))


def _list(library: Library, given: argparse.Namespace) -> int:
    found = library.store.meetings()
    if given.json:
        print_json({"meetings": [meeting_as_json(meeting) for meeting in found]})
        return DONE
    for meeting in found:
        moment = messages.day_and_time(meeting.started_at)
        print(f"{meeting.id}  {moment}  {messages.length(meeting.duration):>12}  {meeting.title}")
    if not found:
        say(
            _("The library is empty. Import a file with: {command}").format(
                command=f"{paths.PROGRAM} process {_('FILE')}"
            )
        )
    return DONE


def _show(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    if given.json:
        print_json(document_as_json(meetings.document(library, meeting.id)))
    else:
        transcript = library.store.transcript(meeting.id)
        if transcript and transcript.languages:
            say(f"{messages.language_name(meeting.language)}. {messages.language_found(transcript)}")
        print(meetings.as_text(library, meeting.id, "md"), end="")
    return DONE


def _tag(library: Library, given: argparse.Namespace) -> int:
    meeting = library.store.meeting(given.id)
    gone = {tag.removeprefix("#").casefold() for tag in given.remove}
    if given.tags or gone:
        stay = [tag for tag in meeting.tags if tag.casefold() not in gone]
        library.store.set_tags(meeting.id, (*stay, *given.tags))
    meeting = library.store.meeting(meeting.id)
    if given.json:
        print_json(meeting_as_json(meeting))
    else:
        print(" ".join(f"#{tag}" for tag in meeting.tags))
    return DONE
