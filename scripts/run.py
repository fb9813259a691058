"""What `make run` starts: the window, or the sample meeting where no window can open."""

from __future__ import annotations

import subprocess
import sys

from core import messages
from core.__main__ import main as core_main
from core.messages import _
from desktop.__main__ import main as desktop_main
from desktop.__main__ import why_no_window

PROBE = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def reason_for_no_window() -> str:
    """Why Qt cannot open a window here, '' when it can. Tried in a process of its own: Qt aborts on failure."""
    if lacking := why_no_window():
        return lacking
    tried = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        return ""
    said = [line for line in tried.stderr.splitlines() if line.strip()]
    return said[0] if said else _("Qt ended with status {status}").format(status=tried.returncode)


def main() -> int:
    """Opens the window; without a screen processes the sample meeting. Returns the exit status."""
    messages.use_language("")
    reason = reason_for_no_window()
    if not reason:
        return desktop_main()
    print(_("No window opens: {reason}.").format(reason=reason))
    print(_("The sample meeting is processed instead; its minutes will be in this file:"), flush=True)
    status = core_main(["process", "--sample"])
    if status == 0:
        print(_("With a screen, make run opens the window."))
    return status


if __name__ == "__main__":
    sys.exit(main())
