"""Completion in the shell, by argcomplete: the verb that prints its script, and which meetings are proposed."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from core import messages, paths
from core.messages import _
from core.terminal.codes import DONE
from core.terminal.output import print_json

if TYPE_CHECKING:
    from core.terminal.arguments import Verbs

SHELLS = ("bash", "zsh", "fish", "powershell")


def register(verbs: Verbs) -> None:
    """Adds `completion`."""
    completion = verbs.add(
        "completion",
        alone=_script,
        help=_("print what makes a shell complete verbs, options and meetings"),
        description=_("Prints a script. Where the shell reads it at its start, Tab completes."),
        examples=(
            'eval "$(meeting-transcriber completion bash)"    # ~/.bashrc, ~/.zshrc',
            "meeting-transcriber completion fish > ~/.config/fish/completions/meeting-transcriber.fish",
        ),
    )
    completion.add_argument("shell", choices=SHELLS)


def _script(_places: paths.Folders, given: argparse.Namespace) -> int:
    from argcomplete.shell_integration import shellcode

    script = shellcode([paths.PROGRAM], shell=given.shell)
    if given.json:
        print_json({"script": script})
    else:
        print(script)
    return DONE


def propose(parser: argparse.ArgumentParser) -> None:
    """Answers the shell and ends the program, where it is the shell that asks; else does nothing."""
    if "_ARGCOMPLETE" not in os.environ:
        return
    import argcomplete
    from argcomplete.completers import FilesCompleter

    class Proposals(FilesCompleter):
        """Meetings where an id is wanted, else files."""

        def __call__(self, prefix: str, **asked: Any) -> Any:
            """The words that may stand there, with what they mean."""
            if asked["action"].dest in {"id", "ids", "meeting"}:
                return _meetings(paths.folders(asked["parsed_args"].data_dir))
            return super().__call__(prefix, **asked)

    argcomplete.autocomplete(parser, default_completer=Proposals())


def _meetings(places: paths.Folders) -> dict[str, str]:
    """The ids of the library's meetings with their titles; nothing where there is no library yet."""
    if not places.database.exists():
        return {}
    from core.store import Store

    store = Store(places)
    try:
        return {one.id: f"{messages.day_and_time(one.started_at)} {one.title}" for one in store.meetings()}
    finally:
        store.close()
