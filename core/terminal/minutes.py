"""The verbs about minutes: make them, list their versions and templates."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from core import errors, messages
from core.messages import _
from core.terminal import codes
from core.terminal.arguments import Verbs
from core.terminal.output import fields, minutes_as_json, print_json, say
from core.terminal.progress import follow
from core.values import SummaryOptions

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `summarise`, `minutes` and `templates`."""
    summarise = verbs.add("summarise", _summarise, help=_("make the minutes of a meeting again"))
    summarise.add_argument("id", metavar=_("ID"))
    add_minutes(summarise)

    minutes = verbs.add("minutes", _minutes, help=_("list the versions of a meeting's minutes"))
    minutes.add_argument("id", metavar=_("ID"))
    minutes.add_argument(
        "--show", type=int, metavar=_("VERSION"), help=_("bring this version back, by its number")
    )

    verbs.add("templates", _templates, help=_("list the templates of minutes"))


def add_minutes(verb: argparse.ArgumentParser) -> None:
    """Adds what can be chosen for minutes, which `summary_options` reads."""
    verb.add_argument(
        "--provider", choices=("offline", "mistral", "server"), help=_("who writes the minutes")
    )
    verb.add_argument(
        "--template", metavar=_("NAME"), help=_("template of the minutes, see the verb templates")
    )
    verb.add_argument("--minutes-language", metavar=_("CODE"), help=_("language of the minutes"))
    verb.add_argument("--length", choices=("short", "normal", "long"), help=_("how long the minutes are"))
    verb.add_argument(
        "--agree", action="store_true", help=_("let the text be sent to the provider, now and later")
    )


def summary_options(library: Library, given: argparse.Namespace) -> SummaryOptions:
    """What was given, and for the rest what the settings say. Raises `TemplateUnknown` or `LanguageUnknown`."""
    from core.speech import LANGUAGES
    from core.summary import templates

    base = library.summary_options(given.provider or "")
    if given.minutes_language and given.minutes_language not in LANGUAGES:
        raise errors.LanguageUnknown(given.minutes_language)
    return SummaryOptions(
        provider=base.provider,
        model=base.model,
        language=given.minutes_language or base.language,
        template=templates.find(library.places.minutes_templates, given.template).key
        if given.template
        else base.template,
        length=given.length or base.length,
    )


def agree(library: Library, options: SummaryOptions, given: argparse.Namespace) -> None:
    """Says what leaves this machine before the first time, and notes that the person agrees.

    By `--agree`, or when asked; without an answer nothing is sent.
    """
    from core.meetings import providers

    if not providers.needs_consent(library, options.provider):
        return
    say(messages.what_is_sent(providers.place_of(library, options.provider)))
    yes = {"yes", "y", _("yes").casefold()}
    if given.agree or (sys.stdin.isatty() and input(f"{_('Send it? Type yes:')} ").strip().casefold() in yes):
        providers.consent(library, options.provider)


def _summarise(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    meeting = library.store.meeting(given.id)
    options = summary_options(library, given)
    agree(library, options, given)
    minutes = follow(meetings.summarise(library, meeting.id, options))
    if given.json:
        print_json(minutes_as_json(minutes))
    else:
        for section, lines in minutes.parts():
            if lines:
                print(f"\n{messages.heading(section)}")
            for line in lines:
                times = ", ".join(messages.clock(one.start) for one in line.evidence)
                print(f"- {line.text}{f' ({times})' if times else ''}")
    return codes.DONE if minutes.made_by == options.provider else codes.REMOTE_FAILED


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


def _templates(library: Library, given: argparse.Namespace) -> int:
    from core.summary import templates

    known = templates.known(library.places.minutes_templates)
    if given.json:
        print_json({"templates": [fields(one) for one in known]})
        return codes.DONE
    for one in known:
        headings = ", ".join(messages.heading(section) for section in one.sections)
        print(f"{one.key:<20}  {messages.template_name(one)}: {headings}")
    return codes.DONE
