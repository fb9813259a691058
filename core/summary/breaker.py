"""Leaves a provider alone for a while that keeps failing: one circuit breaker for all calls to it, of all programs that
have the same library open.

After Nygard, "Release It!" (2007), by pybreaker. A call is one question with all its tries, to the end of the
answer: an exhausted one counts as one failure, an answer that the provider refuses for good (a wrong key, say) as
none, and a stop of the person's as nothing at all. That is why pybreaker's own wrapper of generators is not used:
it takes a stop for a success and loses what the generator returns.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pybreaker

from core import errors, paths

FAILURES = 3
"""Failed calls in a row after which a provider is left alone."""
PAUSE = 60.0
"""Seconds for which it is left alone; then it is asked again, and left alone again after one more failure."""


@dataclass(frozen=True, slots=True)
class _State:
    """How things stand with one provider; `opened` by the clock that runs since this machine was started, which all
    programs on it read alike and which nobody sets back."""

    name: str = pybreaker.STATE_CLOSED
    failures: int = 0
    opened: float = 0.0


_file: Path | None = None


def share(file: Path) -> None:
    """Heeds from now on what other programs with the same library found out, and tells them: in `file`, by address."""
    global _file  # noqa: PLW0603  one library per process
    _file = file


def _read(file: Path) -> dict[str, _State]:
    """What the programs found out so far."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return {str(address): _State(**state) for address, state in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


class _Storage(pybreaker.CircuitBreakerStorage):
    """Where the breaker of one provider keeps how things stand: in the shared file, where there is none here."""

    def __init__(self, address: str) -> None:
        super().__init__("shared")
        self._address, self._own = address, _State()

    @property
    def now(self) -> _State:
        """How things stand."""
        return _read(_file).get(self._address, self._own) if _file else self._own

    def change(self, **news: Any) -> None:
        """Notes what is new."""
        before = self.now
        self._own = replace(before, **news)
        if _file is not None and self._own != before:
            states = {**_read(_file), self._address: self._own}
            # Where it cannot be written others ask in vain once more, and nothing else.
            with suppress(errors.StorageProblem):
                text = json.dumps({address: asdict(one) for address, one in states.items()})
                paths.write_private(_file, text.encode())

    @property
    def state(self) -> str:
        return self.now.name

    @state.setter
    def state(self, state: str) -> None:
        self.change(name=state)

    @property
    def counter(self) -> int:
        return self.now.failures

    @property
    def success_counter(self) -> int:
        """None are counted: one answer is enough."""
        return 0

    @property
    def opened_at(self) -> datetime | None:
        """Not known by the time of day, which may be set back: see `_State.opened`."""
        return None

    @opened_at.setter
    def opened_at(self, _moment: datetime) -> None:
        pass

    def increment_counter(self) -> None:
        self.change(failures=self.counter + 1)

    def reset_counter(self) -> None:
        if self.counter:
            self.change(failures=0)


class _Breaker(pybreaker.CircuitBreaker):
    """Counts its pause itself: pybreaker goes by the time of day, which may be set back."""

    def __init__(self, address: str) -> None:
        self._shared = _Storage(address)
        super().__init__(FAILURES, PAUSE, state_storage=self._shared)

    def open(self) -> bool:
        self._shared.change(opened=time.monotonic())
        return super().open()

    def seconds_left(self) -> float:
        now = self._shared.now
        passed = time.monotonic() - now.opened
        # The machine was started again where it opened later than now.
        return PAUSE - passed if now.name == pybreaker.STATE_OPEN and 0 <= passed < PAUSE else 0.0


_breakers: dict[str, _Breaker] = {}


def _of(address: str) -> _Breaker:
    return _breakers.setdefault(address, _Breaker(address))


def admit(address: str, provider: str) -> None:
    """Lets a call begin. Raises `RemotePaused` with the seconds left while `provider` is left alone."""
    breaker = _of(address)
    if left := breaker.seconds_left():
        raise errors.RemotePaused(provider, max(1, round(left)))
    if breaker.current_state == pybreaker.STATE_OPEN:
        breaker.half_open()


def circuit(address: str) -> float:
    """For how many seconds more the provider at `address` is left alone; 0 where it may be asked."""
    return _of(address).seconds_left()


def succeeded(address: str) -> None:
    """Notes that a call was answered to its end."""
    _of(address).close()


def failed(address: str, problem: errors.RemoteProblem) -> None:
    """Notes that a call failed after all its tries."""

    def fail() -> None:
        raise problem

    with suppress(errors.RemoteProblem, pybreaker.CircuitBreakerError):
        _of(address).call(fail)
