"""What the machine gives: it stays awake while it works, on battery or not, with so many cores and so much memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


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


def cores() -> int:
    """How many processor cores this process may keep busy: those it is bound to, less where its quota is smaller."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _space, period = _limit("cpu.max").partition(" ")
    # Rounded up; without a quota it says "max".
    return min(bound, max(1, -(-int(quota) // int(period)))) if quota.isdigit() else bound


def physical_cores() -> int:
    """The same without those that share a core with another (hyper-threading), where the system tells."""
    import psutil

    return min(cores(), psutil.cpu_count(logical=False) or cores())


def memory() -> int:
    """Bytes of memory in this machine, or that this process may use of them."""
    import psutil

    limit = _limit("memory.max")
    total = int(psutil.virtual_memory().total)
    return min(total, int(limit)) if limit.isdigit() else total


def free_memory() -> int:
    """Bytes of memory that this process may still take."""
    import psutil

    free = int(psutil.virtual_memory().available)
    limit, used = _limit("memory.max"), _limit("memory.current")
    if limit.isdigit() and used.isdigit():
        statistics = dict(line.split() for line in _limit("memory.stat").splitlines())
        # What files are cached there makes room for others.
        free = min(free, int(limit) - int(used) + int(statistics.get("inactive_file", 0)))
    return max(0, free)


def _limit(name: str) -> str:
    """What the control group of this process says (Linux, version 2), '' where there is none."""
    with suppress(OSError):
        lines = Path("/proc/self/cgroup").read_text().splitlines()
        own = next((line[3:] for line in lines if line.startswith("0::")), "/")
        for folder in (Path("/sys/fs/cgroup") / own.strip("/"), Path("/sys/fs/cgroup")):
            if (folder / name).is_file():
                return (folder / name).read_text().strip()
    return ""
