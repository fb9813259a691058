"""The verbs that change the text of a meeting: edit, replace, split, merge, insert."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core import editing, errors, messages
from core.messages import _, ngettext
from core.terminal import arguments
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import fields, print_json, say
from core.values import MeetingId, Segment

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `edit`, `replace`, `split`, `merge` and `insert`."""
    edit = verbs.add(
        "edit",
        _edit,
        help=_("write what is said at a time otherwise"),
        description=_(
            "Gives the segment of the transcript that is said at a time another text; '' takes it out."
        ),
        examples=("meeting-transcriber edit 5c0ffee5ab1e 12:04 'We meet on Friday.'",),
    )
    edit.add_argument("id", metavar=_("ID"))
    edit.add_argument("at", type=arguments.second, metavar="MM:SS")
    edit.add_argument("text", metavar=_("TEXT"))

    exchange = verbs.add("replace", _replace, check=_wanted, help=_("replace words in a whole transcript"))
    exchange.add_argument("id", metavar=_("ID"))
    exchange.add_argument("wanted", metavar=_("OLD"))
    exchange.add_argument("instead", metavar=_("NEW"))
    exchange.add_argument("--case", action="store_true", help=_("only where capitals are as written"))
    exchange.add_argument("--whole", action="store_true", help=_("only whole words"))

    split = verbs.add(
        "split",
        _split,
        help=_("make two of the segment that is said at a time"),
        description=_("Cuts the segment of the transcript between two words, at this time."),
        examples=("meeting-transcriber split 5c0ffee5ab1e 12:04.5",),
    )
    split.add_argument("id", metavar=_("ID"))
    split.add_argument("at", type=arguments.second, metavar="MM:SS")

    merge = verbs.add(
        "merge",
        _merge,
        check=_stretch,
        help=_("make one of the segments between two times"),
        description=_("Those of the other channel of the recording stay as they are."),
        examples=("meeting-transcriber merge 5c0ffee5ab1e 12:04 12:20",),
    )
    merge.add_argument("id", metavar=_("ID"))
    merge.add_argument("start", type=arguments.second, metavar=_("FROM"))
    merge.add_argument("end", type=arguments.second, metavar=_("TO"))

    insert = verbs.add(
        "insert",
        _insert,
        check=_words,
        help=_("write what was said in a pause and is missing"),
        examples=("meeting-transcriber insert 5c0ffee5ab1e 12:04 'Yes, on Friday.'",),
    )
    insert.add_argument("id", metavar=_("ID"))
    insert.add_argument("at", type=arguments.second, metavar="MM:SS")
    insert.add_argument("text", metavar=_("TEXT"))


def _segments(library: Library, meeting_id: MeetingId) -> Sequence[Segment]:
    transcript = library.store.transcript(meeting_id)
    return transcript.segments if transcript else ()


def _at(library: Library, meeting_id: MeetingId, second: float) -> Segment:
    """What is said at a second. Raises `NoSegmentAt`."""
    for one in _segments(library, meeting_id):
        if one.start <= second < one.end:
            return one
    raise errors.NoSegmentAt(messages.clock(second))


def _changed(
    library: Library,
    given: argparse.Namespace,
    ids: Sequence[int],
    change: Callable[[Sequence[Segment]], Sequence[Segment]],
) -> int:
    """Puts what `change` makes of these segments in their place, and prints that."""
    done = library.store.change_segments(library.store.meeting(given.id).id, ids, change)
    if given.json:
        print_json({"segments": [fields(one) for one in done.after]})
        return DONE
    for one in done.after:
        print(f"{messages.clock(one.start)} {messages.said(one)}")
    return DONE


def _edit(library: Library, given: argparse.Namespace) -> int:
    said = _at(library, library.store.meeting(given.id).id, given.at)
    return _changed(library, given, [said.id], lambda found: [editing.corrected(found[0], given.text)])


def _split(library: Library, given: argparse.Namespace) -> int:
    said = _at(library, library.store.meeting(given.id).id, given.at)
    return _changed(library, given, [said.id], lambda found: editing.split_at(found[0], given.at))


def _stretch(given: argparse.Namespace) -> str:
    return "" if given.start < given.end else _("TO takes a time after that of FROM")


def _merge(library: Library, given: argparse.Namespace) -> int:
    there = _segments(library, library.store.meeting(given.id).id)
    within = [one for one in there if one.start < given.end and given.start < one.end]
    joined = [one.id for one in within if one.channel == within[0].channel]
    if len(joined) < 2:
        raise errors.NothingToMerge
    return _changed(library, given, joined, lambda found: [editing.merged(found)])


def _words(given: argparse.Namespace) -> str:
    return "" if given.text.strip() else _("TEXT takes some words")


def _insert(library: Library, given: argparse.Namespace) -> int:
    there = _segments(library, library.store.meeting(given.id).id)
    after = next((one for one in reversed(there) if one.start <= given.at), None)
    before = next((one for one in there if one.start > given.at), None)
    if not there:
        raise errors.NoSegmentAt(messages.clock(given.at))

    def change(found: Sequence[Segment]) -> Sequence[Segment]:
        known = {one.id: one for one in found}
        beside = [known.get(one.id) if one else None for one in (after, before)]
        return [*found, editing.inserted(beside[0], beside[1], given.text)]

    return _changed(library, given, [one.id for one in (after, before) if one], change)


def _wanted(given: argparse.Namespace) -> str:
    return "" if given.wanted.strip() else _("OLD takes some words")


def _replace(library: Library, given: argparse.Namespace) -> int:
    meeting_id = library.store.meeting(given.id).id
    transcript = library.store.transcript(meeting_id)
    finder = editing.finder(given.wanted, case=given.case, whole=given.whole)
    there = [one for one in (transcript.segments if transcript else ()) if finder.search(one.text)]
    count = sum(len(finder.findall(one.text)) for one in there)
    if there:
        library.store.change_segments(
            meeting_id,
            [one.id for one in there],
            lambda found: [
                editing.corrected(one, finder.sub(lambda _match: given.instead, one.text)) for one in found
            ],
        )
    if given.json:
        print_json({"replaced": count})
    else:
        said = ngettext("{count} place was changed.", "{count} places were changed.", count)
        say(said.format(count=count))
    return DONE
