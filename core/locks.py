"""Who works on what: one operating-system lock per meeting and stage, freed when its process ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from core.values import MeetingId, Stage


class Lock:
    """A lock held by this process until `release` or the end of the process."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    def release(self) -> None:
        """Frees the lock."""
        self._lock.release(force=True)


def path_of(folder: Path, meeting_id: MeetingId, stage: Stage) -> Path:
    """The lock file of a stage of a meeting, inside the library's lock folder."""
    return folder / f"{meeting_id}.{stage}"


def take(path: Path) -> Lock | None:
    """The lock of `path`, or None while another holder has it."""
    lock = FileLock(path, timeout=0, mode=0o600, thread_local=False, is_singleton=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return Lock(lock)


def is_held(path: Path) -> bool:
    """Whether anybody holds the lock of `path` right now."""
    lock = take(path)
    if lock is None:
        return True
    lock.release()
    return False


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Holds the lock of `path` during the block, waiting for another holder. Raises `OSError`."""
    with FileLock(path, mode=0o600, thread_local=False, is_singleton=False):
        yield
