"""The settings' page about recording."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent

from core import messages
from core.messages import _
from core.settings import Settings
from core.values import Channel, Devices
from desktop.commands import Commands
from desktop.views.actions import no_system_sound, sources
from desktop.views.settings.page import SettingsPage, fill
from desktop.views.widgets import label

LOOK_MILLISECONDS = 5000
"""How long after one look at the devices the next follows, while they are shown: each takes a process of its own."""

SILENCES = (15, 30, 60)
"""Minutes without a voice after which a recording may end by itself."""


class RecordingPage(SettingsPage):
    """What is recorded, from which microphone, and how a recording goes on and ends."""

    @staticmethod
    def title() -> str:
        """The name of the page."""
        return _("Recording")

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        chosen = commands.settings.microphone
        live = [
            ("on", _("While recording")),
            ("mains", _("While recording, but not on battery")),
            ("off", _("After the recording")),
        ]
        silences = [(0, _("Never")), *((one, messages.length(60 * one)) for one in SILENCES)]
        closing = [
            ("", _("Ask")),
            ("keep", _("Go on recording in the background")),
            ("stop", _("Stop and keep the recording")),
        ]
        self.microphones = self.choice([(chosen, chosen or default_microphone())], "microphone")
        self.system = label("", "meta", wrap=True)
        self.sources = self.choice([(name, text) for name, (text, _tip) in sources().items()], "sources")
        self.add(_("What is recorded"), self.sources)
        self.add_hint(self.system)
        self.add(_("Microphone"), self.microphones)
        self.add(_("Text is made"), self.choice(live, "live_text"))
        self.add(_("Stop by itself when nobody is heard for"), self.choice(silences, "stop_after_silence"))
        self.add(_("Closing the window while recording"), self.choice(closing, "closing"))
        self.end()
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_MILLISECONDS)
        self._look.timeout.connect(commands.look_for_devices)
        self._shown = False
        commands.devices_found.connect(self._show_devices)
        commands.settings_changed.connect(self._enable_microphones)
        self._enable_microphones(commands.settings)

    def showEvent(self, event: QShowEvent) -> None:
        """Looks at the devices from now on."""
        super().showEvent(event)
        self._shown = True
        self.commands.look_for_devices()

    def hideEvent(self, event: QHideEvent) -> None:
        """Looks no more."""
        super().hideEvent(event)
        self._shown = False
        self._look.stop()

    def _show_devices(self, devices: Devices) -> None:
        """Shows what is there now; an open list is left alone until the next look."""
        if self._shown:
            self._look.start()
        if not self.microphones.view().isVisible():
            fill(self.microphones, microphones(devices), self.commands.settings.microphone)
        heard = f"{messages.source_name(Channel.SYSTEM)} · {devices.system}"
        self.system.setText(no_system_sound(devices) or heard)

    def _enable_microphones(self, settings: Settings) -> None:
        self.microphones.setEnabled(settings.sources != "system")


def default_microphone() -> str:
    """The words for no microphone in particular."""
    return _("The system's default")


def microphones(devices: Devices) -> list[tuple[str, str]]:
    """What there is to choose from, the default one first."""
    usual = next((one.name for one in devices.microphones if one.is_default), "")
    first = f"{default_microphone()} ({usual})" if usual else default_microphone()
    return [("", first), *((one.name, one.name) for one in devices.microphones)]
