"""The verbs for the library's folder and the room that it takes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core import errors, logs, messages, paths
from core.messages import _, ngettext
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE, PROBLEM
from core.terminal.output import fields, print_json, say
from core.terminal.progress import follow

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `library`, `drop-sound` and `delete-everything`."""
    library = verbs.add(
        "library",
        alone=_library,
        help=_("say where the library lies and how big it is; move it, or use another"),
        description=_(
            "Says where the library lies and how big it is. Moving copies and compares everything first, and removes "
            "it in the old folder only then; nothing else may have the library open."
        ),
        examples=("meeting-transcriber library", "meeting-transcriber library --move /media/disk"),
    )
    what = library.add_mutually_exclusive_group()
    what.add_argument("--move", metavar=_("FOLDER"), help=_("move it into a folder of its own in this one"))
    what.add_argument(
        "--use", metavar=_("FOLDER"), help=_("use the library of this folder from now on, or begin one there")
    )

    sound = verbs.add(
        "drop-sound",
        _drop_sound,
        help=_("delete the sound of meetings and keep their text"),
        description=_(
            "Deletes the sound of meetings for good; text, minutes and notes stay. One whose text is not whole keeps "
            "its sound."
        ),
        examples=("meeting-transcriber drop-sound 5c0ffee5ab1e",),
    )
    sound.add_argument("ids", nargs="+", metavar=_("ID"))

    everything = verbs.add(
        "delete-everything",
        _delete_everything,
        help=_("delete every meeting, remembered voice and word of the vocabulary for good"),
        description=_(
            "Leaves an empty library, once you have typed yes or with --yes. What is being recorded stays, and so do "
            "backups, exports, models, settings and the key."
        ),
        examples=("meeting-transcriber delete-everything", "meeting-transcriber delete-everything --yes"),
    )
    everything.add_argument("--yes", action="store_true", help=_("do not ask"))


def _library(places: paths.Folders, given: argparse.Namespace) -> int:
    from core import meetings

    if given.move:
        copied = follow(meetings.copy_library(places, Path(given.move).absolute()))
        logs.stop()  # which lie in the folder that goes
        now = follow(meetings.switch_library(copied))
    elif given.use:
        now = meetings.use_library(places, Path(given.use).absolute())
    else:
        return _sizes(places, given)
    if given.json:
        print_json({"folder": str(now.root)})
    else:
        print(now.root)
    return DONE


def _sizes(places: paths.Folders, given: argparse.Namespace) -> int:
    from core import meetings

    library = meetings.Library(places)
    try:
        found = meetings.measure_storage(library)
    finally:
        library.close()
    if given.json:
        print_json({"folder": str(places.root), **fields(found)})
        return DONE
    print(places.root)
    for name, size in (
        (_("Recordings"), found.sound),
        (_("Texts and minutes"), found.text),
        (_("Speech models you added"), found.models),
        (_("Backups"), found.backups),
        (_("Exports"), found.exports),
        (_("Free on this disk"), found.free),
    ):
        print(messages.named(name, messages.size(size)))
    return DONE


def _drop_sound(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    found = [library.store.meeting(one) for one in given.ids]
    for meeting in found:
        if not meeting.transcript_complete:
            raise errors.TranscriptUnfinished(meeting.title)
    had = [meeting for meeting in found if meeting.audio]
    freed = follow(meetings.remove_sound(library, [one.id for one in had]))
    if busy := [meeting for meeting in had if library.store.meeting(meeting.id).audio]:
        raise errors.MeetingBusy(busy[0].title)
    if given.json:
        print_json({"freed": freed})
    elif had:
        say(_("{size} were freed").format(size=messages.size(freed)))
    else:
        say(_("There is no sound to delete."))
    return DONE


def _delete_everything(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    if not (given.yes or _agreed()):
        say(_("Nothing was deleted."))
        return PROBLEM
    gone = follow(meetings.erase(library))
    left = len(library.store.meetings()) + len(library.store.meetings(binned=True))
    if given.json:
        print_json({"deleted": gone, "left": left})
        return DONE
    said = ngettext("{count} meeting was deleted", "{count} meetings were deleted", gone)
    say(said.format(count=gone))
    if left:
        said = ngettext(
            "{count} meeting that is being recorded or worked on stays.",
            "{count} meetings that are being recorded or worked on stay.",
            left,
        )
        say(said.format(count=left))
    return DONE


def _agreed() -> bool:
    """Whether the person, or a pipe, says yes to what is told first."""
    say(
        _(
            "Every meeting with its sound, text, minutes and notes, what is in the bin, all remembered voices and "
            "the vocabulary are deleted. This cannot be undone. Backups, exports, models and settings stay."
        )
    )
    say(_("Type “yes” to delete everything for good:"))
    return sys.stdin.readline().strip().casefold() in {"yes", _("yes")}
