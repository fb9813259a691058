"""The verb that tells about this machine."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core import messages
from core.messages import _
from core.terminal.arguments import Verbs
from core.terminal.codes import DONE
from core.terminal.output import fields, print_json
from core.terminal.progress import follow

if TYPE_CHECKING:
    from core.meetings import Library


def register(verbs: Verbs) -> None:
    """Adds `diagnostics`."""
    diagnostics = verbs.add(
        "diagnostics",
        _diagnostics,
        help=_("tell about this machine and this program, for whoever helps"),
    )
    diagnostics.add_argument(
        "--measure", action="store_true", help=_("measure first how fast this machine transcribes")
    )


def _diagnostics(library: Library, given: argparse.Namespace) -> int:
    from core import meetings

    if given.measure:
        follow(meetings.measure_machine(library))
    found = meetings.diagnostics(library)
    if given.json:
        print_json(fields(found))
    else:
        print(messages.diagnostics(found))
    return DONE
