"""Leaves a provider alone for a while that keeps failing: one circuit breaker for all calls to it.

After Nygard, "Release It!" (2007), by pybreaker. A call is one question with all its tries, to the end of the
answer: an exhausted one counts as one failure, an answer that the provider refuses for good (a wrong key, say) as
none, and a stop of the person's as nothing at all. That is why pybreaker's own wrapper of generators is not used:
it takes a stop for a success and loses what the generator returns.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import pybreaker

from core import errors

FAILURES = 3
"""Failed calls in a row after which a provider is left alone."""
PAUSE = 60.0
"""Seconds for which it is left alone; then one call may try again."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """How things stand with a provider: `failures` in a row, and for how many seconds it is still left alone."""

    failures: int = 0
    seconds_left: float = 0.0


class _Breaker(pybreaker.CircuitBreaker):
    def __init__(self) -> None:
        self.memory = pybreaker.CircuitMemoryStorage(pybreaker.STATE_CLOSED)
        super().__init__(FAILURES, PAUSE, state_storage=self.memory)

    def seconds_left(self) -> float:
        if self.current_state != pybreaker.STATE_OPEN or self.memory.opened_at is None:
            return 0.0
        return max(0.0, self.reset_timeout - (datetime.now(UTC) - self.memory.opened_at).total_seconds())


_breakers: dict[str, _Breaker] = {}


def _of(address: str) -> _Breaker:
    return _breakers.setdefault(address, _Breaker())


def circuit(address: str) -> Circuit:
    """How things stand with the provider at `address` in this process."""
    breaker = _of(address)
    return Circuit(breaker.fail_counter, breaker.seconds_left())


def admit(address: str, provider: str) -> None:
    """Lets a call begin. Raises `RemotePaused` with the seconds left while `provider` is left alone."""
    breaker = _of(address)
    if left := breaker.seconds_left():
        raise errors.RemotePaused(provider, max(1, round(left)))
    if breaker.current_state == pybreaker.STATE_OPEN:
        breaker.half_open()


def succeeded(address: str) -> None:
    """Notes that a call was answered to its end."""
    _of(address).close()


def failed(address: str, problem: errors.RemoteProblem) -> None:
    """Notes that a call failed after all its tries."""
    breaker = _of(address)

    def fail() -> None:
        raise problem

    with suppress(errors.RemoteProblem, pybreaker.CircuitBreakerError):
        breaker.call(fail)
