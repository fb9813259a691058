"""What a person chooses: the settings, and what there is to choose from."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from core import messages, paths
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, State, Task, Tasks
from core.values import Devices, Event, Job, Model, Models, Recording
from desktop.bridge import Bridge
from desktop.commands.answers import Remedy, Vocabulary, trouble
from desktop.commands.diagnosis import Diagnosis

if TYPE_CHECKING:
    from core.meetings import Library

TRIAL_SECONDS = 20.0
"""How long a microphone is tried where nobody ends it."""

NO_MODEL = "no_model"
"""The kind of the trouble that a model could not be taken in."""


class Choices(Diagnosis):
    """The settings, speech models, devices and the remote provider's key."""

    said = Signal(str, object)  # a sentence, and what undoes it (a callable) or None
    settings_changed = Signal(object)  # Settings
    settings_kept = Signal()  # the library has them too: jobs that begin now go by them
    models_found = Signal(object)  # Models
    fetching_changed = Signal(
        object
    )  # Fetching, Waiting; at last the new Model, Trouble, or None: stopped, or in use
    devices_found = Signal(object)  # Devices
    vocabulary_found = Signal(object)  # Vocabulary
    microphone_heard = Signal(object)  # SourceState; at last Trouble, or None: it ended
    key_known = Signal(bool)  # whether there is a key for Mistral
    server_key_known = Signal(bool)  # whether there is one for the server of the settings

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self.has_key = False
        self._fetch: Task | None = None
        self._trial: Task | None = None

    def change_settings(self, **changes: Any) -> None:
        """Keeps these fields of the settings from now on."""
        self.settings = settings = dataclasses.replace(self.settings, **changes)
        self.settings_changed.emit(settings)
        self._store(
            lambda library: library.change_settings(settings), lambda _none: self.settings_kept.emit()
        )

    def take_over(self, settings: Settings) -> None:
        """Goes by these settings, which were changed and kept elsewhere."""
        self.settings = settings
        self.settings_changed.emit(settings)
        self.settings_kept.emit()

    def look_for_models(self) -> None:
        """Lists the speech models that are here and that can be had."""

        def models(library: Library) -> Models:
            from core import meetings

            return meetings.known_models(library)

        self._ask(models, self.models_found.emit, lane=Lane.IO)

    @property
    def likely_language(self) -> str:
        """The language that this person's meetings are probably in: the chosen one, else the window's."""
        return self.settings.spoken_language or messages.language()

    def languages(self) -> tuple[str, ...]:
        """The codes of all languages that a multilingual speech model knows."""
        from core.speech import LANGUAGES

        return LANGUAGES

    def use_model(self, model: Model) -> None:
        """Chooses a speech model of this machine."""
        from core import speech  # there by now: it found the model

        self.change_settings(model="" if model.built_in and model.name == speech.own() else model.name)

    def fetch_model(self, name: str, *, use: bool = False) -> None:
        """Downloads a published model, and chooses it where it is to be of `use` at once; one at a time."""

        def job(library: Library) -> Job[Model]:
            from core import meetings

            return (yield from meetings.fetch_model(library, name))

        again = Remedy(_("Try again"), _("Go on with the download"), lambda: self.fetch_model(name, use=use))
        self._take_in(job, again, use=use)

    def add_model(self, folder: str) -> None:
        """Takes in the speech model in `folder` and chooses it."""

        def job(library: Library) -> Job[Model]:
            from core import meetings

            return (yield from meetings.add_model(library, folder))

        self._take_in(job, None, use=True)

    def stop_fetching(self) -> None:
        """Ends the download that runs; it can be carried on."""
        if self._fetch:
            self._tasks.stop(self._fetch)

    def remove_model(self, name: str) -> None:
        """Removes a speech model from the library."""

        def remove(library: Library) -> Settings:
            from core import meetings

            meetings.remove_model(library, name)
            return library.settings

        self._ask(remove, self._models_changed)

    def _take_in(self, job: Callable[[Library], Job[Model]], again: Remedy | None, *, use: bool) -> None:
        library = self._library
        if library is None or self._closing or self._fetch:
            return
        self.settled.emit(NO_MODEL)

        def ended(task: Task) -> None:
            self._fetch = None
            if task.error:
                failure = dataclasses.replace(trouble(task.error), kind=NO_MODEL, remedy=again)
                self.fetching_changed.emit(failure)
                self.troubled.emit(failure)
            elif task.state is State.DONE:
                self._taken_in(task.result, use=use)
                self.fetching_changed.emit(None if use else task.result)
            else:
                self.fetching_changed.emit(None)
            self.look_for_models()

        self._fetch = self._tasks.start(
            job(library),
            lane=Lane.IO,
            on_event=lambda _task, event: self._bridge.carry(lambda: self.fetching_changed.emit(event)),
            on_end=lambda task: self._bridge.carry(lambda: ended(task)),
        )

    def _taken_in(self, model: Model, *, use: bool) -> None:
        folders = self.settings.model_folders
        elsewhere = not model.built_in and Path(model.folder).parent != self.places.models
        if elsewhere and model.folder not in folders:
            self.change_settings(model_folders=(*folders, model.folder))
        if use:
            self.use_model(model)

    def _models_changed(self, settings: Settings) -> None:
        self.settings = settings
        self.settings_changed.emit(settings)
        self.look_for_models()

    def look_for_vocabulary(self, tag: str) -> None:
        """Reads the words that are listened for in meetings with this tag, '' for those of all."""

        def words(library: Library) -> Vocabulary:
            return Vocabulary(tag, library.store.vocabulary(tag), library.store.tags())

        self._ask(words, self.vocabulary_found.emit)

    def keep_vocabulary(self, terms: tuple[str, ...], tag: str) -> None:
        """Replaces those words, the most important first."""
        self._store(lambda library: library.store.set_vocabulary(terms, tag))

    def look_for_devices(self) -> None:
        """Lists the microphones, and whether the system's sound can be recorded."""

        def found(_library: Library) -> Devices:
            from core.audio import devices

            return devices.devices()

        self._ask(found, self.devices_found.emit, lane=Lane.IO)

    def try_microphone(self) -> None:
        """Hears the chosen microphone for a while, tells how loud it is, and keeps nothing; one trial at a time."""
        microphone = self.settings.microphone

        def job(_library: Library) -> Job[None]:
            from core import meetings

            return (yield from meetings.try_microphone(microphone, TRIAL_SECONDS))

        def told(_task: Task, event: Event) -> None:
            if isinstance(event, Recording):
                for source in event.sources:
                    self.microphone_heard.emit(source)

        def ended(task: Task) -> None:
            self._trial = None
            self.microphone_heard.emit(trouble(task.error) if task.error else None)

        if self._trial is None:
            self._trial = self._start(job, None, Lane.IO, told=told, ended=ended)

    def stop_trying(self) -> None:
        """Ends the trial of the microphone."""
        if self._trial:
            self._tasks.stop(self._trial)

    def look_for_key(self) -> None:
        """Finds out whether there is a key for Mistral, and one for the server of the settings."""
        address = self.settings.provider_address

        def known(_library: Library) -> tuple[bool, bool]:
            from core import credentials

            return bool(credentials.mistral_key()), bool(credentials.server_key(address))

        self._ask(known, self._keys_known, lane=Lane.IO)

    def keep_key(self, key: str) -> None:
        """Keeps Mistral's key, '' removes it."""
        self._keep_key("", key)

    def keep_server_key(self, key: str) -> None:
        """Keeps the key of the server of the settings, '' removes it; without a server there is nothing to keep."""
        if address := self.settings.provider_address:
            self._keep_key(address, key)

    def _keep_key(self, address: str, key: str) -> None:
        def keep(_library: Library) -> bool:
            from core import credentials

            kept = partial(credentials.keep_server_key, address) if address else credentials.keep_mistral_key
            return kept(key)

        def kept(in_keyring: bool) -> None:
            # Without the kept key there may still be one in the environment.
            self.look_for_key()
            if key and not in_keyring:
                self.said.emit(_("This system has no keyring, so the key lasts until you quit"), None)

        self._ask(keep, kept, lane=Lane.IO)

    def _keys_known(self, known: tuple[bool, bool]) -> None:
        self.has_key, has_server_key = known
        self.key_known.emit(self.has_key)
        self.server_key_known.emit(has_server_key)
