"""The verbs for the library's folder and the room that it takes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core import errors, logs, messages, paths
from core.messages import _
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import fields, print_json, say
from core.terminal.progress import follow

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `library` and `drop-sound`."""
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
    freed = follow(meetings.remove_sound(library, [one.id for one in found]))
    if given.json:
        print_json({"freed": freed})
    else:
        say(_("{size} were freed").format(size=messages.size(freed)))
    return DONE
