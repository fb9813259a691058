"""The verbs for text: hearing a stretch again, and the words to listen for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core import messages
from core.messages import _, clock
from core.terminal import arguments
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import fields, print_json, say
from core.terminal.process import check_language
from core.terminal.progress import follow

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `transcribe-again` and `vocabulary`."""
    again = verbs.add(
        "transcribe-again",
        _transcribe_again,
        check=arguments.stretch,
        help=_("transcribe a stretch of a meeting again"),
        examples=("meeting-transcriber transcribe-again 5c0ffee5ab1e --from 12:04 --to 12:40 --model small",),
    )
    again.add_argument("id", metavar=_("ID"))
    for option, name, meant in (
        ("--from", "start", _("where the stretch begins")),
        ("--to", "end", _("where the stretch ends")),
    ):
        again.add_argument(
            option, dest=name, type=arguments.second, required=True, metavar="MM:SS", help=meant
        )
    arguments.add_model(again)
    again.add_argument("--language", default="", metavar=_("CODE"), help=_("language spoken in the stretch"))
    again.add_argument(
        "--preset", choices=("best", "balanced", "fast"), default="best", help=_("how carefully to listen")
    )

    vocabulary = verbs.add(
        "vocabulary", _vocabulary, check=_words, help=_("words and names that transcriptions listen for")
    )
    vocabulary.add_argument("--tag", default="", metavar=_("TAG"), help=_("those of meetings with this tag"))
    vocabulary.add_argument(
        "do",
        nargs="?",
        metavar=_("ACTION"),
        choices=("list", "add", "remove"),
        default="list",
        help=_("what is done with them: list, add or remove"),
    )
    vocabulary.add_argument("words", nargs="*", metavar=_("WORD"))


def _words(given: argparse.Namespace) -> str:
    if given.do == "list":
        return _("Words stand behind add or remove") if given.words else ""
    return "" if given.words and all(map(str.strip, given.words)) else _("add and remove take words")


def _transcribe_again(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    check_language(given.language)
    job = meetings.transcribe_again(
        library,
        library.store.meeting(given.id).id,
        given.start,
        given.end,
        model=arguments.model(given.model),
        language=given.language,
        preset=given.preset,
    )
    stretch = [one for one in follow(job).segments if one.start < given.end and given.start < one.end]
    if given.json:
        print_json({"segments": [*map(fields, stretch)]})
        return DONE
    for one in stretch:
        doubt = f" ({messages.doubt(one)})" if one.doubt else ""
        print(f"{clock(one.start)} {messages.said(one)}{doubt}")
    return DONE


def _vocabulary(library: Library, given: argparse.Namespace) -> int:
    store = library.store
    terms = store.vocabulary(given.tag)
    if given.do == "add":
        store.set_vocabulary((*terms, *given.words), given.tag)
    elif given.do == "remove":
        named = {" ".join(word.split()).casefold(): word for word in given.words}
        store.set_vocabulary((term for term in terms if term.casefold() not in named), given.tag)
        for folded in set(named) - {term.casefold() for term in terms}:
            say(_("“{word}” is not listened for.").format(word=named[folded]))
    terms = store.vocabulary(given.tag)
    if given.json:
        print_json({"tag": given.tag.removeprefix("#"), "vocabulary": terms})
        return DONE
    for term in terms:
        print(term)
    if not terms:
        say(_("No words are listened for yet."))
    return DONE
