"""What crosses between lanes' threads, commands and views: frozen values, and a note that is being written."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from core import errors, messages
from core.values import Meeting, MeetingId, Minutes, Note, Reply, Talk, Transcript


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the meeting page shows; of one that is `partial` only the beginning of the text was read so far."""

    meeting: Meeting
    transcript: Transcript | None
    minutes: Minutes | None
    notes: tuple[Note, ...]
    known_tags: tuple[str, ...] = ()
    counterpart: Transcript | None = None
    talk: tuple[Talk, ...] = ()
    versions: tuple[Minutes, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that could be done as well: a sentence, the words of its button, its tool tip, and the doing."""

    text: str
    does: str
    tip: str
    do: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Consent:
    """What would leave this machine for the first time, in words, and what is done where the person agrees, or not."""

    sentence: str
    agree: Callable[[], object]
    refuse: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that are listened for in meetings with a tag ('': in all), and every tag there is."""

    tag: str
    terms: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(eq=False, slots=True)
class Draft:
    """A note that is being written; `id` is 0 until the store has it, and set and read on the store lane.

    So one edit need not wait for the answer to the one before. `text` is what was last asked to be kept.
    """

    meeting_id: MeetingId
    at: float
    text: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Import:
    """A file on its way into the library; `fraction` is 0 to 1, `since` when it was given, in monotonic seconds."""

    number: int
    name: str
    fraction: float
    since: float = field(default_factory=time.monotonic)


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


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question of the person's about a meeting, or about all (None), and what became of it.

    `provider` is who is asked, `doing` what is told on the way and `notice` what had to be done otherwise, in words;
    `reply` is there where it is answered, `trouble` where that failed; neither where it was stopped.
    """

    number: int
    meeting_id: MeetingId | None
    question: str
    provider: str
    running: bool = True
    doing: str = ""
    notice: str = ""
    reply: Reply | None = None
    trouble: Trouble | None = None


def trouble(error: Exception) -> Trouble:
    """An error in words, with its trace where it is a fault of ours."""
    explanation = messages.explain(error)
    expected = isinstance(error, errors.Problem)
    details = "" if expected else "".join(traceback.format_exception(error))
    return Trouble(explanation.what, explanation.do, details)
