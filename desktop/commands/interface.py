"""The local interface while the window is open: on or off, its token, and what others do through it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from core import paths
from core.api.host import Host
from core.settings import Settings
from core.tasks import Lane, Task, Tasks
from core.values import Event, Job, Serving, Stage
from desktop.bridge import Bridge
from desktop.commands.answers import trouble
from desktop.commands.storing import Storing

if TYPE_CHECKING:
    from core.meetings import Library

_SHOWN = frozenset({Stage.TRANSCRIBE, Stage.SEPARATE, Stage.SUMMARISE})
"""The jobs that the window shows as if it had begun them; of the others it sees what comes of them."""


class _Window(Host):
    """Has the window hear, on its own thread, what is done through the interface."""

    carries_on = True

    def __init__(self, interface: Interface) -> None:
        self._interface = interface

    def heard(self, task: Task, event: Event | None) -> None:
        self._interface.carry_heard(task, event)

    def settings_changed(self, settings: Settings) -> None:
        self._interface.carry_settings(settings)


class Interface(Storing):
    """Answers other programs of this person as long as the settings say so."""

    interface_changed = Signal(object)  # its address, '' while it is off, Trouble where it cannot be
    token_known = Signal(str)

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self.address = ""
        self._server: Task | None = None
        self._port = 0
        self.settings_kept.connect(self.fit_interface)

    def fit_interface(self) -> None:
        """Starts or ends the interface, as the settings now say."""
        wanted = self.settings.api
        if self._server and not (wanted and self._port == self.settings.api_port):
            self._tasks.stop(self._server)  # a new one follows its end
        elif wanted and self._server is None and self._library and not self._closing:
            self._port = self.settings.api_port
            self._server = self._tasks.start(
                _served(self._library, self._tasks, self._port, _Window(self)),
                lane=Lane.SERVE,
                on_event=lambda _task, event: self._bridge.carry(partial(self._answers, event)),
                on_end=lambda task: self._bridge.carry(partial(self._ended, task)),
            )

    def look_for_token(self, *, new: bool = False) -> None:
        """Finds the token that other programs send, or makes a `new` one: the one before it counts no more."""

        def token(library: Library) -> str:
            from core import credentials

            return credentials.api_token(library.places, new=new)

        self._ask(token, self.token_known.emit, lane=Lane.IO)

    def carry_heard(self, task: Task, event: Event | None) -> None:
        """Shows a job that was begun through the interface. From any thread."""
        if task.stage in _SHOWN:
            told = partial(self._on_event, task, event) if event else partial(self._on_end, task)
            self._bridge.carry(told)

    def carry_settings(self, settings: Settings) -> None:
        """Shows settings that were changed through the interface. From any thread."""
        self._bridge.carry(partial(self.take_over, settings))

    def _answers(self, event: Event) -> None:
        if isinstance(event, Serving) and event.address != self.address:
            self.address = event.address
            self.interface_changed.emit(self.address)

    def _ended(self, task: Task) -> None:
        self._server, self.address = None, ""
        if task.error:
            self.interface_changed.emit(trouble(task.error))
            self.troubled.emit(trouble(task.error))
            return
        self.interface_changed.emit("")
        self.fit_interface()


def _served(library: Library, tasks: Tasks, port: int, window: Host) -> Job[None]:
    """The job of the server, which is imported on its lane."""
    from core import api

    yield from api.serve(library, tasks, port=port, program=window)
