"""The terminal's entry, `python -m core`; `desktop.__main__` adds the window to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

# The recorder is this same program under hidden verbs, kept small: no other part of it is imported there.
RECORDER_VERBS = {"recorder", "microphones"}


def main(arguments: Sequence[str] | None = None, window: Callable[[str | None], int] | None = None) -> int:
    """Runs a verb, or `window` with the chosen data folder where no verb is given. Returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in RECORDER_VERBS:
        from core.audio import recorder

        return recorder.run(given)
    os.umask(0o077)  # whatever is written is the user's alone
    try:
        from core import terminal

        return terminal.run(given, window)
    except KeyboardInterrupt:  # before the terminal could take it
        return 130


if __name__ == "__main__":
    sys.exit(main())
