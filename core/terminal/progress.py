"""Follows a job on standard error: one line written over again on a terminal, one line per step in a pipe."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from core import errors, messages
from core.terminal.output import say
from core.values import Event, Fetching, Job, Notice, Progress, Waiting

Result = TypeVar("Result")


def on_stop(handler: Callable[[int, Any], None]) -> None:
    """Has Ctrl+C, a request to end and the end of the terminal handled so."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as a shell starts what runs in the background
        signal.signal(signal.SIGINT, handler)


def interrupt(_signal: int, _frame: Any) -> NoReturn:
    """Ends what runs, as Ctrl+C does."""
    on_stop(_disregard)  # until `closing` has closed what this ends
    raise KeyboardInterrupt


def _disregard(_signal: int, _frame: Any) -> None:
    """In place of `SIG_IGN`, which processes that are started would inherit."""


def _pass_on() -> None:
    """Stops where `interrupt` raised and nobody saw it: PyAV's resampler drops what is raised in its midst."""
    if signal.getsignal(signal.SIGTERM) is _disregard:
        raise KeyboardInterrupt


@contextmanager
def closing(job: Job[Any]) -> Iterator[None]:
    """Closes the job at the end, so that a stop in mid-step tidies up at once; another stop does not break that off.

    A stop that was swallowed before it or in its last step is not lost.
    """
    try:
        _pass_on()
        yield
        _pass_on()
    finally:
        on_stop(_disregard)
        try:
            job.close()
        finally:
            on_stop(interrupt)


def follow(job: Job[Result], of: str = "", doing: str = "") -> Result:
    """Runs the job to its end with its progress on standard error, after what it is a part `of`; its result.

    `doing` says what is done, where that is not the name of its stage.
    """
    with closing(job), Line() as line:
        while True:
            try:
                event = next(job)
            except StopIteration as end:
                result: Result = end.value
                return result
            _pass_on()
            tell(event, line, of, doing)


def tell(event: Event, line: Line, of: str = "", doing: str = "") -> None:
    """Shows an event of a job in `line`, after what the job is a part `of`."""
    match event:
        case Progress(stage, fraction, seconds_left, part, parts, tokens):
            facts = (
                doing or messages.stage_label(stage),
                messages.part_label(part, parts),
                messages.tokens_sent(tokens),
            )
            text = ", ".join(filter(None, facts))
            if fraction is not None:
                text += f" {messages.percent(fraction)}"
            if seconds_left is not None:
                text += f" · {messages.time_left(seconds_left)}"
            line.show(
                f"{of} · {text}" if of else text, step=(of, stage, part, fraction and int(fraction * 10))
            )
        case Fetching():
            line.show(messages.fetching(event), step=int(event.received / event.size * 10))
        case Waiting(seconds, _attempt, cause):
            why = messages.explain(errors.from_failure(cause)).what
            line.show(f"{why} {messages.again_in(seconds)}", step=why)
        case Notice():
            line.keep(messages.notice(event))


class Line:
    """The last line of a terminal, written over again; in a pipe, one line per step."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._shown = ""
        self._step: Any = None

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._live and self._shown:
            sys.stderr.write("\n")

    def show(self, text: str, *, step: Any = ()) -> None:
        """Shows `text`; in a pipe only when `step` is another than the last."""
        if self._live:
            # A line that wraps could not be written over.
            text = text[: shutil.get_terminal_size().columns - 1]
            sys.stderr.write(f"\r{text:<{len(self._shown)}}")
            self._shown = text
        elif step not in ((), self._step):
            sys.stderr.write(f"{text}\n")
        self._step = step
        sys.stderr.flush()

    def keep(self, text: str) -> None:
        """Prints `text` as a line of its own."""
        if self._live and self._shown:
            sys.stderr.write(f"\r{' ' * len(self._shown)}\r")
            self._shown = ""
        say(text)
