"""What a person may write after the program's name: the parser, to which each family adds its verbs."""

from __future__ import annotations

import argparse
import math
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import paths
from core.messages import _, marked
from core.terminal import codes

if TYPE_CHECKING:
    from core.meetings import Library

Act = Callable[["Library", argparse.Namespace], int]
"""What a verb does with an open library and its arguments; the exit code."""

Alone = Callable[[paths.Folders, argparse.Namespace], int]
"""What a verb does that needs no open library: it works where that cannot be opened, and faster."""

Check = Callable[[argparse.Namespace], str]
"""What is wrong with arguments that are right one by one, in a sentence, or ''."""

OF_ARGPARSE = (
    marked("usage: "),
    marked("positional arguments"),
    marked("options"),
    marked("%(heading)s:"),
    marked("show this help message and exit"),
    marked("%(prog)s: error: %(message)s\n"),
    marked("argument %(argument_name)s: %(message)s"),
    marked("the following arguments are required: %s"),
    marked("expected one argument"),
    marked("ignored explicit argument %r"),
    marked("ambiguous option: %(option)s could match %(matches)s"),
    marked("invalid choice: %(value)r (choose from %(choices)s)"),
    marked("invalid %(type)s value: %(value)r"),
    marked("one of the arguments %s is required"),
    marked("not allowed with argument %s"),
)
"""What argparse says by itself to users of these verbs: the English by which it asks for a translation."""


class Verbs:
    """The verbs of a parser."""

    def __init__(
        self, parser: argparse.ArgumentParser, dest: str = "verb", *, required: bool = False
    ) -> None:
        """`dest` is the argument that will hold the chosen verb's name, `required` where nothing is done without."""
        self._verbs = parser.add_subparsers(dest=dest, metavar=_("VERB"), required=required)
        self._shared = _shared(inherited=True)

    def add(
        self,
        name: str,
        act: Act | None = None,
        *,
        alone: Alone | None = None,
        check: Check | None = None,
        examples: Sequence[str] = (),
        **texts: Any,
    ) -> argparse.ArgumentParser:
        """The parser of a new verb that does `act`, or, without a library, `alone`, once `check` found nothing wrong.

        Without either it does what its parent does. `examples` are whole command lines for the end of its help.
        """
        verb = self._verbs.add_parser(name, parents=[self._shared], **texts)
        if examples:
            verb.formatter_class = argparse.RawDescriptionHelpFormatter
            verb.description = textwrap.fill(verb.description or texts.get("help", ""), 78)
            verb.epilog = "\n  ".join([_("examples:"), *examples])
        if act or alone:
            verb.set_defaults(act=act, alone=alone, check=check, parser=verb)
        return verb


def parser() -> argparse.ArgumentParser:
    """The program's parser, still without verbs."""
    vars(argparse)["_"] = _  # by this name argparse asks for its own words
    found = argparse.ArgumentParser(
        prog=paths.PROGRAM,
        description=_("Record or import meetings, turn them into text and minutes, on this machine."),
        epilog="\n".join([_("Without a verb the window opens."), "", _("exit codes:"), *_exit_codes()]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_shared(inherited=False)],
    )
    found.add_argument("--version", action=_Version, help=_("print the version of the program"))
    return found


def read(parser: argparse.ArgumentParser, words: Sequence[str]) -> argparse.Namespace:
    """What was written after the program's name; ends the program with the usage of the verb where that is wrong."""
    given, unknown = parser.parse_known_args(words)
    verb = getattr(given, "parser", parser)
    if unknown:  # argparse would show the usage of the program
        verb.error(_("unrecognized arguments: %s") % " ".join(unknown))
    if given.verb and given.check and (wrong := given.check(given)):
        verb.error(wrong)
    return given


def _exit_codes() -> Iterator[str]:
    for code, meaning in (
        (codes.DONE, _("done")),
        (codes.PROBLEM, _("another problem")),
        (codes.USAGE, _("the verb or its arguments are not understood, or name what is not there")),
        (codes.UNREADABLE, _("a file that gives no sound")),
        (codes.NO_MODEL, _("no suitable speech model")),
        (
            codes.REMOTE_FAILED,
            _(
                "the remote summariser failed: the text is kept, earlier minutes of it too, else they were made offline"
            ),
        ),
        (codes.STOPPED, _("stopped; what was finished is kept")),
    ):
        yield f"  {code:>3}  {meaning}"


def _shared(*, inherited: bool) -> argparse.ArgumentParser:
    """What may stand before a verb and, `inherited`, after it, where it must not undo what stands before."""
    shared = argparse.ArgumentParser(add_help=False)
    absent: Any = argparse.SUPPRESS if inherited else None
    flag: Any = argparse.SUPPRESS if inherited else False
    shared.add_argument("--data-dir", default=absent, metavar=_("FOLDER"), help=_("the library's folder"))
    shared.add_argument("--json", action="store_true", default=flag, help=_("print one JSON document"))
    shared.add_argument(
        "--verbose", action="store_true", default=flag, help=_("print the log too, and keep more in it")
    )
    return shared


class _Version(argparse.Action):
    """Looks the version up only when it is asked for, which takes longer than all the rest of the parser."""

    def __init__(self, option_strings: list[str], **texts: Any) -> None:
        super().__init__(option_strings, **{**texts, "dest": argparse.SUPPRESS}, nargs=0)

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> None:
        from importlib import metadata

        print(paths.PROGRAM, metadata.version(paths.PROGRAM))
        parser.exit()


# --- kinds of arguments ----------------------------------------------------------------------------


def second(text: str) -> float:
    """A time in a meeting, as seconds: '12:04', '1:02:03' or '75.5'. Raises `ArgumentTypeError`."""
    seconds = 0.0
    try:
        for place, part in enumerate(text.split(":")):
            value = float(part)
            seconds = 60 * seconds + (value if 0 <= value < (60 if place else math.inf) else math.nan)
    except ValueError:
        seconds = math.nan
    if math.isnan(seconds):
        raise argparse.ArgumentTypeError(_("“{text}” is not a time such as 12:04").format(text=text))
    return seconds


def stretch(given: argparse.Namespace) -> str:
    """What is wrong with --from and --to, in a sentence, or ''."""
    return "" if given.start < given.end else _("--to takes a time after that of --from")


def model(name: str | None) -> str:
    """What `--model` was given; a folder by its whole path, as the transcription may be carried on from elsewhere."""
    return (
        str(Path(name).expanduser().absolute()) if name and Path(name).expanduser().is_dir() else name or ""
    )


def names(text: str) -> tuple[str, ...]:
    """The names in a list with commas, each once."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, text.split(",")))))


def add_model(verb: argparse.ArgumentParser) -> None:
    """Adds `--model`, which `model` reads."""
    verb.add_argument("--model", metavar=_("NAME|FOLDER"), help=_("name or folder of the speech model"))
