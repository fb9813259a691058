"""What a person chooses: the settings, and what there is to choose from."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from core import paths
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, Tasks
from core.values import Devices
from desktop.bridge import Bridge
from desktop.commands.asking import Asking

if TYPE_CHECKING:
    from core.meetings import Library


class Choices(Asking):
    """The settings, speech models, devices and the remote provider's key."""

    said = Signal(str, object)  # a sentence, and what undoes it (a callable) or None
    settings_changed = Signal(object)  # Settings
    settings_kept = Signal()  # the library has them too: jobs that begin now go by them
    models_found = Signal(object)  # tuple[Model, ...]
    devices_found = Signal(object)  # Devices
    key_known = Signal(bool)  # whether there is a key for the remote provider

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self.has_key = False

    def change_settings(self, **changes: Any) -> None:
        """Keeps these fields of the settings from now on."""
        self.settings = settings = dataclasses.replace(self.settings, **changes)
        self.settings_changed.emit(settings)
        self._ask(lambda library: library.change_settings(settings), lambda _none: self.settings_kept.emit())

    def look_for_models(self) -> None:
        """Lists the speech models on this machine."""
        folders = self.settings.model_folders

        def models(_library: Library) -> Any:
            from core import speech

            return speech.installed(folders, self.places.models)

        self._ask(models, self.models_found.emit, lane=Lane.IO)

    def add_model(self, folder: str) -> None:
        """Adds the speech model in `folder` and chooses it."""

        def check(_library: Library) -> str:
            from core import speech
            from core.values import TranscriptOptions

            return speech.find_model(TranscriptOptions(model=folder), (), self.places.models).folder

        def add(checked: str) -> None:
            folders = (*(one for one in self.settings.model_folders if one != checked), checked)
            self.change_settings(model_folders=folders, model=checked)
            self.look_for_models()

        self._ask(check, add, lane=Lane.IO)

    def look_for_devices(self) -> None:
        """Lists the microphones, and whether the system's sound can be recorded."""

        def found(_library: Library) -> Devices:
            from core.audio import devices

            return devices.devices()

        self._ask(found, self.devices_found.emit, lane=Lane.IO)

    def look_for_key(self) -> None:
        """Finds out whether there is a key for the remote provider."""

        def known(_library: Library) -> bool:
            from core import credentials

            return bool(credentials.mistral_key())

        self._ask(known, self._key_known, lane=Lane.IO)

    def keep_key(self, key: str) -> None:
        """Keeps the remote provider's key, '' removes it."""

        def keep(_library: Library) -> bool:
            from core import credentials

            return credentials.keep_mistral_key(key)

        def kept(in_keyring: bool) -> None:
            # Without the kept key there may still be one in the environment.
            self.look_for_key()
            if key and not in_keyring:
                self.said.emit(_("This system has no keyring, so the key lasts until you quit"), None)

        self._ask(keep, kept, lane=Lane.IO)

    def _key_known(self, known: bool) -> None:
        self.has_key = known
        self.key_known.emit(known)
