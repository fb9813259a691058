"""The verbs that change what stands in the library: rename, star, tags, participants, notes, tasks, bin."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core import errors, messages, paths
from core.messages import _, ngettext
from core.terminal import arguments
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import fields, meeting_as_json, print_json, say
from core.terminal.progress import follow
from core.values import BIN_DAYS, Meeting, MeetingId, Note

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `rename`, `star`, `tags`, `participants`, `notes`, `tasks` and `bin`."""
    rename = verbs.add("rename", _rename, check=_title, help=_("give a meeting another title"))
    rename.add_argument("id", metavar=_("ID"))
    rename.add_argument("title", metavar=_("TITLE"))

    star = verbs.add("star", _star, help=_("give meetings a star, or take it away"))
    star.add_argument("ids", nargs="+", metavar=_("ID"))
    star.add_argument("--remove", action="store_true", help=_("take the star away"))

    tags = verbs.add(
        "tags", _tags, aliases=("tag",), help=_("list all tags, give a meeting some, or take them away")
    )
    tags.add_argument("id", nargs="?", metavar=_("ID"), help=_("the meeting (default: list all tags)"))
    tags.add_argument("tags", nargs="*", metavar=_("TAG"))
    tags.add_argument("--remove", nargs="+", default=[], metavar=_("TAG"), help=_("tags to take away"))

    people = verbs.add(
        "participants",
        _participants,
        help=_("list who took part in a meeting, add some, or take them away"),
        description=_("Lists who took part besides those whose voices are named."),
        examples=("meeting-transcriber participants 5c0ffee5ab1e 'Ana Lind' Marc",),
    )
    people.add_argument("id", metavar=_("ID"))
    people.add_argument("names", nargs="*", metavar=_("NAME"))
    people.add_argument("--remove", nargs="+", default=[], metavar=_("NAME"), help=_("names to take away"))

    _register_notes(verbs)

    tasks = verbs.add(
        "tasks",
        _tasks,
        help=_("list what is to be done, and tick it"),
        description=_("Lists the action items of a meeting or of all, those that are not done."),
        examples=(
            "meeting-transcriber tasks",
            "meeting-transcriber tasks 5c0ffee5ab1e --done 41 42",
        ),
    )
    tasks.add_argument("id", nargs="?", metavar=_("ID"), help=_("the meeting (default: all)"))
    tasks.add_argument("--all", action="store_true", help=_("those that are done too"))
    which = tasks.add_mutually_exclusive_group()
    for option, meant in (("--done", _("tick the tasks with these numbers")), ("--open", _("untick them"))):
        which.add_argument(option, nargs="+", type=int, default=[], metavar=_("NUMBER"), help=meant)

    binned = verbs.add(
        "bin",
        _bin,
        help=_("move meetings to the bin, list it, bring back or empty it"),
        description=_(
            "Moves meetings to the bin, where they stay for {count} days; lists it without any."
        ).format(count=BIN_DAYS),
        examples=(
            "meeting-transcriber bin 5c0ffee5ab1e",
            "meeting-transcriber bin --bring-back 5c0ffee5ab1e",
        ),
    )
    binned.add_argument("ids", nargs="*", metavar=_("ID"))
    how = binned.add_mutually_exclusive_group()
    how.add_argument("--bring-back", action="store_true", help=_("bring the meetings back from the bin"))
    how.add_argument(
        "--empty",
        action="store_true",
        help=_("remove all that is in the bin, or these meetings of it, for good"),
    )


def _register_notes(verbs: Verbs) -> None:
    notes = verbs.add(
        "notes",
        _notes,
        check=_note_asked,
        help=_("list the notes and bookmarks of a meeting, or change them"),
        description=_("Lists the notes and bookmarks of a meeting with their numbers."),
        examples=(
            "meeting-transcriber notes 5c0ffee5ab1e --add 'Ask about the budget' --at 12:04",
            "meeting-transcriber notes 5c0ffee5ab1e --change 7 --text 'Asked'",
        ),
    )
    notes.add_argument("id", metavar=_("ID"))
    what = notes.add_mutually_exclusive_group()
    what.add_argument("--add", metavar=_("TEXT"), help=_("add a note"))
    what.add_argument(
        "--bookmark",
        nargs="?",
        const="",
        metavar=_("TEXT"),
        help=_("add a bookmark; its text may be left out"),
    )
    what.add_argument(
        "--consent", action="store_true", help=_("note that who takes part agreed to be recorded")
    )
    what.add_argument("--change", type=int, metavar=_("NUMBER"), help=_("give this note the text of --text"))
    what.add_argument("--remove", type=int, metavar=_("NUMBER"), help=_("take this note away"))
    notes.add_argument("--text", metavar=_("TEXT"), help=_("the new text of a note"))
    notes.add_argument(
        "--at",
        type=arguments.second,
        default=None,
        metavar="MM:SS",
        help=_("where it belongs (default: 0:00)"),
    )


# --- meetings ---------------------------------------------------------------------------------------


def _title(given: argparse.Namespace) -> str:
    return "" if given.title.strip() else _("TITLE takes some words")


def _rename(library: Library, given: argparse.Namespace) -> int:
    meeting = library.store.meeting(given.id)
    library.store.rename(meeting.id, given.title.strip())
    return _shown(library, [meeting.id], given)


def _star(library: Library, given: argparse.Namespace) -> int:
    found = [library.store.meeting(one).id for one in given.ids]
    for meeting_id in found:
        library.store.star(meeting_id, starred=not given.remove)
    return _shown(library, found, given)


def _shown(library: Library, meeting_ids: list[MeetingId], given: argparse.Namespace) -> int:
    """Prints these meetings as they are now."""
    found = [library.store.meeting(one) for one in meeting_ids]
    if given.json:
        print_json({"meetings": [meeting_as_json(one) for one in found]})
    else:
        for one in found:
            print(_line(one))
    return DONE


def _line(meeting: Meeting) -> str:
    star = "★" if meeting.starred else " "
    return f"{meeting.id} {star} {messages.day_and_time(meeting.started_at)}  {meeting.title}"


def _tags(library: Library, given: argparse.Namespace) -> int:
    if given.id is None:
        counts: dict[str, int] = {}
        for one in library.store.meetings():
            for tag in one.tags:
                counts[tag] = counts.get(tag, 0) + 1
        if given.json:
            print_json({"tags": counts})
        else:
            for tag in sorted(counts, key=str.casefold):
                print(f"#{tag}  {counts[tag]}")
            if not counts:
                say(_("There are no tags yet."))
        return DONE
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


def _participants(library: Library, given: argparse.Namespace) -> int:
    meeting = library.store.meeting(given.id)
    gone = {name.casefold() for name in given.remove}
    if given.names or gone:
        stay = [name for name in meeting.participants if name.casefold() not in gone]
        library.store.set_participants(meeting.id, (*stay, *given.names))
    there = library.store.meeting(meeting.id).participants
    if given.json:
        print_json({"participants": there})
    else:
        for name in there:
            print(name)
        if not there:
            say(_("Nobody is named besides those whose voices are."))
    return DONE


def _bin(library: Library, given: argparse.Namespace) -> int:
    from core.meetings import bin as bins

    store = library.store
    found = [store.meeting(one).id for one in given.ids]
    if given.empty:
        count = follow(bins.remove(library, found or None))
        if given.json:
            print_json({"removed": count})
        else:
            gone = ngettext("{count} meeting was removed.", "{count} meetings were removed.", count)
            say(gone.format(count=count))
        return DONE
    for meeting_id in found:
        if given.bring_back:
            store.restore(meeting_id)
        else:
            store.bin(meeting_id)
    if given.bring_back:
        return _shown(library, found, given)
    binned = store.meetings(binned=True)
    if given.json:
        print_json({"bin": [meeting_as_json(one) for one in binned]})
        return DONE
    for one in binned:
        print(_line(one))
    if found:
        say(
            _("Bring it back with: {command}").format(
                command=f"{paths.PROGRAM} bin --bring-back {' '.join(found)}"
            )
        )
    elif not binned:
        say(_("The bin is empty."))
    return DONE


# --- notes ------------------------------------------------------------------------------------------


def _note_asked(given: argparse.Namespace) -> str:
    if (given.change is None) is not (given.text is None):
        return _("--change and --text belong together")
    if given.at is not None and given.add is None and given.bookmark is None and not given.consent:
        return _("--at goes with --add, --bookmark or --consent")
    return "" if given.add is None or given.add.strip() else _("--add takes some words")


def _notes(library: Library, given: argparse.Namespace) -> int:
    store = library.store
    meeting_id = store.meeting(given.id).id
    if given.add is not None:
        store.add_note(meeting_id, given.at or 0.0, given.add.strip())
    elif given.bookmark is not None:
        store.add_note(meeting_id, given.at or 0.0, given.bookmark.strip(), bookmark=True)
    elif given.consent:
        from core import meetings

        meetings.note_consent(library, meeting_id, given.at or 0.0)
    elif given.change is not None:
        store.edit_note(meeting_id, _note(library, meeting_id, given.change).id, given.text.strip())
    elif given.remove is not None:
        store.remove_note(meeting_id, _note(library, meeting_id, given.remove).id)
    found = store.notes(meeting_id)
    if given.json:
        print_json({"notes": [fields(one) for one in found]})
        return DONE
    for one in found:
        mark = "▸" if one.bookmark else " "
        print(f"{one.id:>4} {mark} {messages.clock(one.at)}  {' '.join(one.text.split())}")
    if not found:
        say(_("There are no notes yet."))
    return DONE


def _note(library: Library, meeting_id: MeetingId, number: int) -> Note:
    found = next((one for one in library.store.notes(meeting_id) if one.id == number), None)
    if found is None:
        raise errors.NumberUnknown(number)
    return found


# --- tasks ------------------------------------------------------------------------------------------


def _tasks(library: Library, given: argparse.Namespace) -> int:
    store = library.store
    wanted = store.meeting(given.id).id if given.id else None
    found = {one.line.id: one for one in store.action_items() if wanted in {None, one.meeting_id}}
    for numbers, done in ((given.done, True), (given.open, False)):
        for number in numbers:
            if number not in found:
                raise errors.NumberUnknown(number)
            store.tick(found[number].meeting_id, number, done=done)
    shown = [
        one
        for one in store.action_items()
        if wanted in {None, one.meeting_id} and (given.all or not one.line.done or one.line.id in given.done)
    ]
    if given.json:
        print_json({"tasks": [fields(one) for one in shown]})
        return DONE
    for one in shown:
        line = one.line
        about = ", ".join(filter(None, [messages.owner(line), str(line.due or line.due_said)]))
        print(
            f"{line.id:>5} {'☑' if line.done else '☐'} {line.text}{f' ({about})' if about else ''}"
            f"  {one.meeting_id} {one.of}"
        )
    if not shown:
        say(_("There is nothing to be done."))
    return DONE
