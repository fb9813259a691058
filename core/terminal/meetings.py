"""The verbs that show what stands in the library: list, show, search."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from core import errors, messages, paths
from core.messages import _
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import document_as_json, fields, meeting_as_json, print_json, say
from core.values import Hit

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `list`, `show` and `search`."""
    verbs.add("list", _list, help=_("list the meetings of the library"))

    show = verbs.add("show", _show, help=_("print a meeting"))
    show.add_argument("id", metavar=_("ID"))

    search = verbs.add(
        "search",
        _search,
        help=_("find what was said, decided and noted"),
        description=_(
            "Finds meetings by words and their beginnings, whatever their accents and capitals, and by “phrases in "
            "quotes”. These narrow it down: speaker:NAME, tag:NAME, before:2026-03 and after:2026-03-10."
        ),
        examples=(
            "meeting-transcriber search budget",
            "meeting-transcriber search 'next release' speaker:ana after:2026-03",
        ),
    )
    search.add_argument("words", nargs="+", metavar=_("WORD"))


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


def _search(library: Library, given: argparse.Namespace) -> int:
    with suppress(errors.StorageProblem):  # what is in the index can be found on a full disk too
        if library.store.index_some():
            say(_("Getting what was said so far ready to be searched…"))
            while library.store.index_some():
                pass
    # A phrase comes from the shell without its quotes.
    asked = " ".join(f'"{word}"' if " " in word and ":" not in word else word for word in given.words)
    found = library.store.best(asked)
    if given.json:
        print_json({"hits": [fields(hit) for hit in found.hits], "more": found.more})
        return DONE
    for meeting_id in dict.fromkeys(hit.meeting_id for hit in found.hits):
        hits = [hit for hit in found.hits if hit.meeting_id == meeting_id]
        print(f"{meeting_id}  {messages.day_and_time(hits[0].started_at)}  {hits[0].of}")
        for hit in hits:
            second = messages.clock(hit.second) if hit.second is not None else ""
            print(f"  {second:>8}  {messages.named(messages.found_in(hit), _marked(hit))}")
    if not found.hits:
        say(_("Nothing was found."))
    elif found.more:
        say(_("There is more than that. Another word narrows it down."))
    return DONE


def _marked(hit: Hit) -> str:
    """What was found, with the words that were searched for in bold on a terminal."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
    text, place = "", 0
    for begin, end in hit.marks:
        text += f"{hit.text[place:begin]}{bold}{hit.text[begin:end]}{plain}"
        place = end
    return text + hit.text[place:]
