"""Who said what: telling voices apart, correcting it, and the voices that are known from one meeting to the next."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from core import errors, messages
from core.messages import _
from core.terminal import arguments
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import print_json, say
from core.terminal.progress import follow
from core.values import MOST_SPEAKERS, Meeting, Speaker, SpeakerOptions

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `speakers` and `voices` with their verbs."""
    speakers = verbs.add("speakers", help=_("who speaks in a meeting: list, name, merge, tell apart again"))
    doing = Verbs(speakers, "doing", required=True)
    _add(doing, "list", _list, _("list them with how long each speaks"))
    rename = _add(doing, "rename", _rename, _("give a speaker a name"), one=True)
    rename.add_argument("name", metavar=_("NAME"))
    rename.add_argument(
        "--remember",
        action="store_true",
        help=_("suggest the name where this voice is heard in later meetings; ask the person first"),
    )
    _add(doing, "accept", _accept, _("have a speaker be who it sounds like"), one=True)
    _add(doing, "refuse", _refuse, _("note that a speaker is not who it sounds like"), one=True)
    _add(
        doing,
        "remember",
        _remember,
        _("remember the voice of a named speaker; ask the person first"),
        one=True,
    )
    me = _add(doing, "me", _me, _("say which speaker you are; without one, that none is you"))
    me.add_argument("speaker", nargs="?", default="", metavar=_("SPEAKER"))
    merge = _add(doing, "merge", _merge, _("note that two speakers are one"), one=True)
    merge.add_argument("into", metavar=_("SPEAKER"), help=_("who stays"))
    move = _add(
        doing,
        "move",
        _move,
        _("give a stretch of the text to a speaker, known or new"),
        one=True,
        check=arguments.stretch,
    )
    for option, name, meant in (
        ("--from", "start", _("where the stretch begins")),
        ("--to", "end", _("where the stretch ends")),
    ):
        move.add_argument(
            option, dest=name, type=arguments.second, required=True, metavar="MM:SS", help=meant
        )
    _add(doing, "split", _split, _("make two of a speaker in whom two voices are heard"), one=True)
    separate = _add(doing, "separate", _separate, _("tell the voices apart again"))
    separate.add_argument(
        "--count", type=_count, default=0, metavar=_("N"), help=_("how many people speak (default: find out)")
    )

    voices = verbs.add("voices", _voices, help=_("the voices that are known again in later meetings"))
    known = Verbs(voices, "doing")
    known.add("list", _voices, help=_("list them"))
    forget = known.add("forget", _forget, check=_whose, help=_("forget a voice, or all"))
    forget.add_argument("name", nargs="?", default="", metavar=_("NAME"))
    forget.add_argument("--all", action="store_true", help=_("forget all of them"))


def _add(
    verbs: Verbs,
    name: str,
    act: arguments.Act,
    meant: str,
    *,
    one: bool = False,
    check: arguments.Check | None = None,
) -> argparse.ArgumentParser:
    verb = verbs.add(name, act, check=check, help=meant)
    verb.add_argument("id", metavar=_("ID"))
    if one:
        verb.add_argument("speaker", metavar=_("SPEAKER"), help=_("the name or number of a speaker"))
    return verb


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_SPEAKERS:
        raise argparse.ArgumentTypeError(
            _("“{text}” is not a number from 1 to {most}").format(text=text, most=MOST_SPEAKERS)
        )
    return int(text)


def _whose(given: argparse.Namespace) -> str:
    return _("name a voice, or give --all alone") if bool(given.name) == given.all else ""


def _list(library: Library, given: argparse.Namespace) -> int:
    return _show(library, library.store.meeting(given.id), as_json=given.json)


def _show(library: Library, meeting: Meeting, *, as_json: bool) -> int:
    from core import meetings

    known = library.store.voices(meeting.id)
    times = {one.speaker.id: one.seconds for one in meetings.talk(known)}
    if as_json:
        print_json(
            {"id": meeting.id, "speakers": [_as_json(one, times.get(one.id, 0.0)) for one in known.speakers]}
        )
        return DONE
    for one in known.speakers:
        time = messages.spoken_length(times.get(one.id, 0.0))
        line = f"{one.number:>2}  {time:>12}  {messages.speaker_label(one)}"
        print(f"{line}  ({messages.suggestion(one)})" if messages.suggestion(one) else line)
    if not known.speakers:
        say(_("Nobody is known to speak in this meeting yet."))
    return DONE


def _as_json(one: Speaker, seconds: float) -> dict[str, Any]:
    return {
        "number": one.number,
        "name": one.name,
        "me": one.is_me,
        "channel": one.channel,
        "seconds": round(seconds, 1),
        "suggested": one.suggested if messages.suggestion(one) else "",
        "certainty": one.certainty if messages.suggestion(one) else 0.0,
    }


def _found(library: Library, meeting: Meeting, name: str) -> Speaker:
    """The speaker who goes by a name, or has a number. Raises `SpeakerUnknown`."""
    fitting = _fitting(library, meeting, name)
    if len(fitting) != 1:
        raise errors.SpeakerUnknown(name)
    return fitting[0]


def _fitting(library: Library, meeting: Meeting, name: str) -> list[Speaker]:
    speakers = library.store.speakers(meeting.id)
    called = [one for one in speakers if messages.speaker_label(one).casefold() == name.casefold()]
    return called or [one for one in speakers if str(one.number) == name]


def _rename(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    speaker = _found(library, meeting, given.speaker)
    if given.remember:
        _say_consent(given.name)
    meetings.name_speaker(library, meeting.id, speaker.id, given.name)
    if given.remember:
        try:
            follow(meetings.remember_voice(library, meeting.id, speaker.id))
        except errors.Problem:
            say(_("The speaker has the name; the voice is not remembered."))
            raise
    return _show(library, meeting, as_json=given.json)


def _suggested(library: Library, given: argparse.Namespace) -> tuple[Meeting, Speaker]:
    """The speaker that is meant. Raises `NobodySuggested` where it sounds like nobody known."""
    meeting = library.store.meeting(given.id)
    speaker = _found(library, meeting, given.speaker)
    if speaker.name or not (speaker.suggested and speaker.certainty):
        raise errors.NobodySuggested(messages.speaker_label(speaker))
    return meeting, speaker


def _accept(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting, speaker = _suggested(library, given)
    meetings.name_speaker(library, meeting.id, speaker.id, speaker.suggested)
    return _show(library, meeting, as_json=given.json)


def _refuse(library: Library, given: argparse.Namespace) -> int:
    meeting, speaker = _suggested(library, given)
    library.store.reject_voice(meeting.id, speaker.id)
    return _show(library, meeting, as_json=given.json)


def _remember(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    speaker = _found(library, meeting, given.speaker)
    if speaker.name:
        _say_consent(speaker.name)
    follow(meetings.remember_voice(library, meeting.id, speaker.id))
    return _voices(library, given)


def _say_consent(name: str) -> None:
    kept, ask = messages.voice_consent(name)
    say(f"{kept} {ask}")


def _me(library: Library, given: argparse.Namespace) -> int:
    meeting = library.store.meeting(given.id)
    chosen = _found(library, meeting, given.speaker).id if given.speaker else 0
    library.store.set_me(meeting.id, chosen)
    return _show(library, meeting, as_json=given.json)


def _merge(library: Library, given: argparse.Namespace) -> int:
    meeting = library.store.meeting(given.id)
    gone, stays = _found(library, meeting, given.speaker), _found(library, meeting, given.into)
    if gone == stays:
        raise errors.SameSpeaker(messages.speaker_label(stays))
    library.store.merge_speakers(meeting.id, gone.id, stays.id)
    return _show(library, meeting, as_json=given.json)


def _move(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    # A name that nobody has is that of somebody new; a number, or a name of two, is a mistake.
    known = given.speaker.isdecimal() or _fitting(library, meeting, given.speaker)
    speaker = _found(library, meeting, given.speaker) if known else None
    inside = meetings.said_between(library, meeting.id, given.start, given.end)
    if speaker:
        library.store.set_speaker(meeting.id, inside, speaker.id)
    else:
        library.store.choose_speaker(meeting.id, inside, given.speaker)
    if not inside:
        say(messages.nothing_said_between(given.start, given.end))
    return _show(library, meeting, as_json=given.json)


def _split(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    follow(meetings.split_speaker(library, meeting.id, _found(library, meeting, given.speaker).id))
    return _show(library, meeting, as_json=given.json)


def _separate(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    library.store.set_speaker_count(meeting.id, given.count)
    follow(meetings.separate(library, meeting.id, SpeakerOptions(given.count)))
    return _show(library, meeting, as_json=given.json)


def _voices(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    known = meetings.known_voices(library)
    if given.json:
        print_json(
            {
                "voices": [
                    {
                        "name": one.name,
                        "seconds": one.seconds,
                        "remembered_at": one.remembered_at,
                        "same_as": one.same_as,
                    }
                    for one in known
                ]
            }
        )
        return DONE
    for one in known:
        line = f"{one.name}  {messages.day(one.remembered_at)}"
        print(f"{line}  ({messages.same_voice(one)})" if one.same_as else line)
    if not known:
        say(_("No voice is remembered."))
    return DONE


def _forget(library: Library, given: argparse.Namespace) -> int:
    if given.all:
        library.store.forget_voices()
    else:
        one = next(
            (one for one in library.store.known_voices() if one.name.casefold() == given.name.casefold()),
            None,
        )
        if one is None:
            raise errors.VoiceUnknown(given.name)
        library.store.forget_voice(one.id)
    return _voices(library, given)
