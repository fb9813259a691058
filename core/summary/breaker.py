"""Leaves a provider alone for a while that keeps failing: one circuit breaker for all calls to it.

After Nygard, "Release It!" (2007), by pybreaker. A call is one question with all its tries, to the end of the
answer: an exhausted one counts as one failure, an answer that the provider refuses for good (a wrong key, say) as
none, and a stop of the person's as nothing at all. That is why pybreaker's own wrapper of generators is not used:
it takes a stop for a success and loses what the generator returns.
"""

from __future__ import annotations

import time
from contextlib import suppress

import pybreaker

from core import errors

FAILURES = 3
"""Failed calls in a row after which a provider is left alone."""
PAUSE = 60.0
"""Seconds for which it is left alone; then it is asked again, and left alone again after one more failure."""


class _Breaker(pybreaker.CircuitBreaker):
    """Counts its pause itself: pybreaker goes by the time of day, which may be set back."""

    def __init__(self) -> None:
        super().__init__(FAILURES, PAUSE)
        self._opened = 0.0

    def open(self) -> bool:
        self._opened = time.monotonic()
        return super().open()

    def seconds_left(self) -> float:
        left = self._opened + PAUSE - time.monotonic()
        return max(0.0, left) if self.current_state == pybreaker.STATE_OPEN else 0.0


_breakers: dict[str, _Breaker] = {}


def _of(address: str) -> _Breaker:
    return _breakers.setdefault(address, _Breaker())


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
