"""What a person can ask about the program itself: this machine, the health of every part, the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from core import paths
from core.health import words
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, Priority, Task, Tasks
from core.values import Condition, Diagnostics, Health, Job, LogLine, Machine
from desktop.bridge import Bridge
from desktop.commands.answers import Trouble, trouble
from desktop.commands.asking import Asking

if TYPE_CHECKING:
    from core.meetings import Library

FIRST_CHECK_MILLISECONDS = 20_000
"""After this time every part is checked for the first time: the start has other things to do."""
CHECK_MILLISECONDS = 3_600_000
"""How often every part is checked after that."""

LOG_LINES = 500


class Diagnosis(Asking):
    """Facts about this machine, what works and what does not, and what was logged."""

    machine_known = Signal(object)  # Diagnostics
    health_known = Signal(object)  # Health
    log_read = Signal(object)  # tuple[LogLine, ...]

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._told: dict[str, str] = {}
        self._checkup = QTimer(self)
        self._checkup.setInterval(FIRST_CHECK_MILLISECONDS)
        self._checkup.timeout.connect(self._check_by_itself)

    def check_health(self, *, listen: bool = False) -> None:
        """Checks every part; with `listen` the microphone too, by a second of sound that is thrown away."""

        def examined(library: Library) -> Health:
            from core.health import checks

            return checks.examine(library, library.places, listen=listen)

        self._ask(examined, self._health_known, lane=Lane.IO)

    def _check_by_itself(self) -> None:
        self._checkup.setInterval(CHECK_MILLISECONDS)
        self.check_health()

    def _health_known(self, health: Health) -> None:
        """Tells once what does not work any more; what only wants attention stands in the settings."""
        failing = {
            check.part: words.explain(check)
            for check in health.checks
            if check.condition is Condition.FAILING and check.part != "capture"
        }
        for part, said in failing.items():
            if self._told.get(part) != said.what:
                what = _("{name}: {what}").format(name=words.part(part), what=said.what)
                self.troubled.emit(Trouble(what, said.do, kind=f"health {part}"))
        for part in self._told.keys() - failing.keys():
            self.settled.emit(f"health {part}")
        self._told = {part: said.what for part, said in failing.items()}
        self.health_known.emit(health)

    def read_log(self, level: str) -> None:
        """Reads the newest lines of the log, of this level and above."""

        def lines(library: Library) -> tuple[LogLine, ...]:
            from core import logs

            return logs.lines(library.places, level=level, last=LOG_LINES)

        self._ask(lines, self.log_read.emit, lane=Lane.IO)

    def look_at_machine(self) -> None:
        """Gathers what is known of this machine and this program."""

        def found(library: Library) -> Diagnostics:
            from core import meetings

            return meetings.diagnostics(library)

        self._ask(found, self.machine_known.emit, lane=Lane.IO)

    def measure_machine(self) -> None:
        """Measures how fast this machine transcribes, once nothing else is being transcribed."""
        library = self._library
        if library is None or self._closing:
            return

        def job() -> Job[Machine]:
            from core import meetings

            return (yield from meetings.measure_machine(library))

        def ended(task: Task) -> None:
            if task.error:
                told = trouble(task.error)
                self._bridge.carry(lambda: self.troubled.emit(told))
            self._bridge.carry(self.look_at_machine)

        self._tasks.start(job(), lane=Lane.COMPUTE, priority=Priority.SPARE, on_end=ended)
