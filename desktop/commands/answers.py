"""What the window is told: frozen values that cross from the lanes' threads or from commands to views."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from core import errors, messages
from core.values import Meeting, Minutes, Note, Transcript


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the meeting page shows."""

    meeting: Meeting
    transcript: Transcript | None
    minutes: Minutes | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """A file on its way into the library; `fraction` is 0 to 1."""

    number: int
    name: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Remedy:
    """What can be done about a trouble at once: the words of its button, its tool tip, and the doing."""

    text: str
    tip: str
    do: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, in words; `details` are for a report of a fault of ours, else ''.

    One with a `kind` takes the place of an earlier one of its kind, and can be withdrawn by it.
    """

    what: str
    do: str
    details: str = ""
    kind: str = ""
    remedy: Remedy | None = None


def trouble(error: Exception) -> Trouble:
    """An error in words, with its trace where it is a fault of ours."""
    explanation = messages.explain(error)
    expected = isinstance(error, errors.Problem)
    details = "" if expected else "".join(traceback.format_exception(error))
    return Trouble(explanation.what, explanation.do, details)
