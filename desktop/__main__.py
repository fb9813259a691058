"""The program's one entry: `meeting-transcriber` opens the window, with a verb it is the terminal."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from core.__main__ import main as core_main


def main() -> int:
    """Runs the program; returns its exit status."""
    if sys.argv[1:] == ["print"]:  # what `desktop.printing` starts
        from desktop import printing

        return printing.run()
    return core_main(window=_open)


def why_no_window() -> str:
    """What this machine lacks for a window, in words, or ''; Qt would abort the whole program for want of it."""
    from core.messages import _

    given = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    if sys.platform != "linux" or any(map(os.environ.get, given)):
        return ""
    return _("this machine has no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)")


def _open(data_dir: str | None, files: Sequence[str]) -> int:
    if why_no_window():
        from core import messages, paths, settings
        from core.messages import _
        from core.terminal import PROBLEM
        from core.terminal.output import say

        messages.use_language(settings.load(paths.folders(data_dir).settings).language)
        say(_("No window opens: {reason}.").format(reason=why_no_window()))
        say(_("The verbs work without one: {command}").format(command="meeting-transcriber --help"))
        return PROBLEM
    return int(imported().run(data_dir, files))


def imported() -> ModuleType:
    """`desktop.app`. What is imported stays: looking through it for what nobody needs any more only takes time."""
    gc.disable()
    from desktop import app

    gc.freeze()
    gc.enable()
    return app


if __name__ == "__main__":
    sys.exit(main())
