"""The settings page about the program and this machine: what is known, to copy, and to measure again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from core import messages
from core.messages import _
from core.values import Diagnostics
from desktop.commands import Commands
from desktop.views.settings.page import SettingsPage
from desktop.views.widgets import button, label, row


class AboutPage(SettingsPage):
    """Shows `Commands.look_at_machine` when it is shown."""

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands, _("About & diagnostics"))
        self.facts = label(_("Looking…"), "meta", wrap=True)
        self.facts.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.facts.setAccessibleName(_("About this machine and this program"))
        self.copy = button(_("Copy"), self._copy, tip=_("Copy all of this, to send it to whoever helps"))
        self.measure = button(
            _("Measure again"), self._measure, tip=_("Find out how this machine transcribes fastest")
        )
        self.copy.setEnabled(False)
        buttons = QWidget()
        buttons.setLayout(row(self.copy, self.measure, None))
        self.add_wide("", self.facts)
        self.add_wide("", buttons)
        self.end()
        commands.machine_known.connect(self._show)
        commands.look_at_machine()

    def _show(self, found: Diagnostics) -> None:
        self.facts.setText(messages.diagnostics(found))
        self.copy.setEnabled(True)
        self.measure.setEnabled(True)

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.facts.text())

    def _measure(self) -> None:
        self.measure.setEnabled(False)
        self.commands.measure_machine()
