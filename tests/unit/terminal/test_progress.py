"""Following a job: a stop gets through."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

import pytest

from core.terminal import progress
from core.values import Job, Progress, Stage


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """A terminal's handling of signals, and this process's own afterwards."""
    names = (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))
    before = [signal.getsignal(one) for one in names]
    progress.on_stop(progress.interrupt)
    yield
    for one, handler in zip(names, before, strict=True):
        signal.signal(one, handler)


def test_a_stop_that_a_library_swallows_ends_the_job_at_its_next_step() -> None:
    closed = []

    def job() -> Job[None]:
        try:
            for step in range(3):
                with contextlib.suppress(KeyboardInterrupt):
                    signal.raise_signal(signal.SIGTERM)
                yield Progress(Stage.TRANSCRIBE, step / 3)
        finally:
            closed.append(step)

    with pytest.raises(KeyboardInterrupt):
        progress.follow(job())
    assert closed == [0]
    assert signal.getsignal(signal.SIGTERM) is progress.interrupt


@pytest.mark.parametrize("last", [False, True])
def test_a_stop_that_is_swallowed_before_a_job_or_in_its_last_step_is_not_lost(last: bool) -> None:
    begun = []

    def swallowed() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)

    def job() -> Job[None]:
        begun.append(1)
        yield Progress(Stage.TRANSCRIBE, 0.5)
        if last:
            swallowed()

    if not last:
        swallowed()
    with pytest.raises(KeyboardInterrupt):
        progress.follow(job())
    assert len(begun) == last
    assert signal.getsignal(signal.SIGTERM) is progress.interrupt
