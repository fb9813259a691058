"""The terminal's entry, `python -m core`; `desktop.__main__` adds the window to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

Window = Callable[[str | None, Sequence[str]], int]
"""Opens the window on a data folder, takes files in, and comes back with the exit status."""


def main(arguments: Sequence[str] | None = None, window: Window | None = None) -> int:
    """Runs a verb, or opens `window` where none is given, or `open`. Returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # The processes of a recording are this same program, kept small: no other part of it is imported there.
    match given[:1]:
        case ["source"]:
            from core.audio import sources

            return sources.run()
        case ["recorder"]:
            from core.audio import recorder

            return recorder.run(given[1:])
        case ["devices"]:
            from core.audio import devices

            return devices.run()
    os.umask(0o077)  # whatever is written is the user's alone
    try:
        files = _files_to_open(given)
        if window and files is not None:
            return window(None, files)
        from core import terminal

        return terminal.run(given, window)
    except KeyboardInterrupt:  # before the terminal could take it
        return 130


def _files_to_open(given: Sequence[str]) -> list[str] | None:
    """What a desktop starts the window with. None where more is said, which only the terminal's parser understands."""
    match given:
        case []:
            return []
        case ["open", *files] if not any(file.startswith("-") for file in files):
            return list(map(os.path.abspath, files))
    return None


if __name__ == "__main__":
    sys.exit(main())
