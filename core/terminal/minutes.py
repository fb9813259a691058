"""The verbs about minutes: make them, list their versions and templates."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core import errors, messages
from core.messages import _
from core.terminal import codes
from core.terminal.arguments import Verbs
from core.terminal.output import fields, minutes_as_json, print_json, problem_as_json, say
from core.terminal.progress import follow
from core.values import Line, MeetingId, Origin, Section, SummaryOptions

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `summarise`, `minutes`, `lines`, `ask` and `templates`."""
    summarise = verbs.add("summarise", _summarise, help=_("make the minutes of a meeting again"))
    summarise.add_argument("id", metavar=_("ID"))
    add_minutes(summarise)

    minutes = verbs.add("minutes", _minutes, help=_("list the versions of a meeting's minutes"))
    minutes.add_argument("id", metavar=_("ID"))
    minutes.add_argument(
        "--show", type=int, metavar=_("VERSION"), help=_("bring this version back, by its number")
    )

    _register_lines(verbs)

    ask = verbs.add("ask", _ask, check=_question, help=_("ask something about a meeting, or about all"))
    ask.add_argument("question", metavar=_("QUESTION"))
    ask.add_argument("--meeting", metavar=_("ID"), help=_("the meeting that is asked (default: all)"))
    _add_provider(ask, _("who answers"))
    ask.add_argument("--language", metavar=_("CODE"), help=_("language of the answer"))

    templates = verbs.add(
        "templates",
        _templates,
        help=_("list the templates of minutes, take one in, or remove one"),
        description=_(
            "Lists the templates of minutes, those of your own by the files they are kept in. A template is a JSON "
            "file: print one, change it, and take it in."
        ),
        examples=(
            "meeting-transcriber templates --print meeting",
            "meeting-transcriber templates --add board.json",
            "meeting-transcriber templates --remove board",
        ),
    )
    what = templates.add_mutually_exclusive_group()
    what.add_argument("--print", metavar=_("NAME"), help=_("print a template as the file that it is kept in"))
    what.add_argument("--add", metavar=_("FILE"), type=Path, help=_("take in a template from a file"))
    what.add_argument("--remove", metavar=_("NAME"), help=_("remove a template of your own"))


def _register_lines(verbs: Verbs) -> None:
    lines = verbs.add(
        "lines",
        _lines,
        check=_line_asked,
        help=_("list the lines of a meeting's minutes, or change them"),
        description=_(
            "Lists the lines of the minutes that are shown, with their numbers. What you wrote stays."
        ),
        examples=(
            "meeting-transcriber lines 5c0ffee5ab1e --add 'We sell the van.' --section decisions",
            "meeting-transcriber lines 5c0ffee5ab1e --change 41 --owner 'Ana Lind'",
            "meeting-transcriber lines 5c0ffee5ab1e --remove 42",
        ),
    )
    lines.add_argument("id", metavar=_("ID"))
    what = lines.add_mutually_exclusive_group()
    what.add_argument("--add", metavar=_("TEXT"), help=_("add a line"))
    what.add_argument("--change", type=int, metavar=_("NUMBER"), help=_("change this line"))
    what.add_argument("--remove", type=int, metavar=_("NUMBER"), help=_("take this line out"))
    lines.add_argument(
        "--section", choices=[*map(str, Section)], help=_("where the new line stands (default: key_points)")
    )
    lines.add_argument("--text", metavar=_("TEXT"), help=_("the new text of the line"))
    lines.add_argument("--owner", metavar=_("NAME"), help=_("who does it; '' for nobody"))


def add_minutes(verb: argparse.ArgumentParser) -> None:
    """Adds what can be chosen for minutes, which `summary_options` reads."""
    _add_provider(verb, _("who writes the minutes"))
    verb.add_argument(
        "--template", metavar=_("NAME"), help=_("template of the minutes, see the verb templates")
    )
    verb.add_argument("--minutes-language", metavar=_("CODE"), help=_("language of the minutes"))
    verb.add_argument("--length", choices=("short", "normal", "long"), help=_("how long the minutes are"))


def _add_provider(verb: argparse.ArgumentParser, does: str) -> None:
    verb.add_argument("--provider", choices=("offline", "mistral", "server"), help=does)
    verb.add_argument(
        "--agree", action="store_true", help=_("let the text be sent to the provider, now and later")
    )


def summary_options(library: Library, given: argparse.Namespace) -> SummaryOptions:
    """What was given, and for the rest what the settings say. Raises `TemplateUnknown` or `LanguageUnknown`."""
    from core.summary import templates

    base = _provider_options(library, given, given.minutes_language)
    return SummaryOptions(
        provider=base.provider,
        model=base.model,
        language=base.language,
        template=templates.find(library.places.minutes_templates, given.template).key
        if given.template
        else base.template,
        length=given.length or base.length,
    )


def _provider_options(library: Library, given: argparse.Namespace, language: str | None) -> SummaryOptions:
    """What the settings say, with the provider and the language that were given. Raises `LanguageUnknown`."""
    from core.speech import LANGUAGES

    options = library.summary_options(given.provider or "")
    if options.provider == "server":
        _say_server(library)
        options = library.summary_options("server")
    if language and language not in LANGUAGES:
        raise errors.LanguageUnknown(language)
    return replace(options, language=language or options.language)


def _say_server(library: Library) -> None:
    """Chooses the only server that is found where none is chosen yet, and says so."""
    from core.meetings import providers

    found = providers.choose_server(library)
    if len(found) == 1:
        say(messages.server_used(found[0], library.settings.server_model))
        say(_("Another model: {command}").format(command="meeting-transcriber settings server_model NAME"))
    elif found:
        say(messages.servers_found(found))
        say(
            _("Choose one: {command}").format(command="meeting-transcriber settings provider_address ADDRESS")
        )


def agree(
    library: Library,
    options: SummaryOptions,
    given: argparse.Namespace,
    much: Callable[[], str],
    sends: Callable[[str], str] = messages.what_is_sent,
) -> None:
    """Says how `much` leaves this machine, before the first time also what (`sends`), and notes that the person agrees.

    By `--agree`, or when asked; without an answer nothing is sent.
    """
    from core.meetings import providers

    first = providers.needs_consent(library, options.provider)
    if first:
        say(sends(providers.place_of(library, options.provider)))
    if told := much():
        say(told)
    if not first:
        return
    yes = {"yes", "y", _("yes").casefold()}
    if given.agree or (sys.stdin.isatty() and input(f"{_('Send it? Type yes:')} ").strip().casefold() in yes):
        providers.consent(library, options.provider)


def much_of(library: Library, options: SummaryOptions, meeting_id: MeetingId) -> str:
    """About how much making these minutes sends elsewhere and gets back, in a sentence; '' for nothing."""
    from core.meetings import providers

    found = providers.estimate(library, meeting_id, options)
    return messages.estimate(found, providers.name_of(library, options.provider))


def _summarise(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    options = summary_options(library, given)
    agree(library, options, given, partial(much_of, library, options, meeting.id))
    minutes = follow(meetings.summarise(library, meeting.id, options))
    if given.json:
        print_json(minutes_as_json(minutes))
    else:
        for told in filter(None, (messages.not_translated(minutes), messages.left_out(minutes))):
            say(f"{told}.")
        for section, lines in minutes.parts():
            if lines:
                print(f"\n{messages.heading(section)}")
            for line in lines:
                _print_line("- ", line, ", ".join(messages.clock(one.start) for one in line.evidence))
    return codes.DONE if minutes.made_by == options.provider else codes.REMOTE_FAILED


def _question(given: argparse.Namespace) -> str:
    return "" if given.question.strip() else _("QUESTION takes some words")


def _ask(library: Library, given: argparse.Namespace) -> int:
    from core import meetings
    from core.meetings import providers

    options = _provider_options(library, given, given.language)
    meeting_id = library.store.meeting(given.meeting).id if given.meeting else None

    def much() -> str:
        found = meetings.estimate_of_question(library, given.question, meeting_id, options)
        return messages.estimate_of_question(found, providers.name_of(library, options.provider))

    agree(library, options, given, much, messages.what_a_question_sends)
    job = meetings.ask(library, given.question, meeting_id, options)
    reply = follow(job, doing=_("Looking for an answer"))
    if given.json:
        print_json(fields(reply))
        return codes.DONE if reply.made_by == options.provider else codes.REMOTE_FAILED
    if reply.text:
        print(reply.text)
        for doubt in messages.doubts(reply.supported, reply.unverified, quoted=bool(reply.passages)):
            say(doubt)
    for one in reply.passages:
        quote = _("“{words}”").format(words=one.evidence.quote)
        where = f"{one.title}, {messages.day(one.started_at)}, {messages.clock(one.evidence.start)}"
        print(f"- {where}  {messages.named(one.speaker, quote) if one.speaker else quote}")
    return codes.DONE if reply.made_by == options.provider else codes.REMOTE_FAILED


def _minutes(library: Library, given: argparse.Namespace) -> int:
    meeting = library.store.meeting(given.id)
    versions = library.store.minutes_versions(meeting.id)
    if given.show:
        if given.show not in {one.id for one in versions}:
            raise errors.VersionUnknown(given.show)
        library.store.activate_minutes(meeting.id, given.show)
    shown = library.store.minutes(meeting.id)
    if given.json:
        print_json(
            {
                "versions": [
                    {**minutes_as_json(one), "id": one.id, "shown": bool(shown and one.id == shown.id)}
                    for one in versions
                ]
            }
        )
        return codes.DONE
    for one in versions:
        mark = "*" if shown and one.id == shown.id else " "
        print(f"{mark} {one.id:>5}  {messages.minutes_version(one)}")
    if not versions:
        say(_("This meeting has no minutes yet."))
    return codes.DONE


def _line_asked(given: argparse.Namespace) -> str:
    if given.add is None and given.section is not None:
        return _("--section goes with --add")
    if given.text is not None and given.change is None:
        return _("--change and --text belong together")
    if given.owner is not None and given.add is None and given.change is None:
        return _("--owner goes with --add or --change")
    if given.change is not None and given.text is None and given.owner is None:
        return _("--change takes --text or --owner")
    return "" if (given.add or given.text or "x").strip() else _("A line takes some words")


def _lines(library: Library, given: argparse.Namespace) -> int:
    meeting_id = library.store.meeting(given.id).id
    shown = library.store.minutes(meeting_id)
    if given.add is not None:
        if shown is None:
            raise errors.NoMinutes
        section = Section(given.section or Section.KEY_POINTS)
        library.store.add_line(
            shown,
            Line(section, given.add.strip(), owner=given.owner or "", edited=True, origin=Origin.PERSON),
        )
    elif (number := given.change or given.remove) is not None:
        line = next((one for one in (shown.lines if shown else ()) if one.id == number), None)
        if line is None:
            raise errors.NumberUnknown(number)
        if given.remove is not None:
            library.store.remove_line(meeting_id, line.id)
        else:
            library.store.edit_line(meeting_id, _written(line, given.text, given.owner))
    shown = library.store.minutes(meeting_id)
    if given.json:
        print_json(minutes_as_json(shown) if shown else {})
        return codes.DONE
    for part, lines in shown.parts() if shown else ():
        if there := [one for one in lines if not one.removed]:
            print(messages.heading(part))
            for one in there:
                _print_line(f"{one.id:>5}  ", one)
    if not shown:
        say(_("This meeting has no minutes yet."))
    return codes.DONE


def _print_line(head: str, line: Line, times: str = "") -> None:
    """A line of minutes with its times, whose it is and until when; below it what speaks against it."""
    about = "; ".join(part for part in (times, messages.about(line)) if part)
    print(f"{head}{line.text}{f' ({about})' if about else ''}")
    doubts = messages.doubts(line.supported, line.unverified, line.doubtful, quoted=bool(line.evidence))
    if doubts:
        print(" " * len(head) + " · ".join(doubts))


def _written(line: Line, text: str | None, owner: str | None) -> Line:
    """The line as the person writes it, which is doubted no more where the words are theirs."""
    if text is not None:
        line = replace(line, text=text.strip(), supported=True, unverified=())
    if owner is not None:
        line = replace(line, owner=owner.strip(), taken=None, called="")
    return replace(line, edited=True)


def _templates(library: Library, given: argparse.Namespace) -> int:
    from core.summary import templates

    folder = library.places.minutes_templates
    if given.print:
        print(templates.text_of(templates.find(folder, given.print)), end="")
        return codes.DONE
    if given.add:
        kept = templates.install(folder, given.add)
        say(
            _("“{name}” was kept as {file}.").format(
                name=messages.template_name(kept), file=f"{kept.key}.json"
            )
        )
    elif given.remove:
        gone = templates.find(folder, given.remove)
        if not gone.own:
            raise errors.TemplateStays(gone.key)
        templates.remove(folder, gone.key)
    known, broken = templates.read(folder)
    if given.json:
        faults = [problem_as_json(one) for one in broken]
        print_json({"templates": [fields(one) for one in known], "broken": faults})
        return codes.DONE
    for one in known:
        headings = ", ".join(messages.heading(section) for section in one.sections)
        mark = "*" if one.own else " "
        print(f"{mark} {one.key:<20}  {messages.named(messages.template_name(one), headings)}")
    for fault in broken:
        say(str(messages.explain(fault)))
    return codes.DONE
