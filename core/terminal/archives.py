"""The verbs for a whole library as one file: backup and restore."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core import messages
from core.messages import _, ngettext
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import print_json, say
from core.terminal.progress import follow

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `backup` and `restore`."""
    backup = verbs.add(
        "backup",
        _backup,
        help=_("write the whole library as one file"),
        description=_(
            "Writes the whole library as one file, opens it again to see that it is whole, "
            "and lets the oldest backup go."
        ),
        examples=(
            "meeting-transcriber backup",
            "meeting-transcriber backup --out /media/stick",
        ),
    )
    backup.add_argument("--out", metavar=_("FOLDER"), help=_("where to write (default: as the settings say)"))
    backup.add_argument("--no-sound", action="store_true", help=_("leave the sound out"))
    backup.add_argument("--if-due", action="store_true", help=_("only where the settings want one by now"))
    backup.add_argument(
        "--check", dest="whole", metavar=_("FILE"), help=_("only see whether an archive is whole")
    )

    restore = verbs.add(
        "restore",
        _restore,
        help=_("bring the meetings of an archive back"),
        description=_(
            "Brings the meetings of an archive in that the library does not have; those it has stay."
        ),
        examples=("meeting-transcriber restore 2026-03-02.meetings",),
    )
    restore.add_argument("file", metavar=_("FILE"))


def _backup(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    if given.whole:
        known = follow(meetings.verify(Path(given.whole)), doing=_("Checking"))
        if given.json:
            print_json(
                {"created_at": known.created_at, "meetings": known.meetings, "files": len(known.files)}
            )
        else:
            moment = messages.day_and_time(known.created_at)
            whole = ngettext(
                "Whole: {count} meeting, {moment}", "Whole: {count} meetings, {moment}", known.meetings
            )
            print(whole.format(count=known.meetings, moment=moment))
        return DONE
    if given.if_due and not meetings.backup_is_due(library):
        say(_("No backup is due."))
        return DONE
    folder = Path(given.out).absolute() if given.out else None
    path = follow(meetings.back_up(library, folder, sound=False if given.no_sound else None))
    if given.json:
        print_json({"path": str(path)})
    else:
        print(path)
    return DONE


def _restore(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    result = follow(meetings.restore(library, Path(given.file)))
    if given.json:
        print_json({"added": result.added, "there": result.there})
    else:
        print(messages.restored(result))
    return DONE
