"""What is asked before the window goes while a recording runs."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from core.messages import _
from desktop.views.widgets import Question


class _WhileRecording(Question):
    """Asks what is meant to become of the recording that runs. Accepted: stop and keep it."""

    def __init__(self, parent: QWidget, **answers: Any) -> None:
        """`answers` as for `Question`."""
        text = _("A recording is running. What was recorded is kept in any case.")
        super().__init__(parent, _("A recording is running"), text, **answers)


class StopRecording(_WhileRecording):
    """Before the program ends."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent,
            yes=(_("Stop and quit"), _("End the recording and close the program")),
            no=(_("Go on recording"), _("Leave the program open")),
        )


class Closing(_WhileRecording):
    """When the window is closed; instead of stopping it can go on without the window."""

    def __init__(self, parent: QWidget, *, tray: bool) -> None:
        aside = (_("Keep recording in the tray"), _("Hide the window; its icon in the tray brings it back"))
        minimised = (_("Keep recording, minimised"), _("Make the window small; the recording goes on"))
        super().__init__(
            parent,
            yes=(_("Stop and close"), _("End the recording and close the program")),
            no=(_("Cancel"), _("Leave the window open")),
            instead=aside if tray else minimised,
            remember=(_("Remember my choice"), _("It can be changed in the settings")),
        )
