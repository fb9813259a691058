"""The program's one entry: `meeting-transcriber` opens the window, with a verb it is the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.__main__ import main as core_main


def main() -> int:
    """Runs the program; returns its exit status."""
    if sys.argv[1:] == ["print"]:  # what `desktop.printing` starts
        from desktop import printing

        return printing.run()
    return core_main(window=_open)


def _open(data_dir: str | None, files: Sequence[str]) -> int:
    from desktop import app

    return app.run(data_dir, files)


if __name__ == "__main__":
    sys.exit(main())
