"""The local interface, alone: for programs that use the library while no window is open."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from core import credentials, paths
from core.api import DEFAULT_PORT, LOOPBACK
from core.messages import _
from core.tasks import Tasks
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import print_json, say
from core.terminal.progress import on_stop
from core.values import Serving

if TYPE_CHECKING:
    from core.meetings import Library

ENDING_SECONDS = 3.0
"""How long jobs may take to end their step."""


def register(verbs: Verbs) -> None:
    """Adds `serve`."""
    serve = verbs.add(
        "serve",
        _serve,
        check=_port,
        help=_("let other programs of yours use the library"),
        description=_(
            "Answers requests over HTTP until Ctrl+C. Only programs that have the token can ask, and without --host "
            "only those of this machine. "
            "The page /docs of the printed address explains how."
        ),
        examples=(
            "meeting-transcriber serve",
            "meeting-transcriber serve --token",
        ),
    )
    serve.add_argument(
        "--port",
        type=int,
        default=None,
        metavar=_("N"),
        help=_("port of the address, 0 for a free one (default: that of the settings)"),
    )
    serve.add_argument(
        "--host",
        default=LOOPBACK,
        metavar=_("ADDRESS"),
        help=_("address that others can reach, so that other machines can ask too"),
    )
    token = serve.add_mutually_exclusive_group()
    token.add_argument("--token", action="store_true", help=_("print the token and end"))
    token.add_argument("--new-token", action="store_true", help=_("make another token, print it and end"))


def _port(given: argparse.Namespace) -> str:
    right = given.port is None or 0 <= given.port <= 65535
    return "" if right else _("--port takes a number from 0 to 65535")


def _serve(library: Library, given: argparse.Namespace) -> int:
    if given.token or given.new_token:
        token = credentials.api_token(library.places, new=given.new_token)
        if given.json:
            print_json({"token": token})
        else:
            print(token)
        return DONE
    from core import api, speech

    stopped = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True

    port = library.settings.api_port or DEFAULT_PORT if given.port is None else given.port
    # A model that nobody has needed for a while gives its memory back, as in the window.
    tasks, told = Tasks(on_rest=speech.Engine.release), False
    job = api.serve(library, tasks, host=given.host, port=port)
    on_stop(stop)
    try:
        for event in job:
            if isinstance(event, Serving) and not told:
                told = True
                _tell(event, given)
            if stopped:
                break
    finally:
        job.close()
        tasks.close(ENDING_SECONDS)
    return DONE


def _tell(serving: Serving, given: argparse.Namespace) -> None:
    if given.host not in {LOOPBACK, "localhost", "::1"}:
        say(
            _(
                "Other machines can reach this, and what is sent can be read on the way. "
                "Use it in a network that you trust alone."
            )
        )
    say(_("Listening at {address} until Ctrl+C.").format(address=serving.address))
    say(_("The token: {command}").format(command=f"{paths.PROGRAM} serve --token"))
    if given.json:
        print_json({"address": serving.address})
        sys.stdout.flush()
    else:
        print(serving.address, flush=True)
