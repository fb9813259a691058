"""What the next recording hears, and that who takes part agreed: the menu beside the Record button."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from core.messages import _
from core.settings import Settings
from core.values import Devices
from desktop import tips
from desktop.commands import Commands
from desktop.views.actions import Actions, no_system_sound


class RecordMenu(QMenu):
    """Chooses the sources and the microphone; what there is to choose from is looked up when it opens."""

    def __init__(self, commands: Commands, actions: Actions) -> None:
        super().__init__(_("Record from"))
        self.setToolTipsVisible(True)
        self._commands = commands
        self._sources = actions.sources
        self._tips = {name: action.toolTip() for name, action in actions.sources.items()}
        self._microphones = QActionGroup(self)
        for name, action in actions.sources.items():
            self.addAction(action)
            action.triggered.connect(lambda _checked, name=name: commands.change_settings(sources=name))
        self.addSeparator()
        self._agreed = actions.agreed
        self.addAction(self._agreed)
        self._agreed.triggered.connect(commands.agree)
        commands.recording_changed.connect(lambda _recording: self._agreed.setChecked(commands.agreed))
        self.addSeparator()
        self._show_microphones(Devices(()))
        self._show_chosen(commands.settings)
        self.aboutToShow.connect(commands.look_for_devices)
        commands.devices_found.connect(self._show_devices)
        commands.settings_changed.connect(self._show_chosen)

    def _show_chosen(self, settings: Settings) -> None:
        if settings.sources in self._sources:
            self._sources[settings.sources].setChecked(True)
        for action in self._microphones.actions():
            action.setChecked(action.data() == settings.microphone)

    def _show_devices(self, devices: Devices) -> None:
        for name in ("both", "system"):
            self._sources[name].setEnabled(bool(devices.system))
            self._sources[name].setToolTip(no_system_sound(devices) or self._tips[name])
        self._show_microphones(devices)

    def _show_microphones(self, devices: Devices) -> None:
        chosen = self._commands.settings.microphone
        for action in self._microphones.actions():
            self._microphones.removeAction(action)
            self.removeAction(action)
            action.deleteLater()
        self._offer("", _("The system's default microphone"))
        names = [microphone.name for microphone in devices.microphones]
        for name in names:
            self._offer(name, name)
        if chosen and chosen not in names:
            self._offer(chosen, chosen)

    def _offer(self, name: str, text: str) -> None:
        action = QAction(tips.verbatim(text), self)
        action.setToolTip(_("Record from this microphone"))
        action.setData(name)
        action.setCheckable(True)
        action.setChecked(name == self._commands.settings.microphone)
        action.triggered.connect(lambda: self._commands.change_settings(microphone=name))
        self._microphones.addAction(action)
        self.addAction(action)
