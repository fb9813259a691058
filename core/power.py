"""The machine's power: kept from sleeping while it works, and whether it runs on battery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def awake() -> Iterator[None]:
    """Keeps the machine from going to sleep by itself inside the block, where the system lets us; the screen may.

    The block ends on the thread it began on.
    """
    from wakepy import keep

    with keep.running(on_fail="pass"):
        yield


def on_battery() -> bool:
    """Whether this machine runs on its battery; False where it has none or does not tell."""
    import psutil

    battery = psutil.sensors_battery()
    return battery is not None and battery.power_plugged is False
