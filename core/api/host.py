"""The program that the local interface runs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.settings import Settings
    from core.tasks import Task
    from core.values import Event


class Host:
    """What the program wants to hear of, on whatever thread it happens. This one is a server of its own."""

    carries_on = False
    """Whether it does by itself what a meeting still needs once a job of it has ended."""

    def heard(self, task: Task, event: Event | None) -> None:
        """A job that was started by the interface told something; None: it has ended."""

    def settings_changed(self, settings: Settings) -> None:
        """The interface changed the settings."""
